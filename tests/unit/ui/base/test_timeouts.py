"""Connections that say nothing and bodies that never end, on a server of uvicorn's."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import connect as websocket

from lstm_core import limits
from lstm_core.ui.base import timeouts
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.token_bucket import TokenBuckets

PATIENCE = 0.4      # seconds; on this server


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve with short timeouts."""
    monkeypatch.setattr(limits, "SILENT_SECONDS", PATIENCE)
    monkeypatch.setattr(limits, "UPLOAD_SECONDS", 4 * PATIENCE)
    monkeypatch.setattr(timeouts, "_sending", Places(2))
    from uvicorn.protocols.http import h11_impl
    monkeypatch.setattr(h11_impl.H11Protocol, "connection_made", h11_impl.H11Protocol.connection_made)
    timeouts._watch(h11_impl.H11Protocol)

    async def take(request: Request) -> PlainTextResponse:
        return PlainTextResponse(str(len(await request.body())))

    async def listen(tab: WebSocket) -> None:
        await tab.accept()
        async for text in tab.iter_text():
            await tab.send_text(text)

    app = Starlette(routes=[Route("/", take, methods=["GET", "PUT"]), WebSocketRoute("/stream", listen)],
                    middleware=[Middleware(timeouts.BodyTimeout)])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, http="h11", ws="websockets-sansio", log_level="critical",
                                               timeout_keep_alive=60, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        yield listener.getsockname()[1]
        server.should_exit = True
        thread.join(10)


def said(line: socket.socket, seconds: float = 5.0) -> bytes:
    """Return all that the server says until it closes the connection."""
    line.settimeout(seconds)
    content = b""
    try:
        while part := line.recv(65_536):
            content += part
    except ConnectionResetError:
        pass
    return content


def seconds_to_the_end(port: int, first: bytes) -> tuple[float, bytes]:
    with socket.create_connection(("127.0.0.1", port)) as line:
        began = time.monotonic()
        line.sendall(first)
        content = said(line)
        return time.monotonic() - began, content


def answer(line: socket.socket) -> bytes:
    """Return one answer of a few letters: its header and its body may come one after the other."""
    content = b""
    while b"\r\n\r\n" not in content or content.endswith(b"\r\n\r\n"):
        part = line.recv(65_536)
        assert part, content
        content += part
    return content


def trickle(line: socket.socket, content: bytes, seconds: float) -> float:
    """Send byte after byte; return the seconds until the server no longer wants them."""
    began = time.monotonic()
    for byte in content:
        try:
            line.sendall(bytes([byte]))
        except (ConnectionResetError, BrokenPipeError):
            return time.monotonic() - began
        time.sleep(seconds)
    raise AssertionError("it took all of it")


GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("first", [b"", b"GET / HT", GET[:-2], GET, GET + b"GET /"],
                         ids=["silent", "half a line", "half a header", "answered", "half a second one"])
def test_a_connection_on_which_nothing_is_asked_is_closed(port: int, first: bytes) -> None:
    seconds, content = seconds_to_the_end(port, first)
    assert PATIENCE / 2 < seconds < 8 * PATIENCE
    assert content.endswith(b"\r\n\r\n0") == first.startswith(GET)


def test_a_header_that_comes_letter_by_letter_is_not_waited_for(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        assert trickle(line, GET.replace(b"x", b"x" * 200), PATIENCE / 20) < 8 * PATIENCE


def test_a_connection_in_use_stays(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        for _ in range(8):
            line.sendall(GET)
            assert answer(line).endswith(b"\r\n\r\n0")
            time.sleep(PATIENCE / 2)
    with websocket(f"ws://127.0.0.1:{port}/stream", proxy=None) as tab:
        time.sleep(4 * PATIENCE)
        tab.send("still there")
        assert tab.recv(timeout=5) == "still there"


PUT = b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n"


def test_a_body_that_stops_coming_is_not_waited_for(port: int) -> None:
    seconds, content = seconds_to_the_end(port, PUT + b"half of it")
    assert seconds < 4 * PATIENCE
    assert content.startswith(b"HTTP/1.1 408")


def test_a_body_that_comes_slowly_has_an_end(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(PUT)
        assert trickle(line, bytes(50), PATIENCE / 2) < 8 * PATIENCE


def test_a_whole_body_is_taken(port: int) -> None:
    last = PUT.replace(b"Host: x", b"Host: x\r\nConnection: close")
    seconds, content = seconds_to_the_end(port, last + bytes(100))
    assert content.endswith(b"100")
    assert seconds < PATIENCE


def test_an_address_has_so_many_uploads_at_one_time(port: int) -> None:
    waiting = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
    for line in waiting:
        line.sendall(PUT)
    time.sleep(0.1)
    _, content = seconds_to_the_end(port, PUT)
    assert content.startswith(b"HTTP/1.1 503")
    for line in waiting:
        line.sendall(bytes(100))
        assert answer(line).endswith(b"100")
        line.close()


def test_bodies_of_one_address_are_taken_in_at_its_pace(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "_coming", TokenBuckets(1e6, 1e5))
    took, answer = seconds_to_the_end(port, b"PUT / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                                            b"Content-Length: 500000\r\n\r\n" + bytes(500_000))
    assert answer.endswith(b"500000")
    assert 0.3 < took < 2
