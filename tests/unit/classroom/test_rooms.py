"""A class belongs to its teacher; learners answer what is open, and see answers when nobody can answer any more."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from functools import partial

import pytest

from lstm_core import limits
from lstm_core.classroom.classroom import Classroom, Place
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import number, of_card, own
from lstm_core.classroom.recent import SECONDS
from lstm_core.classroom.rooms import Answered, Opened, Rooms
from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Choice, Curve
from lstm_core.spec import RunSpec
from lstm_core.storage.classes import ClassStore, StoredClass
from lstm_core.storage.store import Store

WHICH = own("Which?", Choice(("this", "that")))


@pytest.fixture
def rooms(store: Store) -> Rooms:
    return Rooms(ClassStore(store))


@pytest.fixture
def opened(rooms: Rooms) -> Opened:
    return rooms.open("teacher")


def asking(rooms: Rooms, opened: Opened, *who: str) -> None:
    for owner in who:
        rooms.join(opened.code, owner, "en")
    rooms.change(opened.code, "teacher", lambda room: room.asking(WHICH))


def close(rooms: Rooms, opened: Opened) -> None:
    rooms.change(opened.code, "teacher", Classroom.closing)


# -- the teacher --------------------------------------------------------------------------------------------


def test_who_opens_a_class_is_its_teacher_and_nobody_else(rooms: Rooms, opened: Opened) -> None:
    rooms.open("another")
    rooms.join(opened.code, "ada", "en")
    assert rooms.teaches(opened.code, "teacher")
    for owner in ("", "ada", "another", opened.key, opened.code, opened.secret):
        assert not rooms.teaches(opened.code, owner)
        for act in (partial(rooms.change, step=Classroom.freeing), rooms.end, rooms.new_secret,
                    partial(rooms.rename, number=1, language="en"), partial(rooms.remove, number=1)):
            with pytest.raises(Refusal, match="Only the teacher of a class may do this"):
                act(opened.code, owner)
    assert rooms.standing(opened.code).room == Classroom()
    assert [learner.owner for learner in rooms.learners(opened.code)] == ["ada"]


def test_the_private_link_makes_another_browser_the_teachers_until_there_is_a_newer_one(
        rooms: Rooms, opened: Opened) -> None:
    for secret in ("", "guess", opened.key, rooms.open("another").secret):
        assert not rooms.take_over(opened.code, secret, "phone")
    assert not rooms.take_over("AAAAA", opened.secret, "phone")
    for _twice in range(2):
        assert rooms.take_over(opened.code, opened.secret, "laptop")
    assert rooms.teaches(opened.code, "laptop")
    newer = rooms.new_secret(opened.code, "laptop")
    assert not rooms.take_over(opened.code, opened.secret, "phone")
    assert not rooms.teaches(opened.code, "phone")
    assert rooms.take_over(opened.code, newer, "phone")
    assert all(rooms.teaches(opened.code, owner) for owner in ("teacher", "laptop", "phone"))


def test_the_class_somebody_is_in_is_found_again(rooms: Rooms, opened: Opened) -> None:
    second = rooms.open("teacher")
    rooms.join(opened.code, "ada", "en")
    assert rooms.of("ada") == [(opened.code, False)]
    rooms.join(second.code, "ada", "en")
    assert rooms.of("ada") == [(second.code, False), (opened.code, False)]          # the newest first
    rooms.end(second.code, "teacher")
    assert rooms.of("ada") == [(opened.code, False)]
    rooms.join(opened.code, "teacher", "en")
    assert rooms.of("teacher") == [(opened.code, True)]
    assert rooms.of("nobody") == []


def test_the_secret_is_not_kept(opened: Opened, store: Store) -> None:
    found = ClassStore(store).load(opened.code)
    assert found is not None
    assert opened.secret not in repr(found)


def test_two_tabs_of_a_teacher_lose_no_step(rooms: Rooms, opened: Opened) -> None:
    def bring(page: str) -> None:
        for _time in range(5):
            rooms.change(opened.code, "teacher", lambda room: room.bringing(Place(page)))

    tabs = [threading.Thread(target=bring, args=(page,)) for page in ("train", "learn")]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert rooms.standing(opened.code).room.brought == 10


def test_a_class_ends_by_its_teacher_or_in_time(
        rooms: Rooms, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    second = rooms.open("teacher")
    rooms.end(opened.code, "teacher")
    assert 11.9 * 3600 < rooms.standing(second.code).ends - time.time() < 12.1 * 3600
    monkeypatch.setattr(limits, "CLASS_HOURS", -1)
    for code in (opened.code, second.code):
        with pytest.raises(Refusal, match=f"There is no class {code}: it has ended"):
            rooms.standing(code)


# -- learners -----------------------------------------------------------------------------------------------


def test_learners_join_under_a_name_of_theirs_or_one_that_is_drawn(rooms: Rooms, opened: Opened) -> None:
    assert rooms.join(opened.code, "ada", "en", " Ada ").name == "Ada"
    assert rooms.join(opened.code, "bob", "zh").name[-1] > "\u4e00"
    assert rooms.join(opened.code, "ada", "en", "Another").name == "Ada"
    with pytest.raises(Refusal, match="Ada is taken in this class"):
        rooms.join(opened.code, "cyd", "en", "Ada")
    with pytest.raises(Refusal, match="There is no class AAAAA"):
        rooms.join("AAAAA", "ada", "en")
    assert [learner.owner for learner in rooms.learners(opened.code)] == ["ada", "bob"]


def test_a_name_that_should_not_be_there_is_replaced(rooms: Rooms, opened: Opened) -> None:
    rooms.join(opened.code, "ada", "en", "rude")
    rooms.rename(opened.code, "teacher", 1, "en")
    assert rooms.learners(opened.code)[0].name != "rude"


def test_who_is_let_go_leaves_no_answers_and_who_is_not_let_in_is_told(rooms: Rooms, opened: Opened) -> None:
    asking(rooms, opened, "ada", "bob")
    rooms.answer(opened.code, "ada", 0, "this")
    rooms.answer(opened.code, "bob", 0, "that")
    rooms.remove(opened.code, "teacher", 1)
    rooms.change(opened.code, "teacher", lambda room: replace(room, full=True))
    close(rooms, opened)
    assert rooms.answered(opened.code, 0, 1).answers == {2: "that"}
    with pytest.raises(Refusal, match="lets nobody else into this class"):
        rooms.join(opened.code, "ada", "en")
    assert rooms.join(opened.code, "bob", "en").number == 2


def test_a_link_has_a_key_that_nobody_can_guess(rooms: Rooms, opened: Opened) -> None:
    assert rooms.admits(opened.code, opened.key)
    assert len(opened.key) >= 12
    for key in ("", opened.secret, rooms.open("another").key, "\ud800"):
        assert not rooms.admits(opened.code, key)
    assert not rooms.admits("AAAAA", opened.key)


def test_where_learners_are_is_known(rooms: Rooms, opened: Opened) -> None:
    rooms.join(opened.code, "ada", "en")
    rooms.see(opened.code, "ada", "learn?lesson=gates")
    assert rooms.learners(opened.code)[0].place == "learn?lesson=gates"


# -- answers ------------------------------------------------------------------------------------------------


def test_what_others_answer_is_seen_when_the_question_is_closed(rooms: Rooms, opened: Opened) -> None:
    asking(rooms, opened, "ada", "bob")
    rooms.answer(opened.code, "ada", 0, "this")
    rooms.answer(opened.code, "bob", 0, "that")
    rooms.answer(opened.code, "ada", 0, "that")
    assert rooms.answered(opened.code, 0, 1) == Answered(2)
    close(rooms, opened)
    assert rooms.answered(opened.code, 0, 1) == Answered(2, {1: "that", 2: "that"})


def test_a_second_vote_is_another_one_and_hides_only_itself(rooms: Rooms, opened: Opened) -> None:
    asking(rooms, opened, "ada")
    rooms.answer(opened.code, "ada", 0, "this")
    close(rooms, opened)
    rooms.change(opened.code, "teacher", Classroom.again)
    rooms.answer(opened.code, "ada", 0, "that")
    assert rooms.answered(opened.code, 0, 1) == Answered(1, {1: "this"})
    assert rooms.answered(opened.code, 0, 2) == Answered(1)


@pytest.mark.parametrize(("owner", "item", "raw", "refusal"), [
    ("ada", 0, "other", "answer"), ("ada", 0, None, "Choose one"), ("ada", 1, "this", "has not been asked"),
    ("ada", -1, "this", "has not been asked"), ("bob", 0, "this", "You are not in this class any more")])
def test_what_cannot_be_answered_is_refused(
        rooms: Rooms, opened: Opened, owner: str, item: int, raw: object, refusal: str) -> None:
    asking(rooms, opened, "ada")
    with pytest.raises(Refusal, match=refusal):
        rooms.answer(opened.code, owner, item, raw)
    assert rooms.answered(opened.code, 0, 1) == Answered(0)


def test_an_answer_that_comes_too_late_belongs_to_no_other_question(rooms: Rooms, opened: Opened) -> None:
    asking(rooms, opened, "ada")
    close(rooms, opened)
    rooms.change(opened.code, "teacher", lambda room: room.asking(of_card("gates", "one")))
    with pytest.raises(Refusal, match="closed: answers are no longer taken"):
        rooms.answer(opened.code, "ada", 0, "this")
    assert rooms.answered(opened.code, 1, 1) == Answered(0)


def test_numbers_and_curves_come_back_as_they_were_given(rooms: Rooms, opened: Opened) -> None:
    rooms.join(opened.code, "ada", "en")
    curve = of_card("forgetting", "back")
    assert isinstance(curve.asked, Curve)
    drawn = (curve.asked.low,) * curve.asked.points
    for item, (question, said) in enumerate([(own("How many?", number(0, 10, whole=True)), 3), (curve, drawn)]):
        rooms.change(opened.code, "teacher", lambda room, question=question: room.asking(question))
        rooms.answer(opened.code, "ada", item, said)
        close(rooms, opened)
        assert rooms.answered(opened.code, item, 1).answers == {1: said}


def test_runs_of_an_experiment_are_seen_as_they_come(rooms: Rooms, opened: Opened) -> None:
    rooms.join(opened.code, "ada", "en")
    rooms.change(opened.code, "teacher", lambda room: room.trying(Experiment(RunSpec())))
    for raw in ("", "x" * 41, 3, None):
        with pytest.raises(Refusal, match="This is no run"):
            rooms.answer(opened.code, "ada", 0, raw)
    rooms.answer(opened.code, "ada", 0, "run-1")
    assert rooms.answered(opened.code, 0, 1) == Answered(1, {1: "run-1"})
    close(rooms, opened)
    with pytest.raises(Refusal, match="runs are no longer taken"):
        rooms.answer(opened.code, "ada", 0, "run-2")


def test_thirty_answer_in_the_same_second(rooms: Rooms, opened: Opened) -> None:
    asking(rooms, opened, *(f"owner {at}" for at in range(30)))
    threads = [threading.Thread(target=rooms.answer, args=(opened.code, f"owner {at}", 0, "this")) for at in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close(rooms, opened)
    assert rooms.answered(opened.code, 0, 1) == Answered(30, dict.fromkeys(range(1, 31), "this"))


def test_all_is_there_after_the_server_was_started_anew(rooms: Rooms, opened: Opened, store: Store) -> None:
    asking(rooms, opened, "ada")
    rooms.answer(opened.code, "ada", 0, "this")
    again = Rooms(ClassStore(store))
    assert again.standing(opened.code) == rooms.standing(opened.code)
    assert again.answered(opened.code, 0, 1) == Answered(1)
    assert again.teaches(opened.code, "teacher")
    assert again.answer_of(opened.code, "ada", 0, 1) == "this"
    assert again.answer_of(opened.code, "bob", 0, 1) is None


def test_who_listens_hears_of_every_change_until_they_leave(rooms: Rooms, opened: Opened) -> None:
    heard: list[str] = []
    leave = rooms.listen(opened.code, heard.append)
    other = rooms.open("another")
    asking(rooms, opened, "ada")
    rooms.answer(opened.code, "ada", 0, "this")
    rooms.see(opened.code, "ada", "train")
    assert heard == ["people", "room", "answers", "people"]
    rooms.join(other.code, "ada", "en")
    leave()
    leave()
    rooms.end(opened.code, "teacher")
    assert len(heard) == 4


# -- many at once, and several servers ----------------------------------------------------------------------


def test_sixty_tabs_read_a_class_once(rooms: Rooms, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    who = [f"learner {number}" for number in range(60)]
    asking(rooms, opened, *who)
    reads = []
    for name in ("load", "learners", "learner", "answers"):
        read = getattr(rooms._store, name)
        monkeypatch.setattr(rooms._store, name, lambda *args, name=name, read=read: reads.append(name) or read(*args))
    for owner in who:
        rooms.standing(opened.code)
        rooms.learner(opened.code, owner)
        rooms.count(opened.code, 0, 1)
        rooms.answer_of(opened.code, owner, 0, 1)
    assert sorted(reads) == ["answers", "learners", "load"]
    rooms.answer(opened.code, who[0], 0, "this")
    assert rooms.answer_of(opened.code, who[0], 0, 1) == "this"
    assert sorted(reads) == ["answers", "answers", "learners", "load"]


def test_what_another_server_has_changed_is_seen_and_can_be_built_on(
        rooms: Rooms, opened: Opened, store: Store) -> None:
    there = Rooms(ClassStore(store))
    assert rooms.standing(opened.code).room.items == there.standing(opened.code).room.items == ()
    asking(there, opened, "ada")
    assert rooms.learner(opened.code, "ada") is not None                # who has just come is known at once
    assert rooms.change(opened.code, "teacher", Classroom.closing).now == replace(WHICH, phase="closed")
    time.sleep(SECONDS)
    assert there.standing(opened.code).room.now == replace(WHICH, phase="closed")


def test_who_reads_while_the_teacher_decides_leaves_nothing_old_behind(
        rooms: Rooms, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    load, read, go_on = rooms._store.load, threading.Event(), threading.Event()

    def slow(code: str) -> StoredClass | None:
        found = load(code)
        read.set()
        assert go_on.wait(10)
        return found

    monkeypatch.setattr(rooms._store, "load", slow)
    reader = threading.Thread(target=rooms.standing, args=(opened.code,))
    reader.start()
    assert read.wait(10)
    monkeypatch.setattr(rooms._store, "load", load)
    rooms.change(opened.code, "teacher", lambda room: room.asking(WHICH))
    go_on.set()
    reader.join(10)
    assert rooms.standing(opened.code).room.now == WHICH
