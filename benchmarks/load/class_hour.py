"""An hour in a class, in two minutes: join, be brought somewhere, answer, and train one part of an experiment each.

From the moment in which all have been brought to the page Train until the last vote everybody's own run trains, and
everybody moves a slider every second, as in :mod:`.crowd`: what was promised for a class at work holds in a class.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load.classroom import COUNTDOWN, KINDS, LESSON, PAGE, Learner, Picture, Teacher
from benchmarks.load.crowd import CLICKING, COMING, EVERY, SETTLING, after, late, move, p95, pause
from benchmarks.load.machine import Use, use
from benchmarks.load.session import PATIENCE
from lstm_core.ui.classroom import keys

ANSWERING = 3.0             # seconds within which all answer, and all begin their part of the experiment
PACE = "50 updates/s"
EPOCHS = 5000.0             # of the runs that train while questions are asked: nobody here sees their end
ALL_DONE = 300.0            # seconds until the last run of the experiment has to be done

HEAD = f"""
An answer counts from its sending until the wall's picture has as many answers as had been sent by then; a question from
the click of the teacher, until a learner's picture has it. Brought: from the notice in a learner's picture until all of
the page has come, for those who go at once; and with the countdown of {COUNTDOWN:g} s that the notice has for who does
nothing. What a browser needs to draw what has come is in none of these. Slider as in the table of `make load`.
"""


@dataclass(frozen=True)
class Promise:
    """What a full class may wait for at most: p95, or the longest of all, in seconds."""

    what: str
    most: float
    longest: bool = False


PROMISES = (Promise("an answer on the wall", 1.0), Promise("brought, at once", 3.0), Promise("a slider, voting", 0.05),
            Promise("a slider, experiment", 0.05), Promise("a run stands still, voting", 4.0, longest=True))
MEMORY = 690.0              # MB of server and worker
FULL = 60                   # people for whom all of this holds


@dataclass
class Hour:
    """What a class has seen."""

    people: int
    times: dict[str, list[float]] = field(default_factory=dict)     # what was waited for -> seconds
    uses: dict[str, tuple[float, Use, Use]] = field(default_factory=dict)   # part -> seconds, use before and after
    points: int = 0             # results of the experiment on the wall
    grouped: int = 0            # and how many of them its groups count
    experiment: float = 0.0     # seconds from its beginning until all have their result
    pictures: int = 0           # of all streams of the class,
    sent: int = 0               # and their bytes
    errors: list[str] = field(default_factory=list)

    def add(self, what: str, seconds: list[float]) -> None:
        """Take in what people have waited for."""
        self.times.setdefault(what, []).extend(seconds)

    def __str__(self) -> str:
        """Return the table."""
        lines = [f"{self.people} learners and a teacher", f"{'':<28} {'count':>6}  median/p95/max"]
        for what, seconds in self.times.items():
            unit, name = (1000, "ms") if "slider" in what else (1, "s")
            lines.append(f"{what:<28} {len(seconds):>6}  {late(seconds, unit)} {name}")
        for part, (lasted, before, now) in self.uses.items():
            server = 100 * (now.server_seconds - before.server_seconds) / lasted
            worker = 100 * (now.worker_seconds - before.worker_seconds) / lasted
            lines.append(f"{part + ':':<13} {lasted:.0f} s, server {server:.0f} %, worker {worker:.0f} % of a core; "
                         f"{now.server:.0f}+{now.workers:.0f} MB")
        lines.append(f"experiment: {self.points} of {self.people} points after {self.experiment:.0f} s, "
                     f"{self.grouped} of them in groups")
        lines.append(f"streams of the class: {self.pictures} pictures, {self.sent / 1e6:.1f} MB; "
                     f"load {os.getloadavg()[0]:.1f}; {len(self.errors)} errors")
        return "\n".join(lines)

    @property
    def memory(self) -> float:
        """Return the most that server and worker held together, in MB."""
        return max(used.server + used.workers for _seconds, *both in self.uses.values() for used in both)

    @property
    def problems(self) -> list[str]:
        """Return in words what failed, and of a full class which promise was not kept."""
        said = sorted(set(self.errors))
        if not self.points == self.grouped == self.people:
            said.append(f"{self.people} people: the experiment has {self.points} points, {self.grouped} in groups")
        if self.people != FULL:
            return said
        for promise in PROMISES:
            found = (max if promise.longest else p95)(self.times[promise.what])
            if found > promise.most:
                said.append(f"{self.people} people: {promise.what}: {found:.3g} s; wanted: at most {promise.most:g}")
        if self.memory > MEMORY:
            said.append(f"{self.people} people: memory: {self.memory:.0f} MB; wanted: at most {MEMORY:g}")
        return said


async def measure(address: str, server: int, folder: Path, people: int) -> Hour:
    """Have a teacher open a class, and so many people go through it.

    Args:
        address: scheme, host and port of a running server.
        server: its process id.
        folder: where its database is.
        people: how many learners.
    """
    hour, teacher = Hour(people), Teacher(address)

    async def counted(part: str, what: Awaitable[None]) -> None:
        began, before = time.perf_counter(), use(server, folder)
        await what
        hour.uses[part] = (time.perf_counter() - began, before, use(server, folder))

    await teacher.begin()
    learners = [Learner(address, teacher.way_in) for _person in range(people)]
    await counted("joining", _join(hour, teacher, learners))
    await teacher.choose_goal(PAGE, keys.GOAL_PAGE, "Train")
    await counted("bringing", _bring(hour, teacher, learners, wait=COUNTDOWN))
    await _all_train(learners)
    await counted("voting", _vote(hour, teacher, learners))
    await teacher.choose_goal(LESSON, keys.GOAL_LESSON, "3 ")
    await counted("bringing on", _bring(hour, teacher, learners))
    await counted("experiment", _experiment(hour, teacher, learners))
    everybody: list[Teacher | Learner] = [teacher, *learners]
    for person in everybody:
        hour.errors += person.page.errors + person.stream.errors
        hour.pictures, hour.sent = hour.pictures + person.stream.pictures, hour.sent + person.stream.bytes
    await asyncio.gather(*(person.close() for person in everybody))
    return hour


async def _join(hour: Hour, teacher: Teacher, learners: list[Learner]) -> None:
    hour.add("joined", await asyncio.gather(*(after(number * COMING, learner.join)
                                              for number, learner in enumerate(learners))))
    await teacher.stream.when(lambda picture: picture["learners"] == len(learners))


async def _bring(hour: Hour, teacher: Teacher, learners: list[Learner], wait: float = 0.0) -> None:
    """Bring all to what the teacher has chosen; each goes there after so many seconds."""

    async def follow(learner: Learner, notice: asyncio.Task[float]) -> tuple[float, float]:
        noticed = await notice
        await asyncio.sleep(wait)
        await learner.follow()
        return noticed, time.perf_counter()

    before = teacher.stream.picture["brought"]
    notices = [learner.stream.when(lambda picture: picture["brought"] > before) for learner in learners]
    pressed = time.perf_counter()
    pressing = asyncio.create_task(teacher.press("class_bring"))
    moments = await asyncio.gather(*map(follow, learners, notices))
    await pressing
    hour.add("notice of being brought", [noticed - pressed for noticed, _there in moments])
    hour.add("brought, with countdown" if wait else "brought, at once", [there - noticed for noticed, there in moments])


async def _all_train(learners: list[Learner]) -> None:
    """Have everybody begin a long run on the page Train."""
    for learner in learners:
        learner.page.put("epochs", EPOCHS)
        await learner.choose_pace(PACE)
    await asyncio.gather(*(after(random.random() * CLICKING, learner.train) for learner in learners))
    await asyncio.sleep(SETTLING)


async def _vote(hour: Hour, teacher: Teacher, learners: list[Learner]) -> None:
    """Ask a question of each kind twice, while everybody's run trains and everybody moves a slider."""
    voting, began = asyncio.Event(), time.perf_counter()
    moving = [asyncio.create_task(_move(learner, voting)) for learner in learners]
    for kind in KINDS:
        await teacher.write(kind)
        await _ask(hour, teacher, learners, "class_ask_own")
        await teacher.press("class_close")
        await _ask(hour, teacher, learners, "class_again")
        await teacher.press("class_close")
        shown = teacher.stream.when(lambda picture: picture["item"]["phase"] == "shown")
        await teacher.press("class_show")
        await shown
    voting.set()
    hour.add("a slider, voting", [seconds for person in await asyncio.gather(*moving) for seconds in person])
    ended = time.perf_counter()
    hour.add("a run stands still, voting", [pause(learner.advances, began, ended) for learner in learners])


