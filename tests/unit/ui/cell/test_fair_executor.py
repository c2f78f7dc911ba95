"""Looks inside a cell take turns: one person's wait for one answer of another's, not for all that a script asks."""

from __future__ import annotations

import time
from concurrent.futures import Future

from lstm_core.running.people import People
from lstm_core.ui.cell.fair_executor import FairExecutor


def waits(people: People, script: list[str]) -> list[float]:
    """Return how long each of ten looks of ada's takes while a script of many names asks for three each."""
    turns, found = FairExecutor(2, people=people), list[float]()
    theirs: list[Future[None]] = [turns.submit(name, lambda: time.sleep(0.1)) for _ in range(3) for name in script]
    for _ in range(10):
        began = time.monotonic()
        turns.submit("ada", lambda: time.sleep(0.01)).result(20)
        found.append(time.monotonic() - began)
    assert not theirs[-1].done()
    for each in theirs:
        each.cancel()
    return found


def test_a_look_waits_for_one_answer_of_a_script_with_many_names_at_another_address() -> None:
    people, script = People(), [f"name{number}" for number in range(25)]
    people.see("ada", "home")
    for name in script:
        people.see(name, "cellar")
    assert sorted(waits(people, script))[-2] < 0.35         # 0.06 on a quiet machine; it was 3.8


def test_behind_one_address_whoever_was_here_before_waits_least() -> None:
    now = [0.0]
    people, script = People(lambda: now[0]), [f"name{number}" for number in range(25)]
    people.see("ada", "proxy")
    now[0] = 60.0
    for name in script:
        people.see(name, "proxy")
    assert sorted(waits(people, script))[-2] < 0.35


def test_whoever_asks_for_much_waits_longer_for_the_next() -> None:
    people, order = People(), list[str]()
    for name in ("ada", "eve"):
        people.see(name, "school")
    turns = FairExecutor(1, people=people)

    def work(name: str, seconds: float) -> None:
        time.sleep(seconds)
        order.append(name)

    first = turns.submit("bob", lambda: time.sleep(0.1))
    works: list[Future[None]] = [turns.submit(name, lambda name=name, seconds=seconds: work(name, seconds))
                                 for _ in range(6) for name, seconds in (("eve", 0.5), ("ada", 0.02))]
    first.result(20)
    works[-1].result(20)
    assert order.count("eve") <= 2, order       # all of ada's before a third of eve's
    for each in works:
        each.cancel()
