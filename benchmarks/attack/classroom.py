"""A class: learners who would teach, look, flood or guess, beside honest ones whose answers are timed to the wall."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from benchmarks.attack.harness import Attacker, attack
from benchmarks.attack.wire import PATIENCE, STRANGER, Tab, Target, forged
from benchmarks.load.classroom import Learner, Teacher
from benchmarks.load.crowd import p95
from benchmarks.streamed import unpacked
from lstm_core import limits
from lstm_core.classroom import codes
from lstm_core.ui.base.static_files import PREFIX
from lstm_core.ui.classroom import api, keys, membership

HONEST = 10             # learners of a class under attack
APART = 0.4             # seconds between the answers of two of them
WALL = 1.0              # seconds in which an answer must be on the wall, p95
FLOOD = 5.0             # seconds
LONG = "x" * 1_000_000
MARKUP = "<img src=x onerror=alert(1)>"
STEPS = ("class_close", "class_again", "class_show", "class_ask", "class_try", "class_bring", "class_end_now")


class Room:
    """A class with honest people, in which a question is open."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.teacher = Teacher(target.address)
        self.learners: list[Learner] = []
        self.late: list[float] = []     # seconds until an answer was counted on the wall

    async def come(self) -> None:
        """Open the class, let everybody in, and ask."""
        await self.teacher.begin()
        self.learners = [Learner(self.target.address, self.teacher.way_in) for _learner in range(HONEST)]
        for learner in self.learners:
            await learner.join()
        await self.teacher.write("choice")
        await self.teacher.press("class_ask_own", lambda: True)
        for learner in self.learners:
            await learner.stream.when(lambda picture: picture["item"])

    async def answer(self) -> None:
        """Have one after the other answer."""
        for learner in self.learners:
            before = self.count
            began = await learner.answer()
            self.late.append(await self.teacher.stream.when(lambda _picture: self.count > before) - began)  # noqa: B023
            await asyncio.sleep(max(0.0, APART - self.late[-1]))

    @property
    def count(self) -> int:
        """Return how many answers the wall counts."""
        return int(self.teacher.stream.picture["item"]["counts"][-1])

    @property
    def code(self) -> str:
        """Return the code of the class."""
        return str(self.teacher.page.wall["room"]["code"])

    def found(self) -> list[str]:
        """Return in words what honest people met."""
        told = [error for stream in (self.teacher.stream, *(learner.stream for learner in self.learners))
                for error in stream.errors]
        slow = [f"an answer was on the wall after {p95(self.late):.2f} s (p95); wanted: at most {WALL:g} s"
                ] if self.late and p95(self.late) > WALL else []
        return [*slow, *dict.fromkeys(told)]

    async def joined(self, cookie: str = "", name: str = "", page: str = "class") -> Tab:
        """Let the attacker in, by the link."""
        tab = Tab(self.target, page, self.teacher.way_in.partition("?")[2], cookie=cookie)
        await tab.open()
        states = [WidgetState(id=tab.widget(keys.NAME), string_value=name)] if name else []
        await tab.rerun(*states, pressed="class_join")
        return tab

    async def follow(self, cookie: str, seen_as: str = "learner") -> ClientConnection:
        """Open a stream of the class."""
        return await streamed(self.target, self.code, cookie, seen_as)


async def streamed(target: Target, code: str, cookie: str, seen_as: str = "learner") -> ClientConnection:
    """Open a stream of a class."""
    asked = urlencode({"code": code, "as": seen_as, "lang": "en"})
    return await connect(f"ws://{target.host}:{target.port}/{PREFIX}/{api.PATH}?{asked}", proxy=None,
                         additional_headers={"Cookie": cookie}, max_size=None, open_timeout=PATIENCE,
                         ping_interval=None, compression=None, local_addr=(STRANGER, 0))


@asynccontextmanager
async def watched(attacker: Attacker) -> AsyncIterator[tuple[Room, list[str]]]:
    """Have a class beside the attack, whose answers are timed; what people met there is added to what was found."""
    room = Room(attacker.target)
    found: list[str] = []
    await room.come()
    yield room, found
    found += room.found()


async def beside(room: Room, *acts: Awaitable[Any]) -> None:
    """Act while honest learners answer."""
    await asyncio.gather(room.answer(), *acts, return_exceptions=True)


