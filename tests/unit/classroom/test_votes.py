"""Answers are counted: by option, by part of a scale, and from one vote to the next."""

import pytest

from lstm_core.classroom.questions import of_card, own
from lstm_core.classroom.votes import Change, change, histogram, middle, rights
from lstm_core.lessons.asks import Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.cards import Predict
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.chance import measured

WHICH = Choice(("this", "that", "other"))


def counts(ask, *said):
    return [bar.count for bar in histogram(ask, dict(enumerate(said)))]


def test_options_are_counted_in_their_order():
    bars = histogram(WHICH, {1: "that", 2: "this", 3: "that"})
    assert [(bar.name, bar.count) for bar in bars] == [("this", 1), ("that", 2), ("other", 0)]


def test_numbers_are_counted_in_ten_parts_of_the_scale():
    assert counts(Number(0, 20, 0, 1), 0, 1.99, 2, 20, 19) == [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    bars = histogram(Number(0, 20, 0, 1), {})
    assert [(bar.low, bar.high) for bar in bars][:2] == [(0, 2), (2, 4)]


def test_parts_of_a_logarithmic_scale_are_equal_factors():
    ask = Number(1e-5, 1e5, 2, 4, log=True)
    bars = histogram(ask, {1: 5e-5})
    assert [bar.high / bar.low for bar in bars] == pytest.approx([10] * 10)
    assert bars[0].count == 1


def test_orders_are_counted_the_most_frequent_first():
    bars = histogram(Order(("a", "b")), {1: ("b", "a"), 2: ("a", "b"), 3: ("b", "a")})
    assert [(bar.name, bar.count) for bar in bars] == [("b → a", 2), ("a → b", 1)]


def test_curves_have_a_middle_and_no_histogram():
    ask = Curve(x="x", y="y", first="1", last="3", low=0, high=1, points=3)
    drawn = {1: (0.0, 0.5, 1.0), 2: (0.2, 0.5, 0.0), 3: (1.0, 0.5, 0.9)}
    assert middle(drawn).tolist() == [0.2, 0.5, 0.9]
    assert middle({}).tolist() == []
    assert histogram(ask, drawn) == histogram(OwnWords(), {1: "so"}) == []


def test_who_voted_twice_has_stayed_or_changed():
    first = {1: "this", 2: "that", 3: "that", 4: "this", 5: "other"}
    second = {1: "that", 2: "that", 3: "this", 4: "other", 6: "that"}
    question = own("Which?", WHICH, "that")
    assert change(question, [first, second]) == Change(both=4, to_right=1, from_right=1, stayed_right=1)
    assert (rights(question, first), rights(question, second)) == (2, 3)
    assert rights(own("Which?", WHICH), first) == 0         # nothing is right or wrong


def test_what_another_seed_could_have_given_is_right_in_a_class_as_in_the_course():
    lesson, name, seen = next(
        (lesson, name, seen) for lesson, cards in measured().items() for name, seen in cards.items()
        if isinstance(card := LESSONS[lesson].card(name), Predict) and isinstance(card.ask, Number))
    question = of_card(lesson, name).closed().shown(min(seen))
    assert rights(question, {1: max(seen), 2: min(seen)}) == 2
