"""The file of the database is deleted, moved or replaced while runs train: it is noticed, told and made good."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.spec import RunSpec
from lstm_core.storage import database
from lstm_core.storage.database import Unavailable
from lstm_core.storage.store import Store
from tests.unit.running import toy_training as toy
from tests.unit.running.test_faults import SPEC, whole
from tests.unit.running.waiting import Clock, ended, same, until

TOLD = "The file of the database has been taken away."


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SETTLED", 0.3)


def training(lab: Lab, store: Store) -> tuple[str, str]:
    """A run that is finished and one in the middle of its training, both in the store."""
    before = lab.start(toy.spec(), "ada")
    ended(lab, before)
    until(lambda: (facts := store.facts(before)) is not None and facts.status == "done")
    run = lab.start(SPEC, "ada")
    until(lambda: lab.view(run).update > 50)
    lab.set_pace(run, "ada", 50.0)          # so that it does not end before anybody notices
    until(lambda: (facts := store.facts(run)) is not None and facts.update > 0)
    return before, run


def noticed(lab: Lab, run: str) -> None:
    reason = str(ended(lab, run, "paused").reason)
    assert reason.startswith(TOLD)
    assert lab.view(run).held
    assert str(lab.trouble()).startswith(TOLD)
    with pytest.raises(Unavailable, match="make an empty one in its place"):
        lab.start(toy.spec(), "bob")
    with pytest.raises(Unavailable, match=TOLD):
        lab.recent("ada")
    lab.set_pace(run, "ada", None)
    assert len(lab.view(run).losses) == lab.view(run).update > 40      # all that it has learned is still on show


def delete(file: Path) -> None:
    file.unlink()


def delete_all(file: Path) -> None:
    for each in file.parent.glob("lab.db*"):
        each.unlink()


def move(file: Path) -> None:
    file.rename(file.with_name("elsewhere.db"))


@pytest.mark.parametrize("lose", [delete, delete_all, move])
def test_a_file_that_is_gone_is_told_and_an_empty_one_gets_everything(lab: Lab, store: Store, clock: Clock,
                                                                    tmp_path: Path, lose: Callable[[Path], None]
                                                                    ) -> None:
    before, run = training(lab, store)
    file = tmp_path / "lab.db"
    lose(file)
    noticed(lab, run)
    assert not file.exists()                # nobody makes one unasked
    file.touch()
    assert lab.trouble() is not None        # somebody may still be writing to it
    until(lambda: lab.trouble() is None)
    clock.ahead += 3
    until(lambda: lab.view(run).status == "done")
    same(store, ended(lab, run), whole())
    assert {facts.id for facts in lab.recent("ada")} == {before, run}
    assert len(lab.snapshots(before)) == 10
    assert lab.snapshot(before, 200).update == 200
    with closing(sqlite3.connect(file)) as there:       # in the new file indeed
        assert dict(there.execute('SELECT id, "update" FROM runs').fetchall())[run] == lab.view(run).update


def test_a_file_that_is_put_back_goes_on(lab: Lab, store: Store, clock: Clock, tmp_path: Path) -> None:
    before, run = training(lab, store)
    file = tmp_path / "lab.db"
    move(file)
    noticed(lab, run)
    file.with_name("elsewhere.db").rename(file)
    assert lab.trouble() is None
    clock.ahead += 3
    until(lambda: lab.view(run).status == "done")
    same(store, ended(lab, run), whole())
    assert {facts.id for facts in lab.recent("ada")} == {before, run}


def test_what_was_moved_away_is_whole(lab: Lab, store: Store, tmp_path: Path) -> None:
    before, run = training(lab, store)
    move(tmp_path / "lab.db")
    noticed(lab, run)
    (tmp_path / "there").mkdir()
    (tmp_path / "elsewhere.db").rename(tmp_path / "there" / "lab.db")       # without its journal
    other = Store(f"sqlite:///{tmp_path / 'there' / 'lab.db'}")
    assert {facts.id for facts in other.recent("ada", 9)} == {before, run}
    other.close()


@pytest.mark.parametrize("at_once", [True, False])
def test_an_older_copy_in_its_place_gets_what_is_in_memory(lab: Lab, store: Store, clock: Clock, tmp_path: Path,
                                                           at_once: bool) -> None:
    """Replaced while nobody looks, or noticed as gone first."""
    older = lab.start(toy.spec(seed=3), "ada")
    ended(lab, older)
    until(lambda: (facts := store.facts(older)) is not None and facts.status == "done")
    file, copy = tmp_path / "lab.db", tmp_path / "copy.db"
    with closing(sqlite3.connect(file)) as there:
        there.execute("VACUUM INTO ?", (str(copy),))
    before, run = training(lab, store)
    if at_once:
        past = time.time() - 60
        os.utime(copy, (past, past))
        copy.rename(file)
    else:
        delete(file)
        noticed(lab, run)
        copy.rename(file)
    until(lambda: lab.trouble() is None)
    clock.ahead += 3
    lab.set_pace(run, "ada", None)
    until(lambda: lab.view(run).status == "done")
    view = ended(lab, run)
    stored = store.load(run)
    until(lambda: (stored := store.load(run)) is not None and stored.facts.status == "done")
    stored = store.load(run)
    assert stored is not None
    assert stored.losses.tobytes() == view.losses.tobytes() == whole().records.losses.tobytes()
    assert stored.evaluations.tobytes() == view.evaluations.tobytes()
    assert store.state(stored.facts) == whole().state
    assert 700 in stored.snapshots
    assert {facts.id for facts in lab.recent("ada")} == {older, before, run}     # which rested, in memory
    kept = store.load(before)
    assert kept is not None
    assert len(kept.losses) == 200


def test_a_damaged_old_file_does_not_keep_the_new_one_from_being_used(store: Store, engine: LocalEngine, clock: Clock,
                                                                    tmp_path: Path) -> None:
    lab = Lab(store, engine, toy.advance, clock)
    _before, run = training(lab, store)
    file = tmp_path / "lab.db"
    with closing(sqlite3.connect(file)) as there:
        there.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as content:
        content.seek(4096)
        content.write(b"rubbish!" * ((file.stat().st_size - 4096) // 8))
    delete_all(file)
    until(lambda: lab.trouble() is not None)
    file.touch()
    until(lambda: lab.trouble() is None)
    clock.ahead += 3
    lab.set_pace(run, "ada", None)
    until(lambda: lab.view(run).status == "done")
    assert lab.view(run).losses.tobytes() == whole().records.losses.tobytes()
    until(lambda: (stored := store.load(run)) is not None and stored.facts.status == "done")
    lab.close()


def test_something_else_in_its_place_is_told(lab: Lab, store: Store, tmp_path: Path) -> None:
    training(lab, store)
    delete(tmp_path / "lab.db")
    until(lambda: lab.trouble() is not None)
    (tmp_path / "lab.db").write_bytes(b"no database" * 1000)
    until(lambda: "damaged" in str(lab.trouble()))
    (tmp_path / "lab.db").unlink()
    until(lambda: str(lab.trouble()).startswith(TOLD))
    (tmp_path / "lab.db").touch()
    until(lambda: lab.trouble() is None)
    assert len(lab.recent("ada")) == 2


def test_a_run_in_memory_that_rests_is_saved_to_the_new_file_as_well(store: Store, engine: LocalEngine, tmp_path: Path
                                                                    ) -> None:
    facts = store.create("ada", RunSpec())
    lab = Lab(store, engine, toy.advance)
    lab.command(facts.id, "ada", "pause")
    until(lambda: (kept := store.facts(facts.id)) is not None and kept.status == "paused")
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    other.close()
    past = time.time() - 60
    os.utime(tmp_path / "other.db", (past, past))
    (tmp_path / "other.db").rename(tmp_path / "lab.db")
    until(lambda: store.facts(facts.id) is not None)
    kept = store.facts(facts.id)
    assert kept is not None
    assert replace(kept, revision=0) == replace(facts, status="paused", revision=0)
    lab.close()


def test_nobody_waits_while_another_thread_sees_to_a_new_file(store: Store, tmp_path: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    copying, enough = threading.Event(), threading.Event()
    copy = database.Database._copy

    def slowly(self: database.Database, held: sqlite3.Connection, path: Path) -> bool:
        copying.set()
        assert enough.wait(20)
        return copy(self, held, path)

    monkeypatch.setattr(database.Database, "_copy", slowly)
    delete_all(tmp_path / "lab.db")
    (tmp_path / "lab.db").touch()
    with pytest.raises(Unavailable, match=TOLD):        # until nobody has written to it for a moment
        store.recent("ada", 5)
    time.sleep(database.SETTLED)
    with ThreadPoolExecutor(1) as beside:
        seen = beside.submit(store.recent, "ada", 5)
        assert copying.wait(20)
        with pytest.raises(Unavailable, match=TOLD):    # which would hang if it waited
            store.recent("ada", 5)
        enough.set()
        assert seen.result(20) == store.recent("ada", 5)