async def _ask(hour: Hour, teacher: Teacher, learners: list[Learner], button: str) -> None:
    """Open a vote with a button; all answer within a few seconds after they have it."""
    before = _vote_of(teacher.stream.picture)
    come = [learner.stream.when(lambda picture: _vote_of(picture) > before) for learner in learners]
    pressed = time.perf_counter()
    await teacher.press(button)
    hour.add("a question at a learner's", [moment - pressed for moment in await asyncio.gather(*come)])
    all_counted = teacher.stream.when(lambda picture: _vote_of(picture) > before and picture["item"]["counts"][-1]
                                      == len(learners), ANSWERING + PATIENCE)
    sent = sorted(await asyncio.gather(*(after(random.random() * ANSWERING, learner.answer) for learner in learners)))
    await all_counted
    item = teacher.stream.picture["item"]
    counts = [(moment, count) for moment, number, vote, count in teacher.stream.counted
              if (number, vote) == (item["number"], item["vote"])]
    hour.add("an answer on the wall", [next((seen for seen, count in counts if count >= place), math.inf) - moment
                                       for place, moment in enumerate(sent, start=1)])


def _vote_of(picture: Picture) -> tuple[int, int]:
    """Return number and vote of the question that a picture shows."""
    item = picture["item"]
    return (item["number"], item["vote"]) if item and item["kind"] == "question" else (-1, 0)


