"""The weights that learning begins with: as Keras, as torch.nn, as the tutorials draw them."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
import pytest
import torch
from torch import nn

from lstm_core.learning.network import CELLS, Network
from lstm_core.records import Weights
from lstm_core.spec import Layer, ModelSpec
from lstm_core.spec.cell_types import CellKey
from lstm_core.spec.io import IOShape

NUMBERS = IOShape(n_features=3, n_steps=6)
LETTERS = IOShape(n_symbols=7, n_classes=7, n_steps=4)


def drawn(spec: ModelSpec, io_shape: IOShape = NUMBERS, seed: int = 0) -> Weights:
    network = Network(spec, io_shape)
    torch.manual_seed(seed)
    network.initialise()
    return network.weights()


def uniform(values: np.ndarray, bound: float) -> bool:
    """Tell whether numbers fill an interval around 0 evenly (Kolmogorov-Smirnov, 1 %)."""
    places = np.sort(values.ravel())
    expected = bound * (2 * (np.arange(places.size) + 0.5) / places.size - 1)
    return bool(np.abs(places).max() <= bound * (1 + 1e-6) and
                np.abs(places - expected).max() < 2 * bound * 1.63 / places.size**0.5)


def test_as_keras_nothing_has_changed_for_a_seed() -> None:
    """What is drawn first is the whole first matrix, uniform after Glorot, then an orthogonal one."""
    found = drawn(ModelSpec(layers=(Layer(40),)))
    torch.manual_seed(0)
    assert (found["layers.0.weight_ih_l0"] == nn.init.xavier_uniform_(torch.empty(160, 3)).numpy()).all()
    assert (found["layers.0.weight_hh_l0"] == nn.init.orthogonal_(torch.empty(160, 40)).numpy()).all()
    assert not found["head.bias"].any()


@pytest.mark.parametrize("cell", get_args(CellKey))
def test_as_torch_every_layer_is_one_of_torchs_own(cell: CellKey) -> None:
    """torch.nn has no forget bias, so with a forget bias of 0 nothing else is drawn."""
    found = drawn(ModelSpec(cell=cell, layers=(Layer(5), Layer(4)), input_dense=2, relu_head=6, conv=3,
                            initial="torch", forget_bias=0.0), seed=4)
    torch.manual_seed(4)
    layers: dict[str, Any] = {
        "dense": nn.Linear(3, 2), "layers.0": CELLS[cell](2, 5, batch_first=True),
        "layers.1": CELLS[cell](5, 4, batch_first=True), "after": nn.Linear(4, 6), "conv": nn.Conv1d(3, 3, 3),
        "head": nn.Linear(6 + 3 * 3, 1)}
    for name, layer in layers.items():
        for key, part in layer.named_parameters():
            np.testing.assert_array_equal(found[f"{name}.{key}"], part.detach().numpy(), err_msg=f"{name}.{key}")
    embedded = drawn(ModelSpec(cell=cell, encoding="embedding", initial="torch"), LETTERS, seed=4)
    torch.manual_seed(4)
    np.testing.assert_array_equal(embedded["embedding.weight"], nn.Embedding(7, 2).weight.detach().numpy())


def test_the_1997_cell_is_drawn_as_torch_draws_its_own() -> None:
    found = drawn(ModelSpec(cell="lstm97", layers=(Layer(64),), initial="torch"))
    assert all(uniform(array, 1 / 8) for name, array in found.items() if name.startswith("layers"))


def test_as_the_tutorials_dense_layers_are_normal_with_a_bias_of_a_tenth() -> None:
    found = drawn(ModelSpec(layers=(Layer(30),), input_dense=400, relu_head=50, initial="tutorial"))
    for name in ("dense", "after", "head"):
        weights, bias = found[f"{name}.weight"].astype(np.float64), found[f"{name}.bias"]
        assert np.unique(bias).tolist() == [np.float32(0.1)]
        assert abs(weights.mean()) < 3.3 / weights.size**0.5
        assert abs(weights.std() - 1) < 3.3 / (2 * weights.size)**0.5


@pytest.mark.parametrize("cell", get_args(CellKey))
def test_as_the_tutorials_all_gates_are_one_matrix(cell: CellKey) -> None:
    """TensorFlow's BasicLSTMCell multiplies [x(t), h(t-1)] with one kernel (F + H, 4 H), uniform after Glorot."""
    model = ModelSpec(cell=cell, layers=(Layer(20), Layer(20)), input_dense=60, initial="tutorial", forget_bias=1.0)
    found, blocks = drawn(model), model.cell_type.blocks
    for number, reads in enumerate((60, 20)):
        bound = (6 / (reads + 20 + blocks * 20))**0.5
        assert uniform(found[f"layers.{number}.weight_ih_l0"], bound)
        assert uniform(found[f"layers.{number}.weight_hh_l0"], bound)
        bias = dict(zip(model.cell_type.stacked, np.split(found[f"layers.{number}.bias_ih_l0"], blocks), strict=True))
        assert not found[f"layers.{number}.bias_hh_l0"].any()
        assert {name: set(part.tolist()) for name, part in bias.items()} == {
            name: {1.0 if name == "f" else 0.0} for name in bias}


def test_the_forget_bias_is_added_to_what_torch_draws() -> None:
    plain, raised = (drawn(ModelSpec(layers=(Layer(8),), initial="torch", forget_bias=bias)) for bias in (0.0, 2.5))
    expected = plain["layers.0.bias_ih_l0"].copy()
    expected[8:16] += np.float32(2.5)
    np.testing.assert_array_equal(raised.pop("layers.0.bias_ih_l0"), expected)
    assert all((plain[name] == raised[name]).all() for name in raised)


def test_chrono_takes_the_place_of_both_biases_that_torch_draws() -> None:
    found = drawn(ModelSpec(layers=(Layer(8),), initial="torch", chrono=50))
    entry, forget, *others = np.split(found["layers.0.bias_ih_l0"] + found["layers.0.bias_hh_l0"], 4)
    assert (entry == -forget).all()
    assert ((forget >= 0) & (forget <= np.log(49) + 1e-6)).all()
    assert np.abs(others).min() > 0
