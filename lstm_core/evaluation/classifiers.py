"""Classifiers without a network, for company on the same split: logistic regression and the nearest neighbour.

Of words, logistic regression reads how often each stands in a text (which order they have is lost), or how often each
word and each pair of neighbours does (``words`` and ``pairs``). Of numbers it reads all values of an example at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from lstm_core.data.examples import Examples
from lstm_core.spec import Split

C = 1.0                 # of the logistic regression, as scikit-learn has it by default: the larger, the freer
ITERATIONS = 500        # of L-BFGS, at most
CORRECTIONS = 10        # past steps that L-BFGS remembers
STILL = 1e-5            # largest derivative at which it has arrived, for each training example
ROWS = 200              # rows that are compared with all training examples at once


@dataclass(frozen=True, eq=False)
class Counts:
    """A sparse matrix (N, F) of counts, as one row and one column for each 1 that is added up."""

    rows: np.ndarray        # (n,) int64
    columns: np.ndarray     # (n,) int64
    shape: tuple[int, int]

    def times(self, weights: np.ndarray) -> np.ndarray:
        """Return the matrix times weights (F, K): (N, K)."""
        return np.stack([np.bincount(self.rows, column[self.columns], self.shape[0]) for column in weights.T], axis=1)

    def transposed_times(self, values: np.ndarray) -> np.ndarray:
        """Return the transposed matrix times values (N, K): (F, K)."""
        return np.stack([np.bincount(self.columns, column[self.rows], self.shape[1]) for column in values.T], axis=1)


@dataclass(frozen=True, eq=False)
class Dense:
    """A matrix (N, F) of numbers with what a sparse one can do."""

    values: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Return N and F."""
        count, features = self.values.shape
        return count, features

    def times(self, weights: np.ndarray) -> np.ndarray:
        """Return the matrix times weights (F, K): (N, K)."""
        product: np.ndarray = self.values @ weights
        return product

    def transposed_times(self, values: np.ndarray) -> np.ndarray:
        """Return the transposed matrix times values (N, K): (F, K)."""
        product: np.ndarray = self.values.T @ values
        return product


Matrix = Counts | Dense


@dataclass(frozen=True, eq=False)
class LogisticRegression:
    """Class scores as a weighted sum of the features: what a network without any hidden unit can do.

    The weights minimise the cross entropy, summed over the examples, plus half their squares over C; the
    intercepts are free. Two classes have one set of weights, more have one each.
    """

    weights: np.ndarray     # (F, K'), K' = 1 for two classes
    intercepts: np.ndarray  # (K',)

    @staticmethod
    def fit(x: Matrix, y: np.ndarray, classes: int) -> LogisticRegression:
        """Fit the weights to examples x (N, F) of classes y (N,), 0 to classes - 1."""
        features = x.shape[1]
        outputs = 1 if classes == 2 else classes
        hot = np.eye(classes)[y][:, -outputs:]                      # (N, K')

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            weights = flat.reshape(features + 1, outputs)
            log_likely = _log_softmax(x.times(weights[:-1]) + weights[-1])
            wrong = np.exp(log_likely[:, -outputs:]) - hot
            gradient = np.vstack([x.transposed_times(wrong) + weights[:-1] / C, wrong.sum(axis=0)])
            entropy = -log_likely[np.arange(len(y)), y].sum()
            return float(entropy + 0.5 * (weights[:-1]**2).sum() / C), gradient.ravel()

        found = _lbfgs(loss, np.zeros((features + 1) * outputs), STILL * len(y)).reshape(features + 1, outputs)
        return LogisticRegression(found[:-1], found[-1])

    def predict(self, x: Matrix) -> np.ndarray:
        """Return the most likely class of each example of x (N, F): (N,) int64."""
        named: np.ndarray = _log_softmax(x.times(self.weights) + self.intercepts).argmax(axis=1)
        return named