@attack(most=20)
async def class_as_teacher(attacker: Attacker) -> list[str]:
    """Is a learner who presses the teacher's buttons, asks for the wall, and sends the stream what is no message."""
    async with watched(attacker) as (room, found):
        tab = await room.joined()
        teaching = {key: room.teacher.page.ids[key] for key in STEPS if key in room.teacher.page.ids}
        await attacker.begin()
        await asyncio.gather(room.answer(), _presses(tab, teaching), _broken(room, tab.cookie))
        picture = room.teacher.stream.picture
        if picture["item"] is None or picture["item"]["phase"] != "open" or picture["place"] is not None:
            found.append("a learner did what only a teacher may do")
        for cookie, seen_as in ((tab.cookie, "wall"), (forged(), "wall"), (forged(), "learner")):
            if "refused" not in await _asked(await room.follow(cookie, seen_as)):
                found.append(f"a {seen_as} was shown to somebody whose it is not")
        told = str(await _asked(await room.follow(tab.cookie)))
        if any(word in told for word in ("votes", "bars", "named")):
            found.append("a learner is told what others have answered before the question is closed")
    return found


@attack(most=20)
async def class_answers(attacker: Attacker) -> list[str]:
    """Answers with five cookies 1,000 times a second each, and tells as often where it is."""
    async with watched(attacker) as (room, found):
        cookies = [(await room.joined()).cookie for _learner in range(5)]
        streams = [await room.follow(cookie) for cookie in cookies]
        for socket in streams:
            await socket.send(json.dumps({"answer": "It grows", "item": 0}))
        await asyncio.sleep(0.5)
        await attacker.begin()
        await beside(room, *(_pour(socket) for socket in streams))
    return found


@attack(most=25)
async def class_joins(attacker: Attacker) -> list[str]:
    """Joins a class 100 times with fresh cookies from one address."""
    async with watched(attacker) as (room, found):
        await attacker.begin()

        async def join() -> None:
            for _join in range(20):
                with suppress(LookupError):
                    tab = await room.joined()
                    await tab.close()

        await beside(room, *(join() for _hand in range(5)))
        there = room.teacher.stream.picture["learners"]
        if there > limits.CLASS_LEARNERS:
            found.append(f"{there} are in a class")
    return found


@attack(most=20)
async def class_long(attacker: Attacker) -> list[str]:
    """Gives a name, a code, an answer and a place of 1 MB each, again and again."""
    async with watched(attacker) as (room, found):
        cookie = (await room.joined()).cookie
        await attacker.begin()

        async def type_() -> None:
            for _time in range(5):
                await room.joined(name=LONG)
                tab = Tab(attacker.target, "class")
                await tab.open()
                await tab.rerun(WidgetState(id=tab.widget(keys.TYPED), string_value=LONG), pressed="class_join")

        async def say() -> None:
            for message in ({"answer": LONG, "item": 0}, {"place": LONG}, {"next": LONG}) * 5:
                socket = await room.follow(cookie)
                await socket.send(json.dumps(message))
                await _rest(socket)

        await beside(room, type_(), say())
        people = room.teacher.stream.picture
        if people["learners"] > HONEST + 1:
            found.append("a name of 1 MB was taken")
    return found


@attack(most=20)
async def class_markup(attacker: Attacker) -> list[str]:
    """Has markup, characters that cannot be seen, and half a character as name, answer and place."""
    async with watched(attacker) as (room, found):
        tab = await room.joined(name="<b>x</b>")
        await attacker.begin()
        odd: tuple[Any, ...] = (MARKUP, "\ud800", "\0", "\u202e", [], {}, None, True, -1, 1e999, [MARKUP] * 500)

        async def say() -> None:
            for value in odd:
                for message in ({"answer": value, "item": 0}, {"answer": value, "item": -1}, {"place": value},
                                {"place": f"train?run={value}"}):
                    socket = await room.follow(tab.cookie)
                    await socket.send(json.dumps(message))
                    await socket.send(json.dumps({"next": ""}))
                    await _rest(socket)

        await beside(room, say())
        if room.count > HONEST:
            found.append("what is no answer was counted")
        if tab.exceptions:
            found.append("a page shows only an error")
    return found


