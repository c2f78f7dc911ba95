"""A sweep from the page: its size, its start, its end, its numbers, and what is refused."""

from __future__ import annotations

import time

import numpy as np
import pytest

from lstm_core.charts.predict import baseline_name
from lstm_core.charts.sweep import result_in_words
from lstm_core.running.sweeps import SweepView
from lstm_core.spec import SeriesSpec
from lstm_core.spec.sweep import outcomes
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import baselines as shared_baselines
from tests.app.conftest import Visit
from tests.app.visitor import PATIENCE, SMALL, Visitor

TINY = SMALL | {"compare_section": "sweep"}


def opened(visit: Visit, sweep: str = "", **query: str) -> Visitor:
    tab = visit("start", **TINY | query)
    if sweep:
        tab.at.query_params["sweep"] = sweep
    return tab.open("compare")


def swept(tab: Visitor) -> SweepView:
    """The sweep of the session, at its end."""
    deadline = time.monotonic() + PATIENCE
    while (view := lab().sweep(tab.at.session_state["sweep"])).moving:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    tab.look()
    return view


@pytest.fixture(scope="module")
def finished_sweep() -> tuple[str, str]:
    """A finished sweep over hidden units and time steps, and whose it is."""
    tab = Visitor("start", "emmy", "fast", TINY).open("compare")
    tab.put("sweep_hidden", "2, 4").put("sweep_steps", "5, 8").put("sweep_seeds", 2)
    assert any("**8 runs**, at most 96 updates" in text.value for text in tab.at.markdown)
    tab.click("sweep_start")
    return swept(tab).id, "emmy"


def test_the_numbers_on_the_page_are_those_of_the_runs(visit: Visit, finished_sweep: tuple[str, str]) -> None:
    name, who = finished_sweep
    tab = opened(visit, who=who, sweep=name)
    view = lab().sweep(name)
    assert tab.progress == "Done · 8 of 8 runs"
    table = tab.at.dataframe[0].value
    assert len(table) == 4
    for number, (hidden, steps) in enumerate(view.spec.settings):
        runs = [run for run in view.runs if run.setting == number]
        errors = []
        for run in runs:
            assert run.run is not None
            seen = lab().view(run.run)
            assert isinstance(seen.spec.data, SeriesSpec)
            assert (seen.spec.model.layers[0].hidden, seen.spec.data.steps) == (hidden, steps)
            assert seen.best is not None
            errors.append(float(seen.best["score"]))
        row = table[(table["Hidden units"] == hidden) & (table["Time steps"] == steps)].iloc[0]
        best = shared_baselines.best(view.spec.points[number].spec.data, "last", "validation")
        assert (row["Median: Mean absolute error"], row["Lowest"], row["Highest"], row["Best baseline"]) == (
            np.median(errors), min(errors), max(errors), best[1])
        assert row["Which baseline"] == baseline_name(best[0])
    medians = list(table["Median: Mean absolute error"])
    assert medians == sorted(medians)
    shades, words = tab.figure("sweep_map")["data"]
    found = outcomes(view.spec, [run.error for run in view.runs])
    assert [text.split("</b>")[0] for text in words["text"]] == [f"<b>{result_in_words(o.median, right=False)}"
                                                                 for o in found]
    assert (list(shades["x"]), list(shades["y"])) == (["5", "8"], ["2", "4"])
    assert len(tab.figure("sweep_lines")["data"][0]["dimensions"]) == 3
    assert any("2 seeds each" in text.value or "seeds differ more" in text.value for text in tab.at.markdown)


def test_a_link_lets_others_watch_and_take_over_the_settings(visit: Visit, finished_sweep: tuple[str, str]) -> None:
    name, _who = finished_sweep
    tab = opened(visit, who="someone else", sweep=name)
    assert "another browser" in tab.hints
    assert not tab.offers("sweep_cancel")
    view = lab().sweep(name)
    queries = [link.proto.query_string for link in tab.at.get("page_link")]
    chosen = tab.widget(f"sweep_closer_{name}").value
    runs = [run.run for run in view.runs if run.setting == chosen]
    assert all(any(f"run={run}" in query for query in queries) for run in runs)
    assert any("runs=" in query and all(str(run) in query for run in runs) for query in queries)
    tab.put(f"sweep_closer_{name}", 3).click("sweep_take").open("train")
    assert (tab.widget("hidden").value, tab.widget("steps").value, tab.widget("epochs").value) == (4, 8, 2)


def test_a_sweep_is_found_again_and_can_be_cancelled(visit: Visit) -> None:
    tab = opened(visit, who="lise", epochs="5000")
    tab.put("sweep_axes", ["hidden"]).put("sweep_hidden", "2, 4").put("sweep_seeds", 1).click("sweep_start")
    name = tab.at.session_state["sweep"]
    assert tab.progress.startswith("In training · 0 of 2 runs")
    tab.look().click("sweep_start")
    assert "a sweep that is not finished" in tab.refusals
    again = visit("start", who="lise", compare_section="sweep").open("compare")
    assert again.at.session_state["sweep"] == name
    assert again.progress.startswith("In training")
    again.click("sweep_cancel")
    assert swept(again).status == "cancelled"
    assert again.progress == "Cancelled · 2 of 2 runs"
    assert not again.offers("sweep_cancel")
    assert len(again.figure("sweep_map")["data"]) == 5          # one setting: a line with its band


@pytest.mark.parametrize(("key", "value", "sentence"), [
    ("sweep_hidden", "2, x", "Hidden units: the values are numbers with commas between them, such as 16, 32, 64; "
                             "received '2, x'"),
    ("sweep_hidden", "2, 2", "Hidden units: the value 2 appears twice"),
    ("sweep_hidden", "0, 2", "Hidden units 0, Time steps 5 cannot be combined: Hidden units must be between 1 and 512"),
    ("sweep_steps", ", ".join(str(n) for n in range(1, 42)), "would be 2 x 41 settings with 3 seeds each = 246 runs; "
                                                             "at most 120 are allowed"),
    ("sweep_axes", [], "goes over 1 to 3 settings; received 0"),
])
def test_what_cannot_be_is_said_before_the_start(visit: Visit, key: str, value: object, sentence: str) -> None:
    tab = opened(visit).put("sweep_hidden", "2, 4").put("sweep_steps", "5, 8").put(key, value)
    assert sentence in tab.errors
    assert not tab.offers("sweep_start")
    assert lab().sweeps(tab.who) == []


def test_a_sweep_that_is_not_there_is_said_so(visit: Visit) -> None:
    tab = opened(visit, sweep="nothing")
    assert "There is no sweep 'nothing' (any more)" in tab.errors
    assert tab.offers("sweep_start")
