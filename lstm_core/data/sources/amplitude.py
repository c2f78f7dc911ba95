"""One number in, a whole wave out (1 to N): the number is the height of the wave."""

from __future__ import annotations

import numpy as np


def amplitudes(count: int, steps: int, period: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return heights (count,), drawn evenly from [-1, 1], and their waves (count, steps), both float64.

    wave(t) = height * sin(2 pi t / period), t = 1 ... steps. A network reads the height at the first time step and
    zeros after it.
    """
    heights = np.random.default_rng(seed).uniform(-1, 1, count)
    t = np.arange(1, steps + 1)
    return heights, heights[:, None] * np.sin(2 * np.pi * t / period)
