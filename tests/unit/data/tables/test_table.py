"""Uploaded tables: every way of writing that is understood, every fault that is told, nothing else ever raised."""

from __future__ import annotations

import csv
import io
import random
import time
import zipfile
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_core import limits
from lstm_core.data import Reading, Series, prepare
from lstm_core.data.tables import csv_reader
from lstm_core.data.tables.table import TableDraft, read_table
from lstm_core.errors import Refusal
from lstm_core.spec import Table

PLAIN = "date,close,volume\n2020-01-01,1.5,10\n2020-01-02,2.5,20\n2020-01-03,3.5,30\n"


def read(text: str, encoding: str = "utf-8") -> TableDraft:
    return read_table(text.encode(encoding), "prices.csv")


def numbers(draft: TableDraft, name: str) -> list[float]:
    reading = draft.series(Table(features=(name,), column=name))
    return [float(value) for value in reading.series.values[:, 0]]


def days(draft: TableDraft, date: str) -> list[str]:
    column = next(name for name in draft.of_kind("number") if name != date)
    reading = draft.series(Table(date=date, features=(column,), column=column))
    return [str(day)[:16].replace("T00:00", "") for day in reading.series.index]


def notes(source: TableDraft | Reading) -> list[str]:
    return [str(note) for note in source.notes]


def refused(call: Any) -> str:
    with pytest.raises(Refusal) as caught:
        call()
    return str(caught.value)


def test_a_plain_table() -> None:
    draft = read(PLAIN)
    assert (draft.names, draft.rows, draft.name, draft.notes) == (("date", "close", "volume"), 3, "prices.csv", ())
    assert [column.kind for column in draft.columns] == ["date", "number", "number"]
    assert draft.suggested() == Table(date="date", features=("close",), column="close")
    reading = draft.series(Table(date="date", features=("close", "volume"), column="close"))
    series = reading.series
    assert (series.columns, series.name, series.unit, reading.notes) == (("close", "volume"), "prices.csv", "", ())
    np.testing.assert_array_equal(series.values, [[1.5, 10], [2.5, 20], [3.5, 30]])
    np.testing.assert_array_equal(series.index, np.array(["2020-01-01", "2020-01-02", "2020-01-03"], "datetime64[ns]"))
    assert Series.from_bytes(series.to_bytes()).digest() == series.digest()


def test_rows_are_numbered_without_a_date_column() -> None:
    reading = read("a,b\n1,5\n,6\n3,7\n").series(Table(features=("a",), column="b"))
    np.testing.assert_array_equal(reading.series.index, [0, 1])
    assert reading.series.index.dtype == np.int64
    assert reading.series.columns == ("a", "b")
    np.testing.assert_array_equal(reading.series.values, [[1, 5], [3, 7]])


def test_only_the_chosen_columns_count() -> None:
    draft = read("a,b,c\n1,,x\n2,5,y\n3,6,z\n")
    assert numbers(draft, "a") == [1, 2, 3]
    assert numbers(draft, "b") == [5, 6]


@pytest.mark.parametrize(("encoding", "told"), [
    ("utf-8", None), ("utf-8-sig", None), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
    ("utf-16-be", "utf-16-be"), ("gbk", "gb18030"), ("gb18030", "gb18030")])
def test_chinese_encodings(encoding: str, told: str | None) -> None:
    draft = read("日期,收盘价,换手率\n2020-01-01,1.5,2\n2020-01-02,2.5,3\n", encoding)
    assert draft.names == ("日期", "收盘价", "换手率")
    assert draft.suggested().column == "收盘价"
    assert notes(draft) == ([f"The file was read as {told}."] if told else [])


