"""A row that cannot be read is set aside and named; everything beside it works."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lstm_core.records import Records, Slice, Snapshot
from lstm_core.spec import RunSpec
from lstm_core.spec.sweep import Axis, SweepSpec
from lstm_core.storage import reading
from lstm_core.storage.pruning import DAY, PRUNE_EVERY, Pruning
from lstm_core.storage.reading import Unreadable
from lstm_core.storage.schema import Measures
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SweepStore

# What another program, a broken disk or another version may leave in a row.
WRONG = {
    "no JSON": ("spec", "'{'"),
    "a list": ("spec", "'[1, 2]'"),
    "an unknown setting": ("spec", """replace(spec, '"epochs"', '"eons"')"""),
    "a lacking part": ("spec", """'{"source": "waves"}'"""),
    "a word for a number": ("spec", """replace(spec, '"steps": ', '"steps": "many", "x": ')"""),
    "bytes": ("spec", "X'FF00FE'"),
    "spoiled letters": ("spec", "CAST(X'FF7B' AS TEXT)"),
    "a status": ("status", "'asleep'"),
    "an outcome": ("outcome", "''"),
    "an update": ("\"update\"", "'many'"),
    "a negative update": ("\"update\"", "-3"),
    "an epoch": ("epoch", "'1.5 or so'"),
    "a moment": ("created", "'yesterday'"),
    "a touch": ("touched", "'yesterday'"),
    "no end": ("seconds", "9e999"),
    "a pace": ("pace", "'fast'"),
    "a revision": ("revision", "'first'"),
    "a reason": ("reason", "'{'"),
    "a reason without its values": ("reason", """'["{name} is wrong", {}]'"""),
    "a reason of another kind": ("reason", "'7'"),
}
SHOWN = {"a touch"}         # which nobody reads but what forgets old runs


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'lab.db'}")
    yield store
    store.close()


def made(store: Store, owner: str = "ada") -> str:
    facts = store.create(owner, RunSpec())
    weights = {"w": np.zeros(400, np.float32)}
    piece = Slice(b"state", 1, 1.0, "training", Records(0, np.zeros(1, np.float32), (), (Snapshot(1, weights),)))
    assert store.save(replace(facts, status="paused", update=1), [piece]) is not None
    return facts.id


def spoil(store: Store, run: str, column: str, value: str, table: str = "runs", key: str = "id") -> None:
    with store.writing() as connection:
        changed = connection.exec_driver_sql(f"UPDATE {table} SET {column} = {value} WHERE {key} = '{run}'")
        assert changed.rowcount == 1


@pytest.mark.parametrize("name", WRONG)
def test_a_row_with_wrong_values_hides_no_other(store: Store, caplog: pytest.LogCaptureFixture, name: str) -> None:
    good, bad, other = made(store), made(store), made(store)
    spoil(store, bad, *WRONG[name])
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            listed = [facts.id for facts in store.recent("ada", 9)]
    aside = 0 if name in SHOWN else 1
    assert sorted(listed) == sorted({good, bad, other} - ({bad} if aside else set()))
    assert sum(bad in record.message for record in caplog.records) == aside         # named, and once
    assert store.unreadable("ada") == aside
    assert store.unreadable("bob") == 0
    assert store.unfinished("ada") == set(listed)               # nobody could stop the other
    if aside:
        assert store.facts(bad) is None
        with pytest.raises(Unreadable, match=f"What is kept under '{bad}' cannot be read: .*named in the log"):
            store.load(bad)
    assert store.load(good) is not None
    assert store.copy(good, "bob", "paused") is not None


@pytest.mark.parametrize("name", WRONG)
def test_old_runs_are_forgotten_beside_it(store: Store, name: str) -> None:
    good, bad, old = made(store), made(store), made(store)
    spoil(store, bad, *WRONG[name])
    spoil(store, old, "touched", str(time.time() - 31 * DAY))
    pruning = Pruning(store)
    for turn in range(5):
        pruning.tend(turn, ())
    with store.reading() as connection:
        left = set(connection.exec_driver_sql("SELECT id FROM runs").scalars())
    assert left == {good, bad}


@pytest.mark.parametrize(("table", "column", "value"), [
    ("states", "view", "X'00'"), ("states", "view", "'letters'"),
    ("history", "losses", "X'00'"), ("history", "evaluations", "X'000102'"), ("history", "losses", "'abc'"),
])
def test_records_that_are_none_are_set_aside_with_their_run(store: Store, table: str, column: str, value: str) -> None:
    good, bad = made(store), made(store)
    spoil(store, bad, column, value, table, "run")
    with pytest.raises(Unreadable, match=bad):
        store.load(bad)
    assert store.load(good) is not None


def test_a_state_that_is_none_is_told_when_the_run_is_to_go_on(store: Store) -> None:
    run = made(store)
    spoil(store, run, "state", "'letters'", "states", "run")
    stored = store.load(run)
    assert stored is not None
    with pytest.raises(Unreadable, match=run):
        store.state(stored.facts)


def test_what_can_be_read_again_is_there_again(store: Store) -> None:
    run = made(store)
    before = store.facts(run)
    spoil(store, run, "status", "'asleep'")
    assert store.facts(run) is None
    spoil(store, run, "status", "'paused'")
    assert store.facts(run) == before
    assert store.unreadable("ada") == 0


def sweep_of(sweeps: SweepStore) -> str:
    return sweeps.create("ada", SweepSpec(RunSpec(), (Axis("hidden", (4, 8)),), seeds=1), [Measures(40, 10)] * 2)


@pytest.mark.parametrize(("table", "key", "column", "value"), [
    ("sweeps", "id", "spec", "'{'"), ("sweeps", "id", "status", "'asleep'"), ("sweeps", "id", "created", "'never'"),
    ("sweep_runs", "number = 0 AND sweep", "updates", "'many'"),
])
def test_a_sweep_that_cannot_be_read_hides_no_other(store: Store, table: str, key: str, column: str, value: str
                                                    ) -> None:
    sweeps = SweepStore(store)
    good, bad = sweep_of(sweeps), sweep_of(sweeps)
    spoil(store, bad, column, value, table, key)
    with pytest.raises(Unreadable, match=bad):
        sweeps.load(bad)
    assert sweeps.load(good) is not None
    assert good in {facts.id for facts in sweeps.recent("ada", 9)}
    if table == "sweeps":
        assert sweeps.unfinished("ada") == 1            # and can begin another when the good one is over
    for moment in range(3):
        Pruning(store).tend(moment * PRUNE_EVERY, ())


def test_the_log_names_each_row_once(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        raise ZeroDivisionError("one over nothing")

    reading._named.discard("x")
    for _ in range(2):
        with pytest.raises(Unreadable, match="ZeroDivisionError: one over nothing"):
            reading.read("x", fail)
    assert len([record for record in caplog.records if "x is set aside" in record.message]) == 1
