"""The page Shapes: the sizes of the settings in every section, and the settings that it shares with Train."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

from lstm_core.data import dataset
from lstm_core.spec import Reviews
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.shapes.data import small_table
from tests.app.conftest import Visit
from tests.app.visitor import Visitor

SOURCES: dict[str, dict[str, str]] = {
    "waves": {"length": "200", "steps": "8"}, "letters": {"encoding": "embedding", "input_dense": "3"},
    "prices": {"steps": "30", "conv": "4", "relu_head": "5", "features": "close,volume"}, "digits": {},
    "reviews": {"encoding": "embedding"}, "numerals": {"output": "every"}, "amplitude": {"output": "every"}}
PROPER = ("LSTM", "torch", "Keras", "sine")
CHINESE = re.compile("[\u4e00-\u9fff]")


def drawn(visitor: Visitor, section: str) -> dict[str, str]:
    """Open a section and return its drawings by name, as they are sent."""
    visitor.put("shapes_section", section)
    return {item.key.removeprefix("drawn_"): json.loads(item.proto.json)["markup"]
            for item in visitor.at.get("bidi_component") if item.key.startswith("drawn_")}


def total(visitor: Visitor) -> int:
    found = re.search(r"<tfoot.*?<td>([\d,]+)</td>", drawn(visitor, "weights")["counts"])
    assert found
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("source", list(SOURCES))
def test_every_section_can_be_seen_for_every_source(visit: Visit, source: str) -> None:
    visitor = visit("shapes", source=source, lang="en", **SOURCES[source])
    for section in PAGES["shapes"].sections:
        drawings = drawn(visitor, section)
        assert drawings
        assert not visitor.errors
        for name, markup in drawings.items():
            assert all(len(alt) > 5 for alt in re.findall(r'<svg[^>]*aria-label="([^"]*)"', markup)), name


def test_every_section_speaks_chinese(visit: Visit) -> None:
    visitor = visit("shapes", lang="zh", layers="2", dropout="0.1")
    for section in PAGES["shapes"].sections:
        for name, markup in drawn(visitor, section).items():
            for alt in re.findall(r'aria-label="([^"]*)"', markup):
                assert CHINESE.search(alt), (name, alt)
            words = re.findall(r">([^<]*[A-Za-z]{3}[^<]*)<", markup)
            assert not [word for word in words if not CHINESE.search(word) and word not in PROPER], name
        prose = max((markdown.value for markdown in visitor.at.markdown), key=len)
        assert CHINESE.search(prose)


def test_the_sizes_are_those_of_the_settings_and_follow_them(visit: Visit) -> None:
    visitor = visit("shapes", source="waves", length="200", steps="8", hidden="5", batch="16", lang="en")
    way = drawn(visitor, "way")["way"]
    # 160 rows to train on; the target of the first window is row 8
    assert re.findall(r"<code>(\([\d, ]*\))</code>", way) == [
        "(200, 1)", "(152, 8, 1)", "(16, 8, 1)", "(16, 8, 5)", "(1, 16, 5)", "(1, 16, 5)", "(16, 5)", "(16, 1)",
        "(16)", "()"]
    assert total(visitor) == 4 * (5 * 1 + 5 * 5 + 2 * 5) + 6
    visitor.put("hidden", 10).put("steps", 12).put("output", "every")
    assert total(visitor) == 4 * (10 * 1 + 10 * 10 + 2 * 10) + 11
    assert "(16, 12, 10)" in drawn(visitor, "way")["way"]
    assert visitor.at.query_params["hidden"] == "10"


def test_the_settings_are_those_of_the_page_train(visit: Visit) -> None:
    visitor = visit("train", source="waves", epochs="7", input_dense="6", lang="en")
    visitor.open("shapes").put("hidden", 9).put("layers", 2).put("hidden2", 3)
    assert "Dense input layer" in drawn(visitor, "weights")["counts"]
    visitor.open("train")
    assert [visitor.widget(key).value for key in ("hidden", "layers", "hidden2", "epochs", "input_dense")] == [9, 2, 3,
                                                                                                               7, 6]


def test_settings_that_do_not_fit_are_refused_and_said(visit: Visit) -> None:
    visitor = visit("shapes", source="waves", length="100", steps="90", lang="en")
    assert "windows of 90 steps" in visitor.errors
    visitor.put("steps", 8)
    assert not visitor.errors
    visitor.put("conv", 3).put("output", "every")
    assert "the last step only" in visitor.errors
    assert visitor.widget("hidden").value == 32


def test_the_task_of_the_settings_is_marked(visit: Visit) -> None:
    visitor = visit("shapes", source="waves", lang="en")
    assert "Many to one</b><span" in drawn(visitor, "sequences")["tasks"]
    visitor.put("output", "every")
    assert "step by step</b><span" in drawn(visitor, "sequences")["tasks"]
    visitor.put("steps", 1)
    assert "One to one</b><span" in drawn(visitor, "sequences")["tasks"]


def test_windows_move_over_values_and_rows(visit: Visit) -> None:
    visitor = visit("shapes", lang="en").put("shapes_section", "windows")
    assert visitor.widget("shapes_window").max == 60 - 19
    visitor.put("shapes_window", 41)
    assert "values 41 to 59, value 60" in visitor.figure("sliding")["alt"]
    visitor.put("shapes_row", 5)
    assert "rows 5 to 7, its target is in row 8" in drawn(visitor, "windows")["table"]
    visitor.put("shapes_target", "same")
    assert visitor.widget("shapes_row").max == 6
    assert "rows 5 to 7, its target is in row 7" in drawn(visitor, "windows")["table"]


@pytest.mark.parametrize("horizon", [0, 1])
def test_the_small_table_is_cut_as_real_data_are(horizon: int) -> None:
    data = small_table(horizon)
    sample_ids = data.sample_ids["train"]
    assert len(sample_ids) == 8 - 3 - horizon + 1
    np.testing.assert_array_equal(data.x(sample_ids[1:2])[0], [[21, 22, 23, 24], [31, 32, 33, 34], [41, 42, 43, 44]])
    assert data.y(sample_ids[1:2])[0] == (45 if horizon == 0 else 55)


def test_reviews_of_different_length_are_shown_as_they_are_padded(visit: Visit) -> None:
    visitor = visit("shapes", source="reviews", encoding="embedding", lang="en")
    drawings = drawn(visitor, "lengths")
    lengths = json.loads(visitor.at.code[0].value.partition(" = ")[2])
    assert len(lengths) == 12
    assert drawings["lengths"].count("sh-hot") == 2 * sum(lengths)       # for wide and for narrow pages
    assert drawings["lengths"].count("sh-outline") == 2 * len(lengths)
    steps = dataset(Reviews(), "last").steps
    assert max(lengths) <= steps
    assert f"(32, {steps})" in drawn(visitor, "way")["way"]