@pytest.mark.parametrize("header", ["Größe", "Schließkurs", "été", "Año", "Prix €", "ÄÖÜ", "naïve"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_western_encodings(header: str, encoding: str) -> None:
    assert read(f"{header};b\n1;2\n3;4\n", encoding).names == (header, "b")


def test_bytes_that_no_code_page_defines_are_read_as_latin_1() -> None:
    draft = read_table(b"a\x81,b\n1,2\n3,4\n", "x")
    assert draft.names == ("a\x81", "b")
    assert notes(draft) == ["The file was read as latin-1."]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator: str, newline: str) -> None:
    draft = read(PLAIN.replace(",", separator).replace("\n", newline))
    assert draft.names == ("date", "close", "volume")
    assert numbers(draft, "close") == [1.5, 2.5, 3.5]
    assert any("separated" in note for note in notes(draft)) == (separator != ",")


@pytest.mark.parametrize(("cells", "expected"), [
    (["1.5", "-2.25", "+3", "1e3", ".5"], [1.5, -2.25, 3, 1000, 0.5]),
    (["1,5", "-2,25", "+3", "1e3", ",5"], [1.5, -2.25, 3, 1000, 0.5]),
    (["1.234,5", "12.345.678", "7"], [1234.5, 12345678, 7]),
    (["1,234.5", "12,345,678", "7"], [1234.5, 12345678, 7]),
    (["1 234,5", "12 345 678", "7"], [1234.5, 12345678, 7]),
    (["1\u00a0234.5", "12\u202f345\u202f678.25", "7"], [1234.5, 12345678.25, 7]),
    (["1'234.5", "12’345’678", "7"], [1234.5, 12345678, 7]),
    (["1.234", "2.5", "3"], [1.234, 2.5, 3]),
    (["1.234", "2.345", "3.456"], [1.234, 2.345, 3.456]),       # nothing speaks for groups
    (["123456789012345678901234567890", "2"], [1.2345678901234568e29, 2]),
    (["0.1", "123456.789", "2.2250738585072014e-308"], [0.1, 123456.789, 2.2250738585072014e-308]),
])
def test_numbers(cells: list[str], expected: list[float]) -> None:
    draft = read("a;b\n" + "".join(f"{cell};x\n" for cell in cells))
    assert draft.columns[0].kind == "number"
    assert numbers(draft, "a") == expected


@pytest.mark.parametrize(("text", "expected", "told"), [
    ("a;b\n1,234;1,5\n2,345;2,5\n", 1.234, True),               # b leaves no choice, so a follows
    ("a;b\n1.234;1,5\n2.345;2,5\n", 1234, True),
    ("a;b\n1,234;1.5\n2,345;2.5\n", 1234, True),
    ("a;b\n1,234;1\n2,345;2\n", 1.234, True),                   # cells are split by ;, so the comma is free
    ('a,b\n"1,234",1\n"2,345",2\n', 1234, True),
    ("a,b\n1.234,1\n2.345,2\n", 1.234, False),
])
def test_ambiguous_numbers_follow_the_rest_of_the_file_and_are_told(text: str, expected: float, told: bool) -> None:
    draft = read(text)
    assert numbers(draft, "a")[0] == expected
    assert any(f"was read as {expected:g}" in note for note in notes(draft)) == told


@pytest.mark.parametrize(("cells", "expected"), [
    (["2020-01-31", "2020-02-01"], ["2020-01-31", "2020-02-01"]),
    (["2020/1/31", "2020/2/1"], ["2020-01-31", "2020-02-01"]),
    (["20200131", "20200201"], ["2020-01-31", "2020-02-01"]),
    (["2020年1月31日", "2020年2月1日"], ["2020-01-31", "2020-02-01"]),
    (["31.01.2020", "1.2.2020"], ["2020-01-31", "2020-02-01"]),
    (["31/01/2020", "01/02/2020"], ["2020-01-31", "2020-02-01"]),
    (["01/31/2020", "02/01/2020"], ["2020-01-31", "2020-02-01"]),
    (["01/31/20", "02/01/20"], ["2020-01-31", "2020-02-01"]),
    (["31-Jan-2020", "01-Feb-2020"], ["2020-01-31", "2020-02-01"]),
    (["31 Jan 2020", "1 Feb 2020"], ["2020-01-31", "2020-02-01"]),
    (["Jan 31, 2020", "Feb 1, 2020"], ["2020-01-31", "2020-02-01"]),
    (["2020-01", "2020-02"], ["2020-01-01", "2020-02-01"]),
    (["2020-01-31 00:00:00-05:00", "2020-02-01 00:00:00-04:00"], ["2020-01-31", "2020-02-01"]),
    (["2020-01-31T09:30:00Z", "2020-02-01T16:00:00.000Z"], ["2020-01-31T09:30", "2020-02-01T16:00"]),
    (["2020-01-31 9:30", "2020-02-01 16:00"], ["2020-01-31T09:30", "2020-02-01T16:00"]),
    (["1700-01-01", "2200-01-01"], ["1700-01-01", "2200-01-01"]),
    # 3 May or 5 March: time goes one way
    (["03/05/2020", "04/05/2020", "01/06/2020"], ["2020-05-03", "2020-05-04", "2020-06-01"]),
    (["03/05/2020", "04/05/2020", "05/01/2020"], ["2020-03-05", "2020-04-05", "2020-05-01"]),
])
def test_dates(cells: list[str], expected: list[str]) -> None:
    draft = read("d;v\n" + "".join(f"{cell};1\n" for cell in cells))
    assert draft.columns[0].kind == "date"
    assert draft.suggested().date == "d"
    assert days(draft, "d") == expected


@pytest.mark.parametrize("cells", [["today", "now"], ["0001-01-01", "0002-01-01"], ["9999-01-01", "9998-01-01"],
                                   ["2020-13-01", "2020-14-01"], ["Monday", "Tuesday"], ["1.5 kg", "2 kg"]])
def test_what_is_no_date(cells: list[str]) -> None:
    draft = read("d,v\n" + "".join(f"{cell},1\n" for cell in cells))
    assert draft.columns[0].kind == "text"
    words = refused(lambda: draft.series(Table(date="d", features=("v",), column="v")))
    assert "'d' does not hold dates only: row 2" in words
    assert repr(cells[0]) in words


def test_a_number_column_is_no_date_column() -> None:
    words = refused(lambda: read(PLAIN).series(Table(date="close", features=("volume",), column="volume")))
    assert "'close' holds numbers, not dates" in words


def test_one_wrong_date_is_named() -> None:
    draft = read("d,v\n2020-01-01,1\n2020-01-02,2\nsoon,3\n")
    words = refused(lambda: draft.series(Table(date="d", features=("v",), column="v")))
    assert "row 4 has 'soon'" in words


def test_text_in_a_chosen_column_is_named_with_its_row() -> None:
    draft = read("d,v,w\n2020-01-01,1,a\n\n2020-01-02,2,b\n2020-01-03,12 kg,c\n")
    assert "'v' does not hold numbers only: row 5 has '12 kg'" in refused(
        lambda: draft.series(Table(features=("v",), column="v")))
    assert "'w' does not hold numbers only: row 2 has 'a'" in refused(
        lambda: draft.series(Table(features=("w",), column="v")))
    assert "'d' does not hold numbers only" in refused(lambda: draft.series(Table(features=("d",), column="v")))


@pytest.mark.parametrize(("spec", "words"), [
    (Table(features=("zzz",), column="close"), "no column 'zzz'. It has date, close, volume"),
    (Table(features=("close",), column="zzz"), "no column 'zzz'"),
    (Table(date="zzz", features=("close",), column="close"), "no column 'zzz'"),
    (Table(features=(), column="close"), "at least one feature column; the columns with numbers are: close, volume"),
    (Table(features=("close",), column=""), "Choose the column to predict"),
])
def test_choices_that_do_not_fit_are_refused(spec: Table, words: str) -> None:
    assert words in refused(lambda: read(PLAIN).series(spec))


@pytest.mark.parametrize("gap", ["", " ", "NA", "n/a", "NaN", "null", "-", "#N/A", "?"])
def test_gaps_are_dropped_or_carried(gap: str) -> None:
    draft = read(f"d,v\n2020-01-01,{gap}\n2020-01-02,2\n2020-01-03,{gap}\n2020-01-04,{gap}\n2020-01-05,5\n")
    assert draft.columns[1].gaps == 3
    dropped = draft.series(Table(date="d", features=("v",), column="v"))
    assert dropped.series.values[:, 0].tolist() == [2, 5]
    assert notes(dropped) == ["Rows with gaps, left out: 3 of 5."]
    assert [str(day)[:10] for day in dropped.series.index] == ["2020-01-02", "2020-01-05"]
    carried = draft.series(Table(date="d", features=("v",), column="v", missing="carry"))
    assert carried.series.values[:, 0].tolist() == [2, 2, 2, 5]
    assert notes(carried) == ["Gaps filled with the value before: 2.", "Rows with gaps, left out: 1 of 5."]


def test_infinite_values_are_gaps() -> None:
    draft = read("v\n1\ninf\n-Infinity\n1e999\n5\n")
    reading = draft.series(Table(features=("v",), column="v"))
    assert reading.series.values[:, 0].tolist() == [1, 5]
    assert notes(reading) == ["Infinite values in column 'v', taken for gaps: 3.", "Rows with gaps, left out: 3 of 5."]


def test_unsorted_dates_are_sorted_before_gaps_are_filled() -> None:
    reading = read("d,v\n2020-01-03,\n2020-01-01,1\n2020-01-02,2\n").series(
        Table(date="d", features=("v",), column="v", missing="carry"))
    assert reading.series.values[:, 0].tolist() == [1, 2, 2]
    assert [str(day)[:10] for day in reading.series.index] == ["2020-01-01", "2020-01-02", "2020-01-03"]
    assert "sorted by date" in notes(reading)[0]


def test_the_last_row_of_a_date_is_kept() -> None:
    reading = read("d,v\n2020-01-01,1\n2020-01-02,2\n2020-01-02,3\n2020-01-03,4\n,5\n").series(
        Table(date="d", features=("v",), column="v"))
    assert reading.series.values[:, 0].tolist() == [1, 3, 4]
    assert notes(reading) == [
        "Rows without a date, left out: 1.",
        "Rows that repeat a date, for example 2020-01-02: 1. The last row of each date was kept."]


def test_several_series_in_one_table_are_refused() -> None:
    stacked = "d,v\n" + "".join(f"2020-01-0{day},{share}\n" for share in range(3) for day in range(1, 9))
    words = refused(lambda: read(stacked).series(Table(date="d", features=("v",), column="v")))
    assert "Most dates occur more than once, for example 2020-01-01" in words


@pytest.mark.parametrize(("text", "names"), [
    ("a,a,a\n1,2,3\n4,5,6\n", ("a", "a (2)", "a (3)")),
    ("a,,c\n1,2,3\n4,5,6\n", ("a", "column 2", "c")),
    ("<b>a</b>,<img src=x onerror=alert(1)>,a < b\n1,2,3\n4,5,6\n", ("a", "column 2", "a b")),
    ('"a\nb"," c ",d\x07\n1,2,3\n4,5,6\n', ("a b", "c", "d")),
    (f"{'x' * 200},b\n1,2\n3,4\n", ("x" * 60, "b")),
    ("country,2019,2020\n1,2,3\n4,5,6\n", ("country", "2019", "2020")),
])
def test_column_names_are_cleaned_and_unique(text: str, names: tuple[str, ...]) -> None:
    assert read(text).names == names


def test_changed_names_are_told() -> None:
    assert notes(read("a,a,\n1,2,3\n4,5,6\n")) == [
        "The column name 'a' was changed to 'a (2)'.", "The column name '' was changed to 'column 3'."]


@pytest.mark.parametrize("text", ["1,2\n3,4\n5,6\n", "2020-01-01,2\n2020-01-02,4\n2020-01-03,6\n"])
def test_a_table_without_names(text: str) -> None:
    draft = read(text)
    assert draft.names == ("column 1", "column 2")
    assert draft.rows == 3
    assert numbers(draft, "column 2") == [2, 4, 6]
    assert "read as data" in notes(draft)[0]


def test_separators_at_the_end_and_empty_rows_do_no_harm() -> None:
    draft = read("\n\na,b,\n1,2,\n,,\n3,4\n5,x,\n\n\n")
    assert draft.names == ("a", "b")
    assert numbers(draft, "a") == [1, 3, 5]
    assert draft.columns[1].not_number is not None
    assert draft.columns[1].not_number.row == 7


@pytest.mark.parametrize(("text", "words"), [
    ("", "The file is empty"), (" \n\r\n ", "The file is empty"), (",,\n,,\n", "The file is empty"),
    ("x" * 200_000 + ",b\n1,2\n3,4\n", "too long"),
    ("a,b", "Rows of data below the column names: 0."), ("a,b\n\n\n", "Rows of data below the column names: 0."),
    ("a,b\n1,2\n", "Rows of data below the column names: 1."), ("hello", "Rows of data below the column names: 0."),
    ("a,b\n1,2\n3,4,5\n", "Row 3 has 3 cells, the first row has 2"),
    ("a,b\n" + "1,2\n" * 100 + "3,4,5\n", "Row 102 has 3 cells, the first row has 2"),
    ('a,b\n"1,2\n3,4\n', "quotation mark"),
])
def test_tables_that_cannot_be_used(text: str, words: str) -> None:
    assert words in refused(lambda: read(text))


def test_one_row_left_is_not_enough() -> None:
    draft = read("a,b\n1,\n,2\n3,4\n")
    assert "Rows without gaps in a, b: 1 of 3" in refused(lambda: draft.series(Table(features=("a",), column="b")))


def _workbook() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return buffer.getvalue()


@pytest.mark.parametrize(("content", "kind"), [
    (_workbook(), "xlsx/zip"), (b"\x89PNG\r\n\x1a\n" + bytes(100), "png"), (b"%PDF-1.7\n...", "pdf"),
    (b"\xd0\xcf\x11\xe0" + bytes(100), "xls"), (b"\x1f\x8b\x08" + bytes(20), "gz"), (b"PAR1" + bytes(20), "parquet"),
    (bytes(range(256)) * 4, "binary"), (b"a,b\n1,\x00\n" + b"2,3\n" * 50, "binary"),
    (random.Random(0).randbytes(5000), "binary"),
])
def test_binary_files_are_told_to_be_exported(content: bytes, kind: str) -> None:
    words = refused(lambda: read_table(content, "x.csv"))
    assert f"not a CSV but a file of another kind ({kind})" in words
    assert "export it as CSV" in words


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("TABLE_ROWS", 5), ("TABLE_COLUMNS", 3), ("TABLE_BYTES", 100)):
        monkeypatch.setattr(limits, name, value)
    assert read("a,b,c\n" + "1,2,3\n" * 5).rows == 5
    assert "at most 5 rows" in refused(lambda: read("a,b\n" + "1,2\n" * 6))
    assert "at most 3 columns; received 4" in refused(lambda: read("a,b,c,d\n1,2,3,4\n5,6,7,8\n"))
    assert "at most 0 MB; received 0.0 MB" in refused(lambda: read("a\n" + "1\n" * 50))


