"""What fills the server's memory: large runs, and answers that nobody reads."""

from __future__ import annotations

import asyncio
import json
import re
import socket

from benchmarks.attack.harness import Attacker, attack
from benchmarks.attack.wire import STRANGER, TOKEN, Tab, Target, forged, http, stream
from benchmarks.streamed import LOOKS
from lstm_core.ui.base.static_files import PREFIX, digest
from lstm_core.ui.cell.api import FOLDER

SLOW = 4.0              # seconds for which nothing is read


@attack()
async def large_looks(attacker: Attacker) -> None:
    """Looks at 32 large runs, one after the other, over one stream."""
    await attacker.begin()
    socket = await stream(attacker.target, forged())
    for run in attacker.target.runs["wide"]:
        await socket.send(json.dumps({"run": run, "looks": LOOKS}))
        await asyncio.wait_for(socket.recv(), 10)


@attack()
async def slow_files(attacker: Attacker) -> None:
    """Asks eighty times for the largest of the served files, uncompressed, and does not read it."""
    await _unread(attacker, [f"/{PREFIX}/{digest()}/plotly.min.js"] * 80)


@attack()
async def slow_streamlit(attacker: Attacker) -> None:
    """Asks eighty times for the page and Streamlit's own script, and reads neither."""
    script = re.search(rb"static/js/[\w.-]+\.js", (await http(attacker.target, "/")).body)
    if script is None:
        raise RuntimeError("the page has no script")
    await _unread(attacker, ["/", f"/{script[0].decode()}"] * 40)


@attack()
async def slow_traces(attacker: Attacker) -> None:
    """Asks sixty times for the trace of a deep network, uncompressed, and does not read it."""
    tab = Tab(attacker.target, "cell", f"run={attacker.target.runs['deep'][0]}")
    await tab.open()
    if not (token := tab.find(TOKEN)):
        raise RuntimeError("no trace to ask for")
    await _unread(attacker, [f"/{PREFIX}/{FOLDER}/{token}/1?which=changed"] * 60)


@attack()
async def slow_pages(attacker: Attacker) -> None:
    """Opens the page Train in forty tabs, asks each of them to be drawn twenty times, and reads nothing."""
    await attacker.begin()
    kept = []
    for _number in range(40):
        tab = Tab(attacker.target, "train")
        await tab.connect()
        tab.turn_away()
        for _rerun in range(20):
            await tab.socket.send(tab.page.rerun())
        kept.append(tab)
    await asyncio.sleep(SLOW)


@attack()
async def large_tabs(attacker: Attacker) -> None:
    """Opens the page Train for eight large runs, each in a tab of its own that stays."""
    await attacker.begin()
    await asyncio.gather(*(Tab(attacker.target, query=f"run={run}").open()
                           for run in attacker.target.runs["wide"][:8]), return_exceptions=True)
    await asyncio.sleep(1)


async def _unread(attacker: Attacker, paths: list[str]) -> None:
    """Ask for each path on a connection of its own, and read none of the answers."""
    await attacker.begin()
    kept = [_ask(attacker.target, path) for path in paths]
    await asyncio.sleep(SLOW)
    for connection in kept:
        connection.close()


def _ask(target: Target, path: str) -> socket.socket:
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.bind((STRANGER, 0))
    connection.settimeout(5)
    connection.connect((target.host, target.port))
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n\r\n".encode())
    return connection
