"""The network: shapes, sizes, forget bias, weights out and in."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_core.network import Network
from lstm_core.refusal import Refusal
from lstm_core.sizes import check_size, parameters
from lstm_core.spec import Layer, ModelSpec

models = st.builds(
    ModelSpec, cell=st.sampled_from(["rnn", "gru", "lstm"]),
    layers=st.lists(st.builds(Layer, st.integers(1, 9)), min_size=1, max_size=3).map(tuple),
    encoding=st.sampled_from(["one-hot", "embedding"]), embedding=st.integers(1, 5), dense=st.integers(0, 5),
    output=st.sampled_from(["last", "every"]),
)


@settings(max_examples=60, deadline=None)
@given(models, st.integers(1, 6), st.sampled_from([0, 2, 7]))
def test_sizes_by_formula_equal_torchs_count(model: ModelSpec, width: int, classes: int) -> None:
    network = Network(model, width, classes)
    counts = parameters(model, width, classes)
    for stage, count in counts.items():
        assert count == sum(p.numel() for name, p in network.named_parameters() if name.startswith(stage))
    assert sum(counts.values()) == sum(p.numel() for p in network.parameters())


@settings(max_examples=40, deadline=None)
@given(models, st.sampled_from([0, 4]))
def test_predictions_have_the_shape_of_the_task(model: ModelSpec, classes: int) -> None:
    network = Network(model, 3, classes)
    x = torch.randint(4, (2, 5)) if classes else torch.randn(2, 5, 3)
    y, states = network(x)
    times = (5,) if model.output == "every" else ()
    assert y.shape == (2, *times, *((classes,) if classes else ()))
    assert len(states) == len(model.layers)
    assert all(len(state) == (2 if model.cell == "lstm" else 1) for state in states)


def test_a_state_handed_on_continues_the_sequence() -> None:
    for cell in ("rnn", "gru", "lstm"):
        network = Network(ModelSpec(cell=cell, layers=(Layer(4), Layer(3)), output="every"), 2, 0)  # type: ignore[arg-type]
        x = torch.randn(2, 6, 2)
        whole, _ = network(x)
        first, states = network(x[:, :4])
        second, _ = network(x[:, 4:], states)
        torch.testing.assert_close(torch.cat([first, second], 1), whole)


def test_the_forget_gate_starts_at_its_bias_and_no_other_gate_does() -> None:
    network = Network(ModelSpec(layers=(Layer(3), Layer(5)), forget_bias=2.0), 2, 0)
    weights = network.weights()
    for number, hidden in enumerate((3, 5)):
        bias = weights[f"layers.{number}.bias_ih_l0"] + weights[f"layers.{number}.bias_hh_l0"]
        assert (bias[hidden:2 * hidden] == 2.0).all()
        assert (np.abs(np.delete(bias, range(hidden, 2 * hidden))) < 2.0).all()


def test_weights_come_out_and_go_in_unchanged() -> None:
    model = ModelSpec(layers=(Layer(3),), dense=2)
    one, other = Network(model, 2, 0), Network(model, 2, 0)
    other.load_weights(one.weights())
    for name, array in one.weights().items():
        assert array.tobytes() == other.weights()[name].tobytes()


def test_a_network_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Refusal, match="at most 2,000,000 weights"):
        check_size(ModelSpec(layers=(Layer(512), Layer(512), Layer(512))), 1, 0)
