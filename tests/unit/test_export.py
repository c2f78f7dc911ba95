"""Tables as files: what is read back is what was written, and nothing in them is computed by a spreadsheet."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from lstm_core.errors import Refusal
from lstm_core.export import csv_file


def rows(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@given(some.lists(some.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_numbers_come_back_exactly(numbers: list[float]) -> None:
    read = [float(row[0]) for row in rows(csv_file({"value": np.array(numbers)}))[1:]]
    assert read == numbers


def test_a_table_is_read_by_pandas_and_marked_for_spreadsheets() -> None:
    days = np.array(["2020-01-02", "2020-01-03"], dtype="datetime64[ns]")
    file = csv_file({"日期": days, "real": np.array([1.5, np.nan]), "row": np.array([7, 8])})
    assert file.startswith(b"\xef\xbb\xbf")
    table = pd.read_csv(io.BytesIO(file), parse_dates=["日期"])
    assert (table["日期"].to_numpy() == days).all()
    assert table["real"].isna().tolist() == [False, True]
    assert table["row"].tolist() == [7, 8]


def test_a_time_of_day_is_kept() -> None:
    times = np.array(["2020-01-02T09:30", "2020-01-03"], dtype="datetime64[ns]")
    assert [row[0] for row in rows(csv_file({"time": times}))[1:]] == ["2020-01-02T09:30:00", "2020-01-03T00:00:00"]


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-HYPERLINK(1)", "@SUM(A1)", "\t=1", "\r=1", "-", "-inf", "\t5",
                                  "＝1+1", "＋cmd", "－HYPERLINK(1)", "＠SUM(A1)", " =1", "\u200b=1", "\ufeff＝1"])
def test_text_that_would_be_a_formula_is_text(text: str) -> None:
    assert rows(csv_file({text: [text]})) == [[f"'{text}"], [f"'{text}"]]


@pytest.mark.parametrize("text", ["-5", "+0.5", "-1e-3", "plain", "a=b", "", "a,b", 'say "x"', "two\nlines"])
def test_numbers_and_plain_text_stay_as_they_are(text: str) -> None:
    assert rows(csv_file({"name": [text, "end"]}))[1] == [text]


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(Refusal, match="a: 1, b: 2"):
        csv_file({"a": [1], "b": [1, 2]})
