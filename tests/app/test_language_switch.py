"""A switch of language changes words, and nothing that the person has chosen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.testing.v1.element_tree import Multiselect, Selectbox, SelectSlider

from lstm_core.spec import SOURCES
from tests.app.conftest import Visit
from tests.app.visitor import SMALL, Visitor

KINDS: tuple[Any, ...] = (Selectbox, Multiselect, SelectSlider)
TABLE = b"day,sold,rain\n" + b"".join(b"2024-01-%02d,%d,%d\n" % (day, day * day % 17, day % 3) for day in range(1, 31))


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> dict[str, WidgetState]:
    """A browser's memory: boxes send the name they were shown with, until the server tells them another one."""
    memory: dict[str, WidgetState] = {}
    for kind in KINDS:
        fresh = kind._widget_state.fget

        def state(self: Any, fresh: Any = fresh) -> WidgetState:
            if self.id not in memory or self.proto.set_value:
                memory[self.id] = fresh(self)
            return memory[self.id]

        monkeypatch.setattr(kind, "_widget_state", property(state))
    return memory


def chosen(visitor: Visitor) -> dict[str, Any]:
    """Return what the boxes and the settings of the page stand at."""
    boxes = [box for box in (*visitor.at.selectbox, *visitor.at.multiselect, *visitor.at.get("button_group"))
             if box.key != "chosen_lang"]
    return {str(box.key): box.value for box in boxes}


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("source", SOURCES)
def test_the_source_and_the_pace_stay(visit: Visit, source: str) -> None:
    visitor = visit("train", source=source, pace="5")
    if source == "table":
        visitor.upload(TABLE)
        assert visitor.widget("date").value == "day"
    before = chosen(visitor)
    assert before["source"] == source
    assert before["pace"] == "5"
    for language in ("zh", "en", "zh", "en"):
        visitor.put("chosen_lang", language)
        assert chosen(visitor) == before
    assert not any(box.proto.select_all for box in visitor.at.multiselect), "Select all is English in every language"


@pytest.mark.usefixtures("remembered")
@pytest.mark.parametrize("all_settings", [True, False])
@pytest.mark.parametrize("source", SOURCES)
def test_a_run_trains_on(visit: Visit, source: str, all_settings: bool) -> None:
    visitor = visit("train", source=source, epochs="5000" if source != "adding" else "1000", pace="5",
                    all_settings=all_settings)
    if source == "table":
        visitor.upload(TABLE).put("steps" if all_settings else "hidden", 4)
    visitor.click("train")
    assert visitor.refusals == ""
    run, before = visitor.run, chosen(visitor)
    assert before["pace"] == "5"
    for language in ("zh", "en", "zh", "en"):
        visitor.put("chosen_lang", language)
        assert chosen(visitor) == before
        assert visitor.run == run
        assert visitor.view.active


@pytest.mark.usefixtures("remembered")
def test_the_moment_that_is_looked_at_stays(visit: Visit) -> None:
    visitor = visit("train", **SMALL)
    visitor.click("train").rest()
    visitor.open("predict")
    moment = visitor.widget("moment").value
    assert moment
    for language in ("zh", "en", "zh"):
        visitor.put("chosen_lang", language)
        assert visitor.widget("moment").value == moment


def test_an_address_from_before_the_click_does_not_take_it_back(visit: Visit) -> None:
    visitor = visit("train", lang="en").put("chosen_lang", "zh")
    for _ in range(2):
        visitor.at.query_params["lang"] = "en"          # on its way when the click came
        assert visitor.look().widget("train").label == "训练"
        assert visitor.at.query_params["lang"] == "zh"
    visitor.look()                                      # the browser has the new address;
    visitor.at.query_params["lang"] = "en"              # what is asked for from now on is meant
    assert visitor.look().widget("train").label == "Train"


def test_every_box_with_options_is_drawn_by_the_one_that_knows_of_languages() -> None:
    ui = Path(__file__).parents[2] / "lstm_core" / "ui"
    bare = re.compile(r"st\.(selectbox|multiselect|select_slider)\(")
    assert not [path.name for path in ui.rglob("*.py") if bare.search(path.read_text(encoding="utf-8"))]
