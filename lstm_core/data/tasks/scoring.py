"""When a sequence counts as processed right: from what a network says to one yes or no for each sequence."""

from __future__ import annotations

import numpy as np

CLOSE = 0.04            # error of a sum below which it is right (Hochreiter & Schmidhuber 1997, section 5.4)


def near(predicted: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Tell which predicted numbers (n,) are closer than CLOSE to the real ones (n,): (n,) bool."""
    close: np.ndarray = np.abs(predicted - actual) < CLOSE
    return close


def named(scores: np.ndarray, actual: np.ndarray) -> np.ndarray:
    """Tell for which sequences the real class (n,) has the highest of the scores (n, K): (n,) bool."""
    right: np.ndarray = scores.argmax(axis=-1) == actual
    return right


def steps_right(scores: np.ndarray, permitted: np.ndarray) -> np.ndarray:
    """Tell at which steps every permitted symbol has a higher score than every other one: (n, S) bool.

    That is how the embedded Reber grammar is judged (Hochreiter & Schmidhuber 1997, section 5.1): which of two
    permitted letters comes next nobody can know.

    Args:
        scores: (n, S, K) of the symbols, or their probabilities.
        permitted: (n, S, K) bool: the symbols that may come next. A step without any counts as right: it is padding.
    """
    lowest = np.where(permitted, scores, np.inf).min(axis=-1)
    highest = np.where(permitted, -np.inf, scores).max(axis=-1)
    right: np.ndarray = (lowest > highest) | ~permitted.any(axis=-1)
    return right
