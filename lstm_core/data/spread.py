"""A few of many, spread evenly."""

from __future__ import annotations

import numpy as np


def evenly(count: int, limit: int) -> np.ndarray:
    """Return at most ``limit`` positions out of ``count``, evenly spread, the first and the last among them."""
    return np.unique(np.linspace(0, count - 1, min(count, limit)).round().astype(np.int64)) if count else np.arange(0)
