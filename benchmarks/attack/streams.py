"""The streams of runs and the paths of the cell view: too many, too fast, and with tokens that do not exist."""

from __future__ import annotations

import asyncio
import json
import secrets
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from benchmarks.attack.harness import Attacker, attack
from benchmarks.attack.wire import Tab, dial, forged, stream
from benchmarks.streamed import LOOKS
from lstm_core import limits
from lstm_core.ui.base.static_files import PREFIX
from lstm_core.ui.cell.api import FOLDER

MANY = 200
FLOOD = 5.0             # seconds


@attack()
async def streams_of_one(attacker: Attacker) -> list[str]:
    """Opens 200 streams with one cookie, each on a run that trains."""
    run = await _run(attacker)
    await attacker.begin()
    opened = await _opened(attacker, [forged()] * MANY, run)
    return [f"{opened} streams of one cookie were served"] if opened > limits.STREAMS else []


@attack()
async def streams_of_forged(attacker: Attacker) -> None:
    """Opens 200 streams, each with a forged cookie of its own, on a run that trains."""
    run = await _run(attacker)
    await attacker.begin()
    await _opened(attacker, [forged() for _ in range(MANY)], run)


@attack()
async def stream_questions(attacker: Attacker) -> None:
    """Asks over twenty streams for two runs in turns, as fast as the wire takes it, and reads what comes."""
    questions = [json.dumps({"run": await _run(attacker), "looks": LOOKS}) for _run_ in range(2)]
    await attacker.begin()

    async def flood() -> None:
        socket = await stream(attacker.target, forged())
        reading = asyncio.create_task(_read(socket))
        async with asyncio.timeout(FLOOD):
            while not reading.done():
                for question in questions:
                    await socket.send(question)

    await asyncio.gather(*(flood() for _stream in range(20)), return_exceptions=True)


@attack()
async def broken_questions(attacker: Attacker) -> None:
    """Sends over forty streams what is no question: deep, long, empty, binary, about runs that do not exist."""
    await attacker.begin()
    odd: list[str | bytes] = [
        "[" * 1_000, "{}", "", "x" * 1_000_000, json.dumps({"run": "../../x", "looks": ["x"] * 100}), b"\xff" * 1000,
        json.dumps({"run": "x" * 1_500, "looks": [9**9, -1, None]})]
    for round_ in range(40):
        socket = await stream(attacker.target, forged())
        with suppress(ConnectionClosed, TimeoutError):
            await socket.send(odd[round_ % len(odd)])
            await asyncio.wait_for(_read(socket), 0.5)
        await socket.close()


@attack()
async def guessed_tokens(attacker: Attacker) -> list[str]:
    """Asks for the traces of 5,000 guessed tokens on ten connections."""
    await attacker.begin()
    served = 0

    async def guess() -> None:
        nonlocal served
        reader, writer = await dial(attacker.target)
        for _token in range(500):
            writer.write(f"GET /{PREFIX}/{FOLDER}/{secrets.token_hex(16)}/1 HTTP/1.1\r\nHost: {attacker.target.host}:"
                         f"{attacker.target.port}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            served += b" 200 " in head.split(b"\r\n")[0]
            await reader.readexactly(int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]))

    async with asyncio.timeout(FLOOD):
        await asyncio.gather(*(guess() for _connection in range(10)), return_exceptions=True)
    return [f"{served} guessed tokens were right"] if served else []


@attack()
async def pushed_out(attacker: Attacker) -> None:
    """Looks into 60 sequences with as many cookies, to push out what honest people look into."""
    await attacker.begin()
    for _number in range(15):
        await asyncio.gather(*(Tab(attacker.target, "cell").open() for _tab in range(4)), return_exceptions=True)


async def _run(attacker: Attacker) -> str:
    """Begin a run, and return its id."""
    tab = Tab(attacker.target, query="epochs=5000")
    await tab.open()
    await tab.rerun(pressed="train")
    return tab.page.run


async def _opened(attacker: Attacker, cookies: list[str], run: str) -> int:
    """Open a stream with each of these cookies, ask on it all the time, and return how many were answered."""
    answered = 0

    async def follow(cookie: str) -> None:
        nonlocal answered
        socket = await stream(attacker.target, cookie)
        await socket.send(json.dumps({"run": run, "looks": LOOKS}))
        answered += b"refused" not in bytes(await socket.recv())     # type: ignore[arg-type]
        async with asyncio.timeout(FLOOD):
            while True:
                await socket.send(json.dumps({"run": run, "looks": LOOKS}))
                await socket.recv()

    await asyncio.gather(*map(follow, cookies), return_exceptions=True)
    return answered


async def _read(socket: ClientConnection) -> None:
    async for _content in socket:
        pass
