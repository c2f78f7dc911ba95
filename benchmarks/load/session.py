"""One person at a browser: opens a page, presses Train, moves sliders, and looks on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from urllib.parse import parse_qs

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from benchmarks.load.page import Page, Value
from benchmarks.streamed import Follower, head, new_cookie

PATIENCE = 20.0                         # seconds after which an answer that has not come counts as an error
QUERY = "source=waves&epochs=5000"      # a run of which nobody here sees the end
ALL_SETTINGS = "gatescope_all_settings=1"       # a cookie: the page then has pace and sliders
NONE = "–"                              # what stands there instead of a number


class Session:
    """A tab, over Streamlit's own websocket and the stream of the run that its page shows.

    Args:
        address: scheme, host and port of the server.
        page: name of the page that is opened, and its query.
    """

    def __init__(self, address: str, page: str = f"train?{QUERY}") -> None:
        name, _mark, query = page.partition("?")
        self.page = Page(f"{address}/{name}", name, query)
        self.advances: list[tuple[float, int]] = []     # when the page showed how many updates of the own run
        self.shared = False                             # the page has said with how many runs this one takes turns
        self._address = address
        self._clocks: dict[str, asyncio.Task[None]] = {}
        self._wanted: Callable[[], bool] | None = None
        self._answer: asyncio.Future[float] | None = None
        self._moves = 0

    # -- what a person does; each returns the seconds it took --------------------------------------------

    async def open(self) -> float:
        """Load the page; it is open when all of it has arrived."""
        began = time.perf_counter()
        self.cookie = await asyncio.to_thread(new_cookie, self.page.url)
        self._follower = Follower(self._address, self.cookie, self._pictured)
        self._socket: ClientConnection = await connect(
            f"{self._address.replace('http', 'ws', 1)}/_stcore/stream", subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": f"{self.cookie}; {ALL_SETTINGS}"}, proxy=None, max_size=None,
            open_timeout=PATIENCE, ping_interval=None)
        self._reader = asyncio.create_task(self._read())
        await self._rerun(lambda: self.page.runs > 0)
        return time.perf_counter() - began

    async def train(self) -> float:
        """Press Train and wait until the page shows a loss of the new run."""
        before = self.page.followed
        self.advances.clear()
        return await self._rerun(lambda: self.page.followed != before and self.page.updates > 0
                                 and self.page.loss != NONE, "train", pressed=True)

    async def choose_pace(self, pace: str) -> float:
        """Choose how fast the next run is trained."""
        return await self.choose("pace", pace)

    async def choose(self, key: str, value: Value) -> float:
        """Set a widget and wait until the page is drawn with it."""
        self.page.put(key, value)
        return await self._drawn(key)

    async def press(self, key: str, wanted: Callable[[], bool] = lambda: True) -> float:
        """Press a button and wait until the page is drawn after it, and shows what is wanted."""
        return await self._drawn(key, pressed=True, wanted=wanted)

    async def _drawn(self, key: str, pressed: bool = False, wanted: Callable[[], bool] = lambda: True) -> float:
        runs = self.page.runs
        return await self._rerun(lambda: self.page.runs > runs and wanted(), key, pressed)

    async def stop(self) -> None:
        """Press Stop, and do not wait: a run goes on for a while after its tab was closed."""
        await self._socket.send(self.page.rerun("stop", pressed=True))

    async def move(self) -> float:
        """Move a slider and wait until the page has followed: in turn the training window and the dropout."""
        self._moves += 1
        if self._moves % 2:
            before = self.page.window
            self.page.put("window", [float(self._moves % 200)])
            return await self._rerun(lambda: self.page.window != before, "window")
        dropout = round(0.05 * (1 + self._moves // 2 % 10), 2)
        self.page.put("dropout", [dropout])
        return await self._rerun(lambda: parse_qs(self.page.query).get("dropout") == [f"{dropout:g}"], "dropout")

    async def close(self) -> None:
        """Close the tab."""
        self._stop_clocks(())
        await self._follower.close()
        self._reader.cancel()
        with suppress(asyncio.CancelledError):
            await self._reader
        await self._socket.close()

    # -- the wire ----------------------------------------------------------------------------------------

    async def _rerun(self, wanted: Callable[[], bool], touched: str = "", pressed: bool = False) -> float:
        """Touch a widget and return the seconds until the page shows what is wanted."""
        return await self._send(self.page.rerun(touched, pressed), wanted)

    async def _send(self, message: bytes, wanted: Callable[[], bool]) -> float:
        """Ask for a rerun and return the seconds until the page shows what is wanted."""
        self._wanted, self._answer = wanted, asyncio.get_running_loop().create_future()
        sent = time.perf_counter()
        await self._socket.send(message)
        try:
            return await asyncio.wait_for(self._answer, PATIENCE) - sent
        except TimeoutError:
            self.page.errors.append(f"no answer within {PATIENCE:g} s")
            return PATIENCE
        finally:
            self._wanted = None

    async def _read(self) -> None:
        try:
            async for content in self._socket:
                self._receive(content if isinstance(content, bytes) else content.encode())
        except ConnectionClosed as closed:
            self.page.errors.append(f"the server has closed the connection: {closed}")

    def _receive(self, content: bytes) -> None:
        run = self.page.followed
        kind = self.page.receive(content)
        if self.page.followed != run:
            self.advances.clear()
            self._follower.follow(self.page.followed)
        if kind in ("new_session", "auto_rerun", "stop_auto_rerun"):
            self._stop_clocks(self.page.fragments.keys())
            for fragment, seconds in self.page.fragments.items():
                if fragment not in self._clocks:
                    self._clocks[fragment] = asyncio.create_task(self._tick(fragment, seconds))
        self._look()

    def _pictured(self, content: bytes) -> None:
        """Take in a picture of the run; one that other controls belong to has the page drawn anew."""
        anew = self.page.tell(head(content))
        self._look()
        if anew is not None:
            self._drawing = asyncio.create_task(self._socket.send(anew))

    def _look(self) -> None:
        """See what the page shows now."""
        updates = self.page.updates
        if updates and (not self.advances or updates > self.advances[-1][1]):
            self.advances.append((time.perf_counter(), updates))
        self.shared = self.shared or "shared with" in self.page.progress
        if self._wanted is not None and self._answer is not None and not self._answer.done() and self._wanted():
            self._answer.set_result(time.perf_counter())

    def _stop_clocks(self, but: Collection[str]) -> None:
        for fragment in self._clocks.keys() - set(but):
            self._clocks.pop(fragment).cancel()

    async def _tick(self, fragment: str, seconds: float) -> None:
        """Ask for a fragment again and again, as its ``run_every`` says."""
        while True:
            await asyncio.sleep(seconds)
            with suppress(ConnectionClosed):
                await self._socket.send(self.page.rerun(tick=fragment))
