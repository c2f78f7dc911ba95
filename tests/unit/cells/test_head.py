"""The NumPy networks against torch's Network: a layer after the recurrent ones, a convolution, a decoder, padding."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from lstm_core.cells import backprop, gate_weights, predict, trace
from lstm_core.cells.head import pooled
from lstm_core.errors import Refusal
from lstm_core.inside.by_hand import work_out
from lstm_core.inside.interventions import (
    ChangeWeight,
    ClampGate,
    EditLetter,
    apply,
    changed_weights,
    compare,
    stored_at,
)
from lstm_core.learning.network import Network
from lstm_core.records import GateTrace, Weights
from lstm_core.spec import Layer, ModelSpec
from lstm_core.spec.cell_types import CELL_TYPES
from lstm_core.spec.io import START, IOShape

CELLS = tuple(CELL_TYPES)
SOURCE = 3      # steps that an encoder reads here
many = settings(max_examples=80)


@dataclass(frozen=True)
class Built:
    """A network of torch with random weights, and B sequences for it."""

    model: ModelSpec
    network: Network
    x: np.ndarray       # (B, T, F) float32, or (B, T) symbols

    @property
    def weights(self) -> Weights:
        return self.network.weights()


def build(model: ModelSpec, *, steps: int = 6, symbols: int = 0, classes: int = 0, decoder: bool = False,
          seed: int = 0) -> Built:
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    x = rng.integers(1, symbols, (3, steps)) if symbols else rng.normal(size=(3, steps, 2)).astype(np.float32)
    if decoder:
        x[:, SOURCE] = START
        x[:, SOURCE + 1:] -= 1                  # a decoder may say the start sign, too
    io_shape = IOShape(n_features=0 if symbols else 2, n_symbols=symbols, n_classes=classes, n_steps=steps,
                       encoder_steps=SOURCE if decoder else 0)
    return Built(model, Network(model, io_shape), x)


def answering(cell: str, encoding: str = "one-hot", layers: int = 1, **spec: object) -> Built:
    """Return an encoder and a decoder."""
    model = ModelSpec(cell=cell, layers=(Layer(5), Layer(4))[:layers], encoding=encoding, output="every", **spec)
    return build(model, steps=8, symbols=6, classes=6, decoder=True, seed=4)


@st.composite
def networks(draw: st.DrawFn) -> Built:
    kind = draw(st.sampled_from(["after", "conv", "decoder", "classes"]))
    layers = tuple(Layer(units, dropout=0.5) for units in draw(st.lists(st.integers(1, 6), min_size=1, max_size=2)))
    spec = {"cell": draw(st.sampled_from(CELLS)), "layers": layers, "input_dense": draw(st.sampled_from([0, 3])),
            "relu_head": 4 if kind == "after" else draw(st.sampled_from([0, 3]))}
    seed = draw(st.integers(0, 2**31))
    if kind == "decoder":
        model = ModelSpec(output="every", encoding=draw(st.sampled_from(["one-hot", "embedding"])), **spec)
        return build(model, steps=draw(st.integers(SOURCE + 1, 8)), symbols=5, classes=5, decoder=True, seed=seed)
    if kind == "conv":
        return build(ModelSpec(conv=draw(st.integers(1, 4)), **spec), steps=draw(st.integers(2, 7)),
                     classes=draw(st.sampled_from([0, 3])), seed=seed)
    return build(ModelSpec(output=draw(st.sampled_from(["last", "every"])), **spec),
                 classes=4 if kind == "classes" else 0, seed=seed)


# ------------------------------------------------------------------------------------------------------ torch's word


def single(built: Built) -> tuple[Network, Tensor]:
    return built.network, torch.from_numpy(built.x)


def double(built: Built) -> tuple[Network, Tensor]:
    """Return the network and what it reads in float64; it makes one-hot columns in float32, so they are put in."""
    network, x, io_shape = deepcopy(built.network), torch.from_numpy(built.x), built.network.io_shape
    if network.embedding is not None:
        return network.double(), x
    if io_shape.n_symbols:
        network.io_shape = replace(io_shape, n_features=io_shape.n_symbols, n_symbols=0)
        x = functional.one_hot(x, io_shape.n_symbols)
    return network.double(), x.double()


def torchs(network: Network, x: Tensor, lengths: np.ndarray | None = None) -> np.ndarray:
    """Return what torch's network answers: (B, O), or (B, S, O) at every step."""
    with torch.no_grad():
        y = network(x, lengths=None if lengths is None else torch.from_numpy(lengths))[0].numpy()
    return y if network.io_shape.n_classes else y[..., np.newaxis]


