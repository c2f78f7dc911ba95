"""What an attacker has: tabs that speak Streamlit's protocol, HTTP by hand, and an address of their own."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from benchmarks.load.page import Page
from benchmarks.load.session import ALL_SETTINGS
from lstm_core.ui.base.browser_cookie import COOKIE
from lstm_core.ui.live.status import STREAM

STRANGER = "127.0.0.66"     # the attacker's address; honest people come from 127.0.0.1
TOKEN = rb"gatescope/inside/([0-9a-f]{32})"       # with which the numbers of a cell are asked for
CLOCK = "clock"             # file with the seconds that the server's clock is ahead, as a double
PATIENCE = 15.0             # seconds for which an attacker waits for an answer


@dataclass(frozen=True)
class Target:
    """The server under attack, as far as somebody on the same machine can know it."""

    host: str
    port: int
    pid: int
    folder: Path                        # where its database and its log are
    runs: Mapping[str, list[str]] = field(default_factory=dict)     # ids of runs that were there before, by kind

    @property
    def address(self) -> str:
        """Return scheme, host and port."""
        return f"http://{self.host}:{self.port}"


@dataclass(frozen=True)
class Answer:
    """What the server has answered to a request."""

    status: int
    headers: Mapping[str, str]          # names in small letters; of several with one name the last
    cookies: tuple[str, ...]            # name=value
    body: bytes


def forged() -> str:
    """Return a cookie that looks like one of the server's, and is none."""
    return f"{COOKIE}={secrets.token_urlsafe(24)}"


async def dial(target: Target, source: str = STRANGER) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Open a connection on which nothing is said yet."""
    return await asyncio.wait_for(
        asyncio.open_connection(target.host, target.port, local_addr=(source, 0), limit=2**24), PATIENCE)


async def http(target: Target, path: str, method: str = "GET", headers: Mapping[str, str] | None = None,
               body: bytes = b"", source: str = STRANGER) -> Answer:
    """Ask for one path and return the whole answer; the path is sent as it is."""
    reader, writer = await dial(target, source)
    try:
        lines = {"Host": f"{target.host}:{target.port}", "Connection": "close", **(headers or {})}
        if body:
            lines["Content-Length"] = str(len(body))
        written = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{written}\r\n".encode("latin-1") + body)
        return parsed(await asyncio.wait_for(reader.read(-1), PATIENCE))
    finally:
        writer.close()


def parsed(content: bytes) -> Answer:
    """Return the answer in what the server has sent before it closed the connection."""
    head, _, body = content.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    return Answer(int(first.split()[1]) if first else 0, dict(pairs),
                  tuple(value.partition(";")[0] for name, value in pairs if name == "set-cookie"), body)


async def stream(target: Target, cookie: str, source: str = STRANGER) -> ClientConnection:
    """Open a stream of runs."""
    return await connect(f"ws://{target.host}:{target.port}/{STREAM}?lang=en", additional_headers={"Cookie": cookie},
                         proxy=None, max_size=None, open_timeout=PATIENCE, ping_interval=None, compression=None,
                         local_addr=(source, 0))


class Tab:
    """A tab of an attacker on one page of the app.

    Args:
        target: the server.
        name: of the page in its address; empty: Start.
        query: of the address.
        cookie: name=value; empty: a forged one.
        session: the id of the session to be taken up; empty: a new one.
    """

    def __init__(self, target: Target, name: str = "train", query: str = "", *, cookie: str = "", session: str = "",
                 source: str = STRANGER) -> None:
        self.target, self.cookie, self.source = target, cookie or f"{forged()}; {ALL_SETTINGS}", source
        self.page = Page(f"{target.address}/{name}", name, query)
        self.contents: list[bytes] = []         # all that has come
        self.session = ""                       # as the server calls it
        self._asked = session
        self._news = asyncio.Event()

    async def connect(self, origin: str | None = None, host: str | None = None) -> None:
        """Open the connection, on which nothing is said yet."""
        protocols = ["streamlit", *(["none", self._asked] if self._asked else [])]
        headers = {"Cookie": self.cookie} | ({"Host": host} if host else {})
        self.socket = await connect(
            f"ws://{self.target.host}:{self.target.port}/_stcore/stream", proxy=None, max_size=None, ping_interval=None,
            subprotocols=[Subprotocol(protocol) for protocol in protocols], additional_headers=headers,
            open_timeout=PATIENCE, close_timeout=1, origin=Origin(origin) if origin else None,
            local_addr=(self.source, 0))
        self._reader = asyncio.create_task(self._read())

    async def open(self) -> None:
        """Load the page and wait until it stands there."""
        await self.connect()
        await self.rerun()

    async def rerun(self, *states: WidgetState, pressed: str = "", touched: str = "") -> None:
        """Touch something, or nothing, and wait until the page, or the fragment with it, has been drawn anew."""
        message = BackMsg()
        message.ParseFromString(self.page.rerun(touched or pressed, bool(pressed)))
        message.rerun_script.widget_states.widgets.extend(states)
        before = self.page.reruns
        await self.socket.send(message.SerializeToString())
        await self.until(lambda: self.page.reruns > before)

    async def until(self, seen: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something has come.

        Raises:
            TimeoutError: it has not; ConnectionResetError: the server has closed the connection.
        """
        async with asyncio.timeout(seconds):
            while not seen():
                if self._reader.done():
                    raise ConnectionResetError
                self._news.clear()
                await self._news.wait()

    def find(self, pattern: bytes) -> str:
        """Return what last came and looks like this; empty: nothing did."""
        for content in reversed(self.contents):
            if found := re.search(pattern, content):
                return found[found.lastindex or 0].decode()
        return ""

    @property
    def exceptions(self) -> list[str]:
        """Return the errors that nobody foresaw, and of which the page says only that there was one."""
        elements = (ForwardMsg.FromString(content).delta.new_element for content in self.contents)
        return [element.exception.message for element in elements if element.WhichOneof("type") == "exception"]

    def widget(self, key: str) -> str:
        """Return the id of a widget of any kind by its key.

        Raises:
            LookupError: there is none.
        """
        for content in reversed(self.contents):
            for found in re.finditer(rb"(?s)(.)(\$\$ID-[0-9a-f]+-" + re.escape(key).encode() + rb")", content):
                if found[1][0] == len(found[2]):        # what stands before it on the wire
                    return found[2].decode()
        raise LookupError(key)

    def turn_away(self) -> None:
        """Read nothing any more of what the server sends."""
        self._reader.cancel()
        self.socket.transport.pause_reading()

    async def close(self) -> None:
        """Close the tab."""
        self._reader.cancel()
        await self.socket.close()

    async def _read(self) -> None:
        with suppress(ConnectionClosed):
            async for content in self.socket:
                came = content if isinstance(content, bytes) else content.encode()
                self.contents.append(came)
                if self.page.receive(came) == "new_session":
                    self.session = ForwardMsg.FromString(came).new_session.initialize.session_id
                self._news.set()
        self._news.set()
