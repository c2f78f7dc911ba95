"""Inside the cell: what is chosen is what is shown, and what is shown are the numbers of the equations."""

from __future__ import annotations

import json

import numpy as np
import pytest

from lstm_core import cells, data
from lstm_core.cells.what_if import (
    ChangeWeight,
    ClampGate,
    EditLetter,
    EditNumber,
    Intervention,
    SetState,
    ZeroUnit,
    apply,
)
from lstm_core.data import Dataset
from lstm_core.notation import to_query
from lstm_core.spec import Layer, Letters, ModelSpec, Prices, RunSpec, TrainSpec, Waves
from lstm_core.ui.cell_routes import packed
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


def weights(visitor: Visitor, update: int | None = None) -> dict[str, np.ndarray]:
    return lab().snapshot(visitor.run, visitor.view.update if update is None else update).weights


def assert_shows(visitor: Visitor, spec: RunSpec, x: np.ndarray, changes: tuple[Intervention, ...] = ()) -> None:
    """The browser can fetch exactly what the equations give for this sequence, at every recorded moment."""
    assert visitor.errors == ""
    np.testing.assert_array_equal(visitor.seen.x, x)
    assert visitor.seen.interventions == changes
    assert visitor.cell["updates"] == visitor.view.snapshots.tolist()
    for update in visitor.view.snapshots[[0, -1]]:
        expected = apply(spec.model, weights(visitor, int(update)), visitor.seen.x, changes)
        assert visitor.trace(int(update)) == packed(spec.model, expected)


@pytest.mark.parametrize("name", RUNS)
def test_the_numbers_of_a_chosen_window_are_those_of_the_equations(visit: Visit, name: str) -> None:
    visitor, ready, spec = trained(visit, name), prepared(RUNS[name]), RUNS[name]
    part = max(part for part in ready.ends if len(ready.ends[part]))
    for window in (1, 2):
        visitor.put("from_part", part).put("at", window)
        assert_shows(visitor, spec, ready.x(ready.ends[part][window - 1:window])[0])
    assert visitor.cell["layers"] == [layer.hidden for layer in spec.model.layers]


def test_a_prediction_stands_beside_what_came_in_real_units(visit: Visit) -> None:
    visitor, ready, spec = trained(visit, "prices"), prepared(RUNS["prices"]), RUNS["prices"]
    for part, ends in ready.ends.items():
        visitor.put("from_part", part).put("at", 3)
        end, cell = int(ends[2]), visitor.cell
        assert cell["real"][:-1] == [None] * 4
        assert cell["real"][-1] == pytest.approx(ready.real[end + 1], rel=1e-6)
        output = cells.trace(spec.model, weights(visitor), visitor.seen.x).output[-1]
        assert cell["factor"] * output[0] + cell["offset"] == pytest.approx(ready.unscale(output)[0], rel=1e-6)
        assert (cell["unit"], cell["target"]) == ("points", "close")
        assert cell["labels"][-1] == np.datetime_as_string(ready.index[end], unit="D")


def test_an_output_at_every_step_has_a_truth_at_every_step(visit: Visit) -> None:
    visitor, ready = trained(visit, "gru"), prepared(RUNS["gru"])
    end = int(ready.ends["test"][-1])
    assert visitor.cell["real"] == pytest.approx(ready.real[end - 4:end + 2].tolist(), rel=1e-5)


def test_letters_can_be_edited_by_hand(visit: Visit) -> None:
    visitor = trained(visit, "letters").put("by_hand", True)
    visitor.at.text_input[0].set_value("edcbaabcde")
    visitor.look()
    assert_shows(visitor, RUNS["letters"], np.array([4, 3, 2, 1, 0, 0, 1, 2, 3, 4]))
    assert visitor.cell["labels"] == list("edcbaabcde")
    assert visitor.cell["real"] == [None] * 10


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
    visitor, ready = trained(visit, "lstm"), prepared(RUNS["lstm"])
    x = ready.x(ready.ends["test"][-1:])[0]
    x[2] = 5.0
    assert_shows(edited(visitor.put("by_hand", True), {2: 5.0}), RUNS["lstm"], x)


def test_an_emptied_cell_is_a_sentence(visit: Visit) -> None:
    visitor = edited(trained(visit, "lstm").put("by_hand", True), {1: None})
    assert "Every time step needs a number; received an empty cell." in visitor.errors


WHAT_IFS: dict[str, tuple[str, dict[str, object], Intervention]] = {
    "gate": ("lstm", {"if_gate": "i", "if_value": 0.5}, ClampGate(0, "i", 0.5)),
    "one unit's gate": ("two layers", {"if_layer": 2, "if_all": False, "if_unit": 4, "if_value": 1.0},
                        ClampGate(1, "f", 1.0, unit=3)),
    "unit": ("gru", {"if_unit": 2}, ZeroUnit(0, 1)),
    "state": ("lstm", {"if_state": "c", "if_value": -2.0}, SetState(0, "c", -2.0)),
    "input": ("lstm", {"if_step": 2, "if_value": 0.25}, EditNumber(1, 0, 0.25)),
    "letter": ("letters", {"if_step": 3, "if_letter": 1}, EditLetter(2, 1)),
    "weight": ("lstm", {"if_gate": "o", "if_unit": 2, "if_kind": "U", "if_column": 3, "if_value": 4.0},
               ChangeWeight("layers.0.weight_hh_l0", (10, 2), 4.0)),
}