def test_a_large_table_is_read_in_time() -> None:
    rows = limits.TABLE_ROWS
    noise = np.random.default_rng(0).normal(0, 1000, (rows, 5))
    frame = pd.DataFrame(noise, columns=list("abcde"))
    frame.insert(0, "date", pd.date_range("1800-01-01", periods=rows).strftime("%d.%m.%Y"))
    for content, sign in ((frame.to_csv(index=False), ","), (frame.to_csv(index=False, sep=";", decimal=","), ";")):
        start = time.process_time()
        draft = read(content)
        reading = draft.series(Table(date="date", features=tuple("abcde"), column="e"))
        read_in = time.process_time()
        plain = list(csv.reader(io.StringIO(content), delimiter=sign))
        np.array([[float(cell.replace(",", ".")) for cell in row[1:]] for row in plain[1:]])
        plainly = time.process_time() - read_in         # without guessing what the cells are
        assert read_in - start < 6 * plainly
        np.testing.assert_array_equal(reading.series.values, noise)
        assert reading.notes == ()


@pytest.mark.parametrize(("given_name", "kept"), [
    ("../../etc/passwd.csv", "passwd.csv"), ("C:\\data\\x.csv", "x.csv"), ("<script>.csv", "script.csv"),
    ("", "table"), ("a\nb.csv", "ab.csv"), ("x" * 300, "x" * 80)])
