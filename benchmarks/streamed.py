"""The stream of a run as a browser follows it: for what measures, and for the tests."""

from __future__ import annotations

import asyncio
import json
import struct
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from lstm_core.records import MEAN, Look
from lstm_core.ui.live.status import STREAM

FRAME = 1 / 60          # seconds of a browser between a picture and its next question: it draws what has come first
LOOKS: tuple[Look, ...] = ("validation", MEAN)      # what the page Train looks at: predictions, the mean of all units
PATIENCE = 20.0         # seconds until a connection counts as refused


def unpacked(content: bytes) -> dict[str, Any]:
    """Return what the browser reads out of one message of ``lstm_core.ui.base.wire.pack``."""
    (length,) = struct.unpack_from("<I", content)

    def array(part: dict[str, Any]) -> Any:
        if "$" not in part:
            return part
        code, offset, count, columns = part["$"]
        values = np.frombuffer(content, f"<{code}", count, 4 + length + offset)
        return values.reshape(-1, columns) if columns else values

    return dict(json.loads(content[4:4 + length], object_hook=array))


def head(content: bytes) -> dict[str, Any]:
    """Return the JSON of one message alone, without its arrays."""
    (length,) = struct.unpack_from("<I", content)
    return dict(json.loads(content[4:4 + length]))


def new_cookie(url: str) -> str:
    """Return the cookie that the app gives a browser with its first page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(url, timeout=PATIENCE) as answer:
        return str(answer.headers.get("set-cookie", "")).partition(";")[0]


class Follower:
    """A tab that follows a run: it asks for the next picture a frame after each.

    Args:
        address: scheme, host and port of the server.
        cookie: of the browser, ``name=value``.
        picture: is called with each message that comes.
    """

    def __init__(self, address: str, cookie: str, picture: Callable[[bytes], None]) -> None:
        self._address = f"{address.replace('http', 'ws', 1)}/{STREAM}?lang=en"
        self._cookie, self._picture = cookie, picture
        self._question = ""
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None

    def follow(self, run: str) -> None:
        """From now on follow this run; one that is followed already is followed further, and "" is none."""
        question = json.dumps({"run": run, "looks": LOOKS}) if run else ""
        if question == self._question:
            return
        self._question = question
        if not run:
            if self._task is not None:
                self._task.cancel()
            self._task = self._socket = None
            return
        if self._task is None:
            self._task = asyncio.create_task(self._follow())
        elif self._socket is not None:
            self._asking = asyncio.create_task(self._ask(self._socket))

    async def close(self) -> None:
        """Leave."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _follow(self) -> None:
        with suppress(ConnectionClosed):
            async with connect(self._address, additional_headers={"Cookie": self._cookie}, proxy=None, max_size=None,
                               open_timeout=PATIENCE, ping_interval=None, compression=None) as self._socket:
                await self._ask(self._socket)
                async for content in self._socket:
                    self._picture(content if isinstance(content, bytes) else content.encode())
                    await asyncio.sleep(FRAME)
                    await self._ask(self._socket)

    async def _ask(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            await socket.send(self._question)
