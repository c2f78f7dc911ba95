"""What a card may ask, which answers it takes, and how far an answer is from what came."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeGuard

import numpy as np

from lstm_core.errors import Refusal, unknown

Verdict = Literal["right", "close", "off"]

LONGEST_ANSWER = 2000       # characters of an answer in own words
LONGEST_SHOWN = 80          # of one that is refused
TYPED = 5                   # numbers that stand for a curve where nothing can be drawn


@dataclass(frozen=True)
class Judgement:
    """How an answer compares with what came."""

    verdict: Verdict
    distance: float = 0.0           # in the unit of the ask; of a number on a logarithmic scale the factor between both


@dataclass(frozen=True)
class Choice:
    """One of several sentences; the words of the card have one for each."""

    options: tuple[str, ...]

    def checked(self, raw: object) -> str:
        """Return the answer.

        Raises:
            Refusal: it is none of the options.
        """
        if raw is None or raw == "":
            raise Refusal("Choose one of the answers first.")
        if raw not in self.options:
            raise unknown("answer", str(raw)[:LONGEST_SHOWN], self.options)
        return str(raw)

    def judge(self, answer: str, truth: str) -> Judgement:
        """Hold the answer against the option that is true."""
        return Judgement("right" if answer == truth else "off")


@dataclass(frozen=True)
class Number:
    """A number on a scale.

    On a logarithmic scale ``within`` and ``near`` are factors (2: at most twice or half as much), else differences.
    """

    low: float
    high: float
    within: float                   # an answer so close is right,
    near: float                     # and one so close nearly
    unit: str = ""                  # English, N_()
    form: str = "g"                 # of the number, as for format()
    log: bool = False
    whole: bool = False

    def checked(self, raw: object) -> float:
        """Return the answer.

        Raises:
            Refusal: it is no number, or lies beyond the scale.
        """
        if not is_number(raw):
            raise Refusal("Give a number from {low:.10g} to {high:.10g} first.", low=self.low, high=self.high)
        if not self.low <= raw <= self.high:
            raise Refusal("The scale goes from {low:.10g} to {high:.10g}; {value:.10g} lies beyond it.",
                          low=self.low, high=self.high, value=raw)
        return int(raw) if self.whole else float(raw)

    def place(self, value: float) -> float:
        """Return where a number lies on the scale: 0 at its low end, 1 at its high end."""
        low, high, known = self.low, self.high, min(max(value, self.low), self.high)
        if self.log:
            low, high, known = math.log(low), math.log(high), math.log(known)
        return (known - low) / (high - low)

    def judge(self, answer: float, truth: float) -> Judgement:
        """Hold the answer against the number that came."""
        if self.log:
            if answer <= 0 or truth <= 0:
                return Judgement("right" if answer == truth else "off", math.inf)
            distance = max(answer / truth, truth / answer)
        else:
            distance = abs(answer - truth)
        return Judgement(_verdict(distance, self.within, self.near), distance)


@dataclass(frozen=True)
class Order:
    """Some things to be put in an order; the words of the card have a name for each."""

    items: tuple[str, ...]

    def checked(self, raw: object) -> tuple[str, ...]:
        """Return the answer.

        Raises:
            Refusal: it does not have each of the things once.
        """
        given = tuple(raw) if isinstance(raw, list | tuple) else ()
        if sorted(map(str, given)) != sorted(self.items):
            raise Refusal("Put all {count} in an order first; {given} have a place so far.", count=len(self.items),
                          given=sum(item in given for item in self.items))
        return tuple(map(str, given))

    def judge(self, answer: Sequence[str], truth: Sequence[str]) -> Judgement:
        """Hold the answer against the order that came; the distance is how many pairs stand the other way round."""
        place = {item: number for number, item in enumerate(truth)}
        places = [place[item] for item in answer]
        swapped = sum(first > second for at, first in enumerate(places) for second in places[at + 1:])
        return Judgement(_verdict(swapped, 0, 1), swapped)


@dataclass(frozen=True)
class Curve:
    """A curve to be drawn: ``points`` values from left to right, each from low to high.

    ``within`` and ``near`` are mean distances as a share of the height of the box.
    """

    x: str                          # what goes along, English, N_()
    y: str                          # what goes up, with its unit
    first: str                      # what the first and the last point are called, English, N_(), or a number
    last: str
    low: float
    high: float
    points: int = 33
    log: bool = False               # heights are powers of ten apart
    within: float = 0.08
    near: float = 0.2
    form: str = ".2g"

    def checked(self, raw: object) -> tuple[float, ...]:
        """Return the answer, gaps filled in a straight line and the ends level.

        Raises:
            Refusal: there are fewer than two different points, or they are no numbers in the box.
        """
        given = list(raw) if isinstance(raw, list | tuple) else []
        drawn = [(place, value) for place, value in enumerate(given) if value is not None]
        if not all(is_number(value) for _place, value in drawn) or len(given) not in (0, self.points):
            raise Refusal("This is no curve of {points} numbers.", points=self.points)
        if len(drawn) < 2:
            raise Refusal("Draw the curve from left to right first, or type its five numbers: {given} of its {points} "
                          "points are there.", given=len(drawn), points=self.points)
        outside = next((value for _place, value in drawn if not self.low <= value <= self.high), None)
        if outside is not None:
            raise Refusal("The box goes from {low:.10g} to {high:.10g}; {value:.10g} lies beyond it.", low=self.low,
                          high=self.high, value=outside)
        places, values = zip(*drawn, strict=True)
        return tuple(float(value) for value in np.interp(np.arange(self.points), places, values))

    def judge(self, answer: Sequence[float], truth: Sequence[float]) -> Judgement:
        """Hold the answer against the curve that came: its mean distance, as a share of the height of the box."""
        drawn, came = self._heights(answer), self._heights(truth)
        known = np.isfinite(came)
        distance = float(np.abs(drawn - came)[known].mean()) if known.any() else math.inf
        return Judgement(_verdict(distance, self.within, self.near), distance)

    def resampled(self, values: Any) -> tuple[float, ...]:
        """Return a curve of any length (n,) at the points of this one, kept within the box."""
        known = np.asarray(values, dtype=np.float64)
        at = np.linspace(0, len(known) - 1, self.points)
        return tuple(np.clip(np.interp(at, np.arange(len(known)), known), self.low, self.high).tolist())

    def _heights(self, values: Sequence[float]) -> np.ndarray:
        """Return the height of each value as a share of the box."""
        low, high, clipped = self.low, self.high, np.clip(np.asarray(values, dtype=np.float64), self.low, self.high)
        if self.log:
            low, high, clipped = math.log(low), math.log(high), np.log(clipped)
        heights: np.ndarray = (clipped - low) / (high - low)
        return heights


@dataclass(frozen=True)
class OwnWords:
    """A sentence or two in one's own words; nobody judges them: ours stand beside them."""

    def checked(self, raw: object) -> str:
        """Return the answer.

        Raises:
            Refusal: it is empty or too long.
        """
        text = raw.strip() if isinstance(raw, str) else ""
        if not text:
            raise Refusal("Write a sentence of your own first: it need not be right.")
        if len(text) > LONGEST_ANSWER:
            raise Refusal("At most {limit:,} characters can be kept; these are {given:,}.", limit=LONGEST_ANSWER,
                          given=len(text))
        return text

    def judge(self, answer: str, truth: object) -> Judgement:  # noqa: ARG002
        """Take any words as they are."""
        return Judgement("right")


Ask = Choice | Number | Order | Curve | OwnWords


def is_number(raw: object) -> TypeGuard[int | float]:
    """Tell whether something that came as JSON is a number that can be reckoned with."""
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return False
    try:
        return math.isfinite(raw)
    except OverflowError:               # a whole number of hundreds of digits
        return False


def _verdict(distance: float, within: float, near: float) -> Verdict:
    return "right" if distance <= within else "close" if distance <= near else "off"
