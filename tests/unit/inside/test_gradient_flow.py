"""What the loss says to every state of the past, against torch's autograd; and what a nudge of the past changes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from lstm_core import cells, data
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.inside import gradient_flow
from lstm_core.inside.gradient_flow import (
    GradientReach,
    Sequences,
    gradient_norm,
    mean_kept,
    middle,
    nudged,
    reach,
    sequences,
    weight_gradients,
)
from lstm_core.learning import training
from lstm_core.learning.network import Network
from lstm_core.records import Weights
from lstm_core.spec import Adding, Layer, Letters, ModelSpec, Numerals, Reber, RunSpec, TrainSpec, Waves
from lstm_core.spec.cell_types import CELL_TYPES
from lstm_core.spec.io import IGNORED, START

CELLS = tuple(CELL_TYPES)
TASKS = {
    "numbers": RunSpec(data=Waves(length=150, steps=9, scaler="zscore")),
    "every": RunSpec(data=Waves(length=150, steps=7), model=ModelSpec(output="every")),
    "letters": RunSpec(data=Letters(text="a rose is a rose is a rose ", cycle=False, steps=6, test=0, validation=0),
                       model=ModelSpec(encoding="embedding", embedding=3)),
    "lengths": RunSpec(data=Adding(distance=20, sequences=40)),
    "strings": RunSpec(data=Reber(sequences=40), model=ModelSpec(output="every")),
    "decoder": RunSpec(data=Numerals(largest=99), model=ModelSpec(output="every", encoding="embedding")),
}
NETWORKS = {
    "plain": {"layers": (Layer(5),)},
    "deep": {"layers": (Layer(5), Layer(4)), "input_dense": 3, "relu_head": 6},
}


@cache
def prepared(name: str) -> Dataset:
    return data.dataset(TASKS[name].data, TASKS[name].model.output)


def network(model: ModelSpec, dataset: Dataset, seed: int = 3) -> Network:
    torch.manual_seed(seed)
    found = Network(model, dataset.io_shape)
    found.initialise()
    with torch.no_grad():
        for parameter in found.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    return found


def one_step(cell: str, layer: torch.nn.RNNBase, x: Tensor, state: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Do one step with torch's functions and a layer's weights, so that every state is a tensor of its own."""
    a = functional.linear(x, layer.weight_ih_l0, layer.bias_ih_l0)
    u = functional.linear(state[0], layer.weight_hh_l0, layer.bias_hh_l0)
    if cell == "rnn":
        return ((a + u).tanh(),)
    if cell == "gru":
        (r, z, n), (r_h, z_h, n_h) = a.chunk(3), u.chunk(3)
        z, n = (z + z_h).sigmoid(), (n + (r + r_h).sigmoid() * n_h).tanh()
        return ((1 - z) * n + z * state[0],)
    i, *f, g, o = (a + u).chunk(3 if cell == "lstm97" else 4)
    c = (f[0].sigmoid() if f else 1) * state[1] + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


def unrolled(model: ModelSpec, built: Network, x: np.ndarray) -> tuple[list[list[tuple[Tensor, ...]]], Tensor]:
    """Read one sequence step by step; return the states, layers of T, and the output after the last step."""
    begins = int(np.flatnonzero(x == START)[0]) if built.decoder is not None else len(x)
    entered = built._encode(torch.from_numpy(x)).double()
    signal = built.dense(entered) if built.dense is not None else entered
    kept: list[list[tuple[Tensor, ...]]] = []
    for number, layer in enumerate(model.layers):
        state: tuple[Tensor, ...] = (torch.zeros(layer.hidden, dtype=torch.float64),) * 2
        states: list[tuple[Tensor, ...]] = []
        for t in range(len(x)):
            stage = built.decoder if t >= begins else built.layers
            assert stage is not None
            state = one_step(model.cell, stage[number], signal[t], state)
            for part in state:
                part.retain_grad()
            states.append(state)
        kept.append(states)
        signal = torch.stack([state[0] for state in states])
    said = signal[-1]
    if built.after is not None:
        said = built.after(said).relu()
    if built.conv is not None:
        said = torch.cat([said, functional.max_pool1d(built.conv(entered.T[None]), 2).flatten()])
    return kept, built.head(said)


