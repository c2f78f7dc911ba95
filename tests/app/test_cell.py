"""Inside the cell: what is chosen is what is shown, and the numbers are those of the equations."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lstm_core import cells, charts, data
from lstm_core.data import Dataset
from lstm_core.notation import to_query
from lstm_core.records import LayerTrace
from lstm_core.spec import Layer, Letters, ModelSpec, Prices, RunSpec, TrainSpec, Waves
from lstm_core.ui.server import lab
from tests.app.conftest import Visit
from tests.app.visitor import LONG, PATIENCE, Visitor

SHORT = Waves(length=120, steps=6)
ONCE = TrainSpec(epochs=2, batch=16)
RUNS = {
    "rnn": RunSpec(data=SHORT, model=ModelSpec(cell="rnn", layers=(Layer(3),)), train=ONCE),
    "gru": RunSpec(data=SHORT, model=ModelSpec(cell="gru", layers=(Layer(4),), output="every"), train=ONCE),
    "lstm": RunSpec(data=SHORT, model=ModelSpec(layers=(Layer(3),)), train=ONCE),
    "two layers": RunSpec(data=SHORT, model=ModelSpec(layers=(Layer(3), Layer(5, 0.3)), dense=2), train=ONCE),
    "prices": RunSpec(data=Prices(interval="1mo", features=("close", "volume"), steps=5),
                      model=ModelSpec(layers=(Layer(3),)), train=ONCE),
    "letters": RunSpec(data=Letters(), model=ModelSpec(layers=(Layer(4),)), train=ONCE),
    "embedded text": RunSpec(data=Letters(text="to be or not to be " * 3, cycle=False),
                             model=ModelSpec(cell="gru", layers=(Layer(4),), encoding="embedding"), train=ONCE),
}


def trained(visit: Visit, name: str) -> Visitor:
    return visit(**to_query(RUNS[name])).click("train").rest().open("cell")


def prepared(spec: RunSpec) -> Dataset:
    return data.prepare(spec.data, spec.model.output, data.load(spec.data))


def assert_shows(visitor: Visitor, layer: LayerTrace, step: int) -> None:
    """The table holds every gate and state of one layer at one time step, exactly."""
    expected = {name: values[step] for name, values in layer.gates.items() if name != "h"}
    expected |= {"h": layer.h[step]} | ({} if layer.c is None else {"c": layer.c[step]})
    shown = {name: visitor.table[charts.heading(name)].to_numpy() for name in expected}
    assert len(visitor.table.columns) == len(expected) + 1
    for name, values in expected.items():
        np.testing.assert_array_equal(shown[name], values, err_msg=name)


def test_the_exact_values_are_those_of_the_equations(visit: Visit) -> None:
    for name, spec in RUNS.items():
        visitor, ready = trained(visit, name), prepared(spec)
        part = max(part for part in ready.ends if len(ready.ends[part]))
        for window, step in ((1, 1), (2, spec.data.steps)):
            visitor.put("from_part", part).put("at", window).put("step", step)
            x = ready.x(ready.ends[part][window - 1:window])[0]
            last = lab().snapshot(visitor.run, visitor.view.update)
            trace = cells.trace(spec.model, last.weights, x)
            assert visitor.errors == ""
            assert_shows(visitor, trace.layers[0], step - 1)
            assert visitor.numbers["Updates done"] == str(visitor.view.update)
            if not ready.classes:
                predicted = float(ready.unscale(trace.output[-1])[0])
                shown = next(value for label, value in visitor.numbers.items() if label.startswith("Predicted"))
                assert shown == f"{predicted:.6g} {ready.unit}"


def test_each_layer_can_be_looked_into(visit: Visit) -> None:
    visitor, spec = trained(visit, "two layers"), RUNS["two layers"]
    ready = prepared(spec)
    x = ready.x(ready.ends["test"][-1:])[0]
    trace = cells.trace(spec.model, lab().snapshot(visitor.run, visitor.view.update).weights, x)
    for layer, hidden in ((1, 5), (0, 3)):
        assert_shows(visitor.put("layer", layer), trace.layers[layer], spec.data.steps - 1)
        maps = [curve["z"]["$"] for curve in visitor.figure("gates")["data"] if curve["type"] == "heatmap"]
        assert len(maps) == 6
        assert {(length // steps, steps) for _, _, length, steps in maps} == {(hidden, spec.data.steps)}


def test_each_recorded_moment_can_be_looked_at(visit: Visit) -> None:
    visitor, spec = trained(visit, "lstm"), RUNS["lstm"]
    ready = prepared(spec)
    x = ready.x(ready.ends["test"][-1:])[0]
    tables = []
    for moment in visitor.view.snapshots[[0, 1, -1]]:
        visitor.put("moment", int(moment))
        trace = cells.trace(spec.model, lab().snapshot(visitor.run, int(moment)).weights, x)
        assert_shows(visitor, trace.layers[0], spec.data.steps - 1)
        assert visitor.numbers["Updates done"] == str(moment)
        tables.append(visitor.table.to_numpy())
    assert not np.array_equal(tables[0], tables[-1])


@pytest.mark.parametrize("part", ["train", "validation", "test"])
def test_windows_of_every_part_can_be_chosen(visit: Visit, part: str) -> None:
    visitor, ready = trained(visit, "prices"), prepared(RUNS["prices"])
    visitor.put("from_part", part)
    ends = ready.ends[part]
    slider = visitor.widget("at")
    assert (slider.min, slider.max) == (1, len(ends))
    visitor.put("at", 3)
    assert visitor.numbers["Real"] == f"{ready.real[ends[2] + 1]:.6g} points"
    assert np.datetime_as_string(ready.index[ends[2]], unit="D") in visitor.at.subheader[0].value


def test_letters_can_be_edited_by_hand(visit: Visit) -> None:
    visitor, spec = trained(visit, "letters"), RUNS["letters"]
    visitor.put("by_hand", True)
    visitor.at.text_input[0].set_value("edcbaabcde")
    visitor.look().put("step", 10)
    trace = cells.trace(spec.model, lab().snapshot(visitor.run, visitor.view.update).weights,
                        np.array([4, 3, 2, 1, 0, 0, 1, 2, 3, 4]))
    assert_shows(visitor, trace.layers[0], 9)
    assert "Real" not in visitor.numbers


@pytest.mark.parametrize("text", ["abx", ""])
def test_a_letter_the_network_does_not_know_is_a_sentence(visit: Visit, text: str) -> None:
    visitor = trained(visit, "letters").put("by_hand", True)
    visitor.at.text_input[0].set_value(text)
    assert f"The network knows the letters a b c d e; received {text!r}." in visitor.look().errors
    visitor.at.text_input[0].set_value("aab")
    assert visitor.look().errors == ""


def edited(visitor: Visitor, cells_: dict[int, object]) -> Visitor:
    """Type into the table of values; AppTest has no word for it, so the message of the browser is sent as it is."""
    states = visitor.at._tree.get_widget_states()
    states.widgets.add(id=visitor.at.data_editor[0].proto.id, string_value=json.dumps(
        {"edited_rows": {row: {"wave": value} for row, value in cells_.items()}, "added_rows": [], "deleted_rows": []}))
    visitor.at._run(states, PATIENCE)
    assert not visitor.at.exception
    return visitor


def test_values_can_be_edited_by_hand(visit: Visit) -> None:
    visitor, spec = trained(visit, "lstm"), RUNS["lstm"]
    ready = prepared(spec)
    x = ready.x(ready.ends["test"][-1:])[0].astype(np.float64)
    x[2] = 5.0
    edited(visitor.put("by_hand", True), {2: 5.0})
    trace = cells.trace(spec.model, lab().snapshot(visitor.run, visitor.view.update).weights, x)
    assert_shows(visitor, trace.layers[0], spec.data.steps - 1)


def test_an_emptied_cell_is_a_sentence(visit: Visit) -> None:
    visitor = edited(trained(visit, "lstm").put("by_hand", True), {1: None})
    assert "Every time step needs a number; received an empty cell." in visitor.errors


def test_the_choices_fit_again_when_another_run_is_opened(visit: Visit) -> None:
    visitor = trained(visit, "two layers").put("layer", 1).put("step", 6)
    other = visit(who=visitor.who, **to_query(RUNS["letters"])).click("train").rest()
    visitor.at.query_params["run"] = other.run
    visitor.look()
    assert visitor.errors == ""
    assert visitor.widget("step").value == 3
    back = visitor.at.query_params
    assert back["run"] == other.run


def test_a_run_without_a_single_update_says_that_there_is_nothing_yet(visit: Visit) -> None:
    visitor = visit(**to_query(RUNS["lstm"])).click("train").rest().click("reset")
    assert visitor.view.update == 0
    assert visitor.errors == ""
    assert "yet" in visitor.open("cell").errors
    assert visitor.open("start").errors == ""
    visitor.open("train").click("step_once").rest()
    assert visitor.open("cell").errors == ""
    assert len(visitor.table) == 3


def test_the_first_moment_of_a_run_can_be_seen_while_it_trains(visit: Visit) -> None:
    visitor = visit(**LONG).click("train").wait(lambda view: len(view.snapshots) > 1).open("cell")
    assert visitor.errors == ""
    visitor.put("moment", 0)
    assert visitor.numbers["Updates done"] == "0"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_a_diverged_run_says_so_on_every_page(visit: Visit, cell: str, lang: str) -> None:
    visitor = visit(lang=lang, source="waves", length="120", steps="6", cell=cell, hidden="8", optimizer="sgd",
                    lr="10", clip="0", noise="5", epochs="60", batch="16", dense="8").click("train").rest()
    assert visitor.view.outcome == "diverged"
    assert ("Diverged" in visitor.progress) == (lang == "en")
    for page in ("start", "train", "cell"):
        visitor.open(page)
        assert visitor.errors == ""
        assert not any("nan" in value for value in visitor.numbers.values())
    visitor.put("moment", int(visitor.view.snapshots[0]))
    assert np.isfinite(visitor.table.to_numpy(np.float64)).all()
