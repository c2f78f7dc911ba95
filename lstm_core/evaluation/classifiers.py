"""Classifiers without a network, for company on the same split: logistic regression and the nearest neighbour.

Of words, logistic regression reads how often each stands in a text (which order they have is lost), or how often each
word and each pair of neighbours does (``words`` and ``pairs``). Of numbers it reads all values of an example at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from lstm_core.data import installed
from lstm_core.data.examples import Examples
from lstm_core.spec import Split

C = 1.0                 # of the logistic regression, as scikit-learn has it by default: the larger, the freer
ITERATIONS = 500        # of L-BFGS, at most
STILL = 1e-5            # largest derivative at which it has arrived, for each training example
SAME = 1e-14            # or the share by which the loss must fall in an iteration
ROWS = 200              # rows that are compared with all training examples at once


Matrix = Any
"""An array (N, F), or a sparse one of SciPy's."""


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
        for package in ("scipy", "threadpoolctl"):
            installed.folder(package, package)
        # not at the top: with it the server would start a quarter of a second later
        from scipy.optimize import minimize
        from threadpoolctl import threadpool_limits

        features = x.shape[1]
        outputs = 1 if classes == 2 else classes
        hot = np.eye(classes)[y][:, -outputs:]                      # (N, K')

        def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
            weights = flat.reshape(features + 1, outputs)
            log_likely = _log_softmax(x @ weights[:-1] + weights[-1])
            wrong = np.exp(log_likely[:, -outputs:]) - hot
            gradient = np.vstack([x.T @ wrong + weights[:-1] / C, wrong.sum(axis=0)])
            entropy = -log_likely[np.arange(len(y)), y].sum()
            return float(entropy + 0.5 * (weights[:-1]**2).sum() / C), gradient.ravel()

        with threadpool_limits(limits=1):       # threads of BLAS wait for each other here: that takes ten times as long
            found = minimize(loss, np.zeros((features + 1) * outputs), jac=True, method="L-BFGS-B", options={
                "maxiter": ITERATIONS, "gtol": STILL * len(y), "ftol": SAME}).x.reshape(features + 1, outputs)
        return LogisticRegression(found[:-1], found[-1])

    def predict(self, x: Matrix) -> np.ndarray:
        """Return the most likely class of each example of x (N, F): (N,) int64."""
        named: np.ndarray = _log_softmax(x @ self.weights + self.intercepts).argmax(axis=1)
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

    Raises:
        Refusal: SciPy is not installed.

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
    return {"logistic": LogisticRegression.fit(learned, y, data.classes).predict(seen),
            "neighbor": nearest_neighbor(learned, y, seen)}


def word_counts(known: list[np.ndarray], others: list[np.ndarray], words: int, *, pairs: bool) -> tuple[Matrix, Matrix]:
    """Return how often each word, and with ``pairs`` each pair of neighbours, stands in known and in other texts.

    A text is (T,) int64, the numbers of its words, 0 to words - 1. A pair that no known text has is left out. Each is a
    sparse matrix (N, F).
    """
    installed.folder("scipy", "scipy")
    from scipy import sparse

    columns: dict[tuple[int, int], int] = {}
    if pairs:
        for text in known:
            for pair in pairwise(text.tolist()):
                columns.setdefault(pair, words + len(columns))

    def counted(texts: list[np.ndarray]) -> Matrix:
        rows: list[int] = []
        found: list[int] = []
        for row, text in enumerate(texts):
            here = text.tolist()
            here += [columns[pair] for pair in pairwise(here) if pair in columns]
            found += here
            rows += [row] * len(here)
        return sparse.csr_array((np.ones(len(rows)), (rows, found)), shape=(len(texts), words + len(columns)))

    return counted(known), counted(others)


def _log_softmax(scores: np.ndarray) -> np.ndarray:
    """Return log probabilities (N, K) of scores (N, K'); a single score stands against 0."""
    if scores.shape[1] == 1:
        scores = np.hstack([np.zeros_like(scores), scores])
    scores = scores - scores.max(axis=1, keepdims=True)
    log_likely: np.ndarray = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return log_likely
