"""A class is kept with its learners and answers; people who come at once do not overwrite each other."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sql

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.storage.classes import ClassStore, Learner, StoredClass
from lstm_core.storage.reading import Unreadable
from lstm_core.storage.schema import answers, classes, learners
from lstm_core.storage.store import Store


@pytest.fixture
def kept(store: Store) -> ClassStore:
    classes = ClassStore(store)
    assert classes.open("ABCDE", "hash", "key", "{}")
    return classes


def test_a_class_is_read_back_by_its_code_alone(kept: ClassStore) -> None:
    before = time.time()
    found = kept.load("ABCDE")
    assert found is not None
    assert 0 <= before - found.created < 5
    assert found == StoredClass("ABCDE", "hash", "key", found.created, 1, "{}")
    assert kept.load("ABCDF") is None


def test_a_code_is_given_once(kept: ClassStore) -> None:
    assert not kept.open("ABCDE", "another", "another", "[]")
    found = kept.load("ABCDE")
    assert found is not None
    assert found.teacher == "hash"


def test_there_are_so_many_classes_at_most(kept: ClassStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CLASSES", 2)
    assert kept.open("ABCDF", "", "", "{}")
    with pytest.raises(Refusal, match=r"There are 2 classes on this server now"):
        kept.open("ABCDG", "", "", "{}")
    assert kept.load("ABCDG") is None
    assert kept.end("ABCDF")
    assert kept.open("ABCDG", "", "", "{}")


def test_of_two_tabs_of_a_teacher_the_second_is_told_to_read_again(kept: ClassStore) -> None:
    assert kept.keep("ABCDE", "first", 1)
    assert not kept.keep("ABCDE", "late", 1)
    assert not kept.keep("ABCDF", "nowhere", 1)
    found = kept.load("ABCDE")
    assert found is not None
    assert (found.state, found.revision) == ("first", 2)


def test_what_another_program_has_written_is_named(kept: ClassStore, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(sql.text("UPDATE classes SET revision = 'many'"))
    with pytest.raises(Unreadable):
        kept.load("ABCDE")


def rows(store: Store, table: sql.Table) -> int:
    with store.reading() as connection:
        return connection.execute(sql.select(sql.func.count()).select_from(table)).scalar_one()


def test_what_ends_leaves_nothing_behind(kept: ClassStore, store: Store) -> None:
    kept.join("ABCDE", "ada", "Ada")
    kept.answer("ABCDE", 0, 1, "ada", "1")
    assert kept.end("ABCDE")
    assert not kept.end("ABCDE")
    assert [rows(store, table) for table in (classes, learners, answers)] == [0, 0, 0]


def test_a_class_ends_in_time(kept: ClassStore, store: Store) -> None:
    assert not kept.expire(time.time() - 10)
    kept.join("ABCDE", "ada", "Ada")
    assert kept.expire(time.time() + 10)
    assert rows(store, learners) == 0


# -- learners -----------------------------------------------------------------------------------------------


def names(kept: ClassStore) -> list[tuple[int, str]]:
    return [(learner.number, learner.name) for learner in kept.learners("ABCDE")]


def test_learners_are_numbered_as_they_come_and_come_once(kept: ClassStore) -> None:
    first = kept.join("ABCDE", "ada", "Ada")
    assert first == Learner("ada", 1, "Ada", first.joined, first.joined, "")
    assert kept.join("ABCDE", "bob", "小明").number == 2
    assert kept.join("ABCDE", "ada", "Another") == first
    assert names(kept) == [(1, "Ada"), (2, "小明")]
    assert kept.learner("ABCDE", "cyd") is None


@pytest.mark.parametrize(("code", "name", "refusal"), [
    ("ABCDE", "Ada", "Ada is taken in this class. Choose another name."),
    ("ABCDF", "Bob", "There is no class ABCDF: it has ended, or the code is another one.")])
def test_who_cannot_be_let_in_is_told_why(kept: ClassStore, code: str, name: str, refusal: str) -> None:
    kept.join("ABCDE", "ada", "Ada")
    with pytest.raises(Refusal, match=f"^{refusal}$"):
        kept.join(code, "bob", name)
    assert names(kept) == [(1, "Ada")]


def test_a_class_is_full_some_day(kept: ClassStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CLASS_LEARNERS", 2)
    kept.join("ABCDE", "ada", "Ada")
    kept.join("ABCDE", "bob", "Bob")
    with pytest.raises(Refusal, match=r"This class has 2 learners, which is as many as may be."):
        kept.join("ABCDE", "cyd", "Cyd")
    assert kept.join("ABCDE", "ada", "Ada").number == 1
    assert len(names(kept)) == 2


def test_thirty_join_in_the_same_second(kept: ClassStore) -> None:
    threads = [threading.Thread(target=kept.join, args=("ABCDE", f"owner {at}", f"name {at}")) for at in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [number for number, _name in names(kept)] == list(range(1, 31))
    assert {name for _number, name in names(kept)} == {f"name {at}" for at in range(30)}


def test_where_somebody_is_and_what_they_are_called_can_change(kept: ClassStore) -> None:
    ada, bob = kept.join("ABCDE", "ada", "Ada"), kept.join("ABCDE", "bob", "Bob")
    kept.see("ABCDE", "ada", "learn?lesson=gates")
    found = kept.learner("ABCDE", "ada")
    assert found is not None
    assert found.place == "learn?lesson=gates"
    assert found.seen >= ada.seen
    assert kept.rename("ABCDE", bob.number, "Bertha")
    assert not kept.rename("ABCDE", bob.number, "Ada")
    assert not kept.rename("ABCDE", 7, "Cyd")
    assert names(kept) == [(1, "Ada"), (2, "Bertha")]


# -- answers ------------------------------------------------------------------------------------------------


def test_the_last_answer_counts_once_and_votes_are_kept_apart(kept: ClassStore) -> None:
    for owner, name in (("ada", "Ada"), ("bob", "Bob")):
        kept.join("ABCDE", owner, name)
    kept.answer("ABCDE", 0, 1, "ada", '"keep"')
    kept.answer("ABCDE", 0, 1, "bob", '"forget"')
    kept.answer("ABCDE", 0, 1, "ada", '"forget"')
    kept.answer("ABCDE", 0, 2, "ada", '"keep"')
    assert kept.answers("ABCDE", 0, 1) == {"ada": '"forget"', "bob": '"forget"'}
    assert kept.answers("ABCDE", 0, 2) == {"ada": '"keep"'}
    assert kept.answers("ABCDE", 1, 1) == {}


def test_who_is_not_in_the_class_cannot_answer(kept: ClassStore) -> None:
    with pytest.raises(Refusal, match=r"You are not in this class any more. Join it again."):
        kept.answer("ABCDE", 0, 1, "ada", "1")
    assert kept.answers("ABCDE", 0, 1) == {}
