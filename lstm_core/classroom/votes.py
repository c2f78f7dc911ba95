"""What a class has answered, counted: one vote beside the other, and how many changed their mind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_core.classroom.questions import Question
from lstm_core.lessons.asks import Ask, Choice, Number, Order

BINS = 10               # bars of a number on a scale

Answers = Mapping[int, Any]
"""Checked answers, by the number of the learner."""


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram."""

    name: str                       # of an option; empty: a part of a scale
    low: float                      # ends of that part
    high: float
    count: int


def histogram(ask: Ask, answers: Answers) -> list[Bar]:
    """Return how often each answer was given: options and orders in their order, numbers in ten parts of the scale.

    Curves and own words have none.
    """
    said = list(answers.values())
    match ask:
        case Choice(options):
            counted = Counter(said)
            return [Bar(option, 0, 0, counted[option]) for option in options]
        case Number():
            places = [min(int(ask.place(value) * BINS), BINS - 1) for value in said]
            return [Bar("", *_part(ask, at), places.count(at)) for at in range(BINS)]
        case Order():
            return [Bar(" → ".join(order), 0, 0, count) for order, count in Counter(said).most_common()]
    return []


def middle(answers: Answers) -> np.ndarray:
    """Return the curve that has half of the drawn ones above it at each point, (points,); of none an empty one."""
    drawn = np.array(list(answers.values()), dtype=np.float64)
    return np.median(drawn, axis=0) if len(drawn) else np.empty(0)


@dataclass(frozen=True)
class Change:
    """How those who voted twice have changed."""

    both: int                       # who voted twice
    to_right: int                   # from an answer that was not right to one that is
    from_right: int
    stayed_right: int


def change(question: Question, votes: Sequence[Answers]) -> Change:
    """Return how the answers to a question changed from its first vote to its second.

    Args:
        question: what was asked; what is right is known.
        votes: answers of the first and of the second vote, by learner.
    """
    first, second = votes
    both = [(_right(question, first[who]), _right(question, second[who])) for who in first.keys() & second.keys()]
    return Change(len(both), both.count((False, True)), both.count((True, False)), both.count((True, True)))


def rights(question: Question, answers: Answers) -> int:
    """Return how many answers are right."""
    return sum(_right(question, answer) for answer in answers.values())


def _right(question: Question, answer: Any) -> bool:
    judged = question.judge(answer)
    return judged is not None and judged.verdict == "right"


def _part(ask: Number, at: int) -> tuple[float, float]:
    """Return the ends of the n-th part of a scale, from 0."""
    shares = (at / BINS, (at + 1) / BINS)
    if ask.log:
        low, high = (float(ask.low * (ask.high / ask.low) ** share) for share in shares)
    else:
        low, high = (ask.low + share * (ask.high - ask.low) for share in shares)
    return low, high