def test_file_names_are_cleaned(given_name: str, kept: str) -> None:
    assert read_table(PLAIN.encode(), given_name).name == kept


TUTORIAL = ("index_code", "date", "open", "close", "low", "high", "volume", "money", "change", "label")
TUTORIAL_ROWS = [("sh000001", f"1990/12/{day}", 104.3 + day, 105.2 + day, 104.1 + day, 106.4 + day, 2650 + day,
                  494311 + day, 0.04 + day, 109 + day) for day in range(10, 31)]


@pytest.mark.parametrize("order", [range(10), range(9, -1, -1), (4, 9, 1, 7, 0, 3, 8, 2, 6, 5)])
@pytest.mark.parametrize("write", [str.lower, str.upper, str.title])
def test_the_table_of_the_tutorial_is_recognised(order: range, write: Any) -> None:
    frame = pd.DataFrame(TUTORIAL_ROWS, columns=[write(name) for name in TUTORIAL]).iloc[:, list(order)]
    draft = read_table(frame.to_csv(index=False).encode(), "x.csv")
    features = tuple(write(name) for name in ("open", "close", "low", "high", "volume", "money", "change"))
    suggested = draft.suggested()
    assert suggested == Table(date=write("date"), features=features, column=write("label"), horizon=0)
    assert notes(draft) == [f"The columns were recognised. To begin with, {', '.join(features)} predict "
                            f"{write('label')!r} of the same row (0 steps ahead)."]
    series = draft.series(suggested).series
    assert series.columns == (*features, write("label"))
    np.testing.assert_array_equal(series.values, [row[2:] for row in TUTORIAL_ROWS])
    data = prepare(Table(**{**vars(suggested), "steps": 3, "validation": 0, "test": 0.2}), "every", series)
    np.testing.assert_array_equal(data.actual[data.sample_ids["test"][-1] + data.horizon], TUTORIAL_ROWS[-1][-1])


