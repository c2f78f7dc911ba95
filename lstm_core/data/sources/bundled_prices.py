"""Real daily prices that need no network: the S&P 500 and NASDAQ of 1999-2018 that the ``arch`` package carries.

The files are read where that package is installed. It is not imported: that takes a second, reading takes 0.02 s.
"""

from __future__ import annotations

import csv
import gzip
from functools import lru_cache

import numpy as np

from lstm_core.data import installed
from lstm_core.data.series import Series
from lstm_core.data.sources.dates import between
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import PRICE_COLUMNS, Prices

NAMES = {"nasdaq": "NASDAQ", "sp500": "S&P 500"}


def bundled(spec: Prices) -> Series:
    """Return the chosen market between the chosen days, (T, 5): open, high, low, close, volume.

    Weeks and months are made from the days; a week stands under its Monday, a month under its first day.
    """
    days, values = _read(spec.market)
    first, stop = between(spec.start, spec.end)
    low = 0 if first is None else int(np.searchsorted(days, np.datetime64(first)))
    high = len(days) if stop is None else int(np.searchsorted(days, np.datetime64(stop)))
    if low >= high:
        raise Refusal("The bundled {name} series has prices from {first} to {last}, and none for the dates received: "
                      "start {start!r}, end {end!r}. Choose dates within that time.",
                      name=NAMES[spec.market], first=days[0], last=days[-1], start=spec.start, end=spec.end)
    days, values = _joined(days[low:high], values[low:high], spec.interval)
    return Series(PRICE_COLUMNS, values, days.astype("datetime64[ns]"), N_("points"), NAMES[spec.market])


@lru_cache
def _read(market: str) -> tuple[np.ndarray, np.ndarray]:
    """Return days (T,) datetime64[D] and values (T, 5), both read-only."""
    path = installed.folder("arch", "arch") / "data" / market / f"{market}.csv.gz"
    with gzip.open(path, "rt", encoding="ascii") as file:
        table = list(csv.DictReader(file))
    parts = [row["Date"].split("/") for row in table]                               # month/day/year
    days = np.array([f"{year}-{month:0>2}-{day:0>2}" for month, day, year in parts], dtype="datetime64[D]")
    values = np.array([[float(row[name.capitalize()]) for name in PRICE_COLUMNS] for row in table])
    days.setflags(write=False)
    values.setflags(write=False)
    return days, values


def _joined(days: np.ndarray, values: np.ndarray, interval: str) -> tuple[np.ndarray, np.ndarray]:
    """Join daily rows to weeks or months: first open, highest high, lowest low, last close, summed volume."""
    if interval == "1d":
        return days, values
    # 1970-01-01 was a Thursday, so day -3 was a Monday
    label = days - (days.astype(np.int64) + 3) % 7 if interval == "1wk" else days.astype("datetime64[M]")
    labels, starts = np.unique(label, return_index=True)
    lasts = np.append(starts[1:], len(days)) - 1
    joined = np.stack([values[starts, 0], np.maximum.reduceat(values[:, 1], starts),
                       np.minimum.reduceat(values[:, 2], starts), values[lasts, 3],
                       np.add.reduceat(values[:, 4], starts)], axis=1)
    return labels.astype("datetime64[D]"), joined
