"""A class, streamed: one websocket for each tab, over which a browser asks for picture after picture, and answers.

The address says which class, and whether the tab is a wall (only a teacher's may be) or a learner's. The browser sends
``{"next": ""}`` when it is ready for a picture (:mod:`.picture`), which comes as soon as something has changed;
``{"answer": ..., "item": n}``; and ``{"place": "page?query"}``, where this learner is. What cannot be taken is answered
with ``{"refused": sentence, "what": "answer"}``; without ``what`` the stream has ended.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from lstm_core import i18n, limits
from lstm_core.classroom.recent import News
from lstm_core.errors import Refusal
from lstm_core.ui.base.browser_cookie import owner_of
from lstm_core.ui.base.client_address import client_address
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.server import rooms
from lstm_core.ui.base.static_files import folder
from lstm_core.ui.base.tab_socket import next_text, until_gone
from lstm_core.ui.base.token_bucket import TokenBuckets
from lstm_core.ui.base.wire import pack
from lstm_core.ui.classroom import picture
from lstm_core.ui.classroom.experiment import Runs
from lstm_core.ui.widgets.text import localized

PATH = "class"              # where the stream lies, below the folder of our files
WALL_GAP, LEARNER_GAP = 0.25, 0.5       # seconds between two pictures of one tab, at least
LOOK = 1.0                  # seconds after which runs of an experiment that go on are looked at again,
OWN_LOOK = 2.0              # one's own
REST = 20.0                 # seconds after which there is a picture without news: no proxy takes the stream for dead
LONGEST = 20_000            # letters of a message
DRAWN = 2                   # pictures of learners made at one time: more only keep the threads of other pages waiting
SAYS, SAYS_AT_ONCE = 2.0, 10.0          # answers and places per second of one person

HEARS: dict[bool, tuple[News, ...]] = {True: ("room", "people", "answers"), False: ("room",)}
"""What is news to a wall, and what to a learner."""

_there = Places(limits.ADDRESS_STREAMS)         # of streams, by address
_open = Places(limits.STREAMS)                  # and by browser
_saying = TokenBuckets(SAYS, SAYS_AT_ONCE)
_drawing = CapacityLimiter(DRAWN)


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
    """Hold a place for one more stream of this browser and of its address.

    Raises:
        Refusal: there are as many as one person, or all people of one address, may have, or it keeps no cookie.
    """
    owner, address = owner_of(socket), client_address(socket.scope)
    if not owner:
        raise Refusal("A class needs a cookie, to know you again after a reload. Allow cookies for this page, and load "
                      "it again.")
    if _open.full(owner):
        raise Refusal("{limit} of your tabs follow a class already. Close one of them, and load this page again.",
                      limit=limits.STREAMS)
    if _there.full(address):
        raise Refusal("{limit} tabs of your network follow a class already. Load this page again later.",
                      limit=limits.ADDRESS_STREAMS)
    with _open.held(owner), _there.held(address):
        yield


class _Stream:
    """The stream of one tab. What reads or writes the database happens in threads, all else in the event loop."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self.code = socket.query_params.get("code", "")[:20]
        self.wall = socket.query_params.get("as") == "wall"
        self.owner = owner_of(socket)
        self.runs = Runs()              # of the experiment, on a wall
        self.asked, self.news = asyncio.Event(), asyncio.Event()
        self.look = REST                # seconds until there is a picture even without news

    async def serve(self) -> None:
        """Answer until the tab leaves."""
        leave = await run_in_threadpool(self._begin, asyncio.get_running_loop())
        try:
            await until_gone(self._answer(), self._hear())
        finally:
            leave()

    def _begin(self, loop: asyncio.AbstractEventLoop) -> Callable[[], None]:
        """Return what ends listening to the class.

        Raises:
            Refusal: one is not its teacher, or not in it.
        """
        # The same sentence whether there is such a class or not: codes cannot be guessed here either.
        if self.wall and not rooms().teaches(self.code, self.owner):
            raise Refusal("Only the teacher of a class may do this. Open the private link that the class was given "
                          "when it was opened.")
        if not self.wall and rooms().learner(self.code, self.owner) is None:
            raise Refusal("You are not in this class any more. Join it again.")

        def hear(news: News) -> None:
            if news in HEARS[self.wall]:
                with suppress(RuntimeError):            # the server ends
                    loop.call_soon_threadsafe(self.news.set)

        return rooms().listen(self.code, hear)

    async def _hear(self) -> None:
        """Take in what the tab says."""
        while True:
            match _message(await next_text(self.socket)):
                case {"next": str()}:
                    self.asked.set()
                case {"answer": answer, "item": int(item)}:
                    await self._say("answer", partial(rooms().answer, self.code, self.owner, item, answer))
                case {"place": str(place)} if not self.wall:
                    await self._say("place", partial(rooms().see, self.code, self.owner, place))
                case other:
                    raise Refusal("This question cannot be understood; received {received!r}.",
                                  received=str(other)[:80])

    async def _say(self, what: str, say: Callable[[], None]) -> None:
        try:
            if (wait := _saying.take(self.owner)) > 0:
                raise Refusal("That was too much at once. Try again in {seconds:.0f} seconds.", seconds=wait + 1)
            await run_in_threadpool(say)
        except Refusal as refusal:
            await self.socket.send_bytes(pack({"refused": localized(refusal), "what": what}))
        self.news.set()

    async def _answer(self) -> None:
        """Send a picture whenever there is news and the tab is ready for it."""
        due = 0.0
        while True:
            await self.asked.wait()
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self.asked.clear()
            self.news.clear()
            shown = await to_thread.run_sync(self._picture, limiter=None if self.wall else _drawing)
            await self.socket.send_bytes(pack(shown))
            due = time.monotonic() + (WALL_GAP if self.wall else LEARNER_GAP)
            with suppress(TimeoutError):
                await asyncio.wait_for(self.news.wait(), self.look)

    def _picture(self) -> dict[str, Any]:
        if self.wall:
            shown = picture.of_wall(self.code, self.runs)
            self.look = LOOK if shown["item"] and self.runs.moving else REST
            return shown
        shown = picture.of_learner(self.code, self.owner)
        mine = (shown["item"] or {}).get("mine")
        self.look = OWN_LOOK if isinstance(mine, dict) and mine.get("status") in ("queued", "training") else REST
        return shown


def _message(text: str) -> object:
    with suppress(ValueError, RecursionError):
        if len(text) <= LONGEST:
            return json.loads(text)
    return text[:80]
