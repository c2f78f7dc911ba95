"""What people have done in the course is kept once for each of them, and no tab overwrites another."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sql

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.storage.courses import LOOKED_EVERY, CourseStore, StoredCourse
from lstm_core.storage.database import Unavailable
from lstm_core.storage.reading import Unreadable
from lstm_core.storage.schema import courses
from lstm_core.storage.store import Store
from tests.unit.storage.sqlite_faults import every_connection


@pytest.fixture
def kept(store: Store) -> CourseStore:
    return CourseStore(store)


def touched(store: Store, owner: str) -> float:
    with store.reading() as connection:
        return float(connection.execute(sql.select(courses.c.touched).where(courses.c.owner == owner)).scalar_one())


def put(store: Store, **values: object) -> None:
    with store.writing() as connection:
        connection.execute(courses.update().where(courses.c.owner == "ada").values(values))


def test_there_is_nothing_at_first(kept: CourseStore) -> None:
    assert kept.load("ada") == StoredCourse("", 0)


def test_what_is_kept_is_read_back_by_its_owner_only(kept: CourseStore) -> None:
    assert kept.keep("ada", '{"说": "一 ✓"}', 0)
    assert kept.keep("bob", "{}", 0)
    assert kept.keep("ada", '{"说": "二 \N{GRINNING FACE}\\u0000"}', 1)
    assert kept.load("ada") == StoredCourse('{"说": "二 \N{GRINNING FACE}\\u0000"}', 2)
    assert kept.load("bob") == StoredCourse("{}", 1)


def test_half_a_character_becomes_a_question_mark(kept: CourseStore) -> None:
    assert kept.keep("ada", '"\ud800!"', 0)       # as JSON may hold it: "\ud800"
    assert kept.load("ada").progress == '"?!"'


@pytest.mark.parametrize("revision", [0, 1, 3, -1])
def test_of_two_tabs_the_second_is_told_to_read_again(kept: CourseStore, revision: int) -> None:
    assert kept.keep("ada", "first", 0)
    assert kept.keep("ada", "second", 1)
    assert not kept.keep("ada", "late", revision)
    assert kept.load("ada") == StoredCourse("second", 2)


def test_what_has_been_forgotten_in_between_is_not_written_over_with_a_part(kept: CourseStore, store: Store) -> None:
    assert kept.keep("ada", "first", 0)
    with store.writing() as connection:
        connection.execute(courses.delete())
    assert not kept.keep("ada", "second", 1)
    assert kept.load("ada") == StoredCourse("", 0)
    assert kept.keep("ada", "second", 0)


def test_many_writers_lose_nothing(store: Store) -> None:
    def add(letter: str) -> None:
        courses_here = CourseStore(store)
        for _ in range(10):
            while True:
                found = courses_here.load("ada")
                if courses_here.keep("ada", found.progress + letter, found.revision):
                    break

    threads = [threading.Thread(target=add, args=(letter,)) for letter in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    found = CourseStore(store).load("ada")
    assert (sorted(found.progress), found.revision) == (sorted("abc" * 10), 30)


def test_a_course_is_as_large_as_it_may_be(kept: CourseStore) -> None:
    most = "汉" * (limits.COURSE_BYTES // 3)
    assert kept.keep("ada", most, 0)
    with pytest.raises(Refusal, match=r"may take 100,000 bytes; yours would take 100,002\. Shorten"):
        kept.keep("ada", most + "汉", 1)
    assert kept.load("ada") == StoredCourse(most, 1)


def test_who_looks_at_a_course_touches_it_once_an_hour(kept: CourseStore, store: Store) -> None:
    kept.keep("ada", "{}", 0)
    now = time.time()
    assert now - 5 < touched(store, "ada") <= now
    put(store, touched=now - LOOKED_EVERY / 2)
    kept.load("ada")
    assert touched(store, "ada") == now - LOOKED_EVERY / 2
    for when in (now - LOOKED_EVERY - 1, now + 1000):       # long ago; and before the clock was set back
        put(store, touched=when)
        assert kept.load("ada") == StoredCourse("{}", 1)
        assert now <= touched(store, "ada") < now + 100


def test_a_course_can_be_looked_at_while_nothing_can_be_written(kept: CourseStore, store: Store) -> None:
    kept.keep("ada", "{}", 0)
    put(store, touched=1.0)
    with every_connection(store, "query_only=ON"):
        assert kept.load("ada") == StoredCourse("{}", 1)
        for revision in (0, 1):
            with pytest.raises(Unavailable, match="can only be read"):
                kept.keep("ada", "more", revision)
    assert kept.load("ada") == StoredCourse("{}", 1)
    assert touched(store, "ada") > 1


def test_a_database_that_has_gone_is_told(kept: CourseStore, tmp_path: Path) -> None:
    kept.keep("ada", "{}", 0)
    (tmp_path / "lab.db").rename(tmp_path / "away.db")
    with pytest.raises(Unavailable, match="taken away"):
        kept.load("ada")
    with pytest.raises(Unavailable, match="taken away"):
        kept.keep("ada", "more", 1)
    (tmp_path / "away.db").rename(tmp_path / "lab.db")
    assert kept.keep("ada", "more", 1)


@pytest.mark.parametrize(("column", "value"), [("progress", "x'00'"), ("revision", "'new'"), ("revision", "0"),
                                               ("revision", "-3")])
def test_what_another_program_has_written_is_refused_and_left_alone(kept: CourseStore, tmp_path: Path, column: str,
                                                                    value: str) -> None:
    kept.keep("ada", "{}", 0)
    kept.keep("bob", "{}", 0)
    with closing(sqlite3.connect(tmp_path / "lab.db")) as connection:
        connection.execute(f"UPDATE courses SET {column} = {value} WHERE owner = 'ada'")
        connection.commit()
    with pytest.raises(Unreadable, match="no text with a revision"):
        kept.load("ada")
    assert kept.load("bob") == StoredCourse("{}", 1)


def test_a_few_are_forgotten_at_a_time_the_oldest_first(kept: CourseStore, store: Store, monkeypatch: pytest.MonkeyPatch
                                                        ) -> None:
    def left() -> list[str]:
        with store.reading() as connection:
            return list(connection.execute(sql.select(courses.c.owner).order_by(courses.c.owner)).scalars())

    with store.writing() as connection:
        connection.execute(courses.insert(), [{"owner": owner, "touched": when, "revision": 1, "progress": "{}"}
                                              for when, owner in enumerate("abcdefg")])
    assert kept.forget(2, 2)
    assert left() == list("cdefg")
    assert kept.forget(2, 2)
    assert left() == list("defg")
    assert not kept.forget(2, 2)
    monkeypatch.setattr(limits, "COURSES", 1)
    assert kept.forget(2, 2)
    assert left() == list("fg")
    assert kept.forget(2, 2)
    assert not kept.forget(2, 2)
    assert left() == ["g"]


def test_a_moment_that_is_none_hides_no_course_and_stops_no_pruning(kept: CourseStore, store: Store) -> None:
    kept.keep("ada", "{}", 0)
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE courses SET touched = 'never'")
    assert not kept.forget(time.time(), 4)
    assert kept.load("ada") == StoredCourse("{}", 1)
    assert touched(store, "ada") > 1