async def _experiment(hour: Hour, teacher: Teacher, learners: list[Learner]) -> None:
    """Have everybody train their part, and when all have begun move sliders until all results are on the wall."""

    def open_at(picture: Picture) -> bool:
        return bool(picture["item"]) and picture["item"]["kind"] == "experiment"

    def finished(picture: Picture) -> bool:
        return open_at(picture) and sum(run["result"] is not None for run in picture["item"]["runs"]) == len(learners)

    await teacher.choose_experiment("Hidden units")
    come = [learner.stream.when(open_at) for learner in learners]
    began = time.perf_counter()
    await teacher.press("class_try")
    await asyncio.gather(*come)
    end = teacher.stream.when(finished, ALL_DONE)
    hour.add("first loss of one's part", await asyncio.gather(
        *(after(random.random() * ANSWERING, learner.take_part) for learner in learners)))
    await asyncio.sleep(SETTLING)
    over = asyncio.Event()
    moving = [asyncio.create_task(_move(learner, over)) for learner in learners]
    hour.experiment = await end - began
    over.set()
    hour.add("a slider, experiment", [seconds for person in await asyncio.gather(*moving) for seconds in person])
    item = teacher.stream.picture["item"]
    hour.points = sum(run["result"] is not None for run in item["runs"])
    hour.grouped = sum(group["count"] for group in item["groups"])


async def _move(learner: Learner, over: asyncio.Event) -> list[float]:
    """Move sliders every second until it is over; return how long each move took."""
    await asyncio.sleep(random.random() * EVERY)
    took = await move(learner, time.perf_counter() + EVERY / 2)
    while not over.is_set():
        took += await move(learner, time.perf_counter() + EVERY / 2)
    return took
