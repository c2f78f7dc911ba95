"""Presets: one click brings their settings (their cards: test_start)."""

from __future__ import annotations

from urllib.parse import parse_qs

import numpy as np
import pytest

from lstm_core.presets import PRESETS
from lstm_core.spec import RunSpec
from lstm_core.spec.serialization import from_query
from lstm_core.ui.base.examples import BEGINNING, EXAMPLES
from lstm_core.ui.base.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import SMALL


@pytest.mark.parametrize(("name", "page", "section"), [("recall", "predict", {}),
                                                       ("adding_500", "memory", {"memory_section": ["adding"]})])
def test_a_memory_task_leads_to_where_its_result_is_looked_at(
        visit: Visit, name: str, page: str, section: dict[str, list[str]]) -> None:
    links = (link.proto for link in visit("train", preset=name).at.get("page_link"))
    (link,) = (link for link in links if link.label.startswith("Once trained"))
    assert link.page == page
    query = parse_qs(link.query_string)
    assert {key: query[key] for key in query if key.endswith("section")} == section


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_brings_its_settings_and_its_prose(visit: Visit, name: str) -> None:
    tab = visit("train", preset=name)
    assert from_query(tab.at.query_params) == PRESETS[name].spec
    assert tab.at.query_params["preset"] == name
    assert tab.errors == ""
    assert any(PRESETS[name].shows in markdown.value for markdown in tab.at.markdown)


def test_the_costs_that_s5_printed_stand_beside_those_of_the_run(visit: Visit) -> None:
    tab = visit("train", preset="s5")
    tables = len(tab.at.table)
    tab.click("train").rest()
    table = tab.at.table[-1].value
    assert len(tab.at.table) == tables + 1
    assert table.columns.tolist() == [str(update) for update in range(1, 200, 20)]
    assert table.loc["Printed by the tutorial"].tolist()[:2] == ["33.17", "9.13"]
    assert table.loc["This run"].tolist() == [f"{20 * loss:.4g}" for loss in lab().view(tab.run).losses[::20]]
    assert len(tab.put("batch", 40).click("train").rest().at.table) == tables


def test_settings_in_the_address_count_more_than_the_preset(visit: Visit) -> None:
    tab = visit("train", preset="s4a", source="letters", text="abc", hidden="7")
    assert tab.widget("hidden").value == 7
    assert tab.widget("text").value == "abc"


def test_another_sequence_leaves_the_preset(visit: Visit) -> None:
    tab = visit("train", preset="s4a").put("source", "waves")
    assert "preset" not in tab.at.query_params
    assert not tab.offers("use_ticker")


def test_the_tutorials_own_prices_are_one_click_away(visit: Visit) -> None:
    tab = visit("train", preset="s3_ensemble").click("use_ticker")
    assert (tab.widget("ticker").value, tab.widget("start").value) == ("AAPL", "2018-01-01")
    assert tab.widget("features").value == list(PRESETS["s3_ensemble"].spec.data.features)  # type: ignore[attr-defined]
    assert tab.widget("download")


def test_an_unknown_preset_changes_nothing_and_is_told(visit: Visit) -> None:
    tab = visit("train", preset="s9")
    assert tab.errors == "There is no preset 's9'. The page Start has all of them."
    assert tab.look().errors == ""
    assert visit("train", preset="s9", lang="zh").errors == "没有名为 's9' 的预设。全部预设见“首页”。"
    assert tab.widget("source").value == "waves"


def test_a_preset_shows_its_own_run_or_that_it_is_not_trained_yet(visit: Visit) -> None:
    tab = visit("train", **SMALL).click("train").rest()
    other = tab.run
    tab.at.query_params.clear()
    tab.at.query_params["preset"] = "s5"
    tab.look()
    assert "Not trained yet" in tab.hints
    assert "run" not in tab.at.query_params
    assert tab.progress.startswith("Not trained yet")       # nothing of the run before it
    assert tab.updates == 0
    own = tab.click("train").rest().run
    assert "Not trained yet" not in tab.hints
    tab.at.query_params.clear()
    tab.at.query_params.update({"preset": "s5", "run": other})
    assert tab.look().run == other                          # a link that names a run shows that run
    tab.at.query_params.clear()
    tab.at.query_params["preset"] = "s5"
    assert tab.look().run == own


def test_a_preset_that_is_an_example_shows_it(visit: Visit) -> None:
    tab = visit("train", preset="recall")
    assert "Not trained yet" not in tab.hints
    assert tab.progress.startswith("Stopped early: ")


def test_settings_of_other_data_than_the_examples_are_not_trained_yet(visit: Visit) -> None:
    assert "Not trained yet" not in visit("train").hints
    assert "Not trained yet" not in visit("train").put("hidden", 9).hints
    assert "Not trained yet" in visit("train").put("source", "letters").hints
    assert "Not trained yet" in visit("train", source="waves", period="31").hints
    page = visit("challenges").click("open_cosine").click("open_start")
    assert "Not trained yet" in page.hints


def test_what_train_begins_with_is_not_what_an_address_leaves_out(visit: Visit) -> None:
    begun = visit("train")
    assert from_query(begun.at.query_params) == EXAMPLES[BEGINNING] != RunSpec()
    assert from_query(visit("train", source="waves").at.query_params) == RunSpec()
    assert from_query(visit("train", epochs="20").at.query_params) == RunSpec()
    floor = EXAMPLES[BEGINNING].data.unpredictable * (2 / np.pi)**0.5
    assert any(f"noise alone: {floor:.3g}" in number["below"] for number in begun.status["numbers"])


def test_an_lstm_with_a_short_memory_is_told_and_helped(visit: Visit) -> None:
    tab = visit("train", preset="recall_rnn")
    assert not tab.offers("long_memory")
    tab.put("cell", "lstm")
    assert "This LSTM starts with a short memory" in tab.hints
    assert "σ(1) = 0.73: after the gap of 60 steps 6.9 × 10⁻⁹" in tab.hints
    tab.click("long_memory")
    assert tab.at.query_params["chrono"] == "60"
    assert "short memory" not in tab.hints
    assert not visit("train").offers("long_memory")
    assert not visit("train", preset="recall").offers("long_memory")
