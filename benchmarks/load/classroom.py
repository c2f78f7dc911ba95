"""People in a class: a teacher with the wall, and learners with the bar, on a page and on the stream of the class."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from benchmarks.load.session import PATIENCE, Session
from benchmarks.streamed import FRAME, unpacked
from lstm_core.ui.classroom import keys

Picture = dict[str, Any]

COUNTDOWN = 2.0             # seconds of static/class/bring.js, after which a learner is brought on who does nothing
PARTS = ("ask", "try", "bring", "people", "class")      # of the teacher's controls, in their order
LESSON, PAGE = 0, 3         # places to which a teacher may bring all, as they are numbered on the page
KINDS = ("choice", "number", "curve")       # in the order of the boxes in which a teacher chooses one
ANSWERS = ("It grows", "It shrinks", "It stays as it is")
POINTS = 33                 # of a curve


class ClassStream:
    """The stream of a class as a tab follows it (static/class/stream.js).

    Args:
        address: scheme, host and port of the server.
        cookie: of the browser, ``name=value``.
        room: what the page has told of the class.
    """

    def __init__(self, address: str, cookie: str, room: dict[str, str]) -> None:
        asked = urlencode({"code": room["code"], "as": room["as"], "lang": room["lang"]})
        self._address = f"{address.replace('http', 'ws', 1)}/{room['address']}?{asked}"
        self._cookie = cookie
        self.picture: Picture = {}
        self.counted: list[tuple[float, int, int, int]] = []    # moment, question, vote, and how many have answered
        self.bytes = self.pictures = 0
        self.errors: list[str] = []
        self._awaited: list[tuple[Callable[[Picture], Any], asyncio.Future[float]]] = []
        self._open = asyncio.Event()
        self._task = asyncio.create_task(self._follow())

    async def send(self, message: Picture) -> None:
        """Tell the class something."""
        await self._open.wait()
        await self._socket.send(json.dumps(message))

    def when(self, seen: Callable[[Picture], Any], patience: float = PATIENCE) -> asyncio.Task[float]:
        """Begin to wait for a picture in which something is seen, and return the wait for the moment it comes.

        An error counts, and now is returned, when it has not come after ``patience`` seconds.
        """
        found: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._awaited.append((seen, found))
        self._look()
        return asyncio.create_task(self._patient(found, patience))

    async def _patient(self, found: asyncio.Future[float], patience: float) -> float:
        try:
            return await asyncio.wait_for(found, patience)
        except TimeoutError:
            self.errors.append(f"what was awaited of the class has not come within {patience:g} s")
            return time.perf_counter()

    async def close(self) -> None:
        """Leave."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _follow(self) -> None:
        try:
            async with connect(self._address, additional_headers={"Cookie": self._cookie}, proxy=None, max_size=None,
                               open_timeout=PATIENCE, ping_interval=None) as self._socket:
                self._open.set()
                await self._next(self._socket)
                async for content in self._socket:
                    self._take(content if isinstance(content, bytes) else content.encode())
                    await asyncio.sleep(FRAME)
                    await self._next(self._socket)
            self.errors.append("the server has closed the stream of the class")
        except (ConnectionClosed, OSError) as error:
            self.errors.append(f"the stream of the class has ended: {error}")

    async def _next(self, socket: ClientConnection) -> None:
        await socket.send('{"next": ""}')

    def _take(self, content: bytes) -> None:
        self.bytes += len(content)
        news = unpacked(content)
        if "refused" in news:
            self.errors.append(news["refused"])
            return
        self.pictures += 1
        self.picture = news
        if (item := news["item"]) and item["kind"] == "question":
            self.counted.append((time.perf_counter(), item["number"], item["vote"], item["counts"][-1]))
        self._look()

    def _look(self) -> None:
        for one in list(self._awaited):
            seen, found = one
            if found.done():
                self._awaited.remove(one)
            elif self.picture and seen(self.picture):
                found.set_result(time.perf_counter())
                self._awaited.remove(one)


