"""What the time steps of a sequence are called, and their numbers, for a browser."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_core.charts.forecast import visible


def are_dates(marks: Any) -> bool:
    """Tell whether these names of time steps (T,) are dates."""
    return bool(np.issubdtype(np.asarray(marks).dtype, np.datetime64))


def step_names(marks: Any) -> list[str]:
    """Return dates, positions or symbols (T,) as they are written."""
    array = np.asarray(marks)
    if are_dates(marks):
        days = array.astype("datetime64[D]")
        array = days if (days == array).all() else array.astype("datetime64[m]")
        return [str(mark).replace("T", " ") for mark in array]
    return [visible(str(mark)) for mark in array]


def plain_numbers(values: np.ndarray) -> list[float | None]:
    """Return numbers as JSON knows them: what is not finite is null."""
    return [float(f"{value:.7g}") if np.isfinite(value) else None for value in values.tolist()]
