"""A CSV that is not as one would wish: each trouble has its sentence or its note, and nothing is lost."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core.data import Series
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import Visitor

GOOD = "day,sales,mood\n" + "".join(f"2024-03-{day:02},{100 + day},{'good' if day % 2 else 'bad'}\n"
                                    for day in range(1, 32))


def uploaded(visit: Visit, content: str | bytes, name: str = "table.csv") -> Visitor:
    return visit().put("source", "table").upload(content if isinstance(content, bytes) else content.encode(), name)


def values(visitor: Visitor) -> np.ndarray:
    """What was kept of the table."""
    return Series.from_bytes(lab().blob(visitor.at.session_state["digest"])).values


def test_a_text_column_as_a_feature_is_refused_with_its_first_text(visit: Visit) -> None:
    visitor = uploaded(visit, GOOD).put("features", ["sales", "mood"])
    assert "Column 'mood' does not hold numbers only: row 2 has 'good'" in visitor.errors
    assert visitor.widget("features").value == ["sales", "mood"]
    visitor.click("train")
    assert "no data to train on yet" in visitor.errors
    assert "run" not in visitor.at.query_params
    assert visitor.put("features", ["sales"]).errors == ""


def test_no_feature_at_all_is_refused(visit: Visit) -> None:
    assert "at least one feature column" in uploaded(visit, GOOD).put("features", []).errors


@pytest.mark.parametrize(("content", "sentence"), [
    ("day,sales\n2024-03-01,5\n", "Rows of data below the column names: 1"),
    ("", "The file is empty"),
    ("day,sales\n", "Rows of data below the column names: 0"),
    (b"PK\x03\x04" + bytes(100), "not a CSV but a file of another kind (xlsx/zip)"),
    (b"\x89PNG\r\n\x1a\n" + bytes(100), "not a CSV but a file of another kind (png)"),
    ("a,b\n1,2\n3,4,5,6\n", "the first row has 2"),
])
def test_a_file_that_cannot_be_read_says_why(visit: Visit, content: str | bytes, sentence: str) -> None:
    visitor = uploaded(visit, content)
    assert sentence in visitor.errors
    assert uploaded(visit, GOOD).errors == ""


def test_a_bad_file_leaves_the_table_before_it_in_place(visit: Visit) -> None:
    visitor = uploaded(visit, GOOD)
    digest = visitor.at.session_state["digest"]
    visitor.upload(b"%PDF-1.7 ....", "report.pdf")
    assert "(pdf)" in visitor.errors
    assert visitor.at.session_state["digest"] == digest
    assert visitor.upload(GOOD.encode()).errors == ""


def test_semicolons_and_decimal_commas_are_read_and_noted(visit: Visit) -> None:
    visitor = uploaded(visit, "Tag;Preis\n" + "".join(f"{day:02}.03.2024;1.2{day:02},5\n" for day in range(1, 29)))
    assert visitor.errors == ""
    assert "separated by ';'" in visitor.captions
    assert values(visitor)[0, 0] == 1201.5


def test_missing_values_are_left_out_or_filled_as_the_person_chooses(visit: Visit) -> None:
    lines = GOOD.splitlines()
    lines[5] = "2024-03-05,,good"
    visitor = uploaded(visit, "\n".join(lines))
    assert "Rows with gaps, left out: 1 of 31" in visitor.captions
    assert len(values(visitor)) == 30
    visitor.put("missing", "carry")
    assert "Gaps filled with the value before: 1" in visitor.captions
    assert values(visitor)[4, 0] == values(visitor)[3, 0] == 104


def test_duplicate_dates_are_noted(visit: Visit) -> None:
    visitor = uploaded(visit, GOOD + "2024-03-31,999,good\n")
    assert "Rows that repeat a date, for example 2024-03-31: 1" in visitor.captions
    assert values(visitor)[-1, 0] == 999


def test_dates_that_mostly_repeat_are_refused(visit: Visit) -> None:
    visitor = uploaded(visit, "day,sales\n" + "2024-03-01,5\n2024-03-02,6\n" * 10)
    assert "Most dates occur more than once" in visitor.errors
    assert visitor.put("date", "").errors == "" or "steps" in visitor.errors


def test_another_encoding_is_noted_and_a_wrong_one_is_no_trouble(visit: Visit) -> None:
    content = GOOD.replace("sales", "Verkäufe").replace("mood", "Größe").encode("cp1252")
    visitor = uploaded(visit, content)
    assert "The file was read as cp1252" in visitor.captions
    assert visitor.widget("column").value == "Verkäufe"
    chinese = uploaded(visit, GOOD.replace("sales", "收盘价").encode("gb18030"))
    assert "read as gb18030" in chinese.captions
    assert chinese.widget("column").value == "收盘价"


def test_steps_longer_than_the_table_are_a_sentence(visit: Visit) -> None:
    visitor = uploaded(visit, GOOD).put("steps", 40)
    visitor.click("train")
    assert "The training part has 25 rows; windows of 40 steps" in visitor.errors
    assert visitor.widget("steps").value == 40


def test_the_choice_of_columns_survives_a_look_at_another_source(visit: Visit) -> None:
    visitor = uploaded(visit, GOOD).put("source", "waves").put("source", "table")
    assert visitor.errors == ""
    assert (visitor.widget("column").value, visitor.widget("features").value) == ("sales", ["sales"])