@pytest.mark.parametrize(("left_out", "text"), [
    ("label", ""), ("money", ""), ("date", ""), ("", "change"), ("", "label"), ("", "date")])
def test_a_table_that_is_not_quite_the_tutorial_s_is_not_recognised(left_out: str, text: str) -> None:
    frame = pd.DataFrame(TUTORIAL_ROWS, columns=TUTORIAL)
    frame = frame.assign(**({text: "x"} if text else {})).drop(columns=[left_out] if left_out else [])
    draft = read_table(frame.to_csv(index=False).encode(), "x.csv")
    assert len(draft.suggested().features) == 1
    assert draft.suggested().horizon == 1
    assert notes(draft) == []


@pytest.mark.parametrize(("header", "features"), [
    ("日期,开盘,收盘,最高,最低,成交量,成交额,涨跌幅", "开盘,收盘,最低,最高,成交量,成交额,涨跌幅"),
    ("涨跌幅(%),成交额（元）,成交量,最低价,最高价,收盘价,开盘价,日期",
     "开盘价,收盘价,最低价,最高价,成交量,成交额（元）,涨跌幅(%)"),
    ("交易日期,开盘价,最高价,最低价,收盘价,代码,开盘", "开盘价,收盘价,最低价,最高价"),
])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_prices_under_chinese_names_are_recognised(header: str, features: str, encoding: str) -> None:
    names, chosen = header.split(","), tuple(features.split(","))
    rows = [",".join(f"2021-03-{day}" if "日期" in name else f"{day + place}" for place, name in enumerate(names))
            for day in range(10, 20)]
    draft = read("\n".join([header, *rows]), encoding)
    date, close = next(name for name in names if "日期" in name), chosen[1]
    assert draft.suggested() == Table(date=date, features=chosen, column=close)
    assert notes(draft)[-1] == (f"The columns were recognised. To begin with, {', '.join(chosen)} predict {close!r} of "
                                "a later row.")
    series = draft.series(draft.suggested()).series
    assert series.values[0].tolist() == [10 + names.index(name) for name in chosen]


