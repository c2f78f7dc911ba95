"""The NumPy cells against torch: values, gates and gradients, at random sizes and weights."""

from __future__ import annotations

import pickle
import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings

from lstm_core import cells
from lstm_core.cells import backprop, gate_weights, predict, sigmoid, trace
from lstm_core.errors import Refusal
from lstm_core.learning.training import train
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec, TrainSpec
from lstm_core.spec.cell_types import CELL_TYPES
from tests.unit.cells.networks import CELLS, Case, make, networks, single
from tests.unit.cells.torch_reference import autograd, by_hand_torch, enter_torch, modules_torch

cases = networks(0.5, 1.0, 2.0)
many = settings(max_examples=100)


# ------------------------------------------------------------------------------------------------------ forward


@many
@given(cases)
def test_trace_equals_torch_modules_in_float64(case: Case) -> None:
    hs, lasts, output = modules_torch(case, torch.float64)
    for row, x in enumerate(case.x):
        got = trace(case.model, case.weights, x)
        for number, layer in enumerate(got.layers):
            np.testing.assert_allclose(layer.h, hs[number][row], rtol=0, atol=1e-12)
            if layer.c is not None:
                np.testing.assert_allclose(layer.c[-1], lasts[number][1][row], rtol=0, atol=1e-12)
        np.testing.assert_allclose(got.output, output[row], rtol=0, atol=1e-12)