def read(built: Built, got: GateTrace) -> np.ndarray:
    """Return the outputs of a trace that the task reads."""
    return got.output[got.switch:] if built.model.output == "every" else got.output[-1]


# ------------------------------------------------------------------------------------------------------ forward


@many
@given(networks())
def test_trace_and_predict_equal_torchs_network(built: Built) -> None:
    weights = built.weights
    for form, tolerance in ((single, 1e-6), (double, 1e-12)):
        output = torchs(*form(built))
        close = {"rtol": 0, "atol": tolerance * max(1.0, float(np.abs(output).max())), "strict": False}
        np.testing.assert_allclose(predict(built.model, weights, built.x), output, **close)
        for x, row in zip(built.x, output, strict=True):
            np.testing.assert_allclose(read(built, trace(built.model, weights, x)), row, **close)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("reads", ["numbers", "one-hot", "embedding"])
def test_padding_does_not_reach_the_answer(cell: str, reads: str) -> None:
    encoding, symbols = ("one-hot", 0) if reads == "numbers" else (reads, 5)
    model = ModelSpec(cell=cell, layers=(Layer(4), Layer(3)), relu_head=3, encoding=encoding)
    built = build(model, steps=7, symbols=symbols, classes=2)
    lengths = np.array([7, 1, 4])
    got = predict(model, built.weights, built.x, lengths)
    np.testing.assert_allclose(got, torchs(*double(built), lengths), rtol=0, atol=1e-12)
    for x, length, row in zip(built.x, lengths, got, strict=True):
        alone = trace(model, built.weights, x[:length]).output[-1]
        np.testing.assert_allclose(row, alone, rtol=0, atol=1e-12)


def test_an_output_stands_only_where_there_is_one() -> None:
    conv, decoder, plain = build(ModelSpec(conv=2)), answering("gru"), build(ModelSpec(relu_head=3), classes=3)
    for built, first in ((conv, 5), (decoder, SOURCE), (plain, 0)):
        got = trace(built.model, built.weights, built.x[0])
        assert np.isnan(got.output[:first]).all()
        assert np.isfinite(got.output[first:]).all()


def test_the_state_in_which_the_encoder_ends_is_where_the_decoder_begins() -> None:
    built = answering("lstm", layers=2)
    got = trace(built.model, built.weights, built.x[0])
    assert got.switch == SOURCE
    below = got.layers[0]
    step = gate_weights("lstm", built.weights, 0, "decoder")
    a = below.x[SOURCE] @ step["f"].W.T + below.h[SOURCE - 1] @ step["f"].U.T + step["f"].b
    np.testing.assert_allclose(below.pre["f"][SOURCE], a, rtol=0, atol=1e-12)


def test_a_pool_takes_the_larger_of_every_two_and_leaves_an_odd_last_step_out() -> None:
    y = np.array([[1.0, 5.0], [2.0, 4.0], [0.0, 7.0], [3.0, 6.0], [9.0, 9.0]])
    np.testing.assert_array_equal(pooled(y), [2, 3, 5, 7])


def test_a_sequence_without_a_start_sign_is_refused() -> None:
    built = answering("gru")
    with pytest.raises(Refusal, match="received a sequence without a start sign"):
        trace(built.model, built.weights, np.array([1, 2, 3]))
    with pytest.raises(Refusal, match="at least one time step before the start sign"):
        trace(built.model, built.weights, np.array([START, 2, 3]))


# ------------------------------------------------------------------------------------------------------ backward


@many
@given(networks(), st.integers(0, 2**31))
def test_backprop_equals_autograd(built: Built, seed: int) -> None:
    network, x = double(built)
    y = network(x[:1])[0].reshape(-1,
                                  max(built.network.io_shape.n_classes, 1))      # the steps with an output, the last S
    dy = np.random.default_rng(seed).normal(size=(built.x.shape[1], y.shape[1]))
    (y * torch.from_numpy(dy[-len(y):])).sum().backward()
    if built.model.output == "last":
        dy[:-1] = 0         # nobody reads them
    got = backprop(built.model, built.weights, built.x[0], dy)
    assert list(got.weights) == list(network.memory.parameters)
    for name, parameter in network.named_parameters():
        scale = max(1.0, float(parameter.grad.abs().max()))
        np.testing.assert_allclose(got.weights[name], parameter.grad, rtol=0, atol=1e-9 * scale, err_msg=name)


