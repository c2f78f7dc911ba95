"""`make lessons` takes a lesson with each wrong option once, and knows what a run of the server must come to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.lessons import truth
from benchmarks.lessons.__main__ import WAYS, ways
from benchmarks.lessons.report import Report, Way, counted
from lstm_core.learning import training
from lstm_core.lessons import offline
from lstm_core.lessons.asks import Choice
from lstm_core.lessons.cards import Lesson, Predict, Stage, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.spec import Layer, RunSpec
from lstm_core.storage.store import Store

SPEC = RunSpec().change(length=120, steps=8, layers=(Layer(4),), epochs=2)
STAGE = Stage(page="train", spec=SPEC)


@pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS.keys())
def test_each_wrong_option_is_chosen_on_some_way(lesson: Lesson) -> None:
    wrong = {way.option for way in ways(lesson, ["wrong"])}
    for card in lesson.cards:
        if isinstance(card, Predict | Why | Transfer) and isinstance(card.ask, Choice):
            others = len(card.ask.options) - 1
            assert {option % others for option in wrong} == set(range(others)), card.name


def test_a_way_has_a_name_of_its_own_and_only_those_are_taken_that_are_asked_for() -> None:
    lesson = LESSONS["gates"]
    names = [way.name for way in ways(lesson, list(WAYS))]
    assert names == ["right", "wrong #1", "wrong #2", "right leaving", "right keyboard"]
    assert list(ways(lesson, ["keyboard"])) == [Way(keyboard=True)]
    assert list(ways(lesson, [])) == []


@pytest.mark.parametrize(("text", "words"), [
    ("", 0), ("One, two: 3.5%", 3), ("每个单元都读。", 3), ("LSTM 的权重是 4 倍", 4)])
def test_words_are_counted_and_of_chinese_two_letters_as_one(text: str, words: int) -> None:
    assert counted(text) == words


def test_a_lesson_takes_its_reading_and_its_training() -> None:
    assert Report(of_cards=[150, 250], training=90.0).minutes == pytest.approx(3.5)


def test_a_prediction_is_decided_where_it_is_seen_and_all_else_where_it_is_asked() -> None:
    lesson = LESSONS["gates"]
    assert truth.deciding(lesson, lesson.card("one")).name == "one_came"
    assert truth.deciding(lesson, lesson.card("why")).name == "why"


def trained(store: Store, owner: str, spec: RunSpec) -> str:
    """Keep a run as the server keeps it, trained to its end; return its id."""
    facts, pieces = store.create(owner, spec), list(training.train(spec))
    last = pieces[-1]
    store.save(replace(facts, status="done", update=last.update, epoch=last.epoch, outcome=last.outcome), pieces)
    return facts.id


def test_what_is_stored_is_what_is_trained_beforehand(tmp_path: Path) -> None:
    """The newest run of the person that fits, never that of somebody else."""
    store = Store(f"sqlite:///{tmp_path}/lab.db")
    try:
        assert truth.stored(store, "me", STAGE).run == ""
        run = trained(store, "me", SPEC)
        trained(store, "me", SPEC.change(epochs=1))
        trained(store, "somebody", SPEC)
        found, wanted = truth.stored(store, "me", STAGE), offline.trained(SPEC)
        assert (found.run, found.own, found.update) == (run, True, wanted.update)
        assert np.array_equal(found.losses, wanted.losses)
        assert np.array_equal(found.predictions("test"), wanted.predictions("test"))
        assert not truth.stored(store, "else", STAGE).trained
    finally:
        store.close()
