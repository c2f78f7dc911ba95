"""My course: what one said and what came, taken along and brought back, and deleted; and the list of lessons."""

from __future__ import annotations

import json

import pytest

from lstm_core import limits
from lstm_core.lessons.asks import Choice, OwnWords
from lstm_core.lessons.cards import Lesson, Predict, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import LONGEST_FILE, CardRecord, LessonRecord, Progress, from_json
from lstm_core.ui.base import server
from lstm_core.ui.learn import keys
from tests.app.conftest import Visit
from tests.app.test_outage import GONE, taken_away
from tests.app.visitor import Visitor

FIRST, SECOND, *_REST = LESSONS.values()
CHOSEN, GUESS = next((lesson, card) for lesson in LESSONS.values()     # open at once: nothing before it is asked
                     if isinstance(card := next(card for card in lesson.cards if card.kind != "say"), Predict)
                     and isinstance(card.ask, Choice))
WRITTEN, OWN = next((lesson, card) for lesson in LESSONS.values() for card in lesson.cards
                    if isinstance(card, Why) and isinstance(card.ask, OwnWords))
WORDS = "It keeps <b>what</b> it *read*, I think."


def done() -> Progress:
    """One prediction that one was sure of and wrong, own words, and one lesson at its end."""
    assert isinstance(GUESS.ask, Choice)
    said, came = GUESS.ask.options[-1], GUESS.ask.options[0]
    return Progress({
        CHOSEN.name: LessonRecord(GUESS.name, {GUESS.name: CardRecord(
            answer=said, confidence=3, tries=1, truth=came, verdict="off", when=100.0)}),
        WRITTEN.name: LessonRecord("end", {OWN.name: CardRecord(
            answer=WORDS, tries=1, verdict="right", when=101.0)}, ended=102.0)})


def bring(visitor: Visitor, content: bytes) -> Visitor:
    visitor.at.file_uploader(key=keys.COURSE_FILE).set_value(("gatescope-course.json", content, "application/json"))
    return visitor.look()


def kept(visitor: Visitor) -> Progress:
    """Return what the server keeps of a visitor's course."""
    stored = server.lab().course(visitor.who)
    return from_json(stored.progress, LESSONS) if stored.progress else Progress()


def mine(visit: Visit, **settings: str) -> Visitor:
    return visit("learn", lesson="mine", **settings)


@pytest.fixture
def filled(visit: Visit) -> Visitor:
    return bring(mine(visit), done().to_json().encode())


def row(visitor: Visitor, lesson: Lesson) -> str:
    """Return what the list says of how far one is in a lesson."""
    captions = [caption.value for caption in visitor.at.caption if " min" in caption.value]
    return str(captions[list(LESSONS).index(lesson.name)])


def test_at_first_there_is_nothing_and_nothing_to_take_along(visit: Visit) -> None:
    visitor = mine(visit)
    assert "not begun a lesson yet" in visitor.hints
    assert visitor.numbers == {}
    assert not visitor.offers("save_course")
    assert not visitor.offers("save_printable")
    assert not visitor.offers("course_delete")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_shows_what_was_said_what_came_and_how_sure_one_was(visit: Visit, lang: str) -> None:
    visitor = bring(mine(visit, lang=lang), done().to_json().encode())
    assert [box.label.split(" · ")[0].strip("*") for box in visitor.at.expander] == sorted(
        (str(CHOSEN.number), str(WRITTEN.number)), key=int)
    assert not visitor.at.exception
    if lang == "zh":
        return
    assert visitor.numbers == {
        "Lessons begun": f"2 of {len(LESSONS)}", "Lessons done": f"1 of {len(LESSONS)}",
        "Predictions that came about": "0 of 1", "Sure, and it came otherwise": "1 of 1"}
    text = "\n".join(block.value for block in visitor.at.markdown)
    assert "teaches most" in text
    assert "**You said**: It keeps \\<b\\>what\\</b\\> it \\*read\\*, I think." in text
    assert " · *sure*" in text
    assert "**What came**" in text
    assert "You were sure, and it came otherwise" in visitor.captions
    assert "**otherwise**" in visitor.captions


def test_a_lesson_is_gone_on_with_from_here(filled: Visitor) -> None:
    filled.click(f"mine_open_{CHOSEN.name}")
    assert (filled.at.query_params["lesson"], filled.at.query_params["card"]) == (CHOSEN.name, GUESS.name)


def test_one_that_is_done_begins_anew_and_is_not_forgotten(filled: Visitor) -> None:
    filled.click(f"mine_open_{WRITTEN.name}")
    assert filled.at.query_params["card"] == WRITTEN.cards[0].name
    assert kept(filled).lessons[WRITTEN.name].ended == 102.0


def test_a_course_comes_back_from_its_file_and_is_kept(visit: Visit, filled: Visitor) -> None:
    assert "Brought back: 2 of" in filled.at.success[0].value
    assert kept(filled).lessons[WRITTEN.name].cards[OWN.name].answer == WORDS
    assert not filled.look().at.success                                 # told once
    assert mine(visit, who=filled.who).numbers == filled.numbers        # another tab of the same browser
    assert mine(visit).numbers == {}                                    # another browser


