"""Connections and requests that no browser would make."""

from __future__ import annotations

import asyncio
import resource
from asyncio import StreamReader, StreamWriter
from contextlib import suppress

import psutil

from benchmarks.attack.harness import Attacker, attack
from benchmarks.attack.wire import Tab, Target, dial, http, parsed

STAYING = 4.0           # seconds for which connections are held
WAITED_FOR = 25         # seconds after which a connection must be closed on which nothing is asked
XSRF = "_streamlit_xsrf"


@attack()
async def silent(attacker: Attacker) -> list[str]:
    """Opens half as many connections again as the server may have files open, 3,000 at most, and says nothing."""
    server = psutil.Process(attacker.target.pid)
    most, _hard = server.rlimit(resource.RLIMIT_NOFILE)
    await attacker.begin()
    kept = [line for _ in range(min(most * 3 // 2, 3_000) // 100) for line in await _dialled(attacker.target, 100)]
    await asyncio.sleep(STAYING)
    files = server.num_fds()
    for _reader, writer in kept:
        writer.close()
    return [f"{files} of {most} files are open"] if files > 0.9 * most else []


@attack()
async def slow_headers(attacker: Attacker) -> list[str]:
    """Begins 300 requests and sends a letter of their headers every second; opens 50 connections and says nothing."""
    lines = await _dialled(attacker.target, 350)
    for _reader, writer in lines[50:]:
        writer.write(f"GET / HTTP/1.1\r\nHost: {attacker.target.host}:{attacker.target.port}\r\nX-Slow: ".encode())
    for second in range(WAITED_FOR):
        if second == WAITED_FOR - 8:
            await attacker.begin()
        for _reader, writer in lines[50:]:
            writer.write(b"a")
        await asyncio.sleep(1)
    still = sum(not reader.at_eof() for reader, _writer in lines)
    return [f"{still} of 350 requests without an end are still waited for after {WAITED_FOR} s"] if still else []


@attack()
async def unfinished_uploads(attacker: Attacker) -> None:
    """Begins sixty uploads of 20 MB, sends a quarter of each, and no more."""
    tab = Tab(attacker.target, query="source=table")
    await tab.open()
    cookies = (await http(attacker.target, "/_stcore/health")).cookies
    xsrf = next((cookie for cookie in cookies if XSRF in cookie), "")
    await attacker.begin()
    lines = await _dialled(attacker.target, 60)
    for number, (_reader, writer) in enumerate(lines):
        writer.write(f"PUT /_stcore/upload_file/{tab.session}/{number} HTTP/1.1\r\nHost: {attacker.target.host}:"
                     f"{attacker.target.port}\r\nCookie: {tab.cookie}; {xsrf}\r\nX-Xsrftoken: {xsrf.partition('=')[2]}"
                     f"\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 20000000\r\n\r\n--x\r\n"
                     'Content-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'.encode())
        writer.write(b"1" * 5_000_000)
    await asyncio.sleep(STAYING)
    said = []
    for reader, _writer in lines:
        with suppress(OSError, TimeoutError):
            said.append(await asyncio.wait_for(reader.readline(), 0.01))
    if len([line for line in said if b" 403" in line or b" 400" in line]) == len(lines):
        raise RuntimeError(f"the uploads were refused before they began: {said[0]!r}")


@attack()
async def pipelined(attacker: Attacker) -> None:
    """Sends 2,000 requests at once on each of ten connections, before the first is answered."""
    await attacker.begin()
    request = f"GET /_stcore/health HTTP/1.1\r\nHost: {attacker.target.host}:{attacker.target.port}\r\n\r\n".encode()
    lines = await _dialled(attacker.target, 10)
    for _reader, writer in lines:
        writer.write(request * 2_000)
    async with asyncio.timeout(STAYING):
        await asyncio.gather(*(reader.read(200_000) for reader, _writer in lines))


@attack()
async def huge_headers(attacker: Attacker) -> list[str]:
    """Sends headers of 5 MB in one line, and 50,000 headers, on twenty connections each."""
    await attacker.begin()
    found = []
    host = f"GET / HTTP/1.1\r\nHost: {attacker.target.host}:{attacker.target.port}\r\n".encode()
    for content in (b"X-Long: " + b"a" * 5_000_000 + b"\r\n", b"X: y\r\n" * 50_000, b"Cookie: " + b"a=b; " * 10_000):
        for _connection in range(20):
            reader, writer = await dial(attacker.target)
            with suppress(OSError, TimeoutError):
                writer.write(host + content + b"\r\n")
                await asyncio.wait_for(writer.drain(), 2)
                answer = parsed(await asyncio.wait_for(reader.read(2000), 2))
                if answer.status >= 500:
                    found.append(f"an error of the server ({answer.status})")
            writer.close()
    return found[:1]


@attack()
async def other_protocols(attacker: Attacker) -> list[str]:
    """Speaks TLS, HTTP/2, zeros, odd methods, and smuggles a second request into the first one."""
    await attacker.begin()
    host = f"Host: {attacker.target.host}:{attacker.target.port}\r\n".encode()
    found = []
    for content in (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), bytes(5_000),
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET http://evil.example/ HTTP/1.1\r\n" + host + b"\r\n",
            b"CONNECT evil.example:443 HTTP/1.1\r\n" + host + b"\r\n",
            b"POST / HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            b"GET /_stcore/health HTTP/1.1\r\n" + host + b"\r\n",
            b"POST / HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\n",
            b"PUT / HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\n" + b"F" * 40 + b"\r\n",
            b"\x80\x81" * 1000, b"GET / HTTP/9.9\r\n" + host + b"\r\n"):
        for _connection in range(5):
            reader, writer = await dial(attacker.target)
            writer.write(content)
            answer = b""
            with suppress(OSError, TimeoutError):
                answer = await asyncio.wait_for(reader.read(2000), 0.3)
            if b" 500 " in answer[:20]:
                found.append(f"{content[:30]!r} is an error of the server")
            writer.close()
    return sorted(set(found))


@attack()
async def half_handshakes(attacker: Attacker) -> None:
    """Opens 150 websockets to the page, and says nothing on them, or sends frames that never end."""
    await attacker.begin()
    upgrade = (f"GET /_stcore/stream HTTP/1.1\r\nHost: {attacker.target.host}:{attacker.target.port}\r\nConnection: "
               "Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: streamlit\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode()
    lines = await _dialled(attacker.target, 150)
    for number, (_reader, writer) in enumerate(lines):
        writer.write(upgrade)
        if number % 2:
            writer.write(b"\x02\xff" + (19_000_000).to_bytes(8, "big") + b"abcd" + bytes(500_000))
    await asyncio.sleep(STAYING)


async def _dialled(target: Target, count: int) -> list[tuple[StreamReader, StreamWriter]]:
    lines = await asyncio.gather(*(dial(target) for _connection in range(count)), return_exceptions=True)
    return [line for line in lines if isinstance(line, tuple)]
