"""Columns of text cells read as numbers and as dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from lstm_core import limits
from lstm_core.data.series import Note
from lstm_core.data.tables import numbers as written
from lstm_core.errors import listed

GAPS = ("", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "missing", "-", "--", "?", ".")     # lower case

_COMPACT_DAY = r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"(?<![T ])[T ]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)? ?(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?$"
_DAYS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日", "%Y-%m", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y",
         "%m-%d-%Y", "%d-%m-%Y", "%m/%d/%y", "%d/%m/%y", "%d.%m.%y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y",
         "%B %d, %Y", "%d %B %Y")
NEARLY_ALL = 0.95               # of the cells of a column make it one of numbers, or of dates;
ONE_OF = 10                     # one cell may always be something else, where there are so many
NAMED = 3                       # cells that are named at most


@dataclass(frozen=True)
class Cell:
    """A cell that is not what its column should hold."""

    row: int                        # of the file, whose first row is 1
    text: str


@dataclass(frozen=True, eq=False)
class Column:
    """One column of R rows, read as numbers and as dates.

    It is one of numbers or dates when nearly all of its cells are; what the others hold is named, and counts as a gap.
    """

    name: str
    kind: Literal["number", "date", "text"]
    numbers: np.ndarray             # (R,) float64; nan where the cell is empty, infinite, or no number
    dates: np.ndarray               # (R,) datetime64[ns]; NaT where the cell is empty or no date
    gaps: int                       # empty cells
    infinite: int                   # infinite numbers, which count as gaps
    not_number: Cell | None
    not_date: Cell | None
    others: tuple[Cell, ...]        # what is no number, or no date, among nearly all that are
    unit: str                       # of the numbers: a currency, %


def read_columns(names: Sequence[str], cells: pd.DataFrame, separator: str) -> tuple[list[Column], list[Note]]:
    """Return the columns of a table of stripped text cells, whose index counts the file's rows from 0.

    Whether 1.234 and 1,234 are large or small is decided for the file as a whole, from the cells that leave no choice.
    """
    whole = [cells.iloc[:, place] for place in range(len(names))]
    gaps = [text.str.lower().isin(GAPS).to_numpy() for text in whole]
    bare = [written.bare(text, gap) for text, gap in zip(whole, gaps, strict=True)]
    texts = [one.text for one in bare]
    points = [written.floats(text) for text in texts]
    numeric = [written.mostly_numbers(text[np.isnan(point) & ~gap])
               for text, point, gap in zip(texts, points, gaps, strict=True)]
    points = [written.decimal_point(text, gap) if some else point
              for text, gap, point, some in zip(texts, gaps, points, numeric, strict=True)]
    commas = points
    if any(text.str.contains(",", regex=False).any() for text in texts):
        commas = [written.decimal_comma(text) if some else point
                  for text, point, some in zip(texts, points, numeric, strict=True)]
    better = [int(np.isnan(point[~gap]).sum()) - int(np.isnan(comma[~gap]).sum())
              for point, comma, gap in zip(points, commas, gaps, strict=True)]
    only_point, only_comma = any(gain < 0 for gain in better), any(gain > 0 for gain in better)

    columns: list[Column] = []
    notes: list[Note] = []
    for name, text, cut, gap, point, comma, gain in zip(names, whole, bare, gaps, points, commas, better, strict=True):
        unsure = gain == 0 and bool(np.any((point != comma) & ~np.isnan(point)))
        by_comma = only_comma and not only_point
        if unsure and not only_point and separator == ";":
            by_comma = by_comma or text[~gap].str.contains(",", regex=False).all()
        numbers = (comma if gain > 0 or (unsure and by_comma) else point) * cut.times
        dated = sum(not np.isnat(column.dates).all() for column in columns)
        columns.append(_column(name, text, gap, numbers, cut.unit, dates=dated < limits.DATE_COLUMNS))
        notes += _told(columns[-1])
        if (unsure or cut.place is not None) and columns[-1].kind == "number":
            place = int(np.flatnonzero((point != comma) & ~np.isnan(point))[0]) if cut.place is None else cut.place
            if np.isfinite(numbers[place]):
                notes.append(Note("Column {name!r}: {text!r} was read as {value:.10g}.",
                                  name=name, text=text.iloc[place], value=numbers[place]))
    return columns, notes


def _column(name: str, text: pd.Series, gap: np.ndarray, numbers: np.ndarray, unit: str, *, dates: bool) -> Column:
    """Return a column; ``dates``: it may be one of dates."""
    infinite = np.isinf(numbers)
    unread = np.isnan(numbers) & ~gap
    compact = bool((~gap).any()) and bool(text[~gap].str.fullmatch(_COMPACT_DAY).all())
    tried = dates and (compact or bool(unread.any()))
    days = _dates(text, gap) if tried else np.full(len(text), np.datetime64("NaT", "ns"))
    undated = np.isnat(days) & ~gap
    kind: Literal["number", "date", "text"] = "text"
    if not gap.all() and _nearly_none(undated, gap):
        kind = "date"
    elif not gap.all() and _nearly_none(unread, gap):
        kind = "number"
    wrong = {"date": undated, "number": unread, "text": np.zeros(len(text), dtype=bool)}[kind]
    return Column(name, kind, np.where(infinite, np.nan, numbers), days, int(gap.sum()), int(infinite.sum()),
                  _first(text, unread), _first(text, undated), _cells(text, wrong), unit)


def _nearly_none(wrong: np.ndarray, gap: np.ndarray) -> bool:
    """Tell whether nearly all cells that hold something hold the right thing."""
    count, cells = int(wrong.sum()), int((~gap).sum())
    return count <= (1 - NEARLY_ALL) * cells or (count == 1 and cells >= ONE_OF)


def _told(column: Column) -> list[Note]:
    """Name the cells of a column that are not what nearly all others are."""
    if not column.others:
        return []
    cells = listed(f"{cell.row}: {cell.text!r}" for cell in column.others[:NAMED])
    count = len(column.others)
    if column.kind == "number":
        return [Note("Column {name!r}: cells that are no numbers and count as gaps: {count}. By row: {cells}.",
                     name=column.name, count=count, cells=cells)]
    return [Note("Column {name!r}: cells that are no dates: {count}. By row: {cells}.",
                 name=column.name, count=count, cells=cells)]


def _cells(text: pd.Series, wrong: np.ndarray) -> tuple[Cell, ...]:
    return tuple(Cell(int(text.index[place]) + 1, str(text.iloc[place])[:60]) for place in np.flatnonzero(wrong))


def _first(text: pd.Series, wrong: np.ndarray) -> Cell | None:
    return next(iter(_cells(text, wrong & (np.cumsum(wrong) == 1))), None)


def _dates(text: pd.Series, gap: np.ndarray) -> np.ndarray:
    """Return the dates under the one way of writing that reads most cells; NaT where it does not fit."""
    timed = bool(text.str.contains(":", regex=False).any())
    sample = _without_clock(text[~gap].iloc[:written.SAMPLE], timed)
    fitting = [form for form in _DAYS if _days(sample, form).notna().mean() > 0.5]
    if not fitting:
        return np.full(len(text), np.datetime64("NaT", "ns"))
    days = _without_clock(text, timed)
    readings = [_days(days, form) for form in fitting]
    # 03/04/2020 may be March or April: the reading in which time goes one way is right; else the month comes first
    dates = max(readings, key=lambda read: (read.notna().sum(), read.dropna().is_monotonic_increasing
                                            or read.dropna().is_monotonic_decreasing))
    if timed:
        clock = text.str.extract(_CLOCK, expand=False)
        padded = clock.where(clock.str.count(":") == 2, clock + ":00")
        dates = dates + pd.to_timedelta(padded, errors="coerce").fillna(pd.Timedelta(0))
    return np.array(dates, dtype="datetime64[ns]")


def _without_clock(text: pd.Series, timed: bool) -> pd.Series:
    return text.str.replace(_CLOCK, "", regex=True) if timed else text


def _days(text: pd.Series, form: str) -> pd.Series:
    written = text.where(text.str.contains("[0-9]"), "")        # pandas would read "today" as today
    days = pd.to_datetime(written, format=form, errors="coerce")
    return days.where(days.dt.year.between(1678, 2261))      # what fits into datetime64[ns]