def test_a_chinese_column_that_holds_no_numbers_is_left_out() -> None:
    draft = read("日期,开盘,收盘,最高,最低,成交量\n2021-03-10,1,2,3,4,很多\n2021-03-11,2,3,4,5,不多\n")
    assert draft.suggested().features == ("开盘", "收盘", "最低", "最高")
    assert read("日期,开盘,收盘,最高\n2021-03-10,1,2,3\n2021-03-11,2,3,4\n").suggested().features == ("收盘",)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(("row", "cells"), [
    ("3,4,5", 3), ("3,4,5,6", 4), ("3,4,5,6,7", 5), ("3,4,,6", 4), ('"3,4",5,"6,7"', 3), ('"3\n4",5,"6\n,7",8', 4),
    ('"say ""3, 4""",5,6', 3)])
def test_an_uneven_row_is_told_with_all_its_cells(row: str, cells: int, late: bool) -> None:
    """Commas and line ends in quotes neither make cells nor rows."""
    before = ['"1\n,1",2', *["1,2"] * (100 if late else 1)]
    words = refused(lambda: read("\n".join(["a,b", *before, row, "5,6\n"])))
    assert words.startswith(f"Row {len(before) + 2} has {cells} cells, the first row has 2.")


def test_an_uneven_row_far_down_is_told_by_its_number() -> None:
    words = refused(lambda: read("a,b\n" + '"1\n1",2\n' * 60_000 + "1,2,3,4\n"))
    assert words.startswith("Row 60002 has 4 cells, the first row has 2.")


