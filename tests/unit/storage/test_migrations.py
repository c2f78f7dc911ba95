"""A database of every released version opens; one of a later version is refused before anything is written to it."""

from __future__ import annotations

import base64
import json
import lzma
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sql
import torch

from lstm_core import __version__
from lstm_core.learning import training, worker_cache
from lstm_core.records import Budget
from lstm_core.spec import RunSpec
from lstm_core.storage import migrations
from lstm_core.storage.classes import ClassStore
from lstm_core.storage.courses import CourseStore, StoredCourse
from lstm_core.storage.database import Unavailable
from lstm_core.storage.migrations import VERSION
from lstm_core.storage.schema import metadata
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SweepStore

FOLDER = Path(__file__).parent
RELEASED = ("0.1.0", "0.2.0")


def dump(version: str) -> Path:
    return FOLDER / f"version_{version.replace('.', '_')}.sql"


def written(version: str, file: Path) -> str:
    """Write the database of a version into a file; return its address."""
    with closing(sqlite3.connect(file)) as connection:
        connection.create_function("unpacked", 1, lambda text: lzma.decompress(base64.b64decode(text)))
        connection.executescript(dump(version).read_text("utf-8"))
    return f"sqlite:///{file}"


def form(file: Path) -> dict[str, Any]:
    """Return the columns and indexes of all tables, and the version of the tables."""
    database = sql.create_engine(f"sqlite:///{file}")
    found = sql.inspect(database)
    tables = {name: (sorted(column["name"] for column in found.get_columns(name)),
                     sorted(str(index["name"]) for index in found.get_indexes(name)))
              for name in metadata.tables}
    with database.connect() as connection:
        version = connection.exec_driver_sql("SELECT number FROM version").scalar_one()
    database.dispose()
    return tables | {"version": version}


def test_there_is_a_sample_of_every_released_version() -> None:
    assert __version__ in RELEASED
    assert all(dump(version).exists() for version in RELEASED)


@pytest.mark.parametrize("version", RELEASED)
def test_a_database_of_a_released_version_gets_the_tables_of_today_and_keeps_every_row(tmp_path: Path, version: str
                                                                                     ) -> None:
    def rows(file: Path) -> dict[str, list[Any]]:
        with closing(sqlite3.connect(file)) as connection:
            names = [name for name, in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: [row[:_width(before, name)] for row in connection.execute(f"SELECT * FROM {name}")]
                    for name in names if name in before or not before}

    before: dict[str, list[Any]] = {}
    url = written(version, tmp_path / "old.db")
    before = rows(tmp_path / "old.db")
    Store(url).close()
    assert rows(tmp_path / "old.db") == before
    assert len(before["runs"]) >= 5
    Store(f"sqlite:///{tmp_path / 'new.db'}").close()
    old, new = form(tmp_path / "old.db"), form(tmp_path / "new.db")
    assert old.pop("version") == new.pop("version") == VERSION
    for name, (columns, indexes) in new.items():        # an old one may have columns that nobody reads any more
        assert set(columns) <= set(old[name][0])
        assert indexes == old[name][1]


def _width(before: dict[str, list[Any]], name: str) -> int | None:
    return len(before[name][0]) if before.get(name) else None


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, tuple[str, Any]]]]:
    """The database of version 0.2.0, and what that version said of its runs by their names."""
    file = tmp_path_factory.mktemp("old") / "old.db"
    store = Store(written("0.2.0", file))
    with closing(sqlite3.connect(file)) as connection:
        told = {name: (run, json.loads(value)) for name, run, value in connection.execute("SELECT * FROM expected")}
    yield store, told
    store.close()


@pytest.mark.parametrize("name", ["waves", "letters", "table"])
def test_a_run_of_0_2_0_goes_on_to_the_same_numbers(second: tuple[Store, dict[str, tuple[str, Any]]], name: str
                                                    ) -> None:
    store, told = second
    run, about = told[name]
    stored = store.load(run)
    assert stored is not None
    assert (stored.facts.status, stored.facts.update) == ("paused", about["update"])
    assert stored.losses.tolist() == about["losses"]
    assert stored.snapshots.tolist() == sorted(set(about["snapshots"]))
    assert store.snapshot(run, 99) is not None
    assert stored.trained_on
    if key := getattr(stored.facts.spec.data, "digest", ""):
        blob = store.blob(key)
        assert blob is not None
        worker_cache.put(blob)
    losses = training.advance(stored.facts.spec, store.state(stored.facts), Budget()).records.losses
    if torch.backends.cpu.get_cpu_capability() == told["processor"][1]:
        assert losses.tolist() == about["continued"]
    np.testing.assert_allclose(losses, about["continued"], rtol=1e-4, atol=1e-4)
    copy = store.copy(run, "bob", "paused")                 # into what 0.2.0 had no table for
    assert copy is not None
    copied = store.load(copy.id)
    assert copied is not None
    assert store.state(copied.facts) == store.state(stored.facts) is not None
    assert copied.losses.tobytes() == stored.losses.tobytes()