def last_loss(output: Tensor, y: np.ndarray) -> Tensor:
    if len(output) == 1:
        return (output[0] - float(y)) ** 2
    return functional.cross_entropy(output[None], torch.tensor([int(y)]))


def assert_norms_are_torchs(model: ModelSpec, built: Network, given: Sequences,
                            found: tuple[GradientReach, ...]) -> None:
    built = built.double()
    for row, (x, last, y) in enumerate(zip(given.x, given.last, given.y, strict=True)):
        kept, output = unrolled(model, built, x[:last + 1])
        last_loss(output, y).backward()
        for layer, states in zip(found, kept, strict=True):
            for got, part in ((layer.dh, 0), (layer.dc, 1))[:len(model.cell_type.states)]:
                assert got is not None
                expected = [float(state[part].grad.norm()) for state in reversed(states)]
                np.testing.assert_allclose(got[row, :last + 1], expected, rtol=1e-9, atol=1e-15)
                assert np.isnan(got[row, last + 1:]).all()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("size", NETWORKS)
@pytest.mark.parametrize("task", TASKS)
def test_what_every_state_receives_from_the_loss_is_autograds(task: str, size: str, cell: str) -> None:
    dataset, spec = prepared(task), TASKS[task].change(cell=cell, **NETWORKS[size])
    built = network(spec.model, dataset)
    given = sequences(dataset, dataset.sample_ids["train"][[0, 3, 11]])
    assert_norms_are_torchs(spec.model, built, given, reach(spec.model, built.weights(), given))


def test_a_convolution_beside_the_layers_takes_nothing_from_the_states() -> None:
    dataset, spec = prepared("numbers"), TASKS["numbers"].change(conv=3, relu_head=4, layers=(Layer(5),))
    built = network(spec.model, dataset)
    given = sequences(dataset, dataset.sample_ids["train"][[0, 5]])
    assert_norms_are_torchs(spec.model, built, given, reach(spec.model, built.weights(), given))


@pytest.mark.parametrize("cell", CELLS)
def test_a_trained_network_equals_autograd_too(cell: str) -> None:
    spec = RunSpec(data=Waves(length=200, steps=30), model=ModelSpec(cell=cell, layers=(Layer(8),)),
                   train=TrainSpec(epochs=4, lr=0.02))
    dataset = data.dataset(spec.data, "last")
    weights = list(training.train(spec))[-1].records.snapshots[-1].weights
    built = Network(spec.model, dataset.io_shape)
    built.load_weights(weights)
    given = sequences(dataset, dataset.sample_ids["test"][:4])
    assert_norms_are_torchs(spec.model, built, given, reach(spec.model, weights, given))


@pytest.mark.parametrize("task", TASKS)
def test_the_last_answer_is_the_one_that_counts_last(task: str) -> None:
    dataset = prepared(task)
    sample_ids = dataset.sample_ids["train"][:20]
    given, lengths, y = sequences(dataset, sample_ids), dataset.lengths(sample_ids), dataset.y(sample_ids)
    if y.ndim == 1:
        last, truth = (np.full(20, dataset.steps) if lengths is None else lengths) - 1, y
    else:
        own = np.array([[at for at, target in enumerate(row) if target != IGNORED][-1] for row in y])
        last, truth = dataset.encoder_steps + own, y[np.arange(20), own]
    np.testing.assert_array_equal(given.last, last)
    np.testing.assert_array_equal(given.y, truth)


def test_a_median_goes_as_far_back_as_half_of_the_sequences() -> None:
    given = Sequences(np.zeros((4, 5, 1)), np.array([1, 2, 4, 3]), np.zeros(4))
    values = np.where(np.arange(5) <= given.last[:, np.newaxis], np.arange(4)[:, np.newaxis], np.nan)
    np.testing.assert_array_equal(middle(values, given), [1.5, 1.5, 2, 2.5])
    assert np.isnan(middle(values * np.nan, given)).all()


# -- the keeping gate --------------------------------------------------------------------------------------


