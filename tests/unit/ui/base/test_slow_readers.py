"""Readers that are slow, or do not read at all, on a real server: they cost it little, and are let go in time."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from lstm_core import limits
from lstm_core.ui.base import slow_readers
from lstm_core.ui.base.slow_readers import PIECE, SlowReaders, UnreadAnswers

LARGE = bytes(range(256)) * 32_768          # 8 MB: more than the system buffers for a connection
TIMEOUT = 0.4                               # seconds in place of limits.READ_SECONDS
heard: list[str] = []


async def _large(_request: Request) -> Response:
    return Response(LARGE)


async def _talk(socket: WebSocket) -> None:
    """Send without end, and note what is heard."""
    await socket.accept()

    async def hear() -> None:
        while True:
            heard.append(await socket.receive_text())

    hearing = asyncio.create_task(hear())
    try:
        while True:
            await socket.send_bytes(LARGE[:1_000_000])
            await asyncio.sleep(0)
    except WebSocketDisconnect:
        heard.append("gone")
    finally:
        hearing.cancel()


@pytest.fixture(params=["asyncio", "uvloop"])
def port(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Start a server with nothing but large answers; return its port."""
    monkeypatch.setattr(limits, "READ_SECONDS", TIMEOUT)
    heard.clear()
    app = Starlette(routes=[Route("/", _large), WebSocketRoute("/talk", _talk)], middleware=[Middleware(SlowReaders)])
    config = uvicorn.Config(app, "127.0.0.1", 0, loop=request.param, ws="websockets-sansio", log_level="error",
                            timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def ask(port: int, path: str = "/", upgrade: str = "", held: int = 4096) -> socket.socket:
    """Ask for something, and read none of the answer; the system takes in so many bytes for us."""
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, held)
    line.connect(("127.0.0.1", port))
    line.settimeout(10)
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{upgrade}\r\n".encode())
    return line


def read(line: socket.socket) -> bytes:
    """Read all there is until the line ends, also by force."""
    content = bytearray()
    with suppress(ConnectionResetError):
        while piece := line.recv(1_000_000):
            content += piece
    return bytes(content)


def test_who_reads_gets_all_of_it(port: int) -> None:
    with closing(ask(port)) as line:
        assert read(line).endswith(b"\r\n\r\n" + LARGE)


def test_who_reads_slowly_gets_all_of_it(port: int) -> None:
    with closing(ask(port, held=2 * PIECE)) as line:
        content, begun = bytearray(), time.monotonic()
        while time.monotonic() < begun + 3 * TIMEOUT:
            content += line.recv(PIECE)
            time.sleep(TIMEOUT / 100)
        content += read(line)
        assert len(content) > len(LARGE)


def test_who_does_not_read_is_let_go(port: int) -> None:
    with closing(ask(port)) as line:
        time.sleep(4 * TIMEOUT)
        assert 0 < len(read(line)) < len(LARGE)


UPGRADE = ("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n")


def say(text: bytes) -> bytes:
    """Return the frame of a short text, as a browser sends it."""
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


def test_a_websocket_that_is_not_read_is_not_heard_and_let_go(port: int) -> None:
    with closing(ask(port, "/talk", UPGRADE)) as line:
        time.sleep(TIMEOUT / 2)             # by now nothing can be sent any more
        for _ in range(5):
            line.sendall(say(b"more"))
        time.sleep(TIMEOUT / 4)
        assert len(heard) <= 1              # somebody was already listening for one
        deadline = time.monotonic() + 5
        while "gone" not in heard and time.monotonic() < deadline:
            time.sleep(0.05)
        assert heard[-1] == "gone"


def test_whoever_has_most_unread_loses_the_largest() -> None:
    unread, ended = UnreadAnswers(room=100), list[str]()
    with unread.hold("ada", bytes(10), lambda: ended.append("ada")):
        first = unread.hold("eve", bytes(60), lambda: ended.append("eve's first"))
        with first, unread.hold("eve", bytes(20), lambda: ended.append("eve's second")):
            assert ended == []
            with unread.hold("ada", bytes(30), lambda: ended.append("ada's second")):
                assert ended == ["eve's first"]
    assert not unread._held


def test_what_is_shared_counts_once() -> None:
    unread, ended, file = UnreadAnswers(room=100), list[int](), bytes(90)
    lines = [unread.hold("ada", file, lambda number=number: ended.append(number)) for number in range(50)]
    for line in lines:
        line.__enter__()
    assert ended == []
    for line in lines:
        line.__exit__(None, None, None)


def test_the_newest_answer_is_read_however_large() -> None:
    unread, ended = UnreadAnswers(room=100), list[str]()
    with unread.hold("ada", bytes(200), lambda: ended.append("ada")):
        assert ended == []


def test_it_is_told_when_a_server_does_not_show_its_connections(caplog: pytest.LogCaptureFixture) -> None:
    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    slow_readers._warn.cache_clear()
    assert slow_readers._transport(receive) is None
    assert "are not disconnected" in caplog.text
