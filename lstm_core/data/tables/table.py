"""A table that a person uploads: CSV in most of the ways it is written, with a report of what was done to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_core import limits
from lstm_core.data.series import Note, Reading, Series
from lstm_core.data.tables.columns import Column, read_columns
from lstm_core.data.tables.csv_reader import decode, header, seen, split_cells
from lstm_core.errors import Refusal, listed
from lstm_core.spec import Table

_TARGET_HINTS = ("label", "target", "close", "adj close", "adj_close", "收盘价", "收盘", "price", "value", "y")
_LEAST_ROWS = 2
_LONGEST_NAME = 300             # letters of a file's name that are looked at

_TUTORIAL = ("open", "close", "low", "high", "volume", "money", "change")   # beside a date and a label
_PRICES = ("open", "close", "low", "high")
_ENGLISH = {name: name for name in ("date", *_TUTORIAL, "label")}
_CHINESE = {
    "日期": "date", "交易日期": "date", "开盘": "open", "开盘价": "open", "收盘": "close", "收盘价": "close",
    "最高": "high", "最高价": "high", "最低": "low", "最低价": "low", "成交量": "volume", "成交额": "money",
    "成交金额": "money", "涨跌幅": "change",
}


@dataclass(frozen=True, eq=False)
class TableDraft:
    """A table that was read; which of its columns to use is still to be chosen."""

    name: str
    columns: tuple[Column, ...]
    rows: int
    notes: tuple[Note, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of all columns."""
        return tuple(column.name for column in self.columns)

    def of_kind(self, *kinds: str) -> tuple[str, ...]:
        """Return the names of the columns that hold numbers, dates or text."""
        return tuple(column.name for column in self.columns if column.kind in kinds)

    def suggested(self) -> Table:
        """Return a choice to begin with: recognised columns, else the first dates and one target that predicts itself.

        Recognised are the columns of a tutorial on prices, whose label is the value to predict for its own row (a
        horizon of 0), and prices under Chinese names. A target is found by its name, else it is the last numbers.
        """
        recognised = _recognised(self.columns)
        if recognised is not None:
            return recognised
        dates, numbers = self.of_kind("date"), self.of_kind("number")
        named = [name for hint in _TARGET_HINTS for name in numbers if name.lower() == hint]
        target = [*named, *reversed(numbers)][:1]
        return Table(date=dates[0] if dates else "", features=tuple(target), column=target[0] if target else "")

    def series(self, spec: Table) -> Reading:
        """Return the chosen columns in the order of time, without gaps, and what had to be done to get there."""
        if not spec.features or not spec.column:
            raise Refusal("Choose the column to predict and at least one feature column; the columns with numbers "
                          "are: {columns}.", columns=listed(self.of_kind("number")) or "-")
        names = tuple(dict.fromkeys((*spec.features, spec.column)))
        chosen = [self._numbers(name) for name in names]
        values = np.stack([column.numbers for column in chosen], axis=1)
        notes = [Note("Infinite values in column {name!r}, taken for gaps: {count}.",
                      name=column.name, count=column.infinite) for column in chosen if column.infinite]
        index = np.arange(self.rows, dtype=np.int64)
        if spec.date:
            index, kept = _by_date(self._dates(spec.date), notes)
            values = values[kept]
        values, kept = _without_gaps(values, spec.missing, notes)
        index = index[kept] if spec.date else np.arange(len(kept), dtype=np.int64)
        if len(values) < _LEAST_ROWS:
            raise Refusal("Rows without gaps in {columns}: {left} of {total}. Fill the gaps with the value before, "
                          "or choose other columns.", total=self.rows, left=len(values), columns=listed(names))
        return Reading(Series(names, values, index, unit=self._find(spec.column).unit, name=self.name), tuple(notes))

    def _find(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise Refusal("The table has no column {name!r}. It has {columns}.", name=name, columns=listed(self.names))

    def _numbers(self, name: str) -> Column:
        column = self._find(name)
        if column.kind != "number" and column.not_number:
            raise Refusal("Column {name!r} does not hold numbers only: row {row} has {text!r}. Choose another column, "
                          "or correct the file.", name=name, row=column.not_number.row, text=column.not_number.text)
        return column

    def _dates(self, name: str) -> np.ndarray:
        column = self._find(name)
        if column.kind == "number":
            raise Refusal("Column {name!r} holds numbers, not dates. A date is best written as 2015-03-31. Choose "
                          "another date column, or none: the rows are then numbered.", name=name)
        if column.kind != "date" and column.not_date:
            raise Refusal("Column {name!r} does not hold dates only: row {row} has {text!r}. A date is best written as "
                          "2015-03-31. Choose another date column, or none: the rows are then numbered.",
                          name=name, row=column.not_date.row, text=column.not_date.text)
        return column.dates


def read_table(content: bytes, name: str) -> TableDraft:
    """Return the table in the bytes of an uploaded CSV. What cannot be read is refused with what to do about it."""
    if len(content) > limits.TABLE_BYTES:
        raise Refusal("A table may have at most {limit:.0f} MB; received {received:.1f} MB.",
                      limit=limits.TABLE_BYTES / 1e6, received=len(content) / 1e6)
    text, encoding = decode(content)
    cells, separator = split_cells(text)
    names, body, notes = header(cells)
    if len(body) < _LEAST_ROWS:
        raise Refusal("Rows of data below the column names: {rows}. A sequence needs at least {least}.",
                      rows=len(body), least=_LEAST_ROWS)
    if encoding not in ("utf-8", "utf-8-sig"):
        notes.insert(0, Note("The file was read as {encoding}.", encoding=encoding))
    if separator != "," and len(names) > 1:
        notes.insert(0, Note("The cells are separated by {separator!r}.", separator=separator))
    columns, more = read_columns(names, body, separator)
    recognised = _recognised(columns)
    if recognised is not None:
        more.append(_told(recognised))
    return TableDraft(_tidy(name), tuple(columns), len(body), (*notes, *more))


def _recognised(columns: Sequence[Column]) -> Table | None:
    """Return the choice for columns that are known by their names and hold what these names promise."""
    date, numbers = _known(columns, "date", _ENGLISH).get("date"), _known(columns, "number", _ENGLISH)
    if date and all(name in numbers for name in (*_TUTORIAL, "label")):
        return Table(date=date, features=tuple(numbers[name] for name in _TUTORIAL), column=numbers["label"], horizon=0)
    date, numbers = _known(columns, "date", _CHINESE).get("date"), _known(columns, "number", _CHINESE)
    if date and all(name in numbers for name in _PRICES):
        return Table(date=date, features=tuple(numbers[name] for name in _TUTORIAL if name in numbers),
                     column=numbers["close"])
    return None


def _known(columns: Sequence[Column], kind: str, words: Mapping[str, str]) -> dict[str, str]:
    """Return what columns of a kind mean and their names; case and a unit in brackets do not count, the first does."""
    headings = [(re.sub(r"[(（][^()（）]*[)）]$", "", column.name).strip().lower(), column.name)
                for column in columns if column.kind == kind]
    return {words[heading]: name for heading, name in reversed(headings) if heading in words}


def _told(chosen: Table) -> Note:
    if chosen.horizon == 0:
        return Note("The columns were recognised. To begin with, {features} predict {column!r} of the same row (0 "
                    "steps ahead).", features=listed(chosen.features), column=chosen.column)
    return Note("The columns were recognised. To begin with, {features} predict {column!r} of a later row.",
                features=listed(chosen.features), column=chosen.column)


def _tidy(name: str) -> str:
    """Return a file's name without folders, markup and control characters."""
    last = re.split(r"[/\\]", name[-_LONGEST_NAME:])[-1]
    return re.sub(r"[<>\x00-\x1f\x7f]", "", seen(last)).strip()[:80] or "table"


def _by_date(dates: np.ndarray, notes: list[Note]) -> tuple[np.ndarray, np.ndarray]:
    """Return the dates in order, each once, and the rows they come from."""
    dated = np.flatnonzero(~np.isnat(dates))
    if len(dated) < len(dates):
        notes.append(Note("Rows without a date, left out: {count}.", count=len(dates) - len(dated)))
    order = dated[np.argsort(dates[dated], kind="stable")]
    if not np.array_equal(order, dated):
        notes.append(Note("The rows were not in the order of time and were sorted by date."))
    ordered = dates[order]
    last = np.append(ordered[1:] != ordered[:-1], [True] * bool(len(ordered)))
    repeated = int((~last).sum())
    if repeated:
        example = np.datetime_as_string(ordered[~last][0], unit="D")
        if repeated > len(ordered) / 2:
            raise Refusal("Most dates occur more than once, for example {example}: the table seems to hold several "
                          "series one below the other. Upload one of them, or choose no date column.", example=example)
        notes.append(Note("Rows that repeat a date, for example {example}: {count}. The last row of each date was "
                          "kept.", count=repeated, example=example))
    return ordered[last], order[last]


def _without_gaps(values: np.ndarray, missing: str, notes: list[Note]) -> tuple[np.ndarray, np.ndarray]:
    """Return rows (T, C) without gaps and the rows they come from."""
    empty = np.isnan(values)
    if missing == "carry" and empty.any():
        source = np.where(empty, -1, np.arange(len(values))[:, None])
        source = np.maximum.accumulate(source, axis=0)                  # the last row with a value, -1: none yet
        carried = (source >= 0) & empty
        values = np.where(source >= 0, np.take_along_axis(values, np.maximum(source, 0), axis=0), np.nan)
        empty = np.isnan(values)
        notes.append(Note("Gaps filled with the value before: {count}.", count=int(carried.sum())))
    kept = np.flatnonzero(~empty.any(axis=1))
    if len(kept) < len(values):
        notes.append(Note("Rows with gaps, left out: {count} of {total}.",
                          count=len(values) - len(kept), total=len(values)))
    return values[kept], kept
