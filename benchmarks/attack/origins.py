"""Other websites, other hosts, and other people's sessions."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from websockets.exceptions import WebSocketException

from benchmarks.attack.harness import Attacker, attack
from benchmarks.attack.wire import Tab, dial, http, stream
from lstm_core.ui.live.status import STREAM

EVIL = "http://evil.example"
SECRETS = (b"root:", b"import streamlit", b"SQLite format", b"[server]")     # in files that are nobody's business


@attack()
async def foreign_origin(attacker: Attacker) -> list[str]:
    """Opens five connections to the page, and one to the stream, from a foreign website."""
    found = []
    await attacker.begin()
    reader, writer = await dial(attacker.target)
    writer.write(f"GET /{STREAM} HTTP/1.1\r\nHost: {attacker.target.host}:{attacker.target.port}\r\nOrigin: {EVIL}\r\n"
                 "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode())
    if b" 101 " in await asyncio.wait_for(reader.readline(), 10):
        found.append("a foreign website may follow runs over the stream")
    writer.close()
    for _try in range(5):
        with suppress(WebSocketException, OSError, TimeoutError):
            await Tab(attacker.target).connect(origin=EVIL)
            found.append("a foreign website was let in")
    return found


@attack()
async def foreign_host(attacker: Attacker) -> list[str]:
    """Asks under a host's name that a stranger has pointed at this server (DNS rebinding)."""
    found = []
    await attacker.begin()
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "evil.example\t127.0.0.1", ""):
        if (answer := await http(attacker.target, "/", headers={"Host": host})).status == 200:
            found.append(f"the page is served to the host {host!r} ({answer.status})")
    with suppress(WebSocketException, OSError, TimeoutError):
        await Tab(attacker.target).connect(origin=EVIL, host="evil.example")
        found.append("a session is opened for the host evil.example")
    return found


@attack()
async def framing(attacker: Attacker) -> list[str]:
    """Puts the page into a frame of another website, and looks for what no stranger needs."""
    await attacker.begin()
    found = []
    for path in ("/", "/train", "/_stcore/health"):
        headers = (await http(attacker.target, path)).headers
        if "frame-ancestors" not in headers.get("content-security-policy", "") and path != "/_stcore/health":
            found.append(f"{path} may be framed: no frame-ancestors")
        if headers.get("x-content-type-options") != "nosniff":
            found.append(f"{path} is sent without nosniff")
    if (await http(attacker.target, "/_stcore/metrics")).status == 200:
        found.append("metrics are served to everybody")
    return found


@attack()
async def taken_session(attacker: Attacker) -> list[str]:
    """Takes up another person's session by its id, without their cookie, after they have closed their tab."""
    victim = Tab(attacker.target, source="127.0.0.67")
    await victim.open()
    await victim.close()
    await asyncio.sleep(0.5)
    thief = Tab(attacker.target, session=victim.session)
    await attacker.begin()
    await thief.open()
    return ["the session was handed over to another cookie"] if thief.session == victim.session else []


@attack()
async def paths_out(attacker: Attacker) -> list[str]:
    """Looks for a path that leads out of the folders that are served."""
    await attacker.begin()
    found = []
    outs = ("../../etc/passwd", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..\\..\\etc\\passwd",
            "....//....//etc/passwd", "%00/etc/passwd", "/etc/passwd", "..%252f..%252fetc/passwd",
            "%c0%ae%c0%ae/app.py")
    for base in ("", "gatescope/x/", "static/", "media/", "component/cell_view/", "_stcore/bidi-components/x/",
                 "app/static/", "_stcore/upload_file/x/"):
        for out in (*outs, "../app.py", ".streamlit/config.toml", "lab.db"):
            answer = await http(attacker.target, f"/{base}{out}")
            if answer.status == 200 and any(secret in answer.body for secret in SECRETS):
                found.append(f"/{base}{out} was served")
            if answer.status >= 500:
                found.append(f"/{base}{out} is an error of the server ({answer.status})")
    return found


@attack()
async def other_addresses(attacker: Attacker) -> list[str]:
    """Looks for the server on other addresses of the machine than the one it was bound to, IPv6 among them."""
    await attacker.begin()
    found = []
    for host in ("::1", "127.0.0.2", "localhost.localdomain"):
        with suppress(OSError):
            _reader, writer = await asyncio.open_connection(host, attacker.target.port)
            writer.close()
            found.append(f"the server listens on {host}, too")
    answer = await http(attacker.target, "/", headers={"Host": "[::1]:80"}, source="127.0.0.68")
    return [*found, *(["IPv6 in Host is an error of the server"] if answer.status >= 500 else [])]


@attack()
async def foreign_commands(attacker: Attacker) -> list[str]:
    """Presses the buttons of another person's run, which their own page would not offer."""
    owner = Tab(attacker.target, query="epochs=5000", source="127.0.0.67")
    await owner.open()
    await owner.rerun(pressed="train")
    await owner.until(lambda: bool(owner.page.run))
    stranger = Tab(attacker.target, query=f"run={owner.page.run}")
    await stranger.open()
    follows = await stream(attacker.target, owner.cookie, source="127.0.0.67")
    await attacker.begin()
    for button in ("pause", "stop", "reset"):
        await stranger.rerun(pressed=button)
    await follows.close()
    await owner.rerun()
    stopped = owner.page.progress.startswith(("Paused", "Stopped"))
    return ["a stranger has stopped the run"] if stopped else []
