"""Honest people on a server: what they wait for, and what the server holds meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

from benchmarks.attack.wire import TOKEN, Tab, Target, http
from benchmarks.load.crowd import p95, rate
from benchmarks.load.session import Session
from benchmarks.streamed import new_cookie
from lstm_core.ui.base.static_files import PREFIX
from lstm_core.ui.cell.api import FOLDER

HONEST = "127.0.0.1"
MOVING = 0.25           # seconds between two moves of a slider,
LOOKING = 0.4           # and between two looks inside a cell
SAMPLING = 0.2          # seconds between two looks at the memory
UPDATES = 100           # a snapshot of the example asked for is one of so many


@dataclass
class Seen:
    """What honest people have seen in one span of time."""

    slider: float = 0.0         # seconds until the page has followed, p95 over the moves they meant to make
    opened: float = 0.0         # seconds until a newcomer's page stood there,
    first_loss: float = 0.0     # and from their click on Train to the first loss
    rate: float = 0.0           # updates per second of a run with 50 updates per second
    cell: float = 0.0           # seconds until numbers of a cell are there, p95
    server: float = 0.0         # MB, the most that was seen
    worker: float = 0.0         # MB of one worker, the most that was seen
    database: float = 0.0       # MB in the end
    errors: list[str] = field(default_factory=list)


class People:
    """One who trains and moves sliders, one who looks inside a cell, and one after the other who comes and trains."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._mover = Session(target.address)
        self._looks = 0
        self._known = 0         # errors that were told before

    async def come(self) -> None:
        """Open the pages, and begin to train."""
        await self._mover.open()
        await self._mover.train()
        cookie = await asyncio.to_thread(new_cookie, self._target.address)
        self._viewer = Tab(self._target, "cell", cookie=cookie, source=HONEST)
        await self._viewer.open()
        await asyncio.sleep(1)
        await self.watch(1)     # what is done for the first time takes longer

    async def go(self) -> None:
        """Close all tabs."""
        with suppress(Exception):       # the server may be gone
            await asyncio.wait_for(asyncio.gather(self._mover.close(), self._viewer.close()), 5)

    async def watch(self, least: float, most: float = 0.0, ended: Callable[[], bool] = lambda: True) -> Seen:
        """Have all of them do what they do, for so many seconds at least, and on until something has ended."""
        seen, began = Seen(), time.perf_counter()
        moves: list[float] = []
        looks: list[float] = []
        newcomer = Session(self._target.address)
        tasks = [asyncio.create_task(task) for task in (
            _again(self._mover.move, MOVING, moves), _again(self._look, LOOKING, looks), self._measure(seen),
            _come(newcomer, seen))]
        while (passed := time.perf_counter() - began) < least or (passed < most and not ended()):
            await asyncio.sleep(0.02)
        ended_at = time.perf_counter()
        await _broken_off(tasks)
        met = [None if task.cancelled() else task.exception() for task in tasks]
        seen.errors += [f"an honest visitor met {error!r}" for error in met if error is not None]
        with suppress(Exception):
            await asyncio.wait_for(newcomer.stop(), 1)
        with suppress(Exception):
            await asyncio.wait_for(newcomer.close(), 2)
        seen.slider, seen.cell = (p95(_meant(took, every)) if took else ended_at - began
                                  for took, every in ((moves, MOVING), (looks, LOOKING)))
        seen.rate = rate(self._mover.advances, began, ended_at)
        seen.database = sum(file.stat().st_size for file in self._target.folder.glob("lab.db*")) / 1e6
        errors = self._mover.page.errors
        seen.errors += [*errors[self._known:], *newcomer.page.errors]
        self._known = len(errors)
        return seen

    async def _look(self) -> None:
        """Fetch the numbers of a cell; when the server no longer knows what is looked into, ask the page once more."""
        self._looks += 7
        status = await self._asked()
        if status == 404:
            await self._viewer.rerun()
            status = await self._asked()
        if status != 200:
            raise RuntimeError(f"the numbers of a cell were answered with {status}")

    async def _asked(self) -> int:
        path = f"/{PREFIX}/{FOLDER}/{self._viewer.find(TOKEN)}/{self._looks % UPDATES}"
        return (await http(self._target, path, headers={"Cookie": self._viewer.cookie, "Accept-Encoding": "gzip"},
                           source=HONEST)).status

    async def _measure(self, seen: Seen) -> None:
        server = psutil.Process(self._target.pid)
        while True:
            with suppress(psutil.NoSuchProcess):
                seen.server = max(seen.server, server.memory_info().rss / 1e6)
                for child in server.children(recursive=True):
                    seen.worker = max(seen.worker, child.memory_info().rss / 1e6)
            await asyncio.sleep(SAMPLING)


async def _again(act: Callable[[], Awaitable[object]], every: float, took: list[float]) -> None:
    """Do something again and again, as long as one may; one that is broken off has taken as long as it has lasted."""
    while True:
        began = time.perf_counter()
        try:
            await act()
        finally:
            took.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, every - took[-1]))


async def _broken_off(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended: asyncio.wait_for of Python 3.11 may swallow it when its answer is there."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _ended, pending = await asyncio.wait(pending, timeout=0.2)


async def _come(newcomer: Session, seen: Seen) -> None:
    began = time.perf_counter()
    try:
        await newcomer.open()
    finally:
        seen.opened = time.perf_counter() - began
        seen.first_loss = seen.opened
    began = time.perf_counter()
    try:
        await newcomer.train()
    finally:
        seen.first_loss = time.perf_counter() - began


def _meant(took: list[float], every: float) -> list[float]:
    """Return the times of all moves that were meant: who waits long for one would have made more in the meantime."""
    return [seconds - late * every for seconds in took for late in range(max(1, int(seconds / every) + 1))
            if seconds - late * every > 0]