def nearest_neighbor(known: np.ndarray, y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return for each row of x (n, F) the class of the closest known example, (n,): known (N, F), their classes (N,).

    The distance is Euclidean; of several at the same distance the first counts.
    """
    squares = (known**2).sum(axis=1)
    closest = [(squares - 2 * x[start:start + ROWS] @ known.T).argmin(axis=1) for start in range(0, len(x), ROWS)]
    named: np.ndarray = y[np.concatenate(closest)]
    return named


def company(data: Examples, split: Split) -> dict[str, np.ndarray]:
    """Return the classes (n,) that simpler models name for the examples of a part, by the name of the model.

    Like the network they learn from the training part alone; a word it does not know is one and the same to them too.

    Returns:
        ``words`` and ``pairs`` (logistic regression) for texts, ``logistic`` and ``neighbor`` for numbers.
    """
    train, judged = data.sample_ids["train"], data.sample_ids[split]
    y = data.y(train)
    if data.alphabet:
        texts, others = ([data.sample(int(number)) for number in numbers] for numbers in (train, judged))
        named = {}
        for name, pairs in (("words", False), ("pairs", True)):
            known, asked = word_counts(texts, others, len(data.alphabet), pairs=pairs)
            named[name] = LogisticRegression.fit(known, y, data.classes).predict(asked)
        return named
    learned, seen = (data.x(numbers).reshape(len(numbers), -1).astype(np.float64) for numbers in (train, judged))
    return {"logistic": LogisticRegression.fit(Dense(learned), y, data.classes).predict(Dense(seen)),
            "neighbor": nearest_neighbor(learned, y, seen)}


def word_counts(known: list[np.ndarray], others: list[np.ndarray], words: int, *, pairs: bool) -> tuple[Counts, Counts]:
    """Return how often each word, and with ``pairs`` each pair of neighbours, stands in known and in other texts.

    A text is (T,) int64, the numbers of its words, 0 to words - 1. A pair that no known text has is left out.
    """
    columns: dict[tuple[int, int], int] = {}
    if pairs:
        for text in known:
            for pair in pairwise(text.tolist()):
                columns.setdefault(pair, words + len(columns))

    def counted(texts: list[np.ndarray]) -> Counts:
        rows: list[int] = []
        found: list[int] = []
        for row, text in enumerate(texts):
            here = text.tolist()
            here += [columns[pair] for pair in pairwise(here) if pair in columns]
            found += here
            rows += [row] * len(here)
        return Counts(np.array(rows, dtype=np.int64), np.array(found, dtype=np.int64),
                      (len(texts), words + len(columns)))

    return counted(known), counted(others)


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    """Return log probabilities (N, K) of scores (N, K'); a single score stands against 0."""
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    scores = scores - scores.max(axis=1, keepdims=True)
    log_likely: np.ndarray = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return log_likely


def _lbfgs(loss: Callable[[np.ndarray], tuple[float, np.ndarray]], start: np.ndarray, still: float) -> np.ndarray:
    """Return where a convex loss with its gradient is smallest (L-BFGS, Nocedal & Wright 2006, algorithm 7.5).

    The step is halved until the loss falls enough (Armijo). It ends where no derivative is larger than ``still``.
    """
    at, (value, gradient) = start, loss(start)
    past: list[tuple[np.ndarray, np.ndarray]] = []          # steps and the changes of the gradient along them
    for _iteration in range(ITERATIONS):
        if np.abs(gradient).max() <= still:
            break
        direction = -_inverse_hessian_times(gradient, past)
        slope, size = float(gradient @ direction), 1.0
        while True:
            step = size * direction
            next_value, next_gradient = loss(at + step)
            if next_value <= value + 1e-4 * size * slope or size < 1e-10:
                break
            size /= 2
        change = next_gradient - gradient
        if step @ change > 0:
            past = [*past[1 - CORRECTIONS:], (step, change)]
        at, value, gradient = at + step, next_value, next_gradient
    return at


def _inverse_hessian_times(gradient: np.ndarray, past: list[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """Return the product by the two loops of algorithm 7.4."""
    product, shares = gradient.copy(), []
    for step, change in reversed(past):
        shares.append(float(step @ product) / float(step @ change))
        product -= shares[-1] * change
    if past:
        step, change = past[-1]
        product *= float(step @ change) / float(change @ change)
    else:
        product /= max(float(np.abs(gradient).sum()), 1.0)      # a first step of length 1 at most
    for (step, change), share in zip(past, reversed(shares), strict=True):
        product += step * (share - float(change @ product) / float(step @ change))
    return product
