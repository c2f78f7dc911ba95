"""Scalers: columns brought to a common range, by numbers taken from the training rows only.

The same arithmetic as scikit-learn's MinMaxScaler and StandardScaler, to which the tests hold it; importing
scikit-learn takes 0.8 s and 77 MB, too much for a worker that is to show a first loss at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np


@dataclass(frozen=True, eq=False)
class Scaling:
    """z = (value - shift) / scale, column by column."""

    shift: np.ndarray               # (C,) float64
    scale: np.ndarray               # (C,) float64, never 0

    def apply(self, values: np.ndarray) -> np.ndarray:
        """Return real values (..., C) scaled, float64. What is too large for that becomes infinite."""
        with np.errstate(over="ignore", invalid="ignore"):
            scaled: np.ndarray = (values - self.shift) / self.scale
        return scaled

    def undo(self, scaled: np.ndarray) -> np.ndarray:
        """Return scaled values (..., C) in real units, float64."""
        actual: np.ndarray = scaled.astype(np.float64) * self.scale + self.shift
        return actual


def fit(scaler: Literal["none", "minmax", "zscore"], rows: np.ndarray) -> Scaling:
    """Return the scaling of the given training rows (T, C): to 0..1, or to mean 0 and standard deviation 1.

    A column that never changes is shifted but not stretched.
    """
    low, high = rows.min(axis=0), rows.max(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        match scaler:
            case "none":
                shift, scale = np.zeros_like(low), np.ones_like(low)
            case "minmax":
                shift, scale = low, high - low
            case "zscore":
                shift, scale = rows.mean(axis=0), rows.std(axis=0)
    # max = min says "constant" exactly; the deviation of a constant may come out as 1e-17. Differences so small
    # that they underflow are no spread either.
    return Scaling(shift, np.where((low == high) | (scale == 0), 1.0, scale))