def test_a_first_line_of_blanks_is_no_row_of_names() -> None:
    assert read("  \n\n\t\na,b\n1,2\n3,4\n").names == ("a", "b")


def test_a_table_becomes_windows() -> None:
    text = "day,x,y\n" + "".join(f"{pd.Timestamp('2020-01-01') + pd.Timedelta(days=k):%Y-%m-%d},{k},{k * k}\n"
                                 for k in range(50))
    draft = read(text)
    spec = Table(date="day", features=("x",), column="y", steps=5)
    data = prepare(spec, "last", draft.series(spec).series)
    assert data.x(data.sample_ids["test"]).shape == (5, 5, 1)
    assert str(data.shown("test").index[0])[:10] == "2020-02-15"


PIECES = st.one_of(
    st.sampled_from([",", ";", "\t", "|", "\n", "\r", "\r\n", '"', "'", " ", ".", "-", ":", "e", "T", "\0", "\ufeff",
                     "2020-01-01", "31.12.2020", "9999-12-31", "1,5", "1.234.567", "1'000", "inf", "nan", "now", "NA",
                     "9" * 40, "1e400", "日期", "été", "<b>", "12:30", "+05:00", "x" * 300]), st.text(max_size=4))


@settings(max_examples=250)
@given(st.one_of(
    st.binary(max_size=300),
    st.tuples(st.lists(PIECES, max_size=40).map("".join),
              st.sampled_from(["utf-8", "utf-16", "gb18030", "cp1252"])).map(
        lambda made: made[0].encode(made[1], "ignore")),
    st.tuples(st.sampled_from([PLAIN, PLAIN.replace(",", ";").replace(".", ",")]), st.integers(0, 80),
              PIECES, st.integers(0, 3)).map(
        lambda made: (made[0][:made[1]] + made[2] + made[0][made[1] + made[3]:]).encode("utf-8", "ignore"))))
