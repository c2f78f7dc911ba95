"""Tables as files that a spreadsheet and a program both read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_core.errors import Refusal, listed

_FORMULA = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\ufeff]*[=+\-@＝＋－＠]|[\t\r\n]")
"""How a cell begins that some spreadsheet computes; the wide signs are those of Japanese and Chinese keyboards."""

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
_CUT = re.compile(r'[",;|\t\r\n]')     # what some spreadsheet cuts a line at


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
                      lengths=listed(f"{name}: {length}" for name, length in lengths.items()))
    rows = [[defused(name) for name in columns], *zip(*(_cells(values) for values in columns.values()), strict=True)]
    return "".join((",".join(map(_quoted, row)) or '""') + "\r\n" for row in rows).encode("utf-8-sig")


def _quoted(cell: str) -> str:
    """Return a cell in quotation marks where it needs them: no rest of it becomes a cell of its own, and a formula."""
    return '"' + cell.replace('"', '""') + '"' if _CUT.search(cell) else cell


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
    return defused(str(value))


def defused(text: str) -> str:
    """Return a text as it stands in a cell: with an apostrophe in front where a spreadsheet would compute it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