def gates(model: ModelSpec, weights: Weights, x: np.ndarray, gate: str) -> np.ndarray:
    return cells.trace(model, weights, x).layers[0].gates[gate]


def test_without_a_forget_gate_a_gradient_is_carried_whole() -> None:
    dataset, model = prepared("lengths"), ModelSpec(cell="lstm97", layers=(Layer(5),))
    given = sequences(dataset, np.arange(3))
    (found,) = reach(model, network(model, dataset).weights(), given)
    assert found.direct is not None
    assert found.kept is not None
    for row, last in enumerate(given.last):
        assert (found.kept[row, :last + 1] == 1).all()
        np.testing.assert_allclose(found.direct[row, :last + 1], found.direct[row, 0])
    assert mean_kept(model, network(model, dataset).weights(), given, 0) == 1


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "f"), ("gru", "z")])
def test_the_product_of_the_keeping_gate(cell: str, gate: str) -> None:
    dataset, model = prepared("lengths"), ModelSpec(cell=cell, layers=(Layer(5),))
    weights = network(model, dataset).weights()
    given = sequences(dataset, np.arange(3))
    (found,) = reach(model, weights, given)
    assert found.direct is not None
    assert found.kept is not None
    assert found.longest is not None
    for row, (x, last) in enumerate(zip(given.x, given.last, strict=True)):
        kept = gates(model, weights, x[:last + 1], gate)
        for back in (0, 1, 7, last):
            product = kept[last - back + 1:].prod(axis=0)                       # (H,): of the steps in between
            assert found.kept[row, back] == pytest.approx(product.prod() ** (1 / 5))
            assert found.longest[row, back] == pytest.approx(product.max())
        assert np.isnan(found.kept[row, last + 1:]).all()
    own = found.dc if cell == "lstm" else found.dh
    assert own is not None
    np.testing.assert_allclose(found.direct[:, 0], own[:, 0])
    assert reach(ModelSpec(cell="rnn", layers=(Layer(5),)), network(ModelSpec(cell="rnn", layers=(Layer(5),)),
                                                                    dataset).weights(), given)[0].kept is None


def test_with_gates_that_depend_on_nothing_the_direct_way_is_the_only_one() -> None:
    dataset, model = prepared("numbers"), ModelSpec(layers=(Layer(4),))
    weights = network(model, dataset).weights()
    weights["layers.0.weight_hh_l0"] = np.zeros_like(weights["layers.0.weight_hh_l0"])
    (found,) = reach(model, weights, sequences(dataset, dataset.sample_ids["train"][:5]))
    np.testing.assert_allclose(found.dc, found.direct, rtol=1e-12)


def test_what_is_tiny_is_neither_lost_nor_infinite() -> None:
    dataset, model = prepared("lengths"), ModelSpec(cell="rnn", layers=(Layer(3),))
    weights = {name: array * np.float32(1e-12) if "weight_hh" in name else array
               for name, array in network(model, dataset).weights().items()}
    (found,) = reach(model, weights, sequences(dataset, np.arange(2)))
    assert (found.dh[:, 18] > 0).all()
    assert (found.dh[:, 18] < 1e-200).all()
    (diverged,) = reach(model, {name: np.full_like(array, np.nan) for name, array in weights.items()},
                        sequences(dataset, np.arange(2)))
    assert np.isnan(diverged.dh).all()


# -- the gradient of all weights ---------------------------------------------------------------------------


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("size", NETWORKS)
@pytest.mark.parametrize("task", TASKS)
def test_the_gradient_of_a_batch_is_that_of_training(task: str, size: str, cell: str) -> None:
    dataset, spec = prepared(task), TASKS[task].change(cell=cell, **NETWORKS[size])
    built = network(spec.model, dataset)
    weights, sample_ids = built.weights(), dataset.sample_ids["train"][:6]
    lengths, y = dataset.lengths(sample_ids), torch.from_numpy(dataset.y(sample_ids))
    output = built(torch.from_numpy(dataset.x(sample_ids)), None,
                   None if lengths is None else torch.from_numpy(lengths))[0]
    loss = (functional.cross_entropy(output.reshape(-1, dataset.classes), y.reshape(-1)) if dataset.classes
            else functional.mse_loss(output, y))
    loss.backward()
    got = weight_gradients(spec.model, weights, dataset, sample_ids)
    for name, parameter in built.memory.parameters.items():
        np.testing.assert_allclose(got[name], parameter.grad, rtol=1e-4, atol=2e-6, err_msg=name)
    norm = torch.nn.utils.clip_grad_norm_(built.parameters(), 1.0)
    assert gradient_norm(spec.model, weights, dataset, sample_ids) == pytest.approx(float(norm), rel=1e-5)


