# ruff: noqa: T201 (printing is what it is for)
"""What the dispatcher itself costs: ``python -m benchmarks.dispatcher``.

So many runs take turns with an engine and a store that answer at once, so that all that is left is the dispatcher's own
work: taking in a slice, letting the run queue again, sending the next one, saving. Prints the processor time of its
thread for one turn, and that in which a page learns which place a run has in the queue. Fails when a turn with a
thousand runs costs more than LIMIT, or ten times as many runs more than ten times as much.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lstm_core.running import jobs
from lstm_core.running.dispatcher import Dispatcher
from tests.unit.running.instant import InstantEngine, InstantStore

SIZES = (10, 100, 1000)     # runs in the queue
TURNS = 3000                # that are measured, after as many turns as there are runs
LOOKS = 2000
LIMIT = 0.1                 # ms of a turn with the most runs


@dataclass(frozen=True)
class Row:
    """What a turn costs with so many runs in the queue."""

    runs: int
    turn_ms: float              # processor time of the dispatcher's thread
    look_us: float              # processor time to say which place a run has, and how many wait


def measure(runs: int) -> Row:
    """Return what a turn costs with so many runs in the queue."""
    with tempfile.TemporaryDirectory() as folder:
        store = InstantStore(f"sqlite:///{Path(folder) / 'lab.db'}")
        dispatcher = Dispatcher(store, InstantEngine(), jobs.advance, time.monotonic)
        with dispatcher.lock:
            found = [dispatcher.find(f"run{number}") for number in range(runs)]
        turns, used, measured = 0, 0.0, threading.Event()

        def turn() -> None:
            nonlocal turns, used
            turns += 1
            if turns == runs:
                used = time.thread_time()
            elif turns == runs + TURNS:
                used = time.thread_time() - used
                measured.set()

        dispatcher.tend = turn
        measured.wait()
        dispatcher.tend = None
        with dispatcher.lock:
            began = time.thread_time()
            for look in range(LOOKS):
                dispatcher.place(found[look % runs])
                dispatcher.waiting()
            looked = time.thread_time() - began
        dispatcher.close()
        store.close()
    return Row(runs, 1000 * used / TURNS, 1e6 * looked / LOOKS)


def rows() -> list[Row]:
    """Measure each size, the smallest first."""
    return [measure(runs) for runs in SIZES]


def problems(found: Sequence[Row]) -> list[str]:
    """Return in words what costs more than it may."""
    said = []
    if found[-1].turn_ms > LIMIT:
        said.append(f"A turn with {found[-1].runs} runs costs {found[-1].turn_ms:.3f} ms; at most {LIMIT} are allowed.")
    for few, many in pairwise(found):
        if many.turn_ms / few.turn_ms > many.runs / few.runs:
            said.append(f"A turn with {many.runs} runs costs more than in proportion to one with {few.runs}.")
    return said


def main() -> None:
    """Measure, print, and fail when a figure is over its limit."""
    found = rows()
    print("runs  ms a turn  us a look")
    for row in found:
        print(f"{row.runs:4}  {row.turn_ms:9.4f}  {row.look_us:9.2f}")
    if said := problems(found):
        sys.exit("\n".join(said))


if __name__ == "__main__":
    main()