@pytest.mark.parametrize("kind", WHAT_IFS)
def test_a_change_inside_is_shown_beside_the_untouched_network_and_can_be_taken_back(visit: Visit, kind: str) -> None:
    name, settings, change = WHAT_IFS[kind]
    visitor, spec = trained(visit, name), RUNS[name]
    before = visitor.seen.x
    untouched = visitor.trace(visitor.view.update)
    visitor.put("change", {"letter": "input", "one unit's gate": "gate"}.get(kind, kind))
    for key, value in settings.items():
        visitor.put(key, value)
    visitor.click("apply")
    assert_shows(visitor, spec, before, (change,))
    assert visitor.cell["changed"]
    assert visitor.trace(visitor.view.update) != untouched
    assert visitor.trace(visitor.view.update, "original") == untouched
    assert_shows(visitor.click("untouch"), spec, before)
    assert_shows(visitor.click("apply").click("remove0"), spec, before)
    assert weights(visitor)["head.weight"].tobytes() == weights(trained(visit, name))["head.weight"].tobytes()


def test_the_change_in_error_is_told_in_real_units(visit: Visit) -> None:
    visitor, ready = trained(visit, "prices").put("if_gate", "o").put("if_value", 0.0), prepared(RUNS["prices"])
    assert not [label for label in visitor.numbers if "untouched" in label]
    visitor.click("apply")
    real = ready.real[int(ready.ends["test"][-1]) + 1]
    silent = ready.unscale(weights(visitor)["head.bias"])[0]            # nothing comes out of the cell any more
    original = ready.unscale(cells.trace(RUNS["prices"].model, weights(visitor), visitor.seen.x).output[-1])[0]
    assert visitor.numbers["Mean absolute error, untouched"] == f"{abs(original - real):.4g} points"
    assert visitor.numbers["Mean absolute error, changed"] == f"{abs(silent - real):.4g} points"


def test_changes_that_do_not_fit_another_network_are_left_out_and_named(visit: Visit) -> None:
    visitor = trained(visit, "lstm").put("if_gate", "f").click("apply")
    other = visit(who=visitor.who, **to_query(RUNS["gru"])).click("train").rest()
    visitor.at.query_params["run"] = other.run
    visitor.look()
    assert visitor.errors == ""
    assert visitor.seen.interventions == ()
    assert any("does not fit" in text.value for text in visitor.at.markdown)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", RUNS)
def test_every_section_shows_something(visit: Visit, name: str, lang: str) -> None:
    visitor = visit(lang=lang, **to_query(RUNS[name])).click("train").rest().open("cell")
    for section in ("what_if", "units", "weights", "training"):
        visitor.put("section", section)
        assert visitor.errors == ""


def test_a_finding_that_is_clicked_opens_its_unit(visit: Visit) -> None:
    visitor = trained(visit, "lstm").put("section", "units")
    assert visitor.cell["select"] is None
    visitor.click("finding0")
    chosen = visitor.cell["select"]
    assert f"Unit {chosen['unit'] + 1} " in visitor.widget("finding0").label
    assert (chosen["layer"], chosen["turn"]) == (0, 1)
    assert visitor.click("finding0").cell["select"]["turn"] == 2


def test_weights_are_shown_as_they_are_and_as_they_have_changed(visit: Visit) -> None:
    visitor, spec = trained(visit, "lstm").put("section", "weights"), RUNS["lstm"]
    maps = visitor.figure("weights")["data"]
    assert [panel["name"] for panel in maps] == ["Forget gate f", "Input gate i", "Candidate g", "Output gate o"]
    assert maps[0]["x"] == ["x wave", "h 1", "h 2", "h 3", "b"]
    largest = max(np.abs(np.hstack([w.W, w.U, (w.b + w.b_h)[:, None]])).max()
                  for w in cells.gate_weights("lstm", weights(visitor), 0).values())
    assert maps[0]["zmax"] == pytest.approx(largest)
    visitor.put("weights_change", True).put("weights_moment", 0)
    assert visitor.figure("weights")["data"][0]["zmax"] == 1.0      # nothing has changed: the scale of zeros
    assert spec.model.cell == "lstm"


def test_the_choices_fit_again_when_another_run_is_opened(visit: Visit) -> None:
    visitor = trained(visit, "two layers").put("at", 9)
    other = visit(who=visitor.who, **to_query(RUNS["letters"])).click("train").rest()
    visitor.at.query_params["run"] = other.run
    visitor.look()
    assert visitor.errors == ""
    assert visitor.widget("at").value == 5
    assert visitor.at.query_params["run"] == other.run


def test_a_run_without_a_single_update_says_that_there_is_nothing_yet(visit: Visit) -> None:
    visitor = visit(**to_query(RUNS["lstm"])).click("train").rest().click("reset")
    assert visitor.view.update == 0
    assert visitor.errors == ""
    assert visitor.open("cell").cell["updates"] == []
    assert visitor.open("start").errors == ""
    visitor.open("train").click("step_once").rest()
    assert visitor.open("cell").cell["updates"] == [0, 1] or visitor.cell["updates"] == [0]


def test_the_first_moment_of_a_run_can_be_seen_while_it_trains(visit: Visit) -> None:
    visitor = visit(**LONG).click("train").wait(lambda view: len(view.snapshots) > 1).open("cell")
    assert visitor.errors == ""
    assert visitor.cell["updates"][0] == 0
    assert len(visitor.trace(0)) > 0


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
    assert len(visitor.trace(visitor.view.update)) == len(visitor.trace(0))
    for section in ("units", "weights", "training"):
        visitor.put("section", section)


def test_a_look_inside_leaves_the_settings_as_they_were(visit: Visit) -> None:
    visitor = trained(visit, "gru")
    assert visitor.open("train").widget("cell").value == "gru"
    assert visitor.view.spec == RUNS["gru"]
    assert "Changed since" not in visitor.hints
