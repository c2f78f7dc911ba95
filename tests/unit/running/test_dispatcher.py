"""What a turn of the dispatcher looks at: the runs for which something has happened or is due, and no others."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from lstm_core.running import jobs
from lstm_core.running.dispatcher import Dispatcher
from lstm_core.running.people import People
from lstm_core.running.run import Run
from lstm_core.running.scheduling import LEASE, Alarms
from lstm_core.running.turns import TurnQueue
from tests.unit.running.instant import InstantEngine, InstantStore
from tests.unit.running.waiting import Clock, until

# -- the queue and the alarms ----------------------------------------------------------------------------------------


class Named:
    """Something that counts how often anything is compared with one of its kind."""

    compared = 0

    def __eq__(self, other: object) -> bool:
        Named.compared += 1
        return self is other

    def __hash__(self) -> int:
        return id(self)


def test_a_place_is_known_without_a_walk_along_the_queue() -> None:
    queue, items = TurnQueue[Named](People()), [Named() for _ in range(1000)]
    for item in items:
        queue.join(item, "ada", new=False)
    Named.compared = 0
    assert [queue.place(item) for item in items] == list(range(1, 1001))
    assert Named.compared < 100         # of equal hashes only


def test_alarms_ring_once_at_the_time_that_was_set_last() -> None:
    alarms = Alarms[str]()
    assert (alarms.next(), alarms.pop(1e9)) == (None, None)
    for name, time in [("a", 3.0), ("b", 1.0), ("c", 2.0), ("b", 5.0), ("c", 2.0), ("d", 2.5)]:
        alarms.set(name, time)
    alarms.clear("d")
    alarms.clear("unknown")
    assert [name in alarms for name in "abcd"] == [True, True, True, False]
    assert alarms.next() == 2.0
    assert [alarms.pop(2.9), alarms.pop(2.9)] == ["c", None]
    assert [alarms.pop(9.0), alarms.pop(9.0), alarms.pop(9.0)] == ["a", "b", None]
    for time in range(10_000):
        alarms.set("a", float(time))
    assert len(alarms._heap) < 200      # times that do not hold any more are not kept for ever
    assert (alarms.pop(9998.0), alarms.pop(9999.0), alarms.next()) == (None, "a", None)


# -- turns -----------------------------------------------------------------------------------------------------------


class Runs(dict[str, Run]):
    """Runs in memory, counting those over which somebody walks."""

    walked = 0

    def __iter__(self) -> Iterator[str]:
        self.walked += len(self)
        return super().__iter__()

    def values(self) -> Any:
        self.walked += len(self)
        return super().values()

    def items(self) -> Any:
        self.walked += len(self)
        return super().items()


@pytest.fixture
def dispatcher(tmp_path: Path) -> Iterator[Callable[[Callable[[], float]], Dispatcher]]:
    """Make dispatchers whose runs all train at once."""
    store, made = InstantStore(f"sqlite:///{tmp_path / 'lab.db'}"), list[Dispatcher]()

    def make(clock: Callable[[], float]) -> Dispatcher:
        made.append(Dispatcher(store, InstantEngine(), jobs.advance, clock))
        return made[-1]

    yield make
    for each in made:
        each.close()
    store.close()


def work(dispatcher: Dispatcher, turns: int = 200) -> float:
    """Return how many functions a turn calls, and over how many runs it walks, on average."""
    counted = seen = 0
    done = threading.Event()
    dispatcher._agenda.runs = runs = Runs(dispatcher.runs)

    def count(_frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    def turn() -> None:
        nonlocal counted, seen
        seen += 1
        if seen == 1:
            counted = runs.walked = 0
            sys.setprofile(count)           # of the dispatcher's thread
        elif seen == turns:
            sys.setprofile(None)
            done.set()

    dispatcher.tend = turn
    assert done.wait(20)
    dispatcher.tend = None
    return (counted + runs.walked) / turns


def test_a_turn_does_as_much_with_ten_runs_as_with_hundreds(dispatcher: Callable[[Callable[[], float]], Dispatcher]
                                                            ) -> None:
    counts = []
    for size in (10, 400):
        made = dispatcher(lambda: 100.0)    # so that no second save becomes due
        with made.lock:
            for number in range(size):      # half of them train, the others are watched while they rest, or are paced
                run = made.find(f"run{number}")
                if number % 4 == 1:
                    run.command("pause")
                elif number % 4 == 3:
                    run.set_pace(0.1)
        until(lambda made=made: all(run.saving.due for run in list(made.runs.values()) if run.active))
        counts.append(work(made))
        made.close()
    few, many = counts
    assert many < 1.1 * few, counts


def test_of_all_that_wait_none_is_counted_whose_lease_has_run_out(
        dispatcher: Callable[[Callable[[], float]], Dispatcher], clock: Clock) -> None:
    made = dispatcher(clock)
    runs = [made.find(f"run{number}") for number in range(4)]
    with made.lock:
        assert made.waiting() == 4
        runs[0].command("pause")
        assert made.waiting() == 3
        clock.ahead += LEASE / 2
        made.find("run1")
        made.find("run0")
        clock.ahead += LEASE / 2 + 1
        assert made.waiting() == 1
    until(lambda: set(made.runs) == {"run0", "run1"})       # nothing of the others is to be saved any more
    with made.lock:
        made.find("run3")
        assert made.waiting() == 2
