"""Copies share what is large, the file holds its limit at any moment, and it shrinks."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lstm_core import limits
from lstm_core.records import Records, Slice, Snapshot
from lstm_core.spec import RunSpec
from lstm_core.spec.sweep import Axis, SweepSpec
from lstm_core.storage import pruning
from lstm_core.storage.database import Unavailable
from lstm_core.storage.pruning import DAY, PRUNE_EVERY, Pruning
from lstm_core.storage.schema import Measures, RunFacts, contents
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SweepStore
from lstm_core.storage.usage import bytes_since

KILOBYTES = 100         # of a snapshot and of a state


def piece(first: int, *updates: int, seed: int = 0) -> Slice:
    random = np.random.default_rng([seed, *updates])
    shots = tuple(Snapshot(update, {"w": random.normal(size=250 * KILOBYTES).astype(np.float32)})
                  for update in updates)
    return Slice(random.bytes(1000 * KILOBYTES), updates[-1], 1.0, "training",
                 Records(first, np.zeros(updates[-1] - first, np.float32), (), shots))


def large(store: Store, owner: str = "ada", seed: int = 0, status: str = "done") -> RunFacts:
    """A run with three snapshots and a state of KILOBYTES each."""
    facts = store.create(owner, RunSpec())
    facts = replace(facts, status=status, update=3)
    assert store.save(facts, [piece(0, 1, 2, 3, seed=seed)]) is not None
    return replace(facts, revision=facts.revision + 1)


def known(store: Store, run: str) -> tuple[object, ...]:
    """All that a run has recorded."""
    stored = store.load(run)
    assert stored is not None
    shots = [store.snapshot(run, int(update)) for update in stored.snapshots]
    return (store.state(stored.facts), stored.losses.tobytes(), stored.snapshots.tolist(),
            [shot.weights["w"].tobytes() for shot in shots if shot is not None])


def shared(store: Store) -> int:
    with store.reading() as connection:
        return len(connection.execute(contents.select()).all())


def prune(store: Store) -> None:
    one = Pruning(store)
    for turn in range(6):
        one.tend(turn * (PRUNE_EVERY + 1), ())


def test_thirty_copies_take_no_more_room_than_their_curves(store: Store) -> None:
    original = large(store)
    before, content = store.used_bytes(), known(store, original.id)
    copies = [store.copy(original.id, "bob", "done") for _ in range(30)]
    assert store.used_bytes() < before + 1000 * KILOBYTES       # they were 30 times 400 kB
    for copy in copies:
        assert copy is not None
        assert known(store, copy.id) == content
    assert known(store, original.id) == content
    assert shared(store) == 4


def test_a_copy_of_a_copy_and_a_run_that_is_equal_share_as_well(store: Store) -> None:
    first, equal = large(store), large(store, "bob")
    copy = store.copy(first.id, "cy", "done")
    assert copy is not None
    assert store.copy(copy.id, "dee", "done") is not None
    assert store.copy(equal.id, "eve", "done") is not None
    assert shared(store) == 4


def test_a_run_that_goes_on_leaves_its_copies_as_they_are(store: Store) -> None:
    original = large(store, status="paused")
    copy = store.copy(original.id, "bob", "paused")
    assert copy is not None
    before = known(store, copy.id)
    assert store.save(replace(original, update=4), [piece(3, 4)]) is not None
    assert known(store, copy.id) == before
    assert known(store, original.id)[2] == [1, 2, 3, 4]
    assert known(store, original.id)[0] == piece(3, 4).state
    after = known(store, original.id)
    assert store.reset(replace(copy, update=0))
    assert known(store, original.id) == after
    prune(store)
    assert known(store, original.id) == after


def test_what_is_shared_stays_as_long_as_anyone_has_it(store: Store) -> None:
    original = large(store)
    copy = store.copy(original.id, "bob", "done")
    assert copy is not None
    content = known(store, copy.id)

    def forget(run: str) -> None:
        with store.writing() as connection:
            connection.exec_driver_sql(f"UPDATE runs SET touched = {time.time() - 31 * DAY} WHERE id = '{run}'")
            connection.exec_driver_sql(f"UPDATE contents SET created = {time.time() - 1}")
        prune(store)
        assert store.facts(run) is None

    forget(original.id)
    assert known(store, copy.id) == content
    forget(copy.id)
    assert shared(store) == 0
    assert store.used_bytes() < 200_000


def test_what_nobody_names_any_more_goes(store: Store) -> None:
    original = large(store, status="paused")
    assert store.copy(original.id, "bob", "paused") is not None
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM runs WHERE owner = 'bob'")
    assert store.save(replace(original, update=4), [piece(3, 4)]) is not None
    assert store.reset(replace(original, update=0, revision=original.revision + 1))
    assert shared(store) == 4
    prune(store)
    assert shared(store) == 0


def test_bytes_of_the_last_hour_are_counted_once(store: Store) -> None:
    start = time.time() - 3600
    assert bytes_since(store, "ada", start) == 0
    run = large(store)
    one = bytes_since(store, "ada", start)
    assert 4000 * KILOBYTES < one < 4200 * KILOBYTES
    assert bytes_since(store, "bob", start) == 0
    copy = store.copy(run.id, "bob", "done")
    assert copy is not None
    assert 0 < bytes_since(store, "bob", start) < 10_000
    assert bytes_since(store, "ada", start) < 10_000            # they are shared now
    sweeps = SweepStore(store)
    spec = SweepSpec(RunSpec(), (Axis("hidden", (4, 8)),), seeds=1)
    sweep = sweeps.create("cy", spec, [Measures(40, 10)] * 2)
    begun = sweeps.begin(sweep, 0, spec.points[0].spec)
    assert begun is not None
    assert store.save(replace(begun, update=3), [piece(0, 1, 2, 3)]) is not None
    assert bytes_since(store, "cy", start) > 4000 * KILOBYTES
    assert bytes_since(store, "cy", time.time() + 5) == 0


def test_the_file_holds_its_limit_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_BYTES", 10_000_000)
    file = tmp_path / "lab.db"
    store = Store(f"sqlite:///{file}")
    kept: list[str] = []

    def fill() -> None:
        while len(kept) < 100:
            kept.append(large(store, seed=len(kept)).id)
            assert file.stat().st_size <= 10_000_000

    with pytest.raises(Unavailable, match=r"The runs of all people take 0\.0 GB, which is as much as is kept here"):
        fill()
    assert 20 < len(kept) < 26
    assert all(store.load(run) is not None for run in kept)
    one, now = Pruning(store), 0
    for now in range(5):
        one.tend(now, ())
    assert store.used_bytes() < 0.9 * 10_000_000
    large(store, seed=1000)                     # there is room again
    for seed in range(30):                      # nor does anybody have to wait for the next round of pruning
        large(store, seed=2000 + seed)
        for _ in range(3):
            now += 5
            one.tend(now, ())
        assert file.stat().st_size <= 10_000_000
    store.close()


def test_the_file_shrinks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "FREE_BYTES", 2_000_000)
    file = tmp_path / "lab.db"
    store = Store(f"sqlite:///{file}")
    for seed in range(30):
        large(store, seed=seed)
    stays = large(store, "bob")
    content = known(store, stays.id)

    def size() -> int:
        with store.reading() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.stat().st_size

    before = size()
    assert before > 12_000_000
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE runs SET touched = {time.time() - 31 * DAY} WHERE owner = 'ada'")
    one = Pruning(store)
    for turn in range(60):
        one.tend(float(turn * 5), ())
    assert size() < before / 4
    assert known(store, stays.id) == content
    store.close()


def test_nobody_hears_that_the_database_is_locked(store: Store) -> None:
    """A few copy a large run again and again while others save theirs."""
    original, errors, saves = large(store), [], []
    until = time.monotonic() + 2

    def copy() -> None:
        while time.monotonic() < until:
            try:
                store.copy(original.id, "eve", "done")
            except Unavailable as error:
                errors.append(error)

    def save(owner: str) -> None:
        facts = store.create(owner, RunSpec())
        while time.monotonic() < until:
            try:
                started = time.perf_counter()
                update = facts.update + 1
                facts = replace(facts, update=update)
                assert store.save(facts, [piece(update - 1, update)]) is not None
                facts = replace(facts, revision=facts.revision + 1)
                saves.append(time.perf_counter() - started)
            except Unavailable as error:
                errors.append(error)

    threads = [threading.Thread(target=copy) for _ in range(4)]
    threads += [threading.Thread(target=save, args=(owner,)) for owner in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert len(saves) > 8
    assert np.quantile(saves, 0.9) < 2.0        # measured: 0.1 s