@example(b"\x0b")
@example(b"\xff\xfea")
@example(b"a" * 200_000 + b",b\n1,2\n3,4")
@example(b'"' * 1001)
def test_whatever_the_bytes_only_a_refusal_is_raised(content: bytes) -> None:
    try:
        draft = read_table(content, "x.csv")
    except Refusal as refusal:
        told = str(refusal)
    else:
        told = ""
        check(draft)
    assert len(told) < 500


def check(draft: TableDraft) -> None:
    assert len(set(draft.names)) == len(draft.columns)
    for name in draft.names:
        for date in ("", draft.names[0]):
            try:
                reading = draft.series(Table(date=date, features=draft.names[-2:], column=name, missing="carry"))
            except Refusal:
                continue
            series = reading.series
            assert np.isfinite(series.values).all()
            assert len(series.values) == len(series.index) >= 2
            assert (np.diff(series.index) > np.zeros(1, np.diff(series.index).dtype)).all()
            Series.from_bytes(series.to_bytes())


def test_a_row_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(Refusal, match="A row of this file has more than 200,000 letters"):
        read_table(b"a,b\r\n1,2\n" + b"1" * 200_000, "long.csv")
    began = time.perf_counter()
    assert csv_reader._LONG.search(("1" * 199_999 + "\n") * 90) is None
    assert time.perf_counter() - began < 1      # it looks at each letter once


# -- one stray cell -----------------------------------------------------------------------------------------


def daily(count: int, **strays: str) -> str:
    """Return a table of days whose cells are replaced by name and number: ``date3``, ``close5``."""
    rows = [(strays.get(f"date{n}", f"2023-03-{n:02d}"), strays.get(f"close{n}", f"{n}.5"), "7")
            for n in range(1, count + 1)]
    return "Date,Close,Volume\n" + "".join(",".join(row) + "\n" for row in rows)


def test_one_word_among_numbers_is_a_gap_and_named_and_the_target_stays() -> None:
    draft = read(daily(20, close6="suspended"))
    assert (draft.suggested().column, draft.columns[1].kind) == ("Close", "number")
    assert [str(note) for note in draft.notes] == [
        "Column 'Close': cells that are no numbers and count as gaps: 1. By row: 7: 'suspended'."]
    reading = draft.series(draft.suggested())
    assert reading.series.values[:, 0].tolist() == [n + 0.5 for n in range(1, 21) if n != 6]


@pytest.mark.parametrize(("more", "named"), [("2023-02-29,30.5,7\n", "30: '2023-02-29'"),
                                               ("Total,435,203\n", "30: 'Total'")])
def test_a_day_that_is_none_or_a_row_of_totals_is_left_out_and_named(more: str, named: str) -> None:
    draft = read(daily(28) + more)
    assert draft.suggested().date == "Date"
    assert [str(note) for note in draft.notes] == [f"Column 'Date': cells that are no dates: 1. By row: {named}."]
    reading = draft.series(draft.suggested())
    assert (len(reading.series.values), str(reading.series.index[-1])[:10]) == (28, "2023-03-28")


@pytest.mark.parametrize(("count", "wrong", "kind"), [
    (9, 1, "text"), (10, 1, "number"), (28, 2, "text"), (20, 1, "number")])
def test_a_column_is_one_of_numbers_when_nearly_all_of_its_cells_are(count: int, wrong: int, kind: str) -> None:
    draft = read(daily(count, **{f"close{n}": "x" for n in range(1, wrong + 1)}))
    assert draft.columns[1].kind == kind
