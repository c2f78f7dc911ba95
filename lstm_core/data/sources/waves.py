"""Waves computed from a formula.

With the phase theta(t) = 2 pi t / period, t = 0, 1, 2 ...:

- sine: sin theta. With the cosine as target at every step this is the sine-to-cosine task of SOURCES S5,
  whose x advances by 1 / (10 pi), that is a period of 20 pi^2 = 197.4 time steps.
- square: 1 in the first half of a cycle, -1 in the second (as scipy.signal.square).
- sawtooth: rises from -1 towards 1 within a cycle (as scipy.signal.sawtooth).
- sum, product: of two sines with the periods ``period`` and ``period2``; the sum is halved, so both stay in [-1, 1].
"""

from __future__ import annotations

import numpy as np

from lstm_core.data.series import Series
from lstm_core.spec import Waves


def wave(spec: Waves) -> Series:
    """Return the wave with its noise, and beside it the noise-free cosine of the same phase.

    Columns ``wave`` and ``cosine``, (length, 2). The cosine of a sum or product belongs to the first of the two sines.
    """
    t = np.arange(spec.length)
    clean = _formula(spec, t)
    noise = np.random.default_rng(spec.noise_seed).normal(0.0, 1.0, spec.length) * spec.noise
    cosine = np.cos(2 * np.pi * t / spec.period)
    return Series(("wave", "cosine"), np.stack([clean + noise, cosine], axis=1), t.astype(np.int64), name=spec.wave)


def _formula(spec: Waves, t: np.ndarray) -> np.ndarray:
    sine = np.sin(2 * np.pi * t / spec.period)
    cycle = t / spec.period % 1                        # share of the cycle that has passed, in [0, 1)
    second = np.sin(2 * np.pi * t / spec.period2)
    match spec.wave:
        case "sine":
            return sine
        case "square":
            return np.where(cycle < 0.5, 1.0, -1.0)
        case "sawtooth":
            return 2 * cycle - 1
        case "sum":
            return (sine + second) / 2
        case "product":
            return sine * second
