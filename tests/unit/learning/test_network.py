"""The network: shapes, sizes, forget bias, weights out and in."""

from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.errors import Refusal
from lstm_core.learning.network import Network
from lstm_core.spec import Layer, ModelSpec
from lstm_core.spec.cell_types import CellKey
from lstm_core.spec.io import IOShape
from lstm_core.spec.parameters import check_size, parameters

CELLS: tuple[CellKey, ...] = get_args(CellKey)
models = st.builds(
    ModelSpec, cell=st.sampled_from(CELLS),
    layers=st.lists(st.builds(Layer, st.integers(1, 9)), min_size=1, max_size=3).map(tuple),
    encoding=st.sampled_from(["one-hot", "embedding"]), embedding=st.integers(1, 5), input_dense=st.integers(0, 5),
    relu_head=st.integers(0, 4), conv=st.integers(0, 3), output=st.just("last"),
)
models = st.one_of(models, models.map(lambda model: replace(model, conv=0, output="every")))
NUMBERS = IOShape(n_features=2, n_steps=6)
io_shape = st.sampled_from([
    NUMBERS, IOShape(n_features=3, n_classes=4, n_steps=5), IOShape(n_symbols=7, n_classes=7, n_steps=4),
    IOShape(n_symbols=6, n_classes=2, n_steps=5), IOShape(n_symbols=5, n_classes=5, n_steps=6, encoder_steps=2)])


@settings(max_examples=60)
@given(models, io_shape)
def test_sizes_by_formula_equal_torchs_count(model: ModelSpec, io_shape: IOShape) -> None:
    network = Network(model, io_shape)
    counts = parameters(model, io_shape)
    for stage, count in counts.items():
        assert count == sum(p.numel() for name, p in network.named_parameters() if name.startswith(stage))
    assert sum(counts.values()) == sum(p.numel() for p in network.parameters())


@settings(max_examples=60)
@given(models, io_shape)
def test_predictions_have_the_shape_of_the_task(model: ModelSpec, io_shape: IOShape) -> None:
    network = Network(model, io_shape)
    x = (torch.randint(io_shape.n_symbols, (2, io_shape.n_steps)) if io_shape.n_symbols
         else torch.randn(2, io_shape.n_steps, io_shape.n_features))
    y, states = network(x)
    times = (io_shape.n_steps - io_shape.encoder_steps,) if model.output == "every" else ()
    assert y.shape == (2, *times, *((io_shape.n_classes,) if io_shape.n_classes else ()))
    assert len(states) == len(model.layers)
    assert all(len(state) == len(model.cell_type.states) for state in states)


@pytest.mark.parametrize("cell", CELLS)
def test_padding_after_a_sequence_changes_nothing(cell: CellKey) -> None:
    """The answers of a batch of sequences of different length are those of each sequence by itself."""
    network = Network(ModelSpec(cell=cell, layers=(Layer(4), Layer(3))), IOShape(n_symbols=5, n_classes=2, n_steps=6))
    lengths = torch.tensor([6, 1, 4])
    x = torch.randint(5, (3, 6))
    together, _ = network(x, lengths=lengths)
    for number, length in enumerate(lengths):
        torch.testing.assert_close(network(x[number:number + 1, :length])[0], together[number:number + 1])


def test_a_decoder_begins_with_the_state_in_which_the_encoder_ends() -> None:
    network = Network(ModelSpec(layers=(Layer(4),), output="every"),
                      IOShape(n_symbols=5, n_classes=5, n_steps=6, encoder_steps=2))
    x = torch.randint(5, (1, 6))
    one_hot = torch.nn.functional.one_hot(x, 5).float()
    _, state = network.layers[0](one_hot[:, :2])
    assert network.decoder is not None
    expected = network.head(network.decoder[0](one_hot[:, 2:], state)[0])
    torch.testing.assert_close(network(x)[0], expected)


def test_a_state_handed_on_continues_the_sequence() -> None:
    for cell in CELLS:
        network = Network(ModelSpec(cell=cell, layers=(Layer(4), Layer(3)), output="every"),
                          NUMBERS)
        x = torch.randn(2, 6, 2)
        whole, _ = network(x)
        first, states = network(x[:, :4])
        second, _ = network(x[:, 4:], states)
        torch.testing.assert_close(torch.cat([first, second], 1), whole)


def test_the_forget_gate_starts_at_its_bias_and_no_other_gate_does() -> None:
    network = Network(ModelSpec(layers=(Layer(3), Layer(5)), forget_bias=2.0), NUMBERS)
    network.initialise()
    weights = network.weights()
    for number, hidden in enumerate((3, 5)):
        bias = weights[f"layers.{number}.bias_ih_l0"] + weights[f"layers.{number}.bias_hh_l0"]
        assert (bias[hidden:2 * hidden] == 2.0).all()
        assert (np.abs(np.delete(bias, range(hidden, 2 * hidden))) < 2.0).all()


def test_chrono_biases_are_drawn_for_memories_of_every_length() -> None:
    """A gate at sigmoid(log U) forgets 1 / (1 + U) a step: memories of 1 to T - 1 steps, all equally probable."""
    network = Network(ModelSpec(layers=(Layer(500), Layer(4)), chrono=101, forget_bias=7.0), NUMBERS)
    torch.manual_seed(0)
    network.initialise()
    weights = network.weights()
    entry, forget, *others = np.split(weights["layers.0.bias_ih_l0"], 4)
    assert (entry == -forget).all()
    assert not np.any(others)
    assert not any(weights[f"layers.{number}.bias_hh_l0"].any() for number in (0, 1))
    memory = np.sort(np.exp(forget.astype(np.float64)))
    uniform = 1 + 99 * (np.arange(500) + 0.5) / 500
    assert np.abs(memory - uniform).max() < 99 * 1.63 / np.sqrt(500)        # Kolmogorov-Smirnov, 1 %
    assert memory.min() >= 1 - 1e-6
    assert memory.max() <= 100 + 1e-4
    assert len(set(weights["layers.1.bias_ih_l0"][4:8])) == 4


def test_weights_come_out_and_go_in_unchanged() -> None:
    model = ModelSpec(layers=(Layer(3),), input_dense=2)
    one, other = Network(model, NUMBERS), Network(model, NUMBERS)
    other.load_weights(one.weights())
    for name, array in one.weights().items():
        assert array.tobytes() == other.weights()[name].tobytes()


def test_a_network_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Refusal, match="at most 2,000,000 weights"):
        check_size(ModelSpec(layers=(Layer(512), Layer(512), Layer(512))), NUMBERS)
