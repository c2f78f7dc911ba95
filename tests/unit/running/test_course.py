"""The lab keeps what people do in the course beside their runs."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.storage.courses import StoredCourse
from lstm_core.storage.database import Unavailable
from lstm_core.storage.pruning import DAY, PRUNE_EVERY
from lstm_core.storage.schema import courses
from lstm_core.storage.store import Store
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import Clock, until
from tests.unit.storage.sqlite_faults import every_connection


def test_a_course_outlives_the_server(lab: Lab, store: Store, engine: LocalEngine) -> None:
    assert lab.course("ada") == StoredCourse("", 0)
    assert lab.keep_course("ada", '{"one": 1}', 0)
    lab.close()
    again = Lab(store, engine, toy.advance)
    assert again.course("ada") == StoredCourse('{"one": 1}', 1)
    again.close()


def test_of_two_tabs_none_overwrites_the_other(lab: Lab) -> None:
    first, second = lab.course("ada"), lab.course("ada")
    assert lab.keep_course("ada", "first", first.revision)
    assert not lab.keep_course("ada", "second", second.revision)
    found = lab.course("ada")
    assert lab.keep_course("ada", found.progress + " second", found.revision)
    assert lab.course("ada") == StoredCourse("first second", 2)


def test_one_that_is_too_large_is_refused(lab: Lab) -> None:
    with pytest.raises(Refusal, match="may take 100,000 bytes; yours would take 100,001") as refused:
        lab.keep_course("ada", "x" * 100_001, 0)
    assert not isinstance(refused.value, Unavailable)


def test_a_full_database_and_one_that_has_gone_are_told(lab: Lab, store: Store, tmp_path: Path) -> None:
    assert lab.keep_course("ada", "{}", 0)
    with every_connection(store, "max_page_count=1"):
        with pytest.raises(Unavailable, match="disk with the database is full"):
            lab.keep_course("ada", "x" * limits.COURSE_BYTES, 1)
        assert lab.course("ada") == StoredCourse("{}", 1)
    (tmp_path / "lab.db").unlink()
    with pytest.raises(Unavailable, match="taken away"):
        lab.course("ada")
    with pytest.raises(Unavailable, match="taken away"):
        lab.keep_course("ada", "{}", 1)


def test_the_lab_forgets_old_courses_by_itself(lab: Lab, store: Store, clock: Clock) -> None:
    for owner in ("ada", "bob"):
        assert lab.keep_course(owner, "{}", 0)
    with store.writing() as connection:
        connection.execute(courses.update().where(courses.c.owner == "bob").values(touched=time.time() - 366 * DAY))
    clock.ahead += PRUNE_EVERY + 1

    def left() -> set[str]:
        with store.reading() as connection:
            return set(connection.execute(courses.select()).scalars())

    until(lambda: left() == {"ada"})
