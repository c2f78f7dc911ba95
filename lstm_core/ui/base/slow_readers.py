"""Answers leave the server as fast as they are read: in pieces, in so much memory, and only to those who do read."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lstm_core import limits

PIECE = 65_536          # bytes of an answer that are handed over at a time: as much as a connection buffers by itself

log = logging.getLogger(__name__)


class SlowReaders:
    """Middleware that lets no reader fill the memory of the server by not reading.

    - A large answer over HTTP is handed over piece by piece; the next one when the reader has taken the last.
    - Of the answers that wait for that so many bytes are held (limits.UNREAD_BYTES).
    - From a websocket no message is taken in while the browser does not read what is there for it: Streamlit queues 500
      messages for each browser, however large.
    - A connection whose reader takes less than a piece within limits.READ_SECONDS ends.

    It must be the outermost middleware: what receives is then the server's own, which knows the connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._unread = UnreadAnswers()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and the answer at the pace of its reader."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = _Connection(_transport(receive))
        who = scope["client"][0] if scope.get("client") else ""

        async def send_in_pieces(message: Message) -> None:
            body = message.get("body", b"") if message["type"] == "http.response.body" else b""
            with connection.sending():
                if len(body) <= PIECE:
                    await send(message)
                    return
                with self._unread.hold(who, body, connection.end):
                    for start in range(0, len(body), PIECE):
                        rest = start + PIECE < len(body)
                        await send({**message, "body": body[start:start + PIECE],
                                    "more_body": rest or message.get("more_body", False)})
                        if connection.ended:
                            break

        async def receive_in_turn() -> Message:
            await connection.idle.wait()
            return await receive()

        await self.app(scope, receive_in_turn if scope["type"] == "websocket" else receive, send_in_pieces)


class UnreadAnswers:
    """The large answers that readers have not taken yet. When they are too much, whoever has most of them loses one.

    Answers with the same content in memory, such as our files, count once.

    Args:
        room: bytes of all together.
    """

    def __init__(self, room: int = limits.UNREAD_BYTES) -> None:
        self._room = room
        self._held: dict[object, tuple[str, bytes, Callable[[], None]]] = {}

    @contextmanager
    def hold(self, who: str, body: bytes, end: Callable[[], None]) -> Iterator[None]:
        """Hold somebody's answer; ``end`` is called when there is no room for it any more."""
        key = object()
        self._held[key] = who, body, end
        try:
            while (large := self._too_much()) is not None:
                self._held.pop(large)[2]()
            yield
        finally:
            self._held.pop(key, None)

    def _too_much(self) -> object | None:
        """Return the largest answer of whoever has most, None when there is room for all."""
        readers = Counter(id(body) for _, body, _ in self._held.values())
        if len(readers) < 2 or sum({id(body): len(body) for _, body, _ in self._held.values()}.values()) <= self._room:
            return None
        sizes = {key: len(body) / readers[id(body)] for key, (_, body, _) in self._held.items()}
        shares: Counter[str] = Counter()
        for key, (who, _, _) in self._held.items():
            shares[who] += sizes[key]           # type: ignore[assignment]
        most = max(shares.values())
        return max((key for key in sizes if shares[self._held[key][0]] == most), key=lambda key: sizes[key])


class _Connection:
    """One connection, watched for as long as something waits to be read."""

    def __init__(self, transport: asyncio.WriteTransport | None) -> None:
        self.idle = asyncio.Event()     # nothing is being sent
        self.idle.set()
        self.ended = False
        self._transport = transport
        self._alarm: asyncio.TimerHandle | None = None
        self._sent, self._seen = 0, (0, 0)      # answers handed over; these and the bytes that waited at the last look

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Watch the reader of what is handed over meanwhile."""
        self.idle.clear()
        if self._alarm is None and self._transport is not None:
            self._watch(self._transport.get_write_buffer_size())
        try:
            yield
        finally:
            self._sent += 1
            self.idle.set()
            if self._alarm is not None and self._transport is not None and not self._transport.get_write_buffer_size():
                self._alarm.cancel()
                self._alarm = None

    def end(self) -> None:
        """End the connection, whatever waits to be read."""
        self.ended = True
        if self._transport is not None:
            self._transport.abort()

    def _watch(self, waiting: int) -> None:
        self._seen = self._sent, waiting
        self._alarm = asyncio.get_running_loop().call_later(limits.READ_SECONDS, self._look)

    def _look(self) -> None:
        assert self._transport is not None
        self._alarm = None
        sent, before = self._seen
        waiting = self._transport.get_write_buffer_size()
        if not waiting:
            return
        if self._sent == sent and before - waiting < PIECE:
            log.info("A connection ends: its reader takes nothing")
            self.end()
        else:
            self._watch(waiting)


def _transport(receive: Receive) -> asyncio.WriteTransport | None:
    """Return the connection of a request; None when the server does not show it."""
    found = getattr(getattr(receive, "__self__", None), "transport", None)
    if found is None:
        _warn()
    return cast("asyncio.WriteTransport | None", found)


@cache
def _warn() -> None:
    log.warning("The server does not show its connections: those who do not read are not disconnected")