def test_of_each_card_the_newer_answer_stays(filled: Visitor) -> None:
    older = done()
    older.card(WRITTEN.name, OWN.name).answer, older.card(WRITTEN.name, OWN.name).when = "older", 1.0
    newer = done()
    newer.card(CHOSEN.name, GUESS.name).verdict, newer.card(CHOSEN.name, GUESS.name).when = "right", 1000.0
    bring(filled, older.to_json().encode())
    assert kept(filled).card(WRITTEN.name, OWN.name).answer == WORDS
    bring(filled, newer.to_json().encode())
    assert filled.numbers["Predictions that came about"] == "1 of 1"


@pytest.mark.parametrize(("content", "says"), [
    (b"\xff\xfe\x00", "cannot be read as JSON"),
    (b"", "cannot be read as JSON"),
    (b"[" * 50_000, "cannot be read as JSON"),
    (b"[]", "no course file"),
    (b'{"gatescope_course": true, "lessons": {}}', "no course file"),
    (b'{"gatescope_course": 99, "lessons": {}}', "newer version of Gatescope (99"),
    (b" " * (LONGEST_FILE + 1), f"at most {LONGEST_FILE:,} characters"),
    ("字".encode() * LONGEST_FILE * 2, f"at most {LONGEST_FILE:,} characters"),
])
def test_another_file_is_refused_in_a_sentence_and_nothing_is_lost(filled: Visitor, content: bytes, says: str) -> None:
    before, numbers = kept(filled), filled.numbers
    bring(filled, content)
    assert says in filled.refusals
    assert kept(filled) == before
    assert filled.numbers == numbers
    assert not filled.look().refusals


def test_a_course_that_would_be_too_large_is_refused_and_nothing_is_lost(filled: Visitor) -> None:
    large = done()
    for lesson in LESSONS.values():
        for card in lesson.cards:
            if isinstance(getattr(card, "ask", None), OwnWords):
                large.card(lesson.name, card.name).answer = "字" * 2000
                large.card(lesson.name, card.name).when = 1000.0
    before = kept(filled)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "COURSE_BYTES", 2000)
        bring(filled, large.to_json().encode())
    assert "may take 2,000 bytes" in filled.refusals
    assert kept(filled) == before
    assert "字" not in "".join(filled.texts)


def test_half_a_character_breaks_nothing(visit: Visit) -> None:
    strange = json.loads(done().to_json())
    strange["lessons"][WRITTEN.name]["cards"][OWN.name]["answer"] = "half \ud800"
    strange["lessons"]["elsewhere"] = {"cards": {}}
    visitor = bring(mine(visit), json.dumps(strange).encode())
    assert not visitor.at.exception
    assert kept(visitor).card(WRITTEN.name, OWN.name).answer == "half ?"


def test_the_name_is_only_for_the_page(filled: Visitor) -> None:
    filled.put("course_name", "Ada <i>")
    assert not filled.at.exception
    assert "Ada" not in server.lab().course(filled.who).progress
    assert filled.offers("save_course")
    assert filled.offers("save_printable")


def test_it_is_deleted_after_a_second_click(visit: Visit, filled: Visitor) -> None:
    filled.click("course_delete").click("course_leave_it")
    assert kept(filled).lessons
    filled.click("course_delete").click("course_delete_now")
    assert "deleted" in filled.at.success[0].value
    assert kept(filled) == Progress()
    assert filled.numbers == {}
    assert mine(visit, who=filled.who).numbers == {}
    bring(filled, done().to_json().encode())                            # and may come back from its file
    assert kept(filled).lessons[WRITTEN.name].ended == 102.0


def test_while_the_database_does_not_answer_it_shows_what_the_session_knows(filled: Visitor) -> None:
    before = filled.numbers
    filled.click("course_delete")
    with taken_away():
        filled.look()
        assert filled.numbers == before
        filled.click("course_delete_now")
        assert GONE in filled.refusals
        assert filled.numbers == before
    assert filled.look().numbers == before


def test_what_is_brought_back_meanwhile_is_kept_later(visit: Visit) -> None:
    visitor = mine(visit)
    with taken_away():
        bring(visitor, done().to_json().encode())
        assert visitor.numbers["Lessons begun"].startswith("2 of")
    bring(visitor, done().to_json().encode() + b" ")
    assert kept(visitor).lessons[WRITTEN.name].ended == 102.0


# -- the list of lessons ------------------------------------------------------------------------------------


def test_the_list_says_how_far_one_is(filled: Visitor) -> None:
    filled.click("all_lessons")
    assert "not begun" in row(filled, next(one for one in LESSONS.values() if one not in (CHOSEN, WRITTEN)))
    at = [card.name for card in CHOSEN.cards].index(GUESS.name) + 1
    assert f"card {at} of {len(CHOSEN.cards)}" in row(filled, CHOSEN)
    assert "done" in row(filled, WRITTEN)
    assert f"1 of {len(LESSONS)} lessons done" in "\n".join(filled.texts)


def test_it_opens_each_lesson_and_says_why_one_predicts(visit: Visit) -> None:
    visitor = visit("learn")
    assert "Crouch, Fagen, Callan & Mazur 2004" in visitor.at.markdown[0].value
    for lesson in (FIRST, SECOND):
        visitor.click(f"open_lesson_{lesson.name}")
        assert visitor.at.query_params["lesson"] == lesson.name
        visitor.click("all_lessons")
    assert "lesson" not in visitor.at.query_params
    visitor.click("my_course")
    assert visitor.at.query_params["lesson"] == "mine"