def test_the_other_runs_of_0_2_0_are_read(second: tuple[Store, dict[str, tuple[str, Any]]]) -> None:
    store, told = second
    done, failed = store.facts(told["done"][0]), store.facts(told["failed"][0])
    assert done is not None
    assert failed is not None
    assert done.status == "done"
    assert str(failed.reason) == "lr must be at most 10."
    found = SweepStore(store).load(told["sweep"][0])
    assert found is not None
    assert next((run.status, run.error) for run in found[1]) == ("done", 0.25)
    assert store.unreadable("ada") == 0


def opened_without(tmp_path: Path, *statements: str) -> Store:
    """Open a database in which today's tables have been changed."""
    url = f"sqlite:///{tmp_path / 'lab.db'}"
    store = Store(url)
    store.create("ada", RunSpec())
    store.close()
    with closing(sqlite3.connect(tmp_path / "lab.db")) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return Store(url)


@pytest.mark.parametrize("statement", [
    "ALTER TABLE runs DROP COLUMN pace", "ALTER TABLE runs DROP COLUMN reason", "ALTER TABLE states DROP COLUMN view",
    "DROP TABLE machines", "DROP TABLE contents", "DROP TABLE courses", "DROP TABLE class_answers",
    "DROP TABLE secrets", "DROP INDEX runs_in_use", "DROP TABLE version", "DELETE FROM version",
])
def test_what_is_lacking_is_added(tmp_path: Path, statement: str) -> None:
    store = opened_without(tmp_path, statement)
    (facts,) = store.recent("ada", 9)
    assert (facts.spec, facts.status, facts.pace) == (RunSpec(), "queued", None)
    assert store.load(facts.id) is not None
    assert store.copy(facts.id, "bob", "paused") is not None
    store.close()
    Store(f"sqlite:///{tmp_path / 'new.db'}").close()
    assert form(tmp_path / "lab.db") == form(tmp_path / "new.db")


def test_a_database_of_version_1_gets_courses_and_classes_and_keeps_its_runs(tmp_path: Path) -> None:
    store = opened_without(tmp_path, "DROP TABLE courses", "DROP TABLE class_answers", "DROP TABLE class_learners",
                           "DROP TABLE classes", "UPDATE version SET number = 1")
    (facts,) = store.recent("ada", 9)
    assert (facts.spec, facts.status) == (RunSpec(), "queued")
    courses = CourseStore(store)
    assert courses.load("ada") == StoredCourse("", 0)
    assert courses.keep("ada", "{}", 0)
    assert ClassStore(store).open("ABCDE", "", "", "{}")
    store.close()
    Store(f"sqlite:///{tmp_path / 'new.db'}").close()
    assert form(tmp_path / "lab.db") == form(tmp_path / "new.db")
    assert form(tmp_path / "lab.db")["version"] == migrations.VERSION


def test_a_lacking_column_that_is_never_empty_gets_harmless_values(tmp_path: Path) -> None:
    store = opened_without(tmp_path, "DROP INDEX runs_in_use", "ALTER TABLE runs DROP COLUMN touched",
                           "ALTER TABLE runs DROP COLUMN seconds", "ALTER TABLE snapshots DROP COLUMN weights")
    (facts,) = store.recent("ada", 9)
    assert facts.seconds == 0
    with store.reading() as connection:             # as if it had been looked at now: it is not forgotten for its age
        assert connection.exec_driver_sql("SELECT touched > 1.7e9 FROM runs").scalar_one() == 1
    store.close()


def test_a_database_of_a_later_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    opened_without(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "lab.db")) as connection:
        connection.execute(f"UPDATE version SET number = {VERSION + 1}")
        connection.execute("DROP TABLE machines")           # which that version may have had enough of
        connection.commit()
    content = (tmp_path / "lab.db").read_bytes()
    with pytest.raises(Unavailable, match=rf"newer version of Gatescope: .* {VERSION + 1}, .* up to {VERSION}\. .*"
                                          "install the newer version again"):
        Store(f"sqlite:///{tmp_path / 'lab.db'}")
    assert (tmp_path / "lab.db").read_bytes() == content


def test_steps_are_taken_in_order_from_the_version_found_and_all_or_none(tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'lab.db'}"
    Store(url).close()
    taken = []

    def next_one(connection: sql.Connection) -> None:
        taken.append("next")
        connection.exec_driver_sql("CREATE TABLE more (x INTEGER)")

    def last(_connection: sql.Connection) -> None:
        taken.append("last")
        raise sql.exc.OperationalError("ALTER", {}, Exception("no room"))

    def steps(*more: Any) -> None:
        monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS[:VERSION], *more))
        monkeypatch.setattr(migrations, "VERSION", VERSION + len(more))

    steps(next_one, last)
    with pytest.raises(Unavailable, match="no room"):
        Store(url)
    assert taken == ["next", "last"]
    assert form(tmp_path / "lab.db")["version"] == VERSION
    steps(next_one)
    Store(url).close()                      # the table "more" of the first try would be in the way
    assert taken == ["next", "last", "next"]
    assert form(tmp_path / "lab.db")["version"] == VERSION + 1
