"""People who come, train, move sliders and go, for a long time: does the server grow?

Streamlit keeps the session of a closed tab for two minutes (at most 128 of them), each with three open files: what
grows for two minutes and then no longer is these.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load.machine import Use, use
from benchmarks.load.session import Session

PEOPLE = 10                         # there at any time
STAYING = (5.0, 25.0)               # seconds that somebody stays, at least and at most
THINKING = 1.5                      # seconds between two moves of a slider
LINES = 6                           # of the table, at even distances

HEAD = (f"{'minutes':>7} {'visits':>6} {'moves':>6} {'server MB':>9} {'worker MB':>9} {'threads':>7} {'files':>5} "
        f"{'children':>8} {'database MB':>11} errors")


@dataclass
class Visits:
    """What has happened so far."""

    visits: int = 0
    moves: int = 0
    errors: list[str] = field(default_factory=list)
    runs: dict[str, int] = field(default_factory=dict)      # that were begun, and the updates last seen of each


@dataclass(frozen=True)
class Moment:
    """What the server used at one moment of the soak, while everybody was there."""

    minutes: float
    visits: int
    moves: int
    used: Use
    errors: int

    def __str__(self) -> str:
        """Return one line of the table."""
        used = self.used
        return (f"{self.minutes:>7.1f} {self.visits:>6} {self.moves:>6} {used.server:>9.0f} {used.workers:>9.0f} "
                f"{used.threads:>7} {used.files:>5} {used.children:>8} {used.database:>11.1f} {self.errors}")


async def soak(address: str, server: int, folder: Path, seconds: float, tell: Callable[[Moment], None],
               people: int = PEOPLE, staying: tuple[float, float] = STAYING, so_far: Visits | None = None
               ) -> list[Moment]:
    """Let people come and go for so long; return what the server used in the course of it.

    Args:
        address: scheme, host and port of a running server.
        server: its process id.
        folder: where its database is.
        seconds: how long.
        tell: is called with each moment as it comes.
        people: how many are there at any time.
        staying: seconds that each stays, at least and at most.
        so_far: takes in what happens, for whoever wants to know it in the end.
    """
    so_far = Visits() if so_far is None else so_far
    await _visit(address, staying[0], so_far)       # a server without its workers says nothing about growth
    began = time.perf_counter()
    chairs = [asyncio.create_task(_chair(address, began + seconds, staying, so_far)) for _person in range(people)]
    moments = []
    for line in range(LINES + 1):
        # The first one is taken when everybody has come once.
        await asyncio.sleep(max(0.0, began + max(staying[1] / 2, seconds * line / LINES) - time.perf_counter()))
        moments.append(Moment((time.perf_counter() - began) / 60, so_far.visits, so_far.moves, use(server, folder),
                              len(so_far.errors)))
        tell(moments[-1])
    await asyncio.gather(*chairs)
    return moments


async def _chair(address: str, until: float, staying: tuple[float, float], so_far: Visits) -> None:
    """Have one person after the other take a place, each with a browser of their own."""
    while (left := until - time.perf_counter()) > 0:
        await _visit(address, min(left, random.uniform(*staying)), so_far)


async def _visit(address: str, seconds: float, so_far: Visits) -> None:
    """Have a person come, train, move a slider now and then, and go after so many seconds."""
    session = Session(address)
    await session.open()
    leaving = time.perf_counter() + seconds
    await session.train()
    while time.perf_counter() < leaving:
        await session.move()
        so_far.moves += 1
        await asyncio.sleep(THINKING)
    so_far.runs[session.page.followed] = session.page.updates
    await session.close()
    so_far.visits += 1
    so_far.errors += session.page.errors
