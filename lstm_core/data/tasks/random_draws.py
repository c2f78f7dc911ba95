"""Random numbers that belong to a sequence: the n-th sequence has the same ones wherever and whenever it is made."""

from __future__ import annotations

import numpy as np


def uniform(seed: int, numbers: np.ndarray, count: int) -> np.ndarray:
    """Return for each sequence its own random numbers, uniform from 0 to below 1: (n, count) float64.

    A counter-based generator (Philox, Salmon et al. 2011) under the key (number of the sequence, seed). One generator
    is set to key after key: making a new one takes ten times as long.

    Args:
        seed: another one gives other numbers.
        numbers: (n,) int64 numbers of the sequences, from 0.
        count: how many each sequence needs. Those of a shorter count are the first ones of a longer.
    """
    drawn = np.empty((len(numbers), count))
    source = np.random.Philox(key=0)
    random, start = np.random.Generator(source), source.state
    for row, number in zip(drawn, numbers.tolist(), strict=True):
        start["state"]["key"][:] = number, seed
        source.state = start
        random.random(out=row)
    return drawn


def whole(drawn: np.ndarray, low: int, high: int) -> np.ndarray:
    """Return uniform numbers (...) as whole ones from low to high, both included: int64."""
    found: np.ndarray = low + (drawn * (high - low + 1)).astype(np.int64)
    return found