class Teacher(Session):
    """The one who has opened a class, with the wall."""

    def __init__(self, address: str) -> None:
        super().__init__(address, "class")
        self.stream: ClassStream

    async def begin(self) -> None:
        """Open the page, and a class; the wall is followed from then on."""
        await self.open()
        await self.press("class_open", lambda: bool(self.page.wall))
        self.stream = ClassStream(self._address, self.cookie, self.page.wall["room"])

    @property
    def way_in(self) -> str:
        """The page and query of the link for learners."""
        link = urlsplit(self.page.wall["link"])
        return f"{link.path.lstrip('/')}?{link.query}"

    async def turn_to(self, part: str) -> None:
        """Show a part of the controls."""
        await self._set(keys.SHOWS, [self.page.options[keys.SHOWS][PARTS.index(part)]])

    async def write(self, kind: str) -> None:
        """Write a question of one's own, up to the button that asks it."""
        await self.turn_to("ask")
        await self._set(keys.KIND, [self.page.options[keys.KIND][KINDS.index(kind)]])
        await self._set(keys.TEXT, "What becomes of the error with twice the units?")
        if kind == "choice":
            await self._set(keys.OPTIONS, "\n".join(ANSWERS))

    async def choose_experiment(self, setting: str) -> None:
        """Choose what everybody trains, up to the button that begins it: as on the page Train, with another setting."""
        await self.turn_to("try")
        await self._set(keys.SETTING, setting)

    async def choose_goal(self, kind: int, key: str, name: str) -> None:
        """Choose where all are brought, up to the button that does it.

        Args:
            kind: number of the kind of place.
            key: of the box in which the place is chosen.
            name: how it begins there.
        """
        await self.turn_to("bring")
        await self._set(keys.GOAL, [self.page.options[keys.GOAL][kind]])
        await self._set(key, next(option for option in self.page.options[key] if option.startswith(name)))

    async def _set(self, key: str, value: Any) -> None:
        if self.page.value(key) != value:
            await self.choose(key, value)

    async def close(self) -> None:
        """Close the tab."""
        await self.stream.close()
        await super().close()


class Learner(Session):
    """Somebody who joins by the link, and follows the class from whatever page they are on."""

    def __init__(self, address: str, way_in: str) -> None:
        super().__init__(address, way_in)
        self.stream: ClassStream
        self._turn = 0

    async def join(self) -> float:
        """Open the link and join; return the seconds until one is in the class and knows how it stands."""
        began = time.perf_counter()
        await self.open()
        await self.press("class_join", lambda: bool(self.page.bar))
        self.stream = ClassStream(self._address, self.cookie, self.page.bar["room"])
        return await self.stream.when(lambda _picture: True) - began

    async def answer(self) -> float:
        """Answer what is asked, and return the moment."""
        item = self.stream.picture["item"]
        moment = time.perf_counter()
        await self.stream.send({"answer": _answer(item["ask"]), "item": item["number"]})
        return moment

    async def follow(self) -> float:
        """Go to where all are brought; return the seconds until that page is drawn."""
        place = self.stream.picture["place"]
        took = await self.do("follow", lambda: is_here(place, self.page.bar["here"]))
        await self.stream.send({"place": self.page.bar["here"]})
        return took

    async def take_part(self) -> float:
        """Train one's own part of the experiment; return the seconds until the page shows a loss of it."""
        before = self.page.followed
        self.advances.clear()
        return await self.do("train", lambda: self.page.followed != before and self.page.updates > 0, drawn=False)

    async def do(self, what: str, wanted: Callable[[], bool], *, drawn: bool = True) -> float:
        """Ask the bar for something, and return the seconds until the page shows what is wanted, and is all drawn."""
        self._turn += 1
        runs = self.page.runs
        return await self._send(self.page.do(what, self._turn), lambda: wanted() and (
            not drawn or self.page.runs > runs))

    async def close(self) -> None:
        """Close the tab."""
        await self.stream.close()
        await super().close()


def _answer(ask: dict[str, Any]) -> Any:
    match ask["kind"]:
        case "choice":
            return random.choice(ask["options"])["key"]
        case "number":
            return random.uniform(ask["low"], ask["high"])
    return [random.uniform(ask["frame"]["low"], ask["frame"]["high"]) for _point in range(POINTS)]


def is_here(place: dict[str, str], here: str) -> bool:
    """Tell whether the page that is shown is that to which all are brought, as static/class/place.js does."""
    page, _mark, query = here.partition("?")
    return page == place["page"] and parse_qs(place["query"]).items() <= parse_qs(query).items()