def test_the_gradient_of_a_convolution_is_refused() -> None:
    dataset, model = prepared("numbers"), ModelSpec(conv=2, layers=(Layer(3),))
    with pytest.raises(Refusal, match="convolution"):
        gradient_norm(model, network(model, dataset).weights(), dataset, dataset.sample_ids["train"][:2])


# -- nudges ------------------------------------------------------------------------------------------------


def said(model: ModelSpec, weights: Weights, x: np.ndarray) -> np.ndarray:
    scores = cells.trace(model, weights, x).output[-1]
    if len(scores) == 1:
        return scores
    return np.exp(scores) / np.exp(scores).sum()


@pytest.mark.parametrize("task", ["numbers", "lengths", "every"])
def test_a_nudged_number_moves_the_answer_as_a_fresh_reading_says(task: str) -> None:
    dataset, spec = prepared(task), TASKS[task].change(layers=(Layer(5),))
    weights, given = network(spec.model, dataset).weights(), sequences(dataset, dataset.sample_ids["train"][:3])
    width = given.x.shape[2]
    nudges = np.array([[0.5] + [0.0] * (width - 1), [-0.5] + [0.0] * (width - 1)])
    back = np.array([0, 2, given.steps - 1])
    got = nudged(spec.model, weights, given, back, nudges)
    assert got.shape == (3, 3)
    for row, (x, last) in enumerate(zip(given.x, given.last, strict=True)):
        before = said(spec.model, weights, x[:last + 1])
        for column, k in enumerate(back):
            if k > last:
                assert np.isnan(got[row, column])
                continue
            moved = []
            for nudge in nudges:
                tried = x[:last + 1].copy()
                tried[last - k] += nudge.astype(np.float32)
                moved.append(abs(said(spec.model, weights, tried) - before)[0])
            assert got[row, column] == pytest.approx(np.mean(moved), rel=1e-5)


@pytest.mark.parametrize("task", ["letters", "strings", "decoder"])
def test_another_symbol_moves_probability_as_a_fresh_reading_says(task: str) -> None:
    dataset, spec = prepared(task), TASKS[task].change(layers=(Layer(5),))
    weights, given = network(spec.model, dataset).weights(), sequences(dataset, dataset.sample_ids["train"][:3])
    symbols = np.array([2, 3, 4])
    back = np.arange(given.steps)
    got = nudged(spec.model, weights, given, back, symbols)
    for row, (x, last) in enumerate(zip(given.x, given.last, strict=True)):
        before = said(spec.model, weights, x[:last + 1])
        for k in back:
            others = [symbol for symbol in symbols if k <= last and symbol != x[last - k]]
            if not others or (dataset.encoder_steps
                              and last - k == dataset.encoder_steps):       # nothing there, or the start sign
                assert np.isnan(got[row, k])
                continue
            moved = []
            for symbol in others:
                tried = x[:last + 1].copy()
                tried[last - k] = symbol
                moved.append(0.5 * np.abs(said(spec.model, weights, tried) - before).sum())
            assert got[row, k] == pytest.approx(np.mean(moved), rel=1e-6)
            assert 0 < got[row, k] <= 1


def test_nothing_else_of_the_sequences_is_touched() -> None:
    dataset, model = prepared("numbers"), ModelSpec(layers=(Layer(3),))
    given = sequences(dataset, dataset.sample_ids["train"][:2])
    kept = given.x.copy()
    gradient_flow.nudged(model, network(model, dataset).weights(), given, np.arange(3), np.array([[1.0]]))
    np.testing.assert_array_equal(given.x, kept)
