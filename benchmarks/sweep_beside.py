# ruff: noqa: T201 (printing is what it is for)
"""How long one person's slider takes while another's sweep trains: ``python -m benchmarks.sweep_beside``.

Starts the real server and two simulated browsers that speak Streamlit's own websocket protocol: one watches a sweep of
24 small runs, the other moves sliders on the page Train, first with the server to itself, then beside the sweep. Prints
the time from a move to the moment at which the browser has received what follows from it. Needs requirements-dev.txt,
and a machine that has nothing else to do.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

import psutil

from benchmarks.load.page import Page
from benchmarks.load.session import Session
from lstm_core import data
from lstm_core.running.sweeps import measured
from lstm_core.spec import RunSpec
from lstm_core.spec.sweep import Axis, SweepSpec
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SweepStore
from tests.browser.conftest import Server

MOVES, EVERY = 40, 0.3      # moves of a slider, and seconds between two of them
SWEEP = SweepSpec(RunSpec().change(epochs=60), (Axis("hidden", (8, 16)), Axis("steps", (10, 20))), seeds=6)


def main() -> None:
    """Measure the slider alone and beside a sweep, and print both."""
    print(f"{psutil.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        try:
            asyncio.run(measure(server))
        finally:
            server.end()


async def measure(server: Server) -> None:
    """Have one person move sliders, and another begin to watch a sweep between two rounds of it."""
    learner, watcher = Session(server.address), Session(server.address)
    await learner.open()
    await moves(learner)            # the first ones of a server take longer
    before = psutil.Process(server.process.pid).cpu_times()
    told("alone", await moves(learner))
    print(used(server, before))
    watcher.page = Page(f"{server.address}/compare", "compare", f"compare_section=sweep&sweep={kept(server.database)}")
    await watcher.open()
    while not ended(watcher.page):
        await asyncio.sleep(0.1)
    began, before = ended(watcher.page), psutil.Process(server.process.pid).cpu_times()
    seconds = await moves(learner)
    told(f"beside the sweep ({began} to {ended(watcher.page)} of {SWEEP.runs} runs ended)", seconds)
    print(used(server, before))
    for session in (learner, watcher):
        for error in session.page.errors:
            print(f"error: {error}")
        await session.close()


def kept(database: str) -> str:
    """Put the sweep into the server's database; it begins when somebody looks at it."""
    store = Store(database)
    sweep = SweepStore(store).create("somebody", SWEEP, measured(SWEEP, data.dataset))
    store.close()
    return sweep


def ended(page: Page) -> int:
    """Return how many runs have ended, as the page says: ``In training · 3 of 24 runs``."""
    return int(page.progress.split("·")[1].split()[0]) if "·" in page.progress else 0


async def moves(learner: Session) -> list[float]:
    """Move sliders, and return the seconds each time took."""
    taken = []
    for _move in range(MOVES):
        taken.append(await learner.move())
        await asyncio.sleep(EVERY)
    return taken


def used(server: Server, before: Any) -> str:
    """Return what the server process, without its workers, has computed since then."""
    now = psutil.Process(server.process.pid).cpu_times()
    seconds = now.user + now.system - before.user - before.system
    return f"  the server computed for {1000 * seconds / MOVES:.0f} ms per move"


def told(when: str, seconds: list[float]) -> None:
    """Print the middle and the slow end of what moves took."""
    late = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    print(f"slider, {when}: p50 {1000 * statistics.median(seconds):.0f} ms, p95 {1000 * late:.0f} ms, worst "
          f"{1000 * max(seconds):.0f} ms ({len(seconds)} moves, load {os.getloadavg()[0]:.1f})")


if __name__ == "__main__":
    main()
