"""What a teacher takes along of a class: counts alone, nobody's name, no answer by itself, and no formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from lstm_core import i18n
from lstm_core.classroom.classroom import Place
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import number, of_card, own
from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Choice, Curve, Order, OwnWords
from lstm_core.lessons.cards import Lesson, Predict, Say, Stage, always
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.words import CardWords
from lstm_core.spec import RunSpec
from lstm_core.ui.classroom import experiment, take_along
from tests.unit.hostile_corpus import FORMULAS
from tests.unit.ui.classroom.members import Members

Opens = Callable[..., Members]


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with i18n.speaking("en"):
        yield


def rows(there: Members) -> list[list[str]]:
    """Return the file as a spreadsheet reads it, without its head."""
    content = take_along.table(there.code).decode("utf-8-sig")
    head, *found = csv.reader(io.StringIO(content))
    assert head == ["Number", "Asked or tried", "Vote", "Answer or value", "Count", "Mean"]
    return found


def test_each_answer_of_each_vote_is_counted(members: Opens) -> None:
    there = members("ada", "bob")
    there.step(lambda room: replace(room, named=True))
    there.ask(own("Which?", Choice(("this", "that")), "that"))
    there.say(ada="this", bob="that")
    there.close()
    there.again()
    there.say(ada="that")
    there.close()
    there.ask(own("How many?", number(0, 10, whole=False)))
    there.say(ada=9.87654, bob=0.5)
    there.close()
    assert rows(there)[:4] == [["1", "Which?", "1", "this", "1", ""], ["1", "Which?", "1", "that", "1", ""],
                               ["1", "Which?", "2", "this", "0", ""], ["1", "Which?", "2", "that", "1", ""]]
    assert [row[4] for row in rows(there)[4:]] == ["1", *["0"] * 8, "1"]
    assert rows(there)[4][:4] == ["2", "How many?", "1", "0 – 1"]
    content = take_along.table(there.code)
    for trace in (b"ada", b"bob", b"9.8765"):
        assert trace not in content


def test_a_vote_that_is_open_is_one_row(members: Opens) -> None:
    there = members("ada", "bob")
    there.ask(own("Which?", Choice(("this", "that"))))
    there.say(ada="this")
    assert rows(there) == [["1", "Which?", "1", "", "1", ""]]
    there.close()
    there.again()
    there.say(bob="that")
    assert rows(there)[-1] == ["1", "Which?", "2", "", "1", ""]
    assert len(rows(there)) == 3


def test_curves_and_own_words_are_counted_and_not_told(members: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    there = members("ada", "bob")
    asks = (Curve(x="x", y="y", first="0", last="9", low=0, high=1), OwnWords(), Order(("a", "b")))
    for at, (ask, said) in enumerate(zip(asks, ([0.123] * 33, "zebrafish", ["b", "a"]), strict=True)):
        monkeypatch.setitem(LESSONS, f"toy{at}", Lesson(name=f"toy{at}", number=99, cards=(
            Say(name="say", stage=Stage(page="train", spec=RunSpec())),
            Predict(name="what", ask=ask, truth=always(None)))))
        words = {"en": CardWords(f"What\n{at}?", {"a": "first", "b": "second"})}
        there.ask(of_card(f"toy{at}", "what", words))
        there.say(ada=said)
        there.close()
    assert rows(there) == [["1", "What 0?", "1", "", "1", ""], ["2", "What 1?", "1", "", "1", ""],
                           ["3", "What 2?", "1", "second → first", "1", ""]]
    content = take_along.table(there.code)
    assert b"zebrafish" not in content
    assert b"0.123" not in content


@pytest.mark.parametrize("formula", FORMULAS)
def test_nothing_is_a_formula(members: Opens, formula: str) -> None:
    there = members("ada")
    there.ask(own(f"{formula} ", Choice((formula[:80], "no"))))
    there.say(ada="no")
    there.close()
    for row in rows(there):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_the_groups_of_an_experiment_have_their_mean(members: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    there = members("ada", "bob", "cyd")
    there.attempt(Experiment(RunSpec(), "hidden", (2, 4)))
    monkeypatch.setattr(experiment, "results", lambda *_of: {1: 0.5, 2: 0.25, 3: 0.75})
    told = rows(there)
    assert [row[2:] for row in told] == [["1", "2", "2", "0.625"], ["1", "4", "1", "0.25"]]
    assert told[0][1] == "Hidden units · Waves; LSTM; Epochs: 20"
    monkeypatch.setattr(experiment, "results", lambda *_of: {})
    with pytest.raises(Refusal, match="Nothing has been asked yet"):
        rows(there)


def test_seeds_are_told_as_one_group(members: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    there = members("ada", "bob")
    there.attempt(Experiment(RunSpec()))
    monkeypatch.setattr(experiment, "results", lambda *_of: {1: 0.5, 2: 0.25})
    assert [row[2:] for row in rows(there)] == [["1", "", "2", "0.375"]]


def test_of_a_class_in_which_nothing_was_asked_there_is_nothing(members: Opens) -> None:
    there = members("ada")
    there.step(lambda room: room.bringing(Place("train")))
    with pytest.raises(Refusal, match="Nothing has been asked yet"):
        take_along.table(there.code)


def test_it_speaks_the_language_of_the_teacher(members: Opens) -> None:
    there = members("ada")
    there.ask(of_card("gates", "one", {"en": CardWords("Which?", {"keeps": "it keeps"}),
                                       "zh": CardWords("哪个？", {"keeps": "它记住"})}))
    there.close()
    with i18n.speaking("zh"):
        content = take_along.table(there.code).decode("utf-8-sig")
    assert "哪个？" in content
    assert "它记住" in content
    assert "Which?" not in content
    assert "Number" not in content
