"""One number in, a whole wave out: the pairs of a height and the sine that has it."""

from __future__ import annotations

import numpy as np


def amplitudes(count: int, steps: int, period: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return heights (count,), uniform in [-1, 1], and their waves (count, steps).

    The wave of height a is a sin(2 pi t / period) at the time steps t = 1, 2 ...
    """
    heights = np.random.default_rng(seed).uniform(-1.0, 1.0, count)
    t = np.arange(1, steps + 1)
    return heights, heights[:, np.newaxis] * np.sin(2 * np.pi * t / period)