# Weights twice as large make a plain RNN chaotic: 60 steps then grow the rounding of float32 to 1e-6 and more (torch
# against itself in float64: 1.1e-6, and 8.7e-5 at three times). The cells equal the float64 result at every size.
@many
@given(networks(0.5, 1.0))
def test_trace_equals_torch_modules_in_float32(case: Case) -> None:
    weights = single(case)
    hs, lasts, output = modules_torch(replace(case, weights=weights), torch.float32)
    for row, x in enumerate(case.x):
        got = trace(case.model, weights, x)
        for number, layer in enumerate(got.layers):
            np.testing.assert_allclose(layer.h, hs[number][row], rtol=1e-6, atol=1e-6)
            if layer.c is not None:
                np.testing.assert_allclose(layer.c[-1], lasts[number][1][row], rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(got.output, output[row], rtol=1e-6, atol=1e-6)
        assert got.output.dtype == np.float64


@pytest.mark.parametrize("cell", CELLS)
def test_equals_torch_at_the_size_of_the_stock_network(cell: str) -> None:
    case = make(cell, (80, 100), steps=60, width=1, windows=3)
    got = trace(case.model, single(case), case.x[0])
    hs, _, output = modules_torch(replace(case, weights=single(case)), torch.float32)
    for number, layer in enumerate(got.layers):
        np.testing.assert_allclose(layer.h, hs[number][0], rtol=0, atol=1e-6)
    np.testing.assert_allclose(predict(case.model, single(case), case.x), output[:, -1], rtol=0, atol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
def test_equals_torch_in_float64_even_when_rounding_grows(cell: str) -> None:
    case = make(cell, (80, 100), steps=60, width=1, windows=3, scale=2.0)
    got = trace(case.model, case.weights, case.x[0])
    hs = modules_torch(case, torch.float64)[0]
    for number, layer in enumerate(got.layers):
        np.testing.assert_allclose(layer.h, hs[number][0], rtol=0, atol=1e-12)
    assert_gradients_equal_autograd(case)


@many
@given(cases)
def test_gates_and_sums_equal_the_equations_unrolled_in_torch(case: Case) -> None:
    got = trace(case.model, case.weights, case.x[0])
    w = {name: torch.from_numpy(array) for name, array in case.weights.items()}
    signals = enter_torch(w, case.x[0])
    for number, layer in enumerate(got.layers):
        assert list(layer.gates) == list(layer.pre) == list(case.model.cell_type.gates)
        np.testing.assert_allclose(layer.x, signals, rtol=0, atol=1e-12)
        state = tuple(torch.zeros(case.model.layers[number].hidden, dtype=torch.float64)
                      for _ in case.model.cell_type.states)
        hs = []
        for t, x in enumerate(signals):
            pre, gates, state = by_hand_torch(case.model.cell, w, number, x, state)
            for name in case.model.cell_type.gates:
                np.testing.assert_allclose(layer.pre[name][t], pre[name], rtol=0, atol=1e-12)
                np.testing.assert_allclose(layer.gates[name][t], gates[name], rtol=0, atol=1e-12)
            after = (layer.h[t],) if layer.c is None else (layer.h[t], layer.c[t])
            for mine, theirs in zip(after, state, strict=True):
                np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-12)
            hs.append(state[0])
        signals = torch.stack(hs)


@many
@given(cases)
def test_predict_equals_torch_and_trace(case: Case) -> None:
    output = modules_torch(case, torch.float64)[2]
    got = predict(case.model, case.weights, case.x)
    every = case.model.output == "every"
    np.testing.assert_allclose(got, output if every else output[:, -1], rtol=0, atol=1e-12)
    for row, x in enumerate(case.x):
        traced = trace(case.model, case.weights, x).output
        np.testing.assert_allclose(got[row], traced if every else traced[-1], rtol=0, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS)
def test_given_states_are_where_the_sequence_begins(cell: str) -> None:
    case = make(cell, (4, 3), seed=3)
    hs, _, output = modules_torch(case, torch.float64, case.states)
    got = trace(case.model, case.weights, case.x[0], case.states)
    np.testing.assert_allclose(got.layers[1].h, hs[1][0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(got.output, output[0], rtol=0, atol=1e-12)
    for layer, state in zip(got.layers, case.states, strict=True):
        np.testing.assert_array_equal(layer.h0, state[0])
        assert (layer.c0 is None) == (cell in ("rnn", "gru"))
        if layer.c0 is not None:
            np.testing.assert_array_equal(layer.c0, state[1])


@pytest.mark.parametrize("cell", CELLS)
def test_a_sequence_read_in_two_halves_is_the_sequence(cell: str) -> None:
    case = make(cell, (4, 3), steps=8)
    whole = trace(case.model, case.weights, case.x[0])
    first = trace(case.model, case.weights, case.x[0, :3])
    states = [(layer.h[-1],) if layer.c is None else (layer.h[-1], layer.c[-1]) for layer in first.layers]
    second = trace(case.model, case.weights, case.x[0, 3:], states)
    np.testing.assert_array_equal(np.concatenate([first.output, second.output]), whole.output)


@pytest.mark.parametrize("cell", CELLS)
def test_one_step_by_its_function_is_one_step_of_the_trace(cell: str) -> None:
    case = make(cell)
    layer = trace(case.model, case.weights, case.x[0]).layers[0]
    before = (layer.h[1],) if layer.c is None else (layer.h[1], layer.c[1])
    step = cells.STEP[cell](gate_weights(cell, case.weights, 0), case.x[0, 2], *before)
    for gate in CELL_TYPES[cell].gates:
        np.testing.assert_array_equal(step.pre[gate], layer.pre[gate][2])
        np.testing.assert_array_equal(step.gates[gate], layer.gates[gate][2])
    np.testing.assert_array_equal(step.after[0], layer.h[2])


def test_gate_weights_are_taken_from_torchs_order() -> None:
    case = make("lstm", (2,), width=1)
    w = gate_weights("lstm", case.weights, 0)
    assert list(w) == ["f", "i", "g", "o"]
    np.testing.assert_array_equal(w["i"].W, case.weights["layers.0.weight_ih_l0"][0:2])
    np.testing.assert_array_equal(w["f"].U, case.weights["layers.0.weight_hh_l0"][2:4])
    np.testing.assert_array_equal(
        w["o"].b, case.weights["layers.0.bias_ih_l0"][6:8] + case.weights["layers.0.bias_hh_l0"][6:8])
    case = make("gru", (2,), width=1)
    n = gate_weights("gru", case.weights, 0)["n"]
    np.testing.assert_array_equal(n.b, case.weights["layers.0.bias_ih_l0"][4:6])
    np.testing.assert_array_equal(n.b_h, case.weights["layers.0.bias_hh_l0"][4:6])


# ------------------------------------------------------------------------------------------------------ backward


def assert_gradients_equal_autograd(case: Case, states: list[tuple[np.ndarray, ...]] | None = None) -> None:
    got = backprop(case.model, case.weights, case.x[0], case.dy, states)
    dstates, dxs, dweights = autograd(case, states)
    close = {"rtol": 1e-9, "atol": 1e-12}
    for layer, dstate, dx in zip(got.layers, dstates, dxs, strict=True):
        np.testing.assert_allclose(layer.dh, dstate[0], **close)
        assert (layer.dc is None) == (case.model.cell in ("rnn", "gru"))
        if layer.dc is not None:
            np.testing.assert_allclose(layer.dc, dstate[1], **close)
        np.testing.assert_allclose(layer.dx, dx, **close)
    assert list(got.weights) == list(case.weights)
    for name, gradient in dweights.items():
        np.testing.assert_allclose(got.weights[name], gradient, err_msg=name, **close)


@many
@given(cases)
def test_backprop_equals_autograd(case: Case) -> None:
    assert_gradients_equal_autograd(case)


@pytest.mark.parametrize("cell", CELLS)
def test_backprop_from_given_states_equals_autograd(cell: str) -> None:
    case = make(cell, (4, 3), seed=7)
    assert_gradients_equal_autograd(case, case.states)


@pytest.mark.parametrize("cell", CELLS)
def test_loss_at_the_last_step_reaches_the_first(cell: str) -> None:
    case = make(cell, (5,), steps=6)
    last = np.zeros_like(case.dy)
    last[-1] = case.dy[-1]
    case = replace(case, dy=last)
    assert_gradients_equal_autograd(case)
    assert np.abs(backprop(case.model, case.weights, case.x[0], last).layers[0].dh[0]).max() > 0


@pytest.mark.parametrize("cell", CELLS)
def test_a_letter_that_comes_twice_receives_both_gradients(cell: str) -> None:
    case = make(cell, reads="embedding", width=3, steps=4, windows=1)
    assert_gradients_equal_autograd(replace(case, x=np.array([[1, 1, 2, 1]])))


# ------------------------------------------------------------------------------------------------------ edges


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("reads", ["numbers", "one-hot", "embedding"])
def test_smallest_network_and_sequence(cell: str, reads: str) -> None:
    case = make(cell, (1,), steps=1, width=2, reads=reads, outputs=1, windows=1)
    got = trace(case.model, case.weights, case.x[0])
    assert got.layers[0].h.shape == (1, 1)
    assert got.output.shape == (1, 1)
    assert predict(case.model, case.weights, case.x).shape == (1, 1)
    assert predict(case.model, case.weights, case.x[:0]).shape == (0, 1)
    assert_gradients_equal_autograd(case)


def test_sigmoid_is_exact_and_never_overflows() -> None:
    a = np.array([-1e308, -745.0, -40.0, -1.0, 0.0, 1.0, 40.0, 1e308, np.inf, -np.inf])
    with warnings.catch_warnings(), np.errstate(over="raise", divide="raise", invalid="raise"):
        warnings.simplefilter("error")
        got = sigmoid(a)
    np.testing.assert_allclose(got, torch.sigmoid(torch.from_numpy(a)), rtol=1e-15, atol=1e-320)
    assert got[2] > 0, "a closed gate is nearly, not exactly, closed"


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("scale", [1e3, 1e30])
def test_saturated_gates_neither_overflow_nor_warn(cell: str, scale: float) -> None:
    case = make(cell, (4, 3), steps=6, scale=scale)
    with warnings.catch_warnings(), np.errstate(over="raise", divide="raise", invalid="raise"):
        warnings.simplefilter("error")
        got = trace(case.model, case.weights, case.x[0])
        gradients = backprop(case.model, case.weights, case.x[0], case.dy)
    np.testing.assert_allclose(got.output, modules_torch(case, torch.float64)[2][0], rtol=1e-9, atol=1e-9)
    assert all(np.isfinite(layer.dx).all() for layer in gradients.layers)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_diverged_weights_are_passed_on_as_nan(cell: str, value: float) -> None:
    case = make(cell, (4, 3))
    weights = {name: np.full_like(array, value) for name, array in case.weights.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = trace(case.model, weights, case.x[0])
        assert np.isnan(predict(case.model, weights, case.x)).any()
        gradients = backprop(case.model, weights, case.x[0], case.dy)
    assert np.isnan(got.layers[0].pre[next(iter(CELL_TYPES[cell].gates))]).any()
    assert np.isnan(gradients.layers[0].dh).any()


def test_dropout_plays_no_part() -> None:
    case = make("lstm", (4, 3))
    without = replace(case.model, layers=tuple(Layer(layer.hidden) for layer in case.model.layers))
    np.testing.assert_array_equal(predict(case.model, case.weights, case.x), predict(without, case.weights, case.x))


def test_results_cross_a_process_border() -> None:
    case = make("lstm")
    got = trace(case.model, case.weights, case.x[0])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(got)).layers[0].gates["f"], got.layers[0].gates["f"])


# ------------------------------------------------------------------------------------------------------ refusals


def test_unknown_cell_is_refused() -> None:
    with pytest.raises(Refusal, match=r"cell 'lstn' is not known\. Did you mean 'lstm'"):
        gate_weights("lstn", make("lstm").weights, 0)


@pytest.mark.parametrize(("reads", "x", "says"), [
    ("numbers", np.zeros((0, 3)), "at least one time step"),
    ("one-hot", np.zeros(0, dtype=int), "at least one time step"),
    ("numbers", np.zeros((5, 4)), "reads 3 numbers at every time step; received 4"),
    ("numbers", np.zeros((1, 5, 3)), "1 axes when it is letters and 2 when it is numbers; received the shape"),
    ("one-hot", np.array([0, 1, 3]), r"whole numbers from 0 to 2; received \[0, 1, 3\]"),
    ("embedding", np.array([0, -1]), r"whole numbers from 0 to 2; received \[-1, 0\]"),
    ("embedding", np.array([0.5, 1.0]), "whole numbers from 0 to 2"),
    ("embedding", np.zeros((5, 3)), "embeds letters"),
])
def test_input_that_does_not_fit_is_refused(reads: str, x: np.ndarray, says: str) -> None:
    case = make("gru", reads=reads)
    with pytest.raises(Refusal, match=says):
        trace(case.model, case.weights, x)
    with pytest.raises(Refusal, match=says):
        backprop(case.model, case.weights, x, case.dy)


def test_batch_that_does_not_fit_is_refused() -> None:
    case = make("gru")
    with pytest.raises(Refusal, match="2 axes when it is letters and 3 when it is numbers"):
        predict(case.model, case.weights, np.zeros(5))
    with pytest.raises(Refusal, match="at least one time step"):
        predict(case.model, case.weights, np.zeros((2, 0, 3)))


def test_states_and_output_gradient_that_do_not_fit_are_refused() -> None:
    case = make("lstm", (4, 3))
    for states in (case.states[:1], [state[:1] for state in case.states], case.states[::-1]):
        with pytest.raises(Refusal, match="initial states must have the shapes"):
            trace(case.model, case.weights, case.x[0], states)
    with pytest.raises(Refusal, match=r"must have the shape \(5, 2\); received \(4, 2\)"):
        backprop(case.model, case.weights, case.x[0], case.dy[1:])


def test_raw_scores_of_a_trained_network_equal_torchs_to_a_millionth_of_the_largest() -> None:
    """Training makes scores large: the rounding of float32 is a share of them, not 1e-6 of one."""
    spec = RunSpec(data=Letters(text="abcde"), model=ModelSpec(layers=(Layer(16),)),
                   train=TrainSpec(epochs=300, lr=0.05))
    *_, last = train(spec)
    weights = last.records.snapshots[-1].weights
    x = np.arange(20) % 5
    got = predict(spec.model, weights, x[None])[0]
    *_, output = modules_torch(Case(spec.model, weights, x[None], np.zeros((len(x), 5))), torch.float32)
    assert np.abs(got).max() > 5
    np.testing.assert_allclose(got, output[0, -1], rtol=0, atol=1e-6 * np.abs(got).max())
