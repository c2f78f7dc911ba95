"""One number in, a whole wave out (1 to N): the number is the height of the wave."""

from __future__ import annotations

import numpy as np

from lstm_core.data.examples import Examples, make_examples
from lstm_core.spec import Amplitude


def amplitudes(count: int, steps: int, period: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return heights (count,), drawn evenly from [-1, 1], and their waves (count, steps), both float64.

    wave(t) = height * sin(2 pi t / period), t = 1 ... steps. A network reads the height at the first time step and
    zeros after it.
    """
    heights = np.random.default_rng(seed).uniform(-1, 1, count)
    t = np.arange(1, steps + 1)
    return heights, heights[:, None] * np.sin(2 * np.pi * t / period)


def amplitude_examples(spec: Amplitude) -> Examples:
    """Return the waves as examples: the height and then zeros enter, the wave is to come out."""
    heights, waves = amplitudes(spec.examples, spec.steps, spec.period, spec.split_seed)
    inputs = np.zeros((*waves.shape, 1), dtype=np.float32)
    inputs[:, 0, 0] = heights
    return make_examples(spec, inputs, waves.astype(np.float32), features=("height",), target="wave")