@attack(most=20)
async def class_codes(attacker: Attacker) -> list[str]:
    """Guesses codes over typed ones, links of learners and of teachers, and streams, as fast as the server answers."""
    async with watched(attacker) as (room, found):
        await attacker.begin()
        tries = 0

        async def count() -> None:
            nonlocal tries
            tries = await guessed(attacker.target, FLOOD)

        await beside(room, count())
        most = membership.TYPED_AT_ONCE + membership.TYPED * FLOOD + 1
        if tries > most:
            found.append(f"{tries} guesses were answered; wanted: at most {most:.0f}")
    return found


@attack(most=20)
async def class_streams(attacker: Attacker) -> list[str]:
    """Opens 200 streams of a class from one address, with five cookies, each asking for picture after picture."""
    async with watched(attacker) as (room, found):
        cookies = [(await room.joined()).cookie for _learner in range(5)]
        await attacker.begin()
        await beside(room, *(_follow(room, cookies[number % 5]) for number in range(200)))
    return found


async def guessed(target: Target, seconds: float) -> int:
    """Guess codes for so long on ten tabs; return how many guesses were answered with whether there is such a class."""
    ends, answered = time.monotonic() + seconds, 0

    async def type_() -> None:
        nonlocal answered
        tab = Tab(target, "class")
        await tab.open()
        typed = tab.widget(keys.TYPED)
        while time.monotonic() < ends:
            tab.contents.clear()
            await tab.rerun(WidgetState(id=typed, string_value=codes.drawn()), pressed="class_join")
            answered += not tab.find(rb"(Too many)")

    async def open_() -> None:
        nonlocal answered
        while time.monotonic() < ends:
            for way in ("join", "teach"):
                tab = Tab(target, "class", f"{way}={codes.drawn()}-{secrets.token_urlsafe(9)}")
                await tab.open()
                if way == "join":
                    tab.contents.clear()
                    await tab.rerun(pressed="class_join")
                answered += not tab.find(rb"(Too many)")
                await tab.close()

    await asyncio.gather(*(type_() for _tab in range(7)), *(open_() for _tab in range(3)), return_exceptions=True)
    return answered


async def _presses(tab: Tab, buttons: dict[str, str]) -> None:
    """Press buttons that another page has."""
    for _time in range(3):
        for button in buttons.values():
            message = BackMsg.FromString(tab.page.rerun())
            message.rerun_script.widget_states.widgets.append(WidgetState(id=button, trigger_value=True))
            await tab.socket.send(message.SerializeToString())
            await asyncio.sleep(0.1)
    await tab.rerun()


async def _broken(room: Room, cookie: str) -> None:
    """Send over the stream what is no message."""
    odd: Iterable[str | bytes] = (
        "[" * 10_000, "", "null", "{}", b"\xff" * 1000, b"", "NaN", '{"next": 1}', '{"answer": 1}',
        '{"answer": 1, "item": 1e999}', '{"answer": 1, "item": 99999999999999999999}',
        json.dumps({"step": "class_close"}))
    for message in odd:
        socket = await room.follow(cookie)
        with suppress(WebSocketException):
            await socket.send(message)
            await _rest(socket)


async def _asked(socket: ClientConnection) -> dict[str, Any]:
    """Return the first picture of a stream."""
    with suppress(ConnectionClosed):
        await socket.send(json.dumps({"next": ""}))
    picture = unpacked(bytes(await asyncio.wait_for(socket.recv(), PATIENCE)))     # type: ignore[arg-type]
    await socket.close()
    return picture


async def _pour(socket: ClientConnection) -> None:
    """Answer and tell a place 1,000 times a second each, and read what comes."""
    reading = asyncio.create_task(_read(socket))
    ends = time.monotonic() + FLOOD
    while time.monotonic() < ends and not reading.done():
        for number in range(10):
            await socket.send(json.dumps({"answer": "It grows", "item": 0}))
            await socket.send(json.dumps({"place": f"train?hidden={number}"}))
        await asyncio.sleep(0.01)
    reading.cancel()


async def _follow(room: Room, cookie: str) -> None:
    socket = await room.follow(cookie)
    async with asyncio.timeout(FLOOD):
        while True:
            await socket.send('{"next": ""}')
            await socket.recv()


async def _rest(socket: ClientConnection) -> None:
    """Read for a moment, and leave."""
    with suppress(TimeoutError):
        await asyncio.wait_for(_read(socket), 0.2)
    await socket.close()


async def _read(socket: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        async for _content in socket:
            pass
