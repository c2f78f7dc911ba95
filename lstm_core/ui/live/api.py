"""Runs that train, streamed: one websocket for each tab, over which the browser asks for picture after picture.

The browser sends ``{"run": id, "looks": [...]}``, names of splits and numbers of units, and is answered with a picture
(see :mod:`.picture`) as soon as there is news of that run; then it asks again. So nothing piles up for a browser that
is slow, one that no longer asks lets the run's lease lapse, and asking renews it. Instead of a picture there may be
``{"refused": sentence}``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from lstm_core import i18n, limits
from lstm_core.data import Dataset, Missing
from lstm_core.errors import Refusal
from lstm_core.records import MEAN, Look
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS
from lstm_core.ui.base.address_turns import AddressTurns
from lstm_core.ui.base.browser_cookie import known_as
from lstm_core.ui.base.client_address import client_address
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.server import lab
from lstm_core.ui.base.static_files import folder
from lstm_core.ui.base.tab_socket import next_text, until_gone
from lstm_core.ui.base.wire import pack
from lstm_core.ui.live.picture import Sent, picture
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import localized

PATH = "live"               # where the stream lies, below the folder of our files
GAP = 0.1                   # seconds between two pictures of one stream, at least
ALL_PICTURES = 150.0        # pictures per second of all streams together: each costs about 1 ms of the server
LOOK = 1.0                  # seconds without news after which a run that waits for its turn is looked at all the same,
REST = 20.0                 # and one that rests: no proxy then takes the connection for dead
LONGEST = 2_000             # letters of a question
UNITS = 2                   # units that one tab looks into at one time
WIDEST = int(limits.NUMBERS["hidden"].high)     # units of a layer, at most

log = logging.getLogger(__name__)
_open = Places(limits.STREAMS)              # of streams, by browser
_beginning = AddressTurns(limits.ADDRESS_PAGES, limits.PAGE_SECONDS)        # the first picture takes longest
_there = Places(limits.ADDRESS_STREAMS)     # and by address: a script may give itself a new cookie each time


def routes() -> list[BaseRoute]:
    """Return the route of the stream, for ``st.App``."""
    return [WebSocketRoute(f"{folder()}/{PATH}", _serve)]


async def _serve(socket: WebSocket) -> None:
    """Answer one tab until it leaves."""
    await socket.accept()
    language = socket.query_params.get("lang", "")
    with i18n.speaking(language if language in i18n.LANGUAGES else i18n.SOURCE):
        try:
            with _admitted(socket):
                await _Stream(socket).serve()
        except Refusal as refusal:
            with suppress(RuntimeError, WebSocketDisconnect):
                await socket.send_bytes(pack({"refused": localized(refusal)}))
                await socket.close(1008)


@contextmanager
def _admitted(socket: WebSocket) -> Iterator[None]:
    """Hold a place for one more stream of this browser, known by its cookie, and of its address.

    Raises:
        Refusal: there are as many as one person, or all people of one address, may have.
    """
    browser, address = known_as(socket), client_address(socket.scope)
    if browser and _open.full(browser):
        raise Refusal("{limit} of your tabs watch a training already. Close one of them, and load this page again.",
                      limit=limits.STREAMS)
    if _there.full(address):
        raise Refusal("{limit} tabs of your network watch a training already. Load this page again later.",
                      limit=limits.ADDRESS_STREAMS)
    with _open.held(browser), _there.held(address):
        yield


class _Stream:
    """The stream of one tab. Everything but the lab's news happens in the server's event loop."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.run = ""
        self.looks: tuple[Look, ...] = ()
        self.asked = asyncio.Event()
        self.news = asyncio.Event()
        self.sent = Sent()
        self.data: Dataset | None = None
        self.leave: Callable[[], None] | None = None
        self.active = False         # the run goes on by itself, as it was last seen
        self.looked = 0.0           # when that was
        self.address = client_address(socket.scope)

    async def serve(self) -> None:
        """Answer until the tab leaves."""
        try:
            await until_gone(self._answer(), self._hear())
        finally:
            if self.leave is not None:
                self.leave()

    async def _hear(self) -> None:
        """Take in what the tab asks for; a new question replaces the one before it."""
        while True:
            run, looks = _question(await next_text(self.socket))
            if run != self.run:
                self.run, self.sent, self.data = run, Sent(), None
                self.news.set()         # who waits for news of the run before waits in vain
                if self.leave is not None:
                    self.leave()
                    self.leave = None
            if looks != self.looks:
                self.looks = looks
                self.news.set()
            self.asked.set()

    async def _answer(self) -> None:
        due = 0.0
        while True:
            await self.asked.wait()
            self.asked.clear()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            run, shown = self.run, await (self._shown() if self.data is not None else self._first())
            if self.run == run and shown is not None:
                await self.socket.send_bytes(pack(shown))
                due = time.monotonic() + max(GAP, len(_open) / ALL_PICTURES)

    async def _first(self) -> dict[str, Any] | None:
        """Return the first picture of a run, in its turn."""
        turn = _beginning.ask(self.address)
        try:
            await turn.come
            return await self._shown()
        finally:
            _beginning.end(turn)

    async def _shown(self) -> dict[str, Any] | None:
        """Return the next picture, when there is news or it is time to look."""
        if self.data is None:
            run, loop = self.run, asyncio.get_running_loop()
            view, data, leave = await run_in_threadpool(self._begin, loop)
            if self.run != run:         # another one is asked for in the meantime
                leave()
                return None
            self.data, self.leave = data, leave
        else:
            if time.monotonic() > self.looked + LOOK:   # the tab was away: the run may have come to rest
                self._look()
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), LOOK if self.active else REST)
            if self.asked.is_set() and self.data is None:       # another run is asked for in the meantime
                return None
            self.news.clear()
            view = self._look()
        return picture(view, self.data, self.looks, self.sent) if self.data is not None else None

    def _begin(self, loop: asyncio.AbstractEventLoop) -> tuple[RunView, Dataset, Callable[[], None]]:
        """In a thread, as they may have to be fetched: return the run, its data, and what ends listening to it."""
        def hear() -> None:
            with suppress(RuntimeError):            # the server ends
                loop.call_soon_threadsafe(self.news.set)

        view = self._look()
        try:
            data = session.prepared(view.spec.data, view.spec.model.output)
        except Missing as missing:
            raise Refusal("The data of this run (content hash {digest!r}) are not kept here. Load or upload them "
                          "again, and start a new run.", digest=missing.digest) from None
        return view, data, lab().listen(view.id, hear)

    def _look(self) -> RunView:
        view = lab().view(self.run, self.looks)
        self.active, self.looked = view.active, time.monotonic()
        return view


def _question(text: str) -> tuple[str, tuple[Look, ...]]:
    """Return the run and what of it is looked at: splits, and a few units.

    Raises:
        Refusal: the question is malformed.
    """
    try:
        asked = json.loads(text) if len(text) <= LONGEST else {}
        if isinstance(asked["run"], str) and isinstance(asked["looks"], list):
            units = [look for look in asked["looks"] if type(look) is int and MEAN <= look < WIDEST]
            return asked["run"], (*(split for split in SPLITS if split in asked["looks"]), *units[:UNITS])
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    raise Refusal("This question cannot be understood; received {received!r}.", received=text[:80])
