"""Hearing that there is something new to show of a run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from lstm_core.errors import Refusal
from lstm_core.records import Budget
from lstm_core.running.lab import Lab
from lstm_core.running.listeners import Listeners
from lstm_core.running.scheduling import LEASE
from lstm_core.storage.store import Store
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import Clock, ended, same, settled, until


class Ear:
    """Counts how often it was called."""

    def __init__(self) -> None:
        self.heard = 0

    def __call__(self) -> None:
        self.heard += 1

    def hears(self, what: Callable[[], None]) -> None:
        before = self.heard
        what()
        until(lambda: self.heard > before)


def still(lab: Lab, run: str) -> None:
    """Wait until a run that rests is in the store, and has told so."""
    until(lambda: settled(lab, run) and not lab._dispatcher.runs[run].changed)
    time.sleep(0.1)


def test_each_change_that_is_seen_is_heard_and_looking_is_none(lab: Lab) -> None:
    run = lab.start(toy.spec(epochs=100), "ada", command="step")
    other = lab.start(toy.spec(), "ada", command="step")
    ended(lab, run, "paused")
    ear, stranger = Ear(), Ear()
    stop = lab.listen(run, ear)
    still(lab, other)
    lab.listen(other, stranger)
    for what in (lambda: lab.set_pace(run, "ada", 3.0), lambda: lab.set_rate(run, "ada", 0.5),
                 lambda: lab.command(run, "ada", "stop"), lambda: lab.command(run, "ada", "reset"),
                 lambda: lab.command(run, "ada", "step")):
        still(lab, run)
        ear.hears(what)
    until(lambda: lab.view(run).update == 1)
    still(lab, run)
    ear.hears(lambda: lab.view(run, ["test"]) and None)         # whose predictions come a little later
    still(lab, run)
    before = ear.heard
    for _ in range(5):
        lab.view(run, ["test"])
    time.sleep(0.1)
    assert ear.heard == before
    stop()
    stop()                                                      # does no harm
    lab.command(run, "ada", "resume")
    until(lambda: lab.view(run).update > 1)
    assert (ear.heard, stranger.heard) == (before, 0)


def test_each_slice_is_heard_soon(lab: Lab) -> None:
    run = lab.start(toy.spec(epochs=500), "ada", pace=5.0)
    until(lambda: lab.view(run).update > 0)
    heard = list[float]()
    lab.listen(run, lambda: heard.append(time.monotonic()))
    first = lab.view(run).update
    until(lambda: lab.view(run).update >= first + 4)
    until(lambda: len(heard) >= 4)
    assert len(heard) <= 6


def test_who_fails_in_hearing_harms_nobody_and_no_lock_is_held_meanwhile(lab: Lab, store: Store,
                                                                         caplog: pytest.LogCaptureFixture) -> None:
    spec, ear, free = toy.spec(micros=2000), Ear(), list[bool]()

    def fail() -> None:
        raise ZeroDivisionError

    def look() -> None:
        """Have another thread ask for the lock, for which it must not have to wait."""
        def ask() -> None:
            free.append(lab._dispatcher.lock.acquire(timeout=1))
            if free[-1]:
                lab._dispatcher.lock.release()

        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    run = lab.start(spec, "ada")
    for hear in (fail, look, ear):
        lab.listen(run, hear)
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))
    assert all(free)
    assert ear.heard > 1
    assert "Somebody who listens to a run failed" in caplog.text


def test_a_listener_does_not_keep_a_run_going_and_hears_it_when_it_is_back(lab: Lab, store: Store, clock: Clock
                                                                         ) -> None:
    spec, ear = toy.spec(epochs=20, micros=2000), Ear()
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).update > 0)
    stop = lab.listen(run, ear)
    clock.ahead += LEASE + 1
    until(lambda: not lab._dispatcher.runs)
    time.sleep(0.1)
    before = ear.heard
    lab.listen(run, Ear())()                # of a run that is not in memory
    time.sleep(0.2)
    assert (ear.heard, dict(lab._dispatcher.runs)) == (before, {})
    ear.hears(lambda: lab.view(run) and None)
    same(store, ended(lab, run), toy.advance(spec, None, Budget()))
    before = ear.heard
    ear.hears(lambda: clock.__setattr__("ahead", clock.ahead + LEASE + 1))      # that it is forgotten is heard as well
    stop()
    assert not lab._dispatcher._listeners._hears


def test_nobody_listens_to_a_run_that_there_is_not(lab: Lab) -> None:
    with pytest.raises(Refusal, match=r"There is no run 'nothing' \(any more\)"):
        lab.listen("nothing", Ear())


def test_what_nobody_listens_to_is_not_noted() -> None:
    listeners, ear = Listeners(), Ear()
    listeners.note("run")
    assert not listeners.pending
    stop = listeners.listen("run", ear)
    listeners.note("run")
    listeners.note("run")
    assert listeners.pending
    stop()
    listeners.tell()
    assert (ear.heard, listeners.pending) == (0, False)
    listeners.listen("run", ear)
    listeners.note("run")
    listeners.note("run")
    listeners.tell()
    listeners.tell()
    assert ear.heard == 1
