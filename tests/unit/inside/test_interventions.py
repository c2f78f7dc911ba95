"""What-if results against torch: the network unrolled by hand, with its gates held and its numbers changed."""

from __future__ import annotations

import warnings
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from lstm_core.cells import gate_weights, predict, trace
from lstm_core.errors import Refusal
from lstm_core.inside.by_hand import Source, work_out
from lstm_core.inside.interventions import (
    ChangeWeight,
    ClampGate,
    EditLetter,
    EditNumber,
    Intervention,
    SetState,
    ZeroUnit,
    apply,
    changed_weights,
    compare,
    mean_error,
    stored_at,
    surprise,
)
from lstm_core.records import GateTrace
from lstm_core.spec.cell_types import CELL_TYPES
from tests.unit.cells.networks import CELLS, Case, make, networks, single
from tests.unit.cells.torch_reference import enter_torch

many = settings(max_examples=150)


# ------------------------------------------------------------------------------------------------------ torch's word


def hold(values: Tensor, held: list[tuple[str, int | None, float]], name: str) -> Tensor:
    values = values.clone()
    for gate, unit, value in held:
        if gate == name:
            values[slice(None) if unit is None else unit] = value
    return values


def unrolled_torch(case: Case, changes: list[Intervention], dtype: torch.dtype
                   ) -> tuple[list[dict[str, Tensor]], Tensor]:
    """Return every gate and state (T, H) of each layer, and the output (T, O), from the textbook's equations."""
    cell, hidden = case.model.cell, [layer.hidden for layer in case.model.layers]
    w = {name: torch.from_numpy(array.copy()).to(dtype) for name, array in case.weights.items()}
    x = case.x[0].copy()
    h = [torch.zeros(units, dtype=dtype) for units in hidden]
    c = [torch.zeros(units, dtype=dtype) for units in hidden]
    for change in changes:
        match change:
            case ChangeWeight(name, index, value):
                w[name][index] = value
            case EditNumber(step, feature, value):
                x[step, feature] = value
            case EditLetter(step, letter):
                x[step] = letter
            case SetState(layer, state, value, unit):
                {"h": h, "c": c}[state][layer][slice(None) if unit is None else unit] = value
            case ZeroUnit(layer, unit):
                h[layer][unit] = c[layer][unit] = 0
    inside: list[dict[str, list[Tensor]]] = [{} for _ in hidden]
    output = []
    for t, signal in enumerate(enter_torch(w, x)):
        for layer in range(len(hidden)):
            held = held_at(changes, t, layer)
            names = {"rnn": "h", "gru": "rzn", "lstm": "ifgo", "lstm97": "igo"}[cell]
            w_ih, w_hh, b_ih, b_hh = (w[f"layers.{layer}.{name}_l0"]
                                      for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
            a = dict(zip(names, (w_ih @ signal + b_ih).chunk(len(names)), strict=True))
            u = dict(zip(names, (w_hh @ h[layer] + b_hh).chunk(len(names)), strict=True))
            if cell == "rnn":
                now = {"h": hold(torch.tanh(a["h"] + u["h"]), held, "h")}
            elif cell == "gru":
                r = hold(torch.sigmoid(a["r"] + u["r"]), held, "r")
                z = hold(torch.sigmoid(a["z"] + u["z"]), held, "z")
                n = hold(torch.tanh(a["n"] + r * u["n"]), held, "n")
                now = {"r": r, "z": z, "n": n, "h": hold((1 - z) * n + z * h[layer], held, "h")}
            else:
                now = {name: hold((torch.tanh if name == "g" else torch.sigmoid)(a[name] + u[name]), held, name)
                       for name in names}
                c[layer] = now["c"] = hold(now.get("f", 1) * c[layer] + now["i"] * now["g"], held, "c")
                now["h"] = hold(now["o"] * torch.tanh(now["c"]), held, "h")
            signal = h[layer] = now["h"]
            for name, values in now.items():
                inside[layer].setdefault(name, []).append(values)
        output.append(w["head.weight"] @ signal + w["head.bias"])
    return [{name: torch.stack(values) for name, values in layer.items()} for layer in inside], torch.stack(output)


def held_at(changes: list[Intervention], step: int, layer: int) -> list[tuple[str, int | None, float]]:
    held: list[tuple[str, int | None, float]] = []
    for change in changes:
        match change:
            case ClampGate(where, gate, value, unit, when) if where == layer and when in (None, step):
                held.append((gate, unit, value))
            case ZeroUnit(where, unit) if where == layer:
                held += [("h", unit, 0.0), ("c", unit, 0.0)]
    return held


@st.composite
def changed(draw: st.DrawFn, *scales: float) -> tuple[Case, list[Intervention]]:
    case = draw(networks(*scales))
    steps, values = case.x.shape[1], st.sampled_from([0.0, 1.0, -1.0]) | st.floats(-2, 2, width=32)

    def one() -> Intervention:
        layer = draw(st.integers(0, len(case.model.layers) - 1))
        unit = draw(st.integers(0, case.model.layers[layer].hidden - 1))
        any_unit = draw(st.sampled_from([unit, None]))
        step = draw(st.integers(0, steps - 1))
        match draw(st.sampled_from(["clamp", "zero", "state", "edit", "weight"])):
            case "clamp":
                gate = draw(st.sampled_from(list(case.model.cell_type.gates)))
                return ClampGate(layer, gate, draw(values), any_unit, draw(st.sampled_from([step, None])))
            case "zero":
                return ZeroUnit(layer, unit)
            case "state":
                return SetState(layer, draw(st.sampled_from(list(case.model.cell_type.states))), draw(values), any_unit)
            case "edit" if case.x.ndim == 3:
                return EditNumber(step, draw(st.integers(0, case.x.shape[2] - 1)), draw(values))
            case "edit":
                return EditLetter(step, draw(st.integers(0, alphabet(case) - 1)))
        name = draw(st.sampled_from(list(case.weights)))
        return ChangeWeight(name, tuple(draw(st.integers(0, count - 1)) for count in case.weights[name].shape),
                            draw(values))

    return case, [one() for _ in range(draw(st.integers(1, 4)))]


def alphabet(case: Case) -> int:
    if "embedding.weight" in case.weights:
        return len(case.weights["embedding.weight"])
    return case.weights["dense.weight" if "dense.weight" in case.weights else "layers.0.weight_ih_l0"].shape[1]


def assert_equals_torch(case: Case, got: GateTrace, changes: list[Intervention], dtype: torch.dtype,
                        **close: float) -> None:
    inside, output = unrolled_torch(case, changes, dtype)
    for layer, theirs in zip(got.layers, inside, strict=True):
        for name, values in theirs.items():
            mine = {**layer.gates, "h": layer.h, "c": layer.c}[name]
            np.testing.assert_allclose(mine, values, err_msg=name, **close)
    np.testing.assert_allclose(got.output, output, **close)


@many
@given(changed(0.5, 1.0, 2.0))
def test_equals_torch_with_the_same_changes_in_float64(given_: tuple[Case, list[Intervention]]) -> None:
    case, changes = given_
    got = apply(case.model, case.weights, case.x[0], changes)
    assert_equals_torch(case, got, changes, torch.float64, rtol=1e-12, atol=1e-12)


@many
@given(changed(0.5, 1.0))
def test_equals_torch_with_the_same_changes_in_float32(given_: tuple[Case, list[Intervention]]) -> None:
    case, changes = given_
    x = case.x.astype(np.float32) if case.x.ndim == 3 else case.x
    case = replace(case, weights=single(case), x=x)
    got = apply(case.model, case.weights, case.x[0], changes)
    assert_equals_torch(case, got, changes, torch.float32, rtol=1e-6, atol=1e-6)


@many
@given(changed(1.0))
def test_nothing_that_was_given_is_altered(given_: tuple[Case, list[Intervention]]) -> None:
    case, changes = given_
    before, asked = deepcopy((case.weights, case.x)), deepcopy(changes)
    untouched = trace(case.model, case.weights, case.x[0])
    got = compare(case.model, case.weights, case.x[0], changes)
    assert changes == asked
    np.testing.assert_array_equal(case.x, before[1])
    for name, array in before[0].items():
        np.testing.assert_array_equal(case.weights[name], array)
    np.testing.assert_array_equal(got.original.output, untouched.output)
    np.testing.assert_array_equal(got.changed.output, apply(case.model, case.weights, case.x[0], changes).output)


@many
@given(changed(1.0))
def test_changed_numbers_can_be_worked_out_by_hand(given_: tuple[Case, list[Intervention]]) -> None:
    case, changes = given_
    got, weights = apply(case.model, case.weights, case.x[0], changes), changed_weights(case.weights, changes)
    last = len(got.layers) - 1
    for equation in work_out(case.model, weights, got, layer=last, unit=0, step=0):
        assert sum(part.value for part in equation.parts) == pytest.approx(equation.sum.value, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_no_intervention_gives_the_trace(cell: str) -> None:
    case = make(cell, (4, 3))
    got, plain = apply(case.model, case.weights, case.x[0], []), trace(case.model, case.weights, case.x[0])
    np.testing.assert_array_equal(got.output, plain.output)
    np.testing.assert_array_equal(got.layers[1].h, plain.layers[1].h)


# ------------------------------------------------------------------------------------------------------ one by one


def test_a_clamp_holds_its_gate_where_it_was_asked_to_and_leaves_the_sums() -> None:
    case = make("lstm", (4,))
    plain = trace(case.model, case.weights, case.x[0]).layers[0]
    got = apply(case.model, case.weights, case.x[0], [ClampGate(0, "f", 0.0, unit=2, step=1)]).layers[0]
    assert got.gates["f"][1, 2] == 0.0
    assert np.isin(got.gates["f"], 0.0).sum() == 1
    np.testing.assert_array_equal(got.pre["f"][:2], plain.pre["f"][:2])
    np.testing.assert_array_equal(got.h[0], plain.h[0])
    np.testing.assert_array_equal(np.flatnonzero(got.h[1] != plain.h[1]), [2])
    assert np.all(got.h[2] != plain.h[2]), "what was changed spreads to all units one step later"


def test_memory_held_open_keeps_its_initial_state_for_ever() -> None:
    case = make("lstm", (4,), steps=9)
    held = [ClampGate(0, "f", 1.0), ClampGate(0, "i", 0.0), SetState(0, "c", 0.75, unit=3)]
    got = apply(case.model, case.weights, case.x[0], held).layers[0]
    np.testing.assert_array_equal(got.c, np.tile([0, 0, 0, 0.75], (9, 1)))
    np.testing.assert_array_equal(got.c0, [0, 0, 0, 0.75])


@pytest.mark.parametrize("cell", CELLS)
def test_a_silenced_unit_is_zero_throughout_and_weighs_nothing(cell: str) -> None:
    case = make(cell, (4, 3), steps=6)
    got = apply(case.model, case.weights, case.x[0], [SetState(0, "h", 2.0), ZeroUnit(0, 1)])
    assert got.layers[0].h0[1] == 0
    assert not got.layers[0].h[:, 1].any()
    assert np.all(got.layers[0].h[:, [0, 2, 3]] != 0)
    assert got.layers[0].c is None or not got.layers[0].c[:, 1].any()
    deaf = {name: array.copy() for name, array in case.weights.items()}     # the same: nobody listens to the unit
    deaf["layers.0.weight_hh_l0"][:, 1] = deaf["layers.1.weight_ih_l0"][:, 1] = 0
    theirs = apply(case.model, deaf, case.x[0], [SetState(0, "h", 2.0)])
    np.testing.assert_allclose(got.output, theirs.output, rtol=0, atol=1e-15)


@pytest.mark.parametrize("cell", CELLS)
def test_a_unit_stays_silent_in_a_diverged_network(cell: str) -> None:
    case = make(cell, (4,))
    weights = {name: np.full_like(array, np.nan) for name, array in case.weights.items()}
    got = apply(case.model, weights, case.x[0], [ZeroUnit(0, 1)]).layers[0]
    assert not got.h[:, 1].any()
    assert np.isnan(got.h[:, 0]).all()


def test_the_later_of_two_wins() -> None:
    case = make("gru", (3,))
    two = [ClampGate(0, "z", 0.25), ClampGate(0, "z", 0.5, unit=1)]
    got = apply(case.model, case.weights, case.x[0], two).layers[0].gates["z"]
    np.testing.assert_array_equal(got[0], [0.25, 0.5, 0.25])
    got = apply(case.model, case.weights, case.x[0], two[::-1]).layers[0].gates["z"]
    np.testing.assert_array_equal(got[0], [0.25, 0.25, 0.25])


@pytest.mark.parametrize("cell", CELLS)
def test_every_weight_is_stored_where_it_is_said_to_be(cell: str) -> None:
    case = make(cell, (4, 3))
    for gate in CELL_TYPES[cell].gates:
        places: list[Source] = [("W", gate, 2, 3), ("U", gate, 1, 2), ("b", gate, 2)]
        if (cell, gate) == ("gru", "n"):
            places.append(("b_h", gate, 0))
        for place in places:
            name, index = stored_at(case.model, 1, place)
            weights = changed_weights(case.weights, [ChangeWeight(name, index, 99.0)])
            was = getattr(gate_weights(cell, case.weights, 1)[gate], str(place[0]))
            now = getattr(gate_weights(cell, weights, 1)[gate], str(place[0]))
            np.testing.assert_array_equal(np.argwhere(was != now), [[int(at) for at in place[2:]]])


# ------------------------------------------------------------------------------------------------------ comparing


@pytest.mark.parametrize("output", ["last", "every"])
def test_predictions_stand_side_by_side(output: str) -> None:
    case = make("lstm", output=output, outputs=1)
    changes = [ClampGate(0, "o", 0.0)]
    got = compare(case.model, case.weights, case.x[0], changes)
    alone = predict(case.model, case.weights, case.x[:1])[0]
    np.testing.assert_allclose(got.original_prediction, alone, rtol=0, atol=1e-12, strict=True)
    np.testing.assert_allclose(got.changed_prediction, np.broadcast_to(case.weights["head.bias"],
                                                                       got.original_prediction.shape))
    assert mean_error(got.changed_prediction, got.original_prediction) == pytest.approx(
        np.abs(got.changed_prediction - got.original_prediction).mean())


@pytest.mark.parametrize("output", ["last", "every"])
def test_letters_are_predicted_as_probabilities(output: str) -> None:
    case = make("gru", reads="one-hot", outputs=3, output=output)
    got = compare(case.model, case.weights, case.x[0], [EditLetter(4, 0), EditLetter(0, 1)])
    scores = torch.from_numpy(got.changed.output if output == "every" else got.changed.output[-1])
    np.testing.assert_allclose(got.changed_prediction, torch.softmax(scores, -1), rtol=1e-12)
    came = np.array([2, 0, 1, 1, 0]) if output == "every" else np.int64(2)
    theirs = torch.nn.functional.cross_entropy(scores, torch.tensor(came))
    assert surprise(got.changed_prediction, came) == pytest.approx(float(theirs), rel=1e-12)


def test_a_letter_thought_impossible_surprises_without_end() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert surprise(np.array([1.0, 0.0]), np.int64(1)) == np.inf


@pytest.mark.parametrize("cell", CELLS)
def test_a_diverged_network_can_be_asked_too(cell: str) -> None:
    case = make(cell, reads="one-hot")
    weights = {name: np.full_like(array, np.nan) for name, array in case.weights.items()}
    gate = next(iter(CELL_TYPES[cell].gates))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = compare(case.model, weights, case.x[0], [ClampGate(0, gate, 1e300), SetState(0, "h", -1e308)])
    assert np.isnan(got.changed_prediction).all()
    assert (got.changed.layers[0].gates[gate] == 1e300).all()


# ------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(("change", "says"), [
    (ClampGate(0, "f", 0.0), "gate 'f' is not known. Allowed: r, z, n"),
    (ClampGate(0, "h", 0.0), "gate 'h' is not known"),
    (ClampGate(2, "z", 0.0), "layer must be a whole number from 0 to 1; received 2"),
    (ClampGate(1, "z", 0.0, unit=3), "unit must be a whole number from 0 to 2; received 3"),
    (ClampGate(0, "z", 0.0, unit=-1), "unit must be a whole number from 0 to 3; received -1"),
    (ClampGate(0, "z", 0.0, step=5), "step must be a whole number from 0 to 4; received 5"),
    (ClampGate(0, "z", np.nan), "A finite number is needed; received nan"),
    (ClampGate(0, "z", "1"), "A finite number is needed; received '1'"),
    (ClampGate(0, "z", True), "A finite number is needed; received True"),
    (ZeroUnit(0, 4), "unit must be a whole number from 0 to 3; received 4"),
    (ZeroUnit(0, None), "unit must be a whole number"),
    (ZeroUnit(-1, 0), "layer must be a whole number from 0 to 1; received -1"),
    (SetState(0, "c", 0.0), "state 'c' is not known. Allowed: h"),
    (SetState(0, "h", np.inf), "A finite number is needed; received inf"),
    (SetState(0, "h", 10**400), "A finite number is needed"),
    (SetState(1, "h", 0.0, unit=3), "unit must be a whole number from 0 to 2; received 3"),
    (EditNumber(5, 0, 0.0), "step must be a whole number from 0 to 4; received 5"),
    (EditNumber(0, 3, 0.0), "feature must be a whole number from 0 to 2; received 3"),
    (EditNumber(0, 0, None), "A finite number is needed; received None"),
    (EditLetter(0, 1), "reads numbers: a letter cannot be put in"),
    (ChangeWeight("head.wight", (0, 0), 0.0), "weight 'head.wight' is not known. Did you mean 'head.weight'"),
    (ChangeWeight("head.weight", (0,), 0.0), r"head.weight has 2 axes.*received \(0,\)"),
    (ChangeWeight("head.weight", (0, 3), 0.0), "index must be a whole number from 0 to 2; received 3"),
    (ChangeWeight("head.weight", (0, -1), 0.0), "index must be a whole number from 0 to 2; received -1"),
    (ChangeWeight("head.bias", (0,), np.nan), "A finite number is needed; received nan"),
    (ChangeWeight("head.bias", (0,), 1e39), "1e.39 is too large for a weight"),
])
def test_what_does_not_fit_is_refused(change: Intervention, says: str) -> None:
    case = make("gru", (4, 3))
    with pytest.raises(Refusal, match=says):
        apply(case.model, single(case), case.x[0], [change])


@pytest.mark.parametrize("reads", ["one-hot", "embedding"])
@pytest.mark.parametrize("dense", [0, 2])
def test_letters_that_do_not_fit_are_refused(reads: str, dense: int) -> None:
    case = make("lstm", reads=reads, dense=dense, width=4)
    apply(case.model, case.weights, case.x[0], [EditLetter(4, 3)])
    for change, says in [(EditLetter(0, 4), "letter must be a whole number from 0 to 3; received 4"),
                         (EditLetter(5, 0), "step must be a whole number from 0 to 4; received 5"),
                         (EditNumber(0, 0, 1.0), "reads letters: a number cannot be put in")]:
        with pytest.raises(Refusal, match=says):
            apply(case.model, case.weights, case.x[0], [change])


def test_places_that_hold_no_weight_are_refused() -> None:
    model = make("gru", (4,)).model
    for place, says in [(("x", "r", 0, 0), "kind of weight 'x' is not known"), (("W", "f", 0, 0), "gate 'f'"),
                        (("U", "z", 4, 0), "unit must be a whole number from 0 to 3; received 4")]:
        with pytest.raises(Refusal, match=says):
            stored_at(model, 0, place)
