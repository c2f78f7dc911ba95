"""The rules of the memory tasks that ask one question at the end: adding, temporal order, recall.

Adding and temporal order are experiments 4 and 6a of Hochreiter & Schmidhuber 1997, "Long short-term memory". There T
is 100, 500 or 1000; here it is any distance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lstm_core.data.tasks import scoring
from lstm_core.data.tasks.random_draws import uniform, whole
from lstm_core.spec import Adding, Order, Recall
from lstm_core.spec.io import IGNORED

VALIDATION, TEST = 2**40, 2**41
"""Numbers of the first validation and the first test sequence; training begins at 0 and never comes so far."""


@dataclass(frozen=True, eq=False)
class Made:
    """Sequences, padded at their end to the S steps of the longest."""

    x: np.ndarray                   # (n, S, F) float32, or (n, S) int64 symbols
    y: np.ndarray                   # (n,) float32 or int64 classes; at every step (n, S) int64 with IGNORED
    lengths: np.ndarray             # (n,) int64
    permitted: np.ndarray | None = None     # (n, S, K) bool: the symbols that may come next, none in the padding


@dataclass(frozen=True, eq=False, kw_only=True)
class Task:
    """A rule by which sequences are made and judged."""

    features: tuple[str, ...]
    target: str
    steps: int                      # of the longest sequence
    make: Callable[[np.ndarray], Made]                          # the sequences with these numbers (n,)
    right: Callable[[Made, np.ndarray], np.ndarray]             # the sequences (n,) that outputs (n, ...) get right
    alphabet: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    held_back: tuple[int, int] | None = None    # validation and test sequences that there are; None: as many as wanted


def longest(distance: int) -> int:
    """Return the steps of the longest sequence whose shortest has so many: T + T/10."""
    return distance + distance // 10


# -- adding ------------------------------------------------------------------------------------------------

MARKED, EDGE = 1.0, -1.0        # second number of a pair: to be added; the first and the last pair
FIRST = 10                      # the first of the two lies among so many pairs
MIDDLE = 0.5                    # the target where the two numbers add up to 0


def adding(spec: Adding) -> Task:
    """Return the adding problem.

    A sequence of T to 1.1 T pairs: a number uniform from -1 to 1, and a marker. One of the first ten pairs and one of
    the first T/2 - 1 others are marked with 1, the first and the last pair with -1, the rest with 0. The target is
    0.5 + (X1 + X2) / 4. Where the first pair is chosen it keeps its -1, and its number counts as 0.
    """
    shortest, half = spec.distance, spec.distance // 2

    def make(numbers: np.ndarray) -> Made:
        drawn = uniform(spec.split_seed, numbers, 3 + longest(shortest))
        lengths = whole(drawn[:, 0], shortest, longest(shortest))
        one, other = whole(drawn[:, 1], 0, FIRST - 1), whole(drawn[:, 2], 0, half - 2)
        other += other >= one                                   # among those that are not yet marked
        rows, steps = np.arange(len(drawn)), int(lengths.max(initial=0))
        x = np.zeros((len(drawn), steps, 2), dtype=np.float32)
        x[:, :, 0] = 2 * drawn[:, 3:3 + steps] - 1
        x[np.arange(steps) >= lengths[:, np.newaxis]] = 0
        x[rows, one, 1] = x[rows, other, 1] = MARKED
        x[:, 0, 1] = x[rows, lengths - 1, 1] = EDGE
        added = [np.where(chosen > 0, x[rows, chosen, 0], np.float32(0)) for chosen in (one, other)]
        return Made(x, MIDDLE + (added[0] + added[1]) / 4, lengths)

    return Task(features=("number", "marker"), target="sum", steps=longest(shortest),
                make=make, right=lambda made, predicted: scoring.near(predicted, made.y))


# -- temporal order ----------------------------------------------------------------------------------------

NOISE = ("a", "b", "c", "d")
ORDER = ("E", *NOISE, "X", "Y", "B")
X, B = ORDER.index("X"), ORDER.index("B")
PAIRS = ("XX", "XY", "YX", "YY")        # Q, R, S, U of the paper


def order(spec: Order) -> Task:
    """Return the temporal order problem with two signs.

    T to 1.1 T symbols: E at the beginning, B at the end, noise between; at a step from T/10 to T/5 and at one from T/2
    to 6 T/10 (E is step 0) stands X or Y instead. The class is which came first and which second.
    """
    shortest = spec.distance

    def make(numbers: np.ndarray) -> Made:
        drawn = uniform(spec.split_seed, numbers, 5 + longest(shortest))
        lengths = whole(drawn[:, 0], shortest, longest(shortest))
        rows, steps = np.arange(len(drawn)), int(lengths.max(initial=0))
        x = whole(drawn[:, 5:5 + steps], 1, len(NOISE))
        first, second = whole(drawn[:, 3], 0, 1), whole(drawn[:, 4], 0, 1)
        x[rows, whole(drawn[:, 1], shortest // 10, shortest // 5)] = X + first
        x[rows, whole(drawn[:, 2], shortest // 2, shortest * 6 // 10)] = X + second
        x[:, 0] = 0
        x[rows, lengths - 1] = B
        x[np.arange(steps) >= lengths[:, np.newaxis]] = 0
        return Made(x, 2 * first + second, lengths)

    return Task(features=("symbol",), target="class", steps=longest(shortest), make=make,
                right=lambda made, scores: scoring.named(scores, made.y), alphabet=ORDER, labels=PAIRS)


# -- recall ------------------------------------------------------------------------------------------------

LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H")
RECALL = (*LETTERS, *NOISE, "?")


def recall(spec: Recall) -> Task:
    """Return the recall of a letter: one of eight, then T to 1.1 T symbols of noise, then a question mark."""
    shortest = spec.distance

    def make(numbers: np.ndarray) -> Made:
        drawn = uniform(spec.split_seed, numbers, 4 + longest(shortest))
        gaps, letters = whole(drawn[:, 0], shortest, longest(shortest)), whole(drawn[:, 1], 0, len(LETTERS) - 1)
        rows, steps = np.arange(len(drawn)), int(gaps.max(initial=0)) + 2
        x = whole(drawn[:, 2:2 + steps], len(LETTERS), len(LETTERS) + len(NOISE) - 1)
        x[:, 0] = letters
        x[rows, gaps + 1] = len(RECALL) - 1
        x[np.arange(steps) >= gaps[:, np.newaxis] + 2] = 0
        return Made(x, letters, gaps + 2)

    return Task(features=("symbol",), target="letter", steps=longest(shortest) + 2,
                make=make, right=lambda made, scores: scoring.named(scores, made.y), alphabet=RECALL, labels=LETTERS)


# -- the next symbol at every step -------------------------------------------------------------------------


def strings(symbols: np.ndarray, lengths: np.ndarray, permitted: np.ndarray) -> Made:
    """Return whole strings as inputs and, one step on, targets.

    Args:
        symbols: (n, L) of strings.
        lengths: (n,) of the strings.
        permitted: (n, L, K) bool: what may stand at each place; nothing where it is not asked for.
    """
    steps = int(lengths.max(initial=1)) - 1
    inside = np.arange(steps) < lengths[:, np.newaxis] - 1
    permitted = permitted[:, 1:steps + 1] & inside[..., np.newaxis]
    return Made(np.where(inside, symbols[:, :steps], 0), np.where(permitted.any(-1), symbols[:, 1:steps + 1], IGNORED),
                lengths - 1, permitted)


def string_right(made: Made, scores: np.ndarray) -> np.ndarray:
    """Tell which strings are predicted right at every step: (n,) bool."""
    assert made.permitted is not None
    return np.asarray(scoring.steps_right(scores, made.permitted).all(axis=1))
