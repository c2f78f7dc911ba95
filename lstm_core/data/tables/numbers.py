"""Text cells read as numbers: with either decimal sign, and with the currency or the unit that stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

SAMPLE = 200            # cells of a column that are looked at first
WAYS = 20               # in which numbers of one column may be written at most

_SPACE = "[ \u00a0\u2009\u202f'’]"     # what stands between groups of three digits, besides comma and point
_GROUPED_BY_COMMA = r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"
_GROUPED_AS_IN_INDIA = r"[+-]?[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}(?:\.[0-9]*)?"
_GROUPED_BY_SPACE = r"[+-]?[0-9]{1,3}(?:" + _SPACE + r"[0-9]{3})+"
_DECIMAL_COMMA = r"[+-]?(?:[0-9]+|[0-9]{1,3}(?:\.[0-9]{3})+)?(?:,[0-9]*)?(?:[eE][+-]?[0-9]+)?"

_TIMES = {
    "k": 1e3, "K": 1e3, "Tsd": 1e3, "M": 1e6, "mn": 1e6, "Mn": 1e6, "Mio": 1e6, "B": 1e9, "bn": 1e9, "Bn": 1e9,
    "Mrd": 1e9, "T": 1e12, "千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "万亿": 1e12, "lakh": 1e5,
    "crore": 1e7, "Cr": 1e7}
_MONEY = r"(?:US|HK|A|C|NT)?\$|€|£|¥|₹|₩|USD|EUR|GBP|CHF|CNY|RMB|JPY|HKD|INR"
_UNITS = r"%|‰|元|美元|港元|股|手|°C|°F"
_DIGITS = rf"(?:[0-9][0-9.,{_SPACE[1:-1]}]*|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?"
_WHOLE = re.compile(
    rf"(?P<open>\()?(?P<sign>[+-])? ?(?P<money>{_MONEY})? ?(?P<second>[+-])?"
    rf"(?P<digits>{_DIGITS})"
    rf" ?(?P<times>{'|'.join(sorted(_TIMES, key=len, reverse=True))})?\.? ?(?P<unit>{_MONEY}|{_UNITS})?(?P<close>\))?"
    r"(?P<trailing>-)?")
_PLAIN = rf"[+-]?[0-9.,{_SPACE[1:-1]}]*(?:[eE][+-]?[0-9]+)?"
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\ufe63": "-"})


@dataclass(frozen=True)
class Affixes:
    """What stands around the digits of a number, and what it means."""

    before: str
    after: str
    sign: str                       # "-" or ""
    times: float
    unit: str


@dataclass(frozen=True, eq=False)
class Bare:
    """A column of cells without what stands beside their digits."""

    text: pd.Series                 # digits, with their sign, grouping and decimal sign
    times: np.ndarray | float       # (R,) by what each is multiplied: K, M, 万 ...
    unit: str                       # a currency, %, or ""
    place: int | None               # of the first cell from which something was taken away; None: there is none


def bare(text: pd.Series, gap: np.ndarray) -> Bare:
    """Take the unit, the sign and the multiplier away from cells that are numbers with these; others stay as they are.

    A column with two units stays as it is, too: its numbers do not belong together.

    Args:
        text: (R,) cells.
        gap: (R,) which of them are empty.
    """
    unread = np.flatnonzero(np.isnan(floats(text)) & ~gap)
    odd = unread[~text.iloc[unread].str.fullmatch(_PLAIN).to_numpy(dtype=bool)]
    cells = text.iloc[odd].reset_index(drop=True)
    if cells.str.contains(r"[^\x00-\x7f]").any():
        cells = cells.str.normalize("NFKC").str.translate(_MINUS)
    ways = [way for cell in cells[:SAMPLE] if (way := _affixes(cell)) is not None]
    if len(ways) <= len(cells[:SAMPLE]) / 2:
        return Bare(text, 1.0, "", None)            # dates, words
    digits, times, units = np.full(len(cells), "", dtype=object), np.ones(len(text)), set[str]()
    left = np.ones(len(cells), dtype=bool)
    for sampled in (True, False):                   # nearly all are written as the first ones
        found = ways if sampled else map(_affixes, cells[left])
        for way in [way for way in dict.fromkeys(found) if way is not None][:WAYS]:
            numbers = left & _written(cells, way)
            digits[numbers] = way.sign + _inner(cells[numbers], way).str.rstrip().to_numpy(dtype=object)
            times[odd[numbers]] = way.times
            units.add(way.unit)
            left &= ~numbers
    if len(units - {""}) > 1:
        return Bare(text, 1.0, "", None)
    plain = text.copy()
    plain.iloc[odd[~left]] = digits[~left]
    return Bare(plain, times, "".join(units), int(odd[~left][0]))


def _affixes(cell: str) -> Affixes | None:
    """Return what stands around the digits of a number; None: the cell is something else."""
    found = _WHOLE.fullmatch(cell)
    if found is None or bool(found["open"]) != bool(found["close"]) or (found["money"] and found["unit"]):
        return None
    minus = [found["sign"], found["second"], found["trailing"]].count("-") + bool(found["open"])
    begin, end = found.span("digits")
    return None if minus > 1 else Affixes(cell[:begin], cell[end:], "-" * minus, _TIMES.get(found["times"] or "", 1.0),
                                          found["money"] or found["unit"] or "")


def _inner(cells: pd.Series, way: Affixes) -> pd.Series:
    return cells.str.slice(len(way.before), -len(way.after) or None)


def _written(cells: pd.Series, way: Affixes) -> np.ndarray:
    """Tell which cells are numbers that are written in this way."""
    whole = _inner(cells, way).str.fullmatch(_DIGITS)
    return np.array(whole & cells.str.startswith(way.before) & cells.str.endswith(way.after), dtype=bool)


def mostly_numbers(unread: pd.Series) -> bool:
    """Tell whether cells that are no plain numbers are worth a closer look: most of the first ones are numbers."""
    sample = unread.iloc[:SAMPLE]
    read = ~np.isnan(decimal_point(sample, np.zeros(len(sample), dtype=bool))) | ~np.isnan(decimal_comma(sample))
    return not len(sample) or bool(read.mean() >= 0.5)


def decimal_point(text: pd.Series, gap: np.ndarray) -> np.ndarray:
    """Return numbers written as 1234.5 or 1,234.5 or 1 234.5 or 12,34,567.8; nan where they are not."""
    numbers = floats(text)
    unread = np.isnan(numbers) & ~gap
    if unread.any():
        rest = text[unread]
        grouped = rest.str.fullmatch(_GROUPED_BY_COMMA) | rest.str.fullmatch(_GROUPED_AS_IN_INDIA) | rest.str.fullmatch(
            _GROUPED_BY_SPACE + r"(?:\.[0-9]*)?")
        numbers[unread] = floats(rest.where(grouped, "").str.replace(_SPACE + "|,", "", regex=True))
    return numbers


def decimal_comma(text: pd.Series) -> np.ndarray:
    """Return numbers written as 1234,5 or 1.234,5 or 1 234,5; nan where they are not."""
    grouped = text.str.fullmatch(_GROUPED_BY_SPACE + r"(?:,[0-9]*)?")
    joined = text.where(~grouped, text.str.replace(_SPACE, "", regex=True))
    fits = joined.str.fullmatch(_DECIMAL_COMMA)
    return floats(joined.where(fits, "").str.replace(".", "", regex=False).str.replace(",", ".", regex=False))


def floats(text: pd.Series) -> np.ndarray:
    """Return what are plain numbers; nan where they are not."""
    return np.array(pd.to_numeric(text, errors="coerce"), dtype=np.float64)
