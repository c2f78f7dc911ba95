"""Each source of sequences trains from the page, and its run is found again."""

from __future__ import annotations

import math
import time

import pytest

from lstm_core.spec import SOURCES, Letters, Prices, Table, TaskSpec, Waves
from lstm_core.ui.base import server
from tests.app.conftest import Visit
from tests.app.visitor import LONG, PATIENCE, SMALL, Visitor, rested

TINY = {"epochs": "2", "hidden": "4", "steps": "6"}
CSV = "day,temperature,wind\n" + "".join(
    f"2024-{1 + day // 28:02}-{1 + day % 28:02},{15 + 10 * math.sin(day / 9):.3f},{day % 7}\n" for day in range(140))


def assert_found_again(visit: Visit, trained: Visitor) -> None:
    """Another tab finds the run under its address: done, with the same numbers."""
    assert trained.errors == ""
    assert trained.progress.startswith("Done · epoch 2 of 2")
    again = visit(who=trained.who, run=trained.run)
    assert again.errors == ""
    assert again.progress == trained.progress
    assert again.numbers == trained.numbers
    assert again.view.spec == trained.view.spec
    assert "–" not in again.numbers.values()
    assert "Changed since" not in again.hints
    assert "another browser" not in again.hints
    for tab in (trained, again):
        deadline = time.monotonic() + PATIENCE
        while "nan" in tab.figure("prediction")["alt"]:         # the prediction is on its way
            assert time.monotonic() < deadline
            tab.look()
        assert f"after {trained.view.update} updates" in tab.figure("loss")["alt"]


@pytest.mark.parametrize("wave", ["sine", "square", "sawtooth", "sum", "product"])
def test_a_wave_trains(visit: Visit, wave: str) -> None:
    visitor = visit(length="100", source="waves", **TINY).put("wave", wave).put("noise", 0.05)
    visitor.click("train").rest()
    data = visitor.view.spec.data
    assert isinstance(data, Waves)
    assert (data.wave, data.noise) == (wave, 0.05)
    assert_found_again(visit, visitor)


def test_the_cosine_is_learned_from_the_sine_with_a_state_carried_on(visit: Visit) -> None:
    visitor = visit(length="200", source="waves", **TINY)
    visitor.put("target", "cosine").put("horizon", 0).put("stateful", "staggered")
    assert visitor.widget("shuffle").disabled
    assert "Every step" in visitor.widget("output").formatted_values
    visitor.click("train").rest()
    spec = visitor.view.spec
    assert isinstance(spec.data, Waves)
    assert (spec.train.stateful, spec.train.shuffle, spec.model.output, spec.data.horizon) == (
        "staggered", False, "every", 0)
    assert_found_again(visit, visitor)


@pytest.mark.parametrize(("market", "interval"), [("nasdaq", "1wk"), ("sp500", "1mo")])
def test_bundled_prices_train_without_a_network(visit: Visit, market: str, interval: str) -> None:
    visitor = visit().put("source", "prices").put("market", market).put("interval", interval)
    visitor.put("start", "2010-01-01").put("features", ["close", "volume"]).put("steps", 8).put("epochs", 2)
    visitor.click("train").rest()
    data = visitor.view.spec.data
    assert isinstance(data, Prices)
    assert (data.market, data.interval, data.start) == (market, interval, "2010-01-01")
    assert (data.features, data.column, data.digest) == (("close", "volume"), "close", "")
    assert "points" in visitor.numbers["Mean absolute error"]
    assert_found_again(visit, visitor)


def test_the_letters_of_the_first_click_are_a_b_c_d_e(visit: Visit) -> None:
    visitor = visit().put("source", "letters")
    assert visitor.widget("text").value == "abcde"
    visitor.put("epochs", 2).click("train").rest()
    assert visitor.view.spec.data == Letters()
    assert_found_again(visit, visitor)


