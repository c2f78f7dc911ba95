"""The questions of the course for a class: what they say without a run of one's own, and what came of each."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from lstm_core import i18n
from lstm_core.classroom import classroom
from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.questions import of_card
from lstm_core.errors import Refusal
from lstm_core.lessons import offline
from lstm_core.lessons.cards import Predict, Stage
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.chance import measured
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.spec import RunSpec
from lstm_core.ui.classroom import course_question
from lstm_core.ui.shared import lesson_moment

CARDS = [(lesson.name, card.name) for lesson in LESSONS.values() for card in lesson.cards if isinstance(card, Predict)]
EACH = pytest.mark.parametrize(("lesson", "card"), CARDS, ids=map("-".join, CARDS))

OF_A_RUN = {("by_hand", "value"), ("letters", "temperature"), ("translate", "whole")}
"""What cannot be asked before the teacher has trained the network of the lesson: its words tell numbers of it."""

UNKNOWN = {("window", "one"), ("by_hand", "value"), ("review", "word_by_word")}
"""Of which nobody knows what comes before the network of the lesson has been trained."""

EXAMPLES = {"sine": RunSpec(), "recall": PRESETS["recall"].spec}
FROM_EXAMPLES = {("gates", "zero"), ("scratch", "shut")}
"""What is known as soon as the server has trained its examples."""


def has(monkeypatch: pytest.MonkeyPatch, *trained: RunSpec, **changes: Any) -> None:
    """Let there be these runs, and no others."""
    def at(spec: RunSpec) -> Moment:
        if spec in trained:
            return replace(offline.trained(spec), others=at, **changes)
        return replace(offline.untrained(spec), others=at)

    def of_stage(stage: Stage) -> Moment:
        return at(stage.spec)

    monkeypatch.setattr(lesson_moment, "of_stage", of_stage)


@EACH
def test_every_question_can_be_asked_in_both_languages(
        lesson: str, card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch)
    if (lesson, card) in OF_A_RUN:
        with pytest.raises(Refusal, match="a network that you have not trained yet"):
            course_question.asked(lesson, card)
        return
    asked = course_question.asked(lesson, card)
    assert asked.words.keys() == i18n.LANGUAGES.keys()
    for words in asked.words.values():
        assert words.text
        for text in (words.text, *words.options.values()):
            assert "{" not in text
            assert "nan" not in text.split()
    assert len({words.text for words in asked.words.values()}) == len(i18n.LANGUAGES)
    classroom.from_json.cache_clear()
    room = Classroom().asking(asked)
    assert classroom.from_json(classroom.to_json(room)) == room


@EACH
def test_what_came_fits_what_is_asked_or_is_not_known(lesson: str, card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch)
    question = of_card(lesson, card)
    came = course_question.came(question)
    if (lesson, card) in UNKNOWN | FROM_EXAMPLES:
        assert came is None
        return
    assert question.asked.checked(came) == came
    judged = replace(question, truth=came, phase="shown").judge(came)
    assert judged is not None
    assert judged.verdict == "right"
    room = Classroom().asking(question).closing().showing(came)
    classroom.from_json.cache_clear()
    assert classroom.from_json(classroom.to_json(room)) == room


@pytest.mark.parametrize(("lesson", "card"), sorted(FROM_EXAMPLES))
def test_what_an_example_shows_is_known(lesson: str, card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch, *EXAMPLES.values())
    question = course_question.asked(lesson, card)
    assert question.asked.checked(course_question.came(question)) is not None


@pytest.mark.parametrize(("lesson", "card"), [
    (lesson, card) for lesson, card in CARDS if LESSONS[lesson].card(card).chance])      # type: ignore[union-attr]
def test_of_what_seeds_decide_the_middle_of_twenty_is_told(
        lesson: str, card: str, monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch)
    question = of_card(lesson, card)
    seen = measured()[lesson][card]
    came = course_question.came(question)
    if isinstance(came, str):
        assert 2 * seen.count(came) > len(seen)
    elif isinstance(came, tuple):
        assert all(min(column) <= value <= max(column) for value, *column in zip(came, *seen, strict=True))
    else:
        assert min(seen) <= came <= max(seen)


def test_a_run_that_has_not_come_to_its_end_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = LESSONS["watch"].stage("curve").spec
    has(monkeypatch, spec, ended=False, known_losses=offline.trained(spec).known_losses[:20])
    untrained = course_question.came(of_card("watch", "curve"))
    has(monkeypatch)
    assert untrained == course_question.came(of_card("watch", "curve"))
    has(monkeypatch, spec)
    assert course_question.came(of_card("watch", "curve")) != untrained


def test_what_the_scale_does_not_have_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    has(monkeypatch)
    card = LESSONS["gates"].card("zero")
    for nonsense in (math.nan, -1.0, 101.0):
        broken = replace(card, truth=lambda _moment, nonsense=nonsense: nonsense)
        gates = replace(LESSONS["gates"], cards=tuple(
            broken if one is card else one for one in LESSONS["gates"].cards))
        monkeypatch.setitem(LESSONS, "gates", gates)
        assert course_question.came(of_card("gates", "zero")) is None
        monkeypatch.undo()
        has(monkeypatch)
