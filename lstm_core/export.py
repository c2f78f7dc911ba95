"""Tables as files that a spreadsheet and a program both read."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_core.refusal import Refusal

_FORMULA = ("=", "+", "-", "@", "\t", "\r")     # a spreadsheet computes what begins with one of these


def csv_file(columns: Mapping[str, Sequence[Any] | np.ndarray]) -> bytes:
    """Return columns of equal length as CSV (RFC 4180) in UTF-8, with the mark by which spreadsheets know it.

    Numbers are written so that reading them gives the same number again, what is not finite as an empty cell; dates
    as YYYY-MM-DD, with the time of day where there is one. Text that a spreadsheet would take for a formula gets an
    apostrophe in front: names of columns and tickers come from outside.

    Raises:
        Refusal: the columns differ in length.
    """
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        raise Refusal("The columns of a table must be equally long; received {lengths}.",
                      lengths=", ".join(f"{name}: {length}" for name, length in lengths.items()))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([_text(name) for name in columns])
    writer.writerows(zip(*(_cells(values) for values in columns.values()), strict=True))
    return text.getvalue().encode("utf-8-sig")


def _cells(values: Sequence[Any] | np.ndarray) -> list[str]:
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
        return [str(date) for date in (days if (days == values).all() else values.astype("datetime64[s]"))]
    return [_cell(value) for value in (values.tolist() if isinstance(values, np.ndarray) else values)]


def _cell(value: Any) -> str:
    if isinstance(value, bool | int | np.integer):
        return str(value)
    if isinstance(value, float | np.floating):
        return repr(float(value)) if math.isfinite(value) else ""
    return _text(str(value))


def _text(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        return text[0] not in "\t\r" and math.isfinite(float(text))
    except ValueError:
        return False
