"""What runs take in memory is bounded: what the store has as well is left to it, and nothing is lost by that."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from lstm_core import limits
from lstm_core.records import Budget, Records, Slice
from lstm_core.running import agenda
from lstm_core.running.agenda import MOMENT
from lstm_core.running.engine import LocalEngine
from lstm_core.running.in_memory import drop_state, is_stored, size_of
from lstm_core.running.lab import Lab
from lstm_core.running.run import Run
from lstm_core.storage.database import Unavailable
from lstm_core.storage.store import Store
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import WAIT, Clock, ended, same, until

LARGE = 250_000     # updates: their losses are 1 MB


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine(1)
    yield engine
    engine.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lab(store: Store, engine: LocalEngine, clock: Clock) -> Iterator[Lab]:
    lab = Lab(store, engine, toy.advance, clock)
    yield lab
    lab.close()


def large(store: Store, status: str = "done") -> str:
    """Keep a run with a state of 1 MB and losses of 1 MB; return its id."""
    facts = store.create("ada", toy.spec())
    losses = np.arange(LARGE, dtype=np.float32)
    piece = Slice(bytes(1_000_000), LARGE, 10.0, "done", Records(0, losses))
    store.save(replace(facts, status=status, outcome="done", update=LARGE), [piece])
    return facts.id


def in_memory(lab: Lab) -> int:
    """Return the bytes of all runs in memory, as they are."""
    with lab._dispatcher.lock:
        return sum(size_of(run) for run in lab._dispatcher.runs.values())


def test_runs_that_are_only_looked_at_take_no_more_than_their_share(
        store: Store, lab: Lab, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RUN_BYTES", 3_500_000)
    runs = [large(store) for _ in range(12)]
    heard: list[str] = []
    stops = [lab.listen(run, lambda run=run: heard.append(run)) for run in runs]
    for run in runs:
        assert len(lab.view(run).losses) == LARGE
    clock.ahead += MOMENT
    lab._dispatcher.wake()
    until(lambda: in_memory(lab) <= limits.RUN_BYTES)
    assert len(lab._dispatcher.runs) == 3
    assert heard == []                                  # nothing has happened to them
    view = lab.view(runs[0])
    assert (view.update, view.losses[-1]) == (LARGE, LARGE - 1)
    for stop in stops:
        stop()


def test_what_was_just_found_stays_for_the_command_that_follows(
        store: Store, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RUN_BYTES", 0)
    run = large(store, "paused")
    found = lab._dispatcher.find(run)
    for _ in range(5):
        lab._dispatcher.wake()
        time.sleep(0.01)
    assert lab._dispatcher.runs[run] is found


def test_training_goes_on_bit_by_bit_though_no_state_stays_in_memory(
        store: Store, lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RUN_BYTES", 0)
    dropped = []

    def drop(run: Run) -> None:
        drop_state(run)
        dropped.append(is_stored(run))

    monkeypatch.setattr(agenda, "drop_state", drop)
    specs = [toy.spec(epochs=30, micros=500, seed=seed) for seed in range(3)]
    runs = [lab.start(spec, "ada") for spec in specs]
    for run, spec in zip(runs, specs, strict=True):
        same(store, ended(lab, run), toy.advance(spec, None, Budget()))
    assert sum(dropped) > 2


def test_a_run_looked_at_is_drawn_from_the_state_in_the_store(
        store: Store, engine: LocalEngine, lab: Lab) -> None:
    run = lab.start(toy.spec(epochs=2), "ada")
    ended(lab, run)
    lab.close()
    other = Lab(store, engine, toy.advance)
    assert not other.view(run).predictions
    until(lambda: "test" in other.view(run, ["test"]).predictions)
    assert other._dispatcher.runs[run].state
    other.close()


def test_unsaved_slices_hold_one_state_together(store: Store) -> None:
    stored = store.load(store.create("ada", toy.spec()).id)
    assert stored is not None
    run = Run(stored)
    run.lease.renew(0, [])
    for _ in range(4):
        flight = run.dispatch(0, 0.2, 1)
        run.apply(flight, toy.advance(flight.spec, flight.state, Budget(updates=5)), 0)
    assert [bool(piece.state) for piece in run.unsaved] == [False, False, False, True]
    store.save(run.facts, run.unsaved)
    facts = store.facts(run.facts.id)
    assert facts is not None
    assert store.state(facts) == run.state == toy.advance(toy.spec(), None, Budget(updates=20)).state


def test_a_state_that_cannot_be_read_holds_the_run_until_it_can(
        store: Store, engine: LocalEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = toy.spec(epochs=100, micros=500)
    lab = Lab(store, engine, toy.advance)
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).update > 20)
    lab.close()

    def fail(_facts: object) -> bytes:
        raise Unavailable("The disk is gone.")

    other = Lab(store, engine, toy.advance)
    with monkeypatch.context() as broken:
        broken.setattr(store, "state", fail)
        until(lambda: other.view(run).held)
        assert "The disk is gone" in str(other.view(run).reason)
    same(store, ended_from_held(other, run), toy.advance(spec, None, Budget()))
    other.close()


def ended_from_held(lab: Lab, run: str):
    """Wait for a run that is held at first; held it is paused, which is no end."""
    until(lambda: lab.view(run).status == "done", WAIT)
    return ended(lab, run)


def test_a_run_that_another_server_has_gone_on_with_is_read_anew(store: Store, engine: LocalEngine) -> None:
    one, other = Lab(store, engine, toy.advance), Lab(store, engine, toy.advance)
    run = one.start(toy.spec(epochs=4), "ada", command="step")
    ended(one, run, "paused")
    until(lambda: (facts := store.facts(run)) is not None and facts.status == "paused")
    assert other.view(run).update == 1                  # its state is in the store
    one.command(run, "ada", "resume")
    ended(one, run)
    until(lambda: (facts := store.facts(run)) is not None and facts.status == "done")
    other.command(run, "ada", "resume")                 # it knows only of one update
    until(lambda: other.view(run).status == "done")
    same(store, other.view(run), toy.advance(toy.spec(epochs=4), None, Budget()))
    one.close()
    other.close()
