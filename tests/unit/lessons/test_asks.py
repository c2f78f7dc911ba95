"""What each ask takes, what it refuses in a sentence, and how it judges."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from lstm_core.errors import Refusal
from lstm_core.lessons.asks import LONGEST_ANSWER, Ask, Choice, Curve, Number, Order, OwnWords, Verdict
from tests.unit.hostile_corpus import STRANGE

CHOICE = Choice(("forgets", "keeps", "same"))
NUMBER = Number(-2, 2, within=0.05, near=0.15)
WHOLE = Number(0, 200, within=0, near=5, form=".0f", whole=True)
FACTOR = Number(1e-8, 1, within=3, near=30, log=True)
ORDER = Order(("answer", "lower", "upper", "enters"))
CURVE = Curve(x="step", y="share", first="0", last="4", low=0.0, high=10.0, points=5)
POWERS = Curve(x="step", y="share", first="0", last="4", low=1e-4, high=1.0, points=5, log=True)
OWN = OwnWords()

STRANGERS: list[Any] = [*STRANGE, None, True, False, 0, -1, 2.5, math.nan, math.inf, -math.inf, b"keeps", [], {}, (),
                        [None], ["keeps"], {"keeps": 1}, [math.nan] * 5, [True] * 5, ["1"] * 5, object()]
ASKS = [CHOICE, NUMBER, WHOLE, FACTOR, ORDER, CURVE, POWERS, OWN]


def refused(ask: Ask, raw: object) -> str:
    """Return the sentence with which an answer is refused."""
    with pytest.raises(Refusal) as refusal:
        ask.checked(raw)
    return str(refusal.value)


@pytest.mark.parametrize("ask", ASKS, ids=lambda ask: str(ask)[:20])
def test_whatever_comes_is_taken_as_it_should_be_or_refused_in_a_sentence(ask: Ask) -> None:
    """What is taken is taken once more as it stands: it has the form in which it is kept."""
    taken = []
    for raw in STRANGERS:
        try:
            known = ask.checked(raw)
        except Refusal as refusal:
            told = str(refusal)
        else:
            assert ask.checked(known) == known
            assert ask.judge(known, known).verdict == "right"
            taken.append(raw)
            continue
        assert re.fullmatch(r"\S(?s:.*)\.", told), told
    assert all(not isinstance(raw, bool | list | tuple | dict | bytes | None) for raw in taken)
    wanted = {Number: int | float, OwnWords: str}.get(type(ask))
    assert bool(taken) == (wanted is not None and ask != FACTOR)
    assert all(isinstance(raw, wanted) for raw in taken if wanted is not None)


@pytest.mark.parametrize("raw", [
    10**400, -10**400, [10**400] * 5, [[]], [{}], [["a"], {}]], ids=lambda raw: str(raw)[:9])
def test_what_python_cannot_even_compare_is_refused(raw: object) -> None:
    for ask in ASKS:
        assert refused(ask, raw).endswith(".")


# -- a choice -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("option", CHOICE.options)
def test_each_option_is_taken_as_it_is(option: str) -> None:
    assert CHOICE.checked(option) == option


@pytest.mark.parametrize("raw", [None, ""])
def test_no_choice_is_refused_as_none(raw: object) -> None:
    assert refused(CHOICE, raw) == "Choose one of the answers first."


def test_a_choice_that_is_none_is_named_with_those_that_there_are() -> None:
    assert refused(CHOICE, "keep") == (
        "answer 'keep' is not known. Did you mean 'keeps'? Allowed: forgets, keeps, same.")


def test_a_choice_is_right_or_off() -> None:
    assert CHOICE.judge("keeps", "keeps").verdict == "right"
    assert CHOICE.judge("same", "keeps").verdict == "off"


# -- a number -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [-2, 2, 0, -1.25])
def test_a_number_of_the_scale_is_taken_its_ends_as_well(raw: float) -> None:
    known = NUMBER.checked(raw)
    assert known == raw
    assert type(known) is float


def test_a_whole_number_is_kept_as_one() -> None:
    known = WHOLE.checked(27.0)
    assert known == 27
    assert type(known) is int


@pytest.mark.parametrize("raw", [None, "1", True, math.nan, math.inf, -math.inf, [1.0]])
def test_what_is_no_number_is_asked_for_with_its_scale(raw: object) -> None:
    assert refused(NUMBER, raw) == "Give a number from -2 to 2 first."


@pytest.mark.parametrize(("raw", "told"), [
    (2.01, "2.01"), (-3, "-3"), (-3.0, "-3"), (100001, "100001"), (100001.0, "100001"), (1e300, "1e+300")])
def test_a_number_beyond_the_scale_is_told_as_it_was_typed(raw: float, told: str) -> None:
    assert refused(NUMBER, raw) == f"The scale goes from -2 to 2; {told} lies beyond it."


@pytest.mark.parametrize(("raw", "told"), [(1_234_567, "1234567"), (2_000_000.0, "2000000"), (1234.5678, "1234.5678")])
def test_a_long_number_beyond_the_scale_keeps_its_digits(raw: float, told: str) -> None:
    assert f"; {told} lies beyond it." in refused(NUMBER, raw).replace(",", "")


def test_the_ends_of_a_large_scale_are_written_out() -> None:
    large = Number(100, 1_000_000, within=2, near=3, form=",.0f", log=True, whole=True)
    assert "1e+06" not in refused(large, None)
    assert "1e+06" not in refused(large, 1)


@pytest.mark.parametrize(("answer", "verdict"), [
    (0.5, "right"), (0.54, "right"), (0.46, "right"), (0.56, "close"), (0.64, "close"), (0.66, "off"), (-0.5, "off")])
def test_a_number_is_judged_by_its_difference(answer: float, verdict: Verdict) -> None:
    judged = NUMBER.judge(answer, 0.5)
    assert judged.verdict == verdict
    assert judged.distance == pytest.approx(abs(answer - 0.5))


@pytest.mark.parametrize(("answer", "verdict"), [
    (1e-4, "right"), (2.9e-4, "right"), (1e-4 / 2.9, "right"), (3.1e-4, "close"), (1e-4 / 29, "close"), (3.1e-3, "off"),
    (1e-4 / 31, "off")])
def test_on_a_logarithmic_scale_it_is_judged_by_the_factor(answer: float, verdict: Verdict) -> None:
    judged = FACTOR.judge(answer, 1e-4)
    assert judged.verdict == verdict
    assert judged.distance == pytest.approx(max(answer / 1e-4, 1e-4 / answer))


@pytest.mark.parametrize(("answer", "truth", "verdict"), [
    (0.0, 0.5, "off"), (0.5, 0.0, "off"), (0.5, -1.0, "off"), (0.0, 0.0, "right")])
def test_there_what_has_no_logarithm_is_only_like_itself(answer: float, truth: float, verdict: Verdict) -> None:
    judged = FACTOR.judge(answer, truth)
    assert judged.verdict == verdict
    assert judged.distance == math.inf


@pytest.mark.parametrize(("ask", "value", "place"), [
    (NUMBER, -2, 0.0), (NUMBER, 2, 1.0), (NUMBER, 1, 0.75), (NUMBER, 9, 1.0), (NUMBER, -9, 0.0),
    (FACTOR, 1e-8, 0.0), (FACTOR, 1e-4, 0.5), (FACTOR, 1.0, 1.0), (FACTOR, 0.0, 0.0), (FACTOR, 7.0, 1.0)])
def test_a_number_has_its_place_on_the_scale(ask: Number, value: float, place: float) -> None:
    assert ask.place(value) == pytest.approx(place)


# -- an order -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [list, tuple])
def test_an_order_of_all_things_is_taken(kind: type) -> None:
    given = ("enters", "lower", "upper", "answer")
    assert ORDER.checked(kind(given)) == given


@pytest.mark.parametrize(("raw", "given"), [
    (None, 0), ([], 0), (["lower"], 1), (["lower", "upper", "enters"], 3), (["lower"] * 4, 1),
    ([*ORDER.items, "lower"], 4), (["lower", "upper", "enters", "else"], 3), ("lower", 0)])
def test_an_order_that_lacks_something_says_how_much_has_a_place(raw: object, given: int) -> None:
    assert refused(ORDER, raw) == f"Put all 4 in an order first; {given} have a place so far."


@pytest.mark.parametrize(("answer", "swapped", "verdict"), [
    ("abcd", 0, "right"), ("bacd", 1, "close"), ("acbd", 1, "close"), ("badc", 2, "off"), ("cabd", 2, "off"),
    ("dcba", 6, "off")])
def test_an_order_is_judged_by_the_pairs_that_stand_the_other_way_round(
        answer: str, swapped: int, verdict: Verdict) -> None:
    judged = Order(tuple("dcba")).judge(tuple(answer), tuple("abcd"))
    assert (judged.distance, judged.verdict) == (swapped, verdict)


# -- a curve ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("raw", "taken"), [
    ([0, 1, 2, 3, 4], (0, 1, 2, 3, 4)), ([10.0, None, None, None, 0.0], (10, 7.5, 5, 2.5, 0)),
    ([None, 4, None, 2, None], (4, 4, 3, 2, 2))])
def test_a_curve_is_taken_with_its_gaps_straight_and_its_ends_level(
        raw: list[float | None], taken: tuple[float, ...]) -> None:
    known = CURVE.checked(raw)
    assert known == pytest.approx(taken)
    assert all(type(value) is float for value in known)
    assert CURVE.checked(tuple(raw)) == known


@pytest.mark.parametrize(("raw", "given"), [
    (None, 0), ([], 0), ("0,1,2,3,4", 0), ([None] * 5, 0), ([3, None, None, None, None], 1)])
def test_a_drawing_of_one_point_is_no_curve(raw: object, given: int) -> None:
    assert refused(CURVE, raw) == ("Draw the curve from left to right first, or type its five numbers: "
                                   f"{given} of its 5 points are there.")


@pytest.mark.parametrize("raw", [
    [0, 1, 2, 3], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3, "4"], [0, 1, 2, 3, True], [0, 1, 2, 3, math.nan],
    [0, 1, 2, 3, math.inf], [0, 1, 2, 3, [4]]])
def test_what_are_not_its_numbers_is_no_curve(raw: object) -> None:
    assert refused(CURVE, raw) == "This is no curve of 5 numbers."


@pytest.mark.parametrize(("value", "told"), [(10.5, "10.5"), (-1, "-1"), (100001, "100001"), (100001.0, "100001")])
def test_the_first_value_beyond_the_box_is_told_as_it_was_typed(value: float, told: str) -> None:
    assert refused(CURVE, [0, value, 1, 99, 1]) == f"The box goes from 0 to 10; {told} lies beyond it."


@pytest.mark.parametrize(("above", "verdict"), [
    (0, "right"), (0.8, "right"), (0.9, "close"), (2, "close"), (2.1, "off")])
def test_a_curve_is_judged_by_its_mean_distance_in_heights_of_the_box(above: float, verdict: Verdict) -> None:
    truth = (1.0, 2.0, 3.0, 4.0, 5.0)
    judged = CURVE.judge([value + above for value in truth], truth)
    assert judged.distance == pytest.approx(above / 10)
    assert judged.verdict == verdict


def test_on_a_logarithmic_scale_heights_are_powers_of_ten() -> None:
    assert POWERS.judge([1e-4] * 5, [1e-3] * 5).distance == pytest.approx(0.25)
    assert POWERS.judge([1e-1] * 5, [1.0] * 5).distance == pytest.approx(0.25)


def test_what_came_beyond_the_box_counts_as_its_edge() -> None:
    assert CURVE.judge([10.0] * 5, [1000.0] * 5).distance == 0
    assert POWERS.judge([1e-4] * 5, [0.0] * 5).distance == 0


@pytest.mark.parametrize(("truth", "distance"), [
    ([math.nan, 1, 1, 1, 1], 0.1), ([math.nan] * 4 + [2], 0.0), ([math.nan] * 5, math.inf)])
def test_where_nothing_came_nothing_is_judged(truth: Sequence[float], distance: float) -> None:
    assert CURVE.judge([2.0] * 5, truth).distance == pytest.approx(distance)


@pytest.mark.parametrize(("values", "points"), [
    ([0, 4], (0, 1, 2, 3, 4)), ([3], (3, 3, 3, 3, 3)), ([0, 1, 2, 3, 4], (0, 1, 2, 3, 4)),
    (range(9), (0, 2, 4, 6, 8)), ([-5, 20], (0, 1.25, 7.5, 10, 10))])
def test_a_curve_of_any_length_is_told_at_its_points_within_the_box(
        values: Sequence[float], points: tuple[float, ...]) -> None:
    told = CURVE.resampled(values)
    assert told == pytest.approx(points)
    assert CURVE.checked(told) == told


def test_numbers_that_are_none_stay_none_when_a_curve_is_resampled() -> None:
    told = CURVE.resampled(np.array([np.nan, 1, 2, 3, 4], dtype=np.float32))
    assert np.isnan(told[0])
    assert told[1:] == (1, 2, 3, 4)
    assert CURVE.judge([1, 1, 2, 3, 4], told).verdict == "right"


# -- own words ----------------------------------------------------------------------------------------------


def test_own_words_are_taken_without_what_surrounds_them() -> None:
    assert OWN.checked(" It keeps\nit. \n") == "It keeps\nit."
    assert OWN.judge("anything", None).verdict == "right"


@pytest.mark.parametrize("raw", [None, "", " \n\t", 3, ["It"]])
def test_no_words_are_asked_for(raw: object) -> None:
    assert refused(OWN, raw) == "Write a sentence of your own first: it need not be right."


def test_words_have_a_longest() -> None:
    assert OWN.checked("x" * LONGEST_ANSWER) == "x" * LONGEST_ANSWER
    assert refused(OWN, "x" * (LONGEST_ANSWER + 1)) == "At most 2,000 characters can be kept; these are 2,001."
