"""What another seed could have given: what counts as right then, and which run came out otherwise than most."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from lstm_core.lessons import chance
from lstm_core.lessons.asks import Ask, Choice, Curve, Number, Order, Verdict
from lstm_core.lessons.cards import Lesson, Predict, Transfer, always
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.measuring import by_chance, truths

NUMBER = Number(0, 100, within=2, near=5)
CHOICE = Choice(("grows", "same", "stops"))
CURVE = Curve(x="", y="", first="0", last="2", low=0.0, high=10.0, points=3)
ORDER = Order(("a", "b"))

SEEN: dict[str, list[Any]] = {
    "number": [40.0 + seed for seed in range(20)],                          # 40 to 59
    "choice": ["grows"] * 11 + ["same"] * 9,
    "curve": [[5.0, 5.0, 4.0 + 0.1 * seed] for seed in range(20)],          # to 5.9, the median at 4.95
    "order": [["a", "b"]] * 20}


def card(name: str, ask: Ask) -> Predict:
    return Predict(name=name, ask=ask, truth=always(None), chance=True)


CARDS = {name: card(name, ask) for name, ask in (
    ("number", NUMBER), ("choice", CHOICE), ("curve", CURVE), ("order", ORDER), ("unmeasured", NUMBER))}
LESSON = Lesson(name="dice", number=1, cards=tuple(CARDS.values()))


@pytest.fixture(autouse=True)
def _measured(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "as_it_is" not in request.fixturenames:
        monkeypatch.setattr(chance, "measured", lambda: {"dice": SEEN})


@pytest.fixture
def as_it_is() -> dict[str, dict[str, list[Any]]]:
    """Return what was measured of the lessons of the course."""
    return chance.measured()


# -- judging ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "truth", "verdict"), [
    (42, 41, "right"), (58, 41, "right"), (40, 59, "right"), (59, 40, "right"), (38, 41, "close"), (39.5, 55, "off"),
    (61, 59, "right"), (63, 59, "close"), (70, 59, "off")])
def test_a_number_that_another_seed_could_have_given_is_right_as_well(
        answer: float, truth: float, verdict: Verdict) -> None:
    judged = chance.judge(LESSON, CARDS["number"], answer, truth)
    assert judged.verdict == verdict
    assert judged.distance == abs(answer - truth)


@pytest.mark.parametrize(("answer", "verdict"), [
    ((5.0, 5.0, 5.9), "right"), ((6.0, 5.0, 5.0), "right"), ((7.5, 5.0, 5.0), "close"), ((0.0, 10.0, 0.0), "off")])
def test_a_curve_no_farther_from_what_came_than_those_of_other_seeds_is_right(
        answer: tuple[float, ...], verdict: Verdict) -> None:
    """With other seeds the last value lies up to 4.1 away: a mean distance of 0.137 of the box."""
    assert chance.judge(LESSON, CARDS["curve"], answer, (5.0, 5.0, 8.1)).verdict == verdict


def test_where_nothing_was_measured_only_ones_own_run_counts() -> None:
    assert chance.judge(LESSON, CARDS["unmeasured"], 58, 41).verdict == "off"
    assert chance.judge(Lesson(name="other", number=2, cards=()), CARDS["number"], 58, 41).verdict == "off"


@pytest.mark.parametrize(("name", "answer", "truth"), [
    ("choice", "same", "grows"), ("order", ("a", "b"), ("b", "a")), ("curve", (0.0, 0.0, 0.0), (9.0, 9.0, 9.0))])
def test_other_answers_are_judged_by_ones_own_run(name: str, answer: Any, truth: Any) -> None:
    found = CARDS[name]
    assert chance.judge(LESSON, found, answer, truth) == found.ask.judge(answer, truth)
    assert chance.judge(LESSON, found, truth, truth).verdict == "right"


# -- runs that came out otherwise ---------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "truth"), [
    ("number", 40.0), ("number", 59.0), ("number", 50), ("choice", "grows"), ("order", ("b", "a")),
    ("unmeasured", 99.0), ("curve", (5.0, 5.0, 4.95)), ("curve", (5.0, 5.0, 4.05)), ("curve", (5.0, 5.0, 5.85))])
def test_a_run_like_others_is_not_spoken_of(name: str, truth: Any) -> None:
    assert chance.unusual("dice", name, CARDS[name].ask, truth) is None
    assert chance.unusual("other", name, CARDS[name].ask, truth) is None


@pytest.mark.parametrize(("truth", "seen", "unusual"), [
    ("same", ["grows"] * 10 + ["same"] * 10, False), ("same", SEEN["choice"], True), ("stops", SEEN["choice"], True)])
def test_an_option_that_fewer_than_half_have_is_spoken_of(
        truth: str, seen: list[str], unusual: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance, "measured", lambda: {"dice": {"choice": seen}})
    told = chance.unusual("dice", "choice", CHOICE, truth)
    assert (told is not None) is unusual
    if told is not None:
        assert str(told) == (
            f"Your run came out otherwise than most: of 20 runs with other seeds {Counter(seen)[truth]} came out like "
            "it. One run is one throw of the dice.")


@pytest.mark.parametrize("truth", [39.9, 59.1, 0.0])
def test_a_number_beyond_all_others_is_spoken_of_with_their_range(truth: float) -> None:
    assert str(chance.unusual("dice", "number", NUMBER, truth)) == (
        "Your run came out otherwise than 20 others with the same settings and other seeds: those lie between 40 and "
        "59. One run is one throw of the dice.")


@pytest.mark.parametrize("truth", [(5.0, 5.0, 6.1), (5.0, 5.0, 3.8), (4.0, 5.0, 4.95)])
def test_a_curve_farther_from_the_middle_than_all_others_is_spoken_of(truth: tuple[float, ...]) -> None:
    assert str(chance.unusual("dice", "curve", CURVE, truth)) == (
        "Your run came out otherwise than 20 others with the same settings and other seeds. "
        "One run is one throw of the dice.")


# -- what is measured ---------------------------------------------------------------------------------------


def test_what_chance_decides_are_predictions_and_transfers_that_say_so() -> None:
    assert by_chance(LESSON) == CARDS
    quiet = Lesson(name="quiet", number=1, cards=(Predict(name="a", ask=NUMBER, truth=always(1)), Transfer(
        name="b", ask=NUMBER, truth=always(1))))
    assert by_chance(quiet) == {}


def test_what_was_measured_can_be_measured_again() -> None:
    """The quickest lesson that has such a card: another seed gives other values, and they can be kept as JSON."""
    first, second = truths("letters", 0), truths("letters", 1)
    (ask,) = {name: found.ask for name, found in by_chance(LESSONS["letters"]).items()}.values()
    assert set(first) == set(second) == set(by_chance(LESSONS["letters"])) == {"temperature"}
    assert first != second
    for found in (first, second):
        assert list(ask.checked(found["temperature"])) == found["temperature"]
        assert all(float(f"{value:.5g}") == value for value in found["temperature"])


def test_what_was_measured_fits_the_cards(as_it_is: dict[str, dict[str, list[Any]]]) -> None:
    if not chance.FILE.exists():
        pytest.skip("nothing is measured yet")
    wanted = {name: set(by_chance(lesson)) for name, lesson in LESSONS.items() if by_chance(lesson)}
    assert {name: set(cards) for name, cards in as_it_is.items()} == wanted
    for name, cards in as_it_is.items():
        for found, seen in cards.items():
            ask = by_chance(LESSONS[name])[found].ask
            assert len(seen) == chance.SEEDS, (name, found)
            for truth in seen:
                assert np.all(np.asarray(ask.checked(truth)) == np.asarray(truth)), (name, found, truth)