def test_a_text_with_an_embedding_trains(visit: Visit) -> None:
    visitor = visit().put("source", "letters").put("text", "to be or not to be, that is the question").put(
        "cycle", False).put("encoding", "embedding").put("embedding", 3).put("epochs", 2)
    visitor.click("train").rest()
    spec = visitor.view.spec
    assert isinstance(spec.data, Letters)
    assert spec.data.text.startswith("to be")
    assert (spec.data.cycle, spec.model.encoding, spec.model.embedding) == (False, "embedding", 3)
    assert_found_again(visit, visitor)


def test_an_uploaded_table_trains(visit: Visit) -> None:
    visitor = visit().put("source", "table").upload(CSV.encode(), "weather.csv")
    assert visitor.errors == ""
    assert (visitor.widget("date").value, visitor.widget("column").value) == ("day", "wind")
    visitor.put("features", ["temperature", "wind"]).put("column", "temperature").put("steps", 8).put("epochs", 2)
    visitor.click("train").rest()
    data = visitor.view.spec.data
    assert isinstance(data, Table)
    assert (data.date, data.features, data.column) == ("day", ("temperature", "wind"), "temperature")
    assert_found_again(visit, visitor)


def test_a_table_is_still_there_after_a_look_at_another_page(visit: Visit) -> None:
    visitor = visit().put("source", "table").upload(CSV.encode()).open("cell").open("train")
    assert visitor.errors == ""
    visitor.put("epochs", 2).click("train").rest()
    assert_found_again(visit, visitor)


@pytest.mark.parametrize("source", ["waves", "prices", "letters", "table"])
def test_what_a_source_suggests_can_be_trained_at_once(visit: Visit, source: str) -> None:
    visitor = visit()
    if source != "waves":
        visitor.put("source", source)
    if source == "table":
        visitor.upload(CSV.encode())
    visitor.click("step_once").rest()
    assert (visitor.errors, visitor.view.spec.data.source) == ("", source)
    assert visitor.view.update >= 1


def test_there_is_a_sentence_where_there_are_no_data_yet(visit: Visit) -> None:
    visitor = visit().put("source", "table").click("train")
    assert "no data to train on yet" in visitor.errors
    visitor.put("source", "prices").put("market", "ticker").click("train")
    assert "no data to train on yet" in visitor.errors
    assert "run" not in visitor.at.query_params


def test_runs_survive_a_restart_of_the_server(visit: Visit) -> None:
    done = visit(**SMALL).click("train").rest()
    numbers, losses = done.numbers, done.view.losses.tobytes()
    training = visit(pace="20", **(SMALL | {"epochs": "4"})).click("train").wait(lambda view: view.update > 0)
    server.stop()
    found = visit(who=done.who, run=done.run)
    assert (found.numbers, found.view.losses.tobytes()) == (numbers, losses)
    goes_on = visit(who=training.who, run=training.run)
    assert 0 < goes_on.view.update < 24
    goes_on.put("pace", "fast").rest()
    assert goes_on.progress.startswith("Done · epoch 4 of 4")
    in_one_go = visit(**(SMALL | {"epochs": "4"})).click("train").rest()
    assert goes_on.view.losses.tobytes() == in_one_go.view.losses.tobytes()
    assert goes_on.view.evaluations.tobytes() == in_one_go.view.evaluations.tobytes()


def test_a_run_goes_on_while_its_tab_is_reloaded(visit: Visit) -> None:
    visitor = visit(**LONG).click("train").wait(lambda view: view.update > 0)
    before = visitor.view.update
    again = visit(who=visitor.who, run=visitor.run)
    assert again.progress.startswith("In training")
    assert rested(again.run, lambda view: view.update > before + 20)


@pytest.mark.parametrize("source", [name for name, kind in SOURCES.items() if issubclass(kind, TaskSpec)])
def test_a_memory_task_trains(visit: Visit, source: str) -> None:
    visitor = visit().put("source", source).put("sequences", 100).put("epochs", 2).put("target_score", 0.0)
    if source in ("adding", "order", "recall"):
        visitor.put("distance", 30)
    visitor.click("train").rest()
    assert isinstance(visitor.view.spec.data, TaskSpec)
    assert visitor.view.spec.data.source == source
    assert visitor.numbers["Correct answers"].endswith("%")
    assert_found_again(visit, visitor)
