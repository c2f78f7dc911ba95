"""Numbers with a currency, a unit, a multiplier, brackets, or digits and signs of another script."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstm_core.data.tables.columns import Column
from lstm_core.data.tables.table import TableDraft, read_table


def read(cells: Sequence[str], separator: str = ";") -> TableDraft:
    rows = [f"{number}{separator}{cell}" for number, cell in enumerate(cells, start=1)]
    return read_table("\n".join([f"n{separator}value", *rows]).encode(), "t.csv")


def column(cells: Sequence[str]) -> Column:
    return read(cells).columns[1]


@pytest.mark.parametrize(("cells", "values", "unit"), [
    (["$118.00", "$1,116.98", "-$2.50"], [118, 1116.98, -2.5], "$"), (["€ 1.118,25", "€ 2,50"], [1118.25, 2.5], "€"),
    (["118,25 €", "-2,50 €"], [118.25, -2.5], "€"), (["US$5", "US$6"], [5, 6], "US$"),
    (["¥100", "¥ 90"], [100, 90], "¥"), (["0.93%", "-0.72%", "+1.5 %"], [0.93, -0.72, 1.5], "%"),
    (["2.39M", "931.2K", "1.02B"], [2.39e6, 931200, 1.02e9], ""),
    (["12.3万", "3.40亿", "5"], [123000, 3.4e8, 5], ""), (["1.5万亿", "2百万"], [1.5e12, 2e6], ""),
    (["2,39 Mio.", "1,5 Mrd."], [2.39e6, 1.5e9], ""), (["(1,234.50)", "17.25"], [-1234.5, 17.25], ""),
    (["($5.25)", "$5.00"], [-5.25, 5], "$"), (["0.0", "\u22120.1", "0.2"], [0, -0.1, 0.2], ""),
    (["12,34,567.50", "1,18,000"], [1234567.5, 118000], ""), (["１，２３４．５", "９９．５"], [1234.5, 99.5], ""),
    (["1\u2009234,5", "99,5"], [1234.5, 99.5], ""), (["1'234.5", "99.5"], [1234.5, 99.5], ""),
    (["123-", "5"], [-123, 5], ""),
    (["100元", "-20元"], [100, -20], "元"), (["3 lakh", "1.5 crore"], [3e5, 1.5e7], "")])
def test_a_number_is_read_with_what_stands_beside_it(cells: list[str], values: list[float], unit: str) -> None:
    found = column(cells)
    assert found.kind == "number"
    np.testing.assert_allclose(found.numbers, values, rtol=1e-12)
    assert found.unit == unit


@pytest.mark.parametrize("cells", [
    ["$5", "€5"], ["5 apples", "6 apples"], ["(5", "6"], ["--5", "6"], ["(-5)", "6)"], ["5%%", "6%"],
    ["12:30", "13:00"], ["K5", "M6"], ["$5€", "$6€"], ["1e5M5", "2"], ["five", "six"]])
def test_what_is_no_number_stays_text(cells: list[str]) -> None:
    assert column(cells).kind != "number"


def test_how_a_cell_was_read_is_told_once_for_each_column() -> None:
    draft = read(["$1,118.00", "$1,116.98", "$3.00"])
    assert [str(note) for note in draft.notes if "was read as" in str(note)] == [
        "Column 'value': '$1,118.00' was read as 1118."]


def test_a_gap_and_a_word_are_named_as_before_among_numbers_with_units() -> None:
    found = column(["$1", "", "n/a", "$4", "suspended", "$6", "$7"])
    assert (found.kind, found.gaps) == ("text", 2)
    assert found.not_number is not None
    assert (found.not_number.row, found.not_number.text) == (6, "suspended")


def test_the_unit_of_the_target_goes_along_with_the_series() -> None:
    draft = read(["1.00%", "0.54%", "-0.42%"])
    assert draft.series(draft.suggested()).series.unit == "%"


def test_a_column_of_too_many_ways_to_write_a_number_is_not_read_one_by_one() -> None:
    ways = [f"{sign}{{}}{times}{point}" for sign in ("", "+", "-") for point in ("", ".")
            for times in ("k", "K", "M", "mn", "Mio", "B", "bn", "Mrd", "T", "Cr", "lakh", "crore")]
    began = time.perf_counter()
    assert column([ways[number % len(ways)].format(number) for number in range(20_000)]).kind == "text"
    assert time.perf_counter() - began < 2


STYLES = {"us": (",", "."), "de": (".", ","), "fr": ("\u202f", ","), "ch": ("’", "."), "plain": ("", ".")}


@given(st.lists(st.decimals(-10**9, 10**9, places=2), min_size=3, max_size=8), st.sampled_from(sorted(STYLES)),
       st.sampled_from(["{}", "{} €", "€{}", "${}", "{}%", "{} 元"]))
def test_numbers_written_in_any_national_style_are_read_back(values: list[float], style: str, dress: str) -> None:
    group, point = STYLES[style]
    cells = [dress.format(f"{value:,.2f}".translate(str.maketrans({",": group, ".": point}))) for value in values]
    np.testing.assert_allclose(column(cells).numbers, [float(value) for value in values], rtol=1e-12)
