"""What one did in the course: kept as JSON and read back, joined with another, and what it opens."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, fields
from typing import Any

import pytest

from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.cards import AnyCard, Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import (
    LONGEST_FILE,
    SHOW_AFTER,
    VERSION,
    CardRecord,
    LessonRecord,
    Progress,
    from_json,
    may_be_shown,
    merged,
    open_until,
    passed,
)
from lstm_core.spec import RunSpec
from tests.unit.hostile_corpus import STRANGE

LESSON = Lesson(name="gap", number=1, cards=(
    Say(name="meet", stage=Stage(page="train", spec=RunSpec())),
    Predict(name="guess", ask=Choice(("more", "less")), truth=always("more")),
    Do(name="train", waits=lambda _seen: True),
    See(name="came", of="guess"),
    Why(name="why", ask=OwnWords(), truth=always(None)),
    Why(name="sort", ask=Order(("a", "b", "c")), truth=always(("a", "b", "c"))),
    Transfer(name="far", ask=Number(0, 20, within=0, near=1, whole=True), truth=always(7)),
    Transfer(name="draw", ask=Curve(x="", y="", first="0", last="4", low=0, high=1, points=5),
             truth=always((0.5,) * 5)),
))
THERE = {LESSON.name: LESSON}
SAY, GUESS, TRAIN, CAME, WHY, SORT, FAR, DRAW = LESSON.cards

FULL = {
    "meet": CardRecord(),
    "guess": CardRecord(answer="less", confidence=3, tries=1, truth="more", verdict="off", run="r1", when=100.25),
    "train": CardRecord(shown=True, done=True, when=101.5),
    "came": CardRecord(),
    "why": CardRecord(answer="它 keeps “it” \U0001f389\n.", tries=1, verdict="right", when=102),
    "sort": CardRecord(answer=("a", "c", "b"), tries=2, truth=("a", "b", "c"), verdict="close", when=103),
    "far": CardRecord(answer=7, tries=1, truth=7, verdict="right", when=104),
    "draw": CardRecord(answer=(0.0, 0.25, 0.5, 0.75, 1.0), tries=3, truth=(0.5,) * 5, verdict="off", shown=True,
                       when=105),
}


def kept(card: str = "", at: object = "", ended: object = 0.0, **record: object) -> Progress:
    """Return what is read of a file that has one record of one card, or none."""
    cards = {card: record} if card else {}
    return from_json(json.dumps({"gatescope_course": VERSION, "lessons": {
        "gap": {"at": at, "cards": cards, "ended": ended}}}), THERE)


def refused(text: str) -> str:
    with pytest.raises(Refusal) as refusal:
        from_json(text, THERE)
    return str(refusal.value)


# -- there and back -----------------------------------------------------------------------------------------


def test_all_of_it_comes_back_as_it_was() -> None:
    known = Progress({"gap": LessonRecord("far", dict(FULL), 99.5)})
    found = from_json(known.to_json(), THERE)
    assert found == known
    for name, record in FULL.items():
        for field in fields(CardRecord):
            before, after = getattr(record, field.name), getattr(found.card("gap", name), field.name)
            assert type(after) is (float if field.name == "when" else type(before)), (name, field.name)


def test_nothing_done_is_kept_as_nothing() -> None:
    assert json.loads(Progress().to_json()) == {"gatescope_course": VERSION, "lessons": {}}
    assert from_json(Progress().to_json(), THERE) == Progress()


def test_records_are_made_when_they_are_asked_for_and_are_those_that_are_kept() -> None:
    known = Progress()
    known.card("gap", "guess").answer = "less"
    known.lesson("gap").at = "train"
    assert known == Progress({"gap": LessonRecord("train", {"guess": CardRecord("less")})})


def test_other_letters_stay_readable_in_the_file() -> None:
    known = Progress()
    known.card("gap", "why").answer = "忘了"
    assert "忘了" in known.to_json()


# -- files from elsewhere -----------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "{", "[" * 50_000, "gatescope", "\0", '{"gatescope_course": 1', "1" + "0" * 5000])
def test_what_is_not_json_is_told_so(text: str) -> None:
    assert refused(text) == (
        "This is no course file: it cannot be read as JSON. Choose the file that My course has saved.")


@pytest.mark.parametrize("raw", [
    None, 1, "x", [], {}, {"gatescope_course": 1}, {"lessons": {}}, {"gatescope_course": "1", "lessons": {}},
    {"gatescope_course": True, "lessons": {}}, {"gatescope_course": 1.0, "lessons": {}},
    {"gatescope_course": 1, "lessons": []}, {"gatescope_course": None, "lessons": {}}])
def test_json_of_another_kind_is_told_so(raw: object) -> None:
    assert refused(json.dumps(raw)) == "This is no course file. Choose the file that My course has saved."


def test_a_file_of_a_newer_version_is_told_so() -> None:
    assert refused(json.dumps({"gatescope_course": VERSION + 1, "lessons": {}})) == (
        f"This course file was saved by a newer version of Gatescope ({VERSION + 1}; this one reads up to {VERSION}).")


def test_a_file_has_a_longest() -> None:
    known = json.dumps({"gatescope_course": VERSION, "lessons": {}})
    assert from_json(known.ljust(LONGEST_FILE), THERE) == Progress()
    assert refused(known.ljust(LONGEST_FILE + 1)) == (
        "A course file has at most 100,000 characters; this one has 100,001.")


def test_lessons_and_cards_that_are_not_there_are_left_out() -> None:
    known = Progress({"gap": LessonRecord("gone", {"gone": CardRecord(done=True), "train": CardRecord(done=True)}),
                      "other": LessonRecord("x", {"x": CardRecord()}, 5.0)})
    assert from_json(known.to_json(), THERE) == Progress({"gap": LessonRecord("", {"train": CardRecord(done=True)})})


@pytest.mark.parametrize("record", [None, 1, "x", [], True])
def test_records_of_another_kind_are_left_out(record: object) -> None:
    lessons: list[dict[str, Any]] = [{"gap": record}, {"gap": {"cards": record}}, {"gap": {"cards": {"guess": record}}}]
    for lesson in lessons:
        found = from_json(json.dumps({"gatescope_course": VERSION, "lessons": lesson}), THERE)
        assert all(known == LessonRecord() for known in found.lessons.values())


@pytest.mark.parametrize(("card", "answer"), [
    ("guess", "other"), ("guess", 1), ("far", 21), ("far", "7"), ("far", True), ("sort", ["a", "b"]), ("why", " "),
    ("draw", [0.5] * 4), ("draw", [0.5, 0.5, 0.5, 0.5, 2]), ("meet", "more"), ("train", "more"), ("came", "more")])
def test_an_answer_that_the_card_would_not_take_counts_as_none(card: str, answer: object) -> None:
    record = kept(card, answer=answer, truth=answer, verdict="right", tries=1).card("gap", card)
    assert record == CardRecord(tries=1)


@pytest.mark.parametrize(("field", "raw", "read"), [
    ("confidence", 9, 3), ("confidence", -1, 0), ("confidence", 2.0, 0), ("confidence", True, 0),
    ("tries", 10**400, 1000), ("tries", -5, 0), ("tries", "2", 0), ("shown", 1, False), ("shown", "true", False),
    ("done", 1, False), ("done", None, False), ("verdict", "great", ""), ("verdict", ["right"], ""),
    ("run", "x" * 41, ""), ("run", 7, ""), ("when", "now", 0.0), ("when", True, 0.0), ("when", math.nan, 0.0),
    ("when", math.inf, 0.0), pytest.param("when", 10**400, 0.0, id="when-huge")])
def test_a_field_of_another_kind_is_read_as_if_it_were_not_there(field: str, raw: object, read: object) -> None:
    record = kept("guess", **({"answer": "more"} | {field: raw})).card("gap", "guess")
    assert getattr(record, field) == read
    assert record == CardRecord("more", **{field: read})


@pytest.mark.parametrize(("at", "read"), [
    ("why", "why"), ("end", "end"), ("", ""), ("gone", ""), (None, ""), (3, ""), (["why"], ""), ({}, "")])
def test_one_is_at_a_card_of_the_lesson_or_at_none(at: object, read: str) -> None:
    assert kept(at=at).lesson("gap").at == read


@pytest.mark.parametrize(("ended", "read"), [
    (12, 12.0), (None, 0.0), ("1", 0.0), (math.inf, 0.0), pytest.param(10**400, 0.0, id="huge")])
def test_the_end_is_a_time_or_none(ended: object, read: float) -> None:
    assert kept(ended=ended).lesson("gap").ended == read


STRANGERS: dict[str, list[Any]] = {
    "strange": [*STRANGE, None, True, -1, 1e308, [], {}, {"a": 1}, [None] * 5, ["a", "b", "b"]],
    "beyond a float": [10**400, -10**400, [10**400] * 5], "nested": [[[]], [{}], ["a", "b", ["c"]]]}


@pytest.mark.parametrize("kind", STRANGERS)
@pytest.mark.parametrize("name", [field.name for field in fields(CardRecord)])
def test_nothing_that_strangers_send_in_a_field_does_harm(name: str, kind: str) -> None:
    """What is read of it is written and read again as the same."""
    for raw in STRANGERS[kind]:
        for card in FULL:
            record = asdict(FULL[card]) | {name: raw}
            text = json.dumps({"gatescope_course": VERSION, "lessons": {"gap": {"cards": {card: record}}}})
            if len(text) <= LONGEST_FILE:
                found = from_json(text, THERE)
                assert from_json(found.to_json(), THERE) == found
                open_until(LESSON, found.lesson("gap"))


def test_every_lesson_of_the_course_can_be_kept_and_read_back() -> None:
    known = Progress({name: LessonRecord(lesson.cards[-1].name, {card.name: CardRecord(done=True, when=1.0)
                                                                 for card in lesson.cards}, 2.0)
                      for name, lesson in LESSONS.items()})
    assert from_json(known.to_json(), LESSONS) == known


# -- what is open -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("card", "record", "wanted"), [
    (SAY, CardRecord(), True), (CAME, CardRecord(), True),
    (GUESS, CardRecord(), False), (GUESS, CardRecord(shown=True, done=True), False),
    (GUESS, CardRecord("less"), True), (GUESS, CardRecord("less", verdict="off"), True),
    (TRAIN, CardRecord(), False), (TRAIN, CardRecord(when=5.0), False), (TRAIN, CardRecord(done=True), True),
    (TRAIN, CardRecord(shown=True), True),
    *((card, record, wanted) for card in (WHY, SORT, FAR, DRAW) for record, wanted in (
        (CardRecord(), False), (CardRecord(answer=1, verdict="off"), False), (CardRecord(answer=1), False),
        (CardRecord(done=True), False), (CardRecord(answer=1, verdict="close"), True),
        (CardRecord(answer=1, verdict="right"), True), (CardRecord(answer=1, verdict="off", shown=True), True)))])
def test_one_may_go_on_from_a_card(card: AnyCard, record: CardRecord, wanted: bool) -> None:
    assert passed(card, record) is wanted


@pytest.mark.parametrize(("given", "number"), [
    ({}, 1), ({"guess": CardRecord("less")}, 2), ({"train": CardRecord(done=True)}, 1),
    ({"guess": CardRecord("less"), "train": CardRecord(done=True)}, 4),
    ({name: record for name, record in FULL.items() if name != "sort"}, 5), (FULL, 8)])
def test_all_is_open_up_to_the_first_card_that_is_not_passed(given: dict[str, CardRecord], number: int) -> None:
    assert open_until(LESSON, LessonRecord(cards=given)) == number


@pytest.mark.parametrize(("led", "given", "number"), [
    ("meet", {}, 1), ("guess", {}, 1), ("train", {}, 2), ("why", {}, 4), ("draw", {}, 7), ("nothing", {}, 1),
    ("train", {"train": CardRecord(done=True)}, 4), ("came", {"why": CardRecord(verdict="right")}, 5),
    ("guess", {"guess": CardRecord(answer="more"), "train": CardRecord(done=True)}, 4)])
def test_where_a_class_was_brought_is_open_whatever_came_before(
        led: str, given: dict[str, CardRecord], number: int) -> None:
    assert open_until(LESSON, LessonRecord(cards=given, led=led)) == number


@pytest.mark.parametrize(("written", "read"), [("train", "train"), ("end", ""), ("other", ""), (3, ""), (None, "")])
def test_where_a_class_was_brought_is_kept(written: object, read: str) -> None:
    known = Progress({"gap": LessonRecord("guess", led="guess")})
    assert from_json(known.to_json(), THERE) == known
    raw = json.loads(known.to_json())
    raw["lessons"]["gap"]["led"] = written
    assert from_json(json.dumps(raw), THERE).lesson("gap").led == read
    del raw["lessons"]["gap"]["led"]            # of a file from before there were classes
    assert from_json(json.dumps(raw), THERE).lesson("gap").led == ""


def test_looking_what_is_open_makes_no_records() -> None:
    record = LessonRecord()
    open_until(LESSON, record)
    assert record == LessonRecord()


@pytest.mark.parametrize("tries", range(SHOW_AFTER + 2))
def test_it_may_be_shown_after_two_tries(tries: int) -> None:
    assert may_be_shown(CardRecord(tries=tries)) is (tries >= 2)


# -- two together -------------------------------------------------------------------------------------------


def lesson(at: str = "", ended: float = 0.0, **cards: CardRecord) -> Progress:
    return Progress({"gap": LessonRecord(at, cards, ended)})


OLD, NEW = CardRecord("less", when=10), CardRecord("more", when=20)


@pytest.mark.parametrize(("mine", "theirs"), [(OLD, NEW), (NEW, OLD)])
def test_the_newer_answer_stays(mine: CardRecord, theirs: CardRecord) -> None:
    assert merged(lesson(guess=mine), lesson(guess=theirs)).card("gap", "guess") == NEW


def test_what_only_one_has_stays() -> None:
    both = merged(lesson(guess=OLD), lesson(train=CardRecord(done=True)))
    assert both == lesson(guess=OLD, train=CardRecord(done=True))
    other = Progress({"other": LessonRecord("x")})
    assert set(merged(lesson(), other).lessons) == {"gap", "other"}
    assert merged(Progress(), lesson("why", 3.0, guess=OLD)) == lesson("why", 3.0, guess=OLD)
    assert merged(lesson("why", 3.0, guess=OLD), Progress()) == lesson("why", 3.0, guess=OLD)


@pytest.mark.parametrize("better", [CardRecord(done=True), CardRecord(shown=True)])
def test_of_two_without_a_time_the_one_that_is_passed_stays(better: CardRecord) -> None:
    assert merged(lesson(train=better), lesson(train=CardRecord())).card("gap", "train") == better
    assert merged(lesson(train=CardRecord()), lesson(train=better)).card("gap", "train") == better


def test_one_is_where_more_is_open() -> None:
    far, near = lesson("why", guess=OLD, train=CardRecord(done=True)), lesson("guess", guess=NEW)
    assert merged(far, near).lesson("gap").at == merged(near, far).lesson("gap").at == "why"


@pytest.mark.parametrize(("mine", "theirs", "both"), [(0, 0, 0), (5, 0, 5), (0, 5, 5), (5, 3, 3)])
def test_the_end_was_reached_when_it_was_first(mine: float, theirs: float, both: float) -> None:
    assert merged(lesson(ended=mine), lesson(ended=theirs)).lesson("gap").ended == both


@pytest.mark.parametrize(("mine", "theirs", "both"), [("", "", ""), ("why", "", "why"), ("", "why", "why")])
def test_where_a_class_was_brought_stays_open_when_two_are_joined(mine: str, theirs: str, both: str) -> None:
    known = [Progress({"gap": LessonRecord(led=led)}) for led in (mine, theirs)]
    assert merged(*known).lesson("gap").led == both


def test_joining_changes_neither() -> None:
    mine, theirs = lesson("guess", guess=OLD), lesson("why", 2.0, guess=NEW)
    before = mine.to_json(), theirs.to_json()
    merged(mine, theirs).lesson("gap").at = "end"
    assert (mine.to_json(), theirs.to_json()) == before
    assert merged(mine, mine) == mine