@pytest.mark.parametrize("built", [build(ModelSpec(conv=2)), answering("lstm")], ids=["conv", "decoder"])
def test_a_gradient_where_there_is_no_output_has_no_effect(built: Built) -> None:
    outputs = max(built.network.io_shape.n_classes, 1)
    here = np.zeros((built.x.shape[1], outputs))
    here[-1] = 1.0
    there = here.copy()
    there[:SOURCE] = np.nan
    one, other = (backprop(built.model, built.weights, built.x[0], dy) for dy in (here, there))
    for name, gradient in one.weights.items():
        np.testing.assert_array_equal(gradient, other.weights[name])


def test_the_loss_of_a_decoder_reaches_the_first_step_of_the_encoder() -> None:
    built = answering("lstm", layers=2)
    dy = np.zeros((8, 6))
    dy[-1, 2] = 1.0
    got = backprop(built.model, built.weights, built.x[0], dy)
    assert all(np.abs(layer.dh[0]).max() > 0 and layer.dh.shape[0] == 8 for layer in got.layers)


# ------------------------------------------------------------------------------------------------------ what if


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("encoding", ["one-hot", "embedding"])
def test_the_sums_of_every_step_are_made_of_the_weights_that_read_there(cell: str, encoding: str) -> None:
    built = answering(cell, encoding, layers=2)
    got = trace(built.model, built.weights, built.x[0])
    for step, stage in ((0, "layers"), (SOURCE - 1, "layers"), (SOURCE, "decoder"), (7, "decoder")):
        for layer in (0, 1):
            w = gate_weights(cell, built.weights, layer, stage)
            for equation in work_out(built.model, built.weights, got, layer=layer, unit=1, step=step, k=99):
                total = sum(part.value for part in equation.parts)
                assert total == pytest.approx(equation.sum.value, rel=1e-12, abs=1e-12)
                if equation.name in w and equation.function:
                    assert equation.sum.value == pytest.approx(got.layers[layer].pre[equation.name][step, 1], rel=1e-12)
                    first = equation.parts[0].terms[0].factors[0]
                    assert first.value == w[equation.name].W[1, first.source[3]]


@pytest.mark.parametrize("stage", ["layers", "decoder"])
def test_a_weight_of_either_stage_can_be_changed(stage: str) -> None:
    built = answering("lstm")
    name, index = stored_at(built.model, 0, ("U", "i", 2, 3), stage)
    changed = changed_weights(built.weights, [ChangeWeight(name, index, 9.0)])
    assert gate_weights("lstm", changed, 0, stage)["i"].U[2, 3] == 9.0
    one, other = (trace(built.model, weights, built.x[0]).layers[0].pre["i"] for weights in (built.weights, changed))
    np.testing.assert_array_equal(np.flatnonzero((one != other).any(axis=1))[0], 1 if stage == "layers" else SOURCE)


def test_predictions_of_a_decoder_are_those_of_its_own_steps() -> None:
    built = answering("gru")
    got = compare(built.model, built.weights, built.x[0], [ClampGate(0, "z", 1.0, step=SOURCE)])
    assert got.original_prediction.shape == got.changed_prediction.shape == (8 - SOURCE, 6)
    odds = torch.from_numpy(got.original.output[SOURCE:]).softmax(-1)
    np.testing.assert_allclose(got.original_prediction, odds, rtol=1e-12)
    np.testing.assert_array_equal(got.changed.layers[0].h[SOURCE], got.changed.layers[0].h[SOURCE - 1])
    assert (got.changed_prediction != got.original_prediction).any()


def test_a_symbol_of_the_encoder_can_be_changed_but_not_the_start_sign_taken_away() -> None:
    built = answering("rnn")
    assert apply(built.model, built.weights, built.x[0], [EditLetter(1, 5)]).switch == SOURCE
    sample_ids = built.x[0][:SOURCE + 1]
    with pytest.raises(Refusal, match="without a start sign"):
        apply(built.model, built.weights, sample_ids, [EditLetter(SOURCE, 5)])


def test_classes_named_from_numbers_are_told_as_probabilities() -> None:
    built = build(ModelSpec(conv=2, relu_head=3), classes=4)
    got = compare(built.model, built.weights, built.x[0], [ClampGate(0, "o", 0.0)])
    assert got.original_prediction.shape == (4,)
    assert got.original_prediction.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(got.original_prediction,
                               torch.from_numpy(torchs(*double(built))[0]).softmax(-1), rtol=1e-11)
