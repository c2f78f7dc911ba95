"""A class at work: so many people train at once, and what each of them waits for."""

from __future__ import annotations

import asyncio
import math
import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import ParamSpec, TypeVar

from benchmarks.load.machine import Use, use
from benchmarks.load.session import Session

P = ParamSpec("P")
T = TypeVar("T")

COMING = 0.1            # seconds between two people who open the page
CLICKING = 1.0          # seconds within which all of them press Train
MOVING = 20.0           # seconds for which they move sliders, if nothing else is said,
EVERY = 1.0             # each of them so many seconds after the move before, or when the page has followed that one
SETTLING = 2.0          # seconds before and between, which are not measured

COLUMNS = {"people": 6, "pace": 12, "opened s": 14, "first loss s": 14, "slider ms": 14, "moves": 5, "updates/s": 9,
           "least": 5, "pause s": 7, "shared": 6, "CPU %": 9, "pictures/s": 10, "memory MB": 9, "load": 5, "errors": 6}
HEAD = """
opened, first loss, slider: median/p95/max until the browser has received it. updates/s: of all runs together; least:
of the run that got least; pause: the longest time in which a page showed no advance of its run. shared: people who were
told that others train as well. CPU: of one core, server/worker/browsers; pictures/s: over all streams together. memory:
server+worker. load: of the machine; above 3, times are too long.

""" + " ".join(f"{name:>{width}}" for name, width in COLUMNS.items())


@dataclass(frozen=True)
class Limits:
    """What a class may wait for, and what the server may need for it, at most."""

    slider: float               # ms until the page has followed a slider, p95
    pause: float                # seconds in which a page shows no advance of its run
    server: float = math.inf    # percent of a core
    memory: float = math.inf    # MB of server and worker


LIMITS = {(30, "50 updates/s"): Limits(slider=35, pause=2),
          (60, "50 updates/s"): Limits(slider=50, pause=4, server=40, memory=690)}


@dataclass(frozen=True)
class Crowd:
    """What a class has seen."""

    people: int
    pace: str
    opened: list[float]         # seconds until the page stood there, for each person
    first_loss: list[float]     # seconds from the click on Train to the first loss, for each person
    moves: list[float]          # seconds until the page has followed a slider, for each move
    rates: list[float]          # updates per second of each run
    pauses: list[float]         # the longest time for which a page showed no advance of its run, for each run
    shared: int                 # people who have been told that others train as well
    seconds: float              # for which the sliders were moved, and over which CPU is measured
    before: Use
    after: Use
    browsers: float             # seconds of a core that the simulated browsers took
    pictures: int               # over all streams
    load: float                 # of the machine
    errors: list[str]

    def __str__(self) -> str:
        """Return one line of the table."""
        worker = self.after.worker_seconds - self.before.worker_seconds
        values = (
            self.people, self.pace, late(self.opened), late(self.first_loss), late(self.moves, 1000), len(self.moves),
            f"{sum(self.rates):.0f}", f"{min(self.rates):.1f}", f"{max(self.pauses):.1f}", self.shared,
            "/".join(f"{part:.0f}" for part in (self.server, *(
                100 * used / self.seconds for used in (worker, self.browsers)))),
            f"{self.pictures / self.seconds:.0f}", f"{self.after.server:.0f}+{self.after.workers:.0f}",
            f"{self.load:.1f}", len(self.errors))
        return " ".join(f"{value:>{width}}" for value, width in zip(values, COLUMNS.values(), strict=True))

    @property
    def server(self) -> float:
        """Return what the server process took of a core, in percent."""
        return 100 * (self.after.server_seconds - self.before.server_seconds) / self.seconds

    @property
    def problems(self) -> list[str]:
        """Return in words what failed, and what was over the limit for so many people."""
        said = sorted(set(self.errors))
        if (limits := LIMITS.get((self.people, self.pace))) is not None:
            for what, value, limit, unit in (
                    ("the slider (p95)", 1000 * p95(self.moves), limits.slider, "ms"),
                    ("the longest pause", max(self.pauses), limits.pause, "s"),
                    ("the server", self.server, limits.server, "% of a core"),
                    ("memory", self.after.server + self.after.workers, limits.memory, "MB")):
                if value > limit:
                    said.append(f"{self.people} people: {what}: {value:.3g} {unit}; wanted: at most {limit:g}")
        return said


async def measure(address: str, server: int, folder: Path, people: int, pace: str,
                  moving: float = MOVING) -> Crowd:
    """Have people come, train and move sliders for a while.

    Args:
        address: scheme, host and port of a running server.
        server: its process id.
        folder: where its database is.
        people: how many.
        pace: the option they choose, as the page names it.
        moving: seconds for which they move sliders.
    """
    sessions = [Session(address) for _person in range(people)]
    opened = await asyncio.gather(*(after(number * COMING, session.open) for number, session in enumerate(sessions)))
    for session in sessions:
        if session.page.value("pace") != pace:
            await session.choose_pace(pace)
    await asyncio.sleep(SETTLING)
    first_loss = await asyncio.gather(*(after(random.random() * CLICKING, session.train) for session in sessions))
    await asyncio.sleep(SETTLING)
    pages = [session.page for session in sessions]
    pictures = sum(page.pictures for page in pages)
    before, browsers, began = use(server, folder), time.process_time(), time.perf_counter()
    moves = await asyncio.gather(*(after(random.random() * EVERY, move, session, began + moving)
                                   for session in sessions))
    ended = time.perf_counter()
    crowd = Crowd(
        people, pace, opened, first_loss, [seconds for person in moves for seconds in person],
        [rate(session.advances, began, ended) for session in sessions],
        [pause(session.advances, began, ended) for session in sessions],
        sum(session.shared for session in sessions), ended - began, before, use(server, folder),
        time.process_time() - browsers, sum(page.pictures for page in pages) - pictures, os.getloadavg()[0],
        [error for page in pages for error in page.errors])
    await asyncio.gather(*(session.close() for session in sessions))
    return crowd


async def after(seconds: float, what: Callable[P, Awaitable[T]], *args: P.args, **named: P.kwargs) -> T:
    """Wait and do it."""
    await asyncio.sleep(seconds)
    return await what(*args, **named)


async def move(session: Session, until: float) -> list[float]:
    """Move sliders until then; return how long each move took."""
    took = []
    while (began := time.perf_counter()) < until:
        took.append(await session.move())
        await asyncio.sleep(max(0.0, EVERY - (time.perf_counter() - began)))
    return took


def rate(advances: list[tuple[float, int]], began: float, ended: float) -> float:
    """Return a run's updates per second between two moments, from what its page has shown."""
    start = max((updates for moment, updates in advances if moment <= began), default=0)
    end = max((updates for moment, updates in advances if moment <= ended), default=0)
    return (end - start) / (ended - began)


def pause(advances: list[tuple[float, int]], began: float, ended: float) -> float:
    """Return the longest time between two moments in which the page showed no advance of its run."""
    moments = [began, *(moment for moment, _updates in advances if began < moment < ended), ended]
    return max(later - sooner for sooner, later in pairwise(moments))


def late(seconds: list[float], unit: float = 1) -> str:
    """Return median, p95 and maximum."""
    digits = 0 if unit > 1 else 2
    return "/".join(f"{value * unit:.{digits}f}" for value in (statistics.median(seconds), p95(seconds), max(seconds)))


def p95(seconds: list[float]) -> float:
    """Return the time that one in twenty exceeds."""
    return statistics.quantiles(seconds, n=20, method="inclusive")[-1] if len(seconds) > 1 else seconds[0]
