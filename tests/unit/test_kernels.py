"""The fast paths against plain torch."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lstm_core import kernels

LAYERS: dict[str, type[nn.RNN | nn.LSTM]] = {"rnn": nn.RNN, "lstm": nn.LSTM}


def pair(seed: int) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Return the same random parameters twice."""
    torch.manual_seed(seed)
    ours = [torch.randn(3, 4, requires_grad=True), torch.randn(5, requires_grad=True)]
    return ours, [p.detach().clone().requires_grad_() for p in ours]


def set_gradients(*groups: list[torch.Tensor]) -> None:
    for parameters in zip(*groups, strict=True):
        gradient = torch.randn_like(parameters[0])
        for parameter in parameters:
            parameter.grad = gradient.clone()


@pytest.mark.parametrize("rate", [0.1, 0.001])
def test_adam_equals_torchs_adam(rate: float) -> None:
    ours, theirs = pair(1)
    peer = torch.optim.Adam(theirs, lr=rate)
    m, v = [torch.zeros_like(p) for p in ours], [torch.zeros_like(p) for p in ours]
    for update in range(1, 30):
        set_gradients(ours, theirs)
        peer.step()
        with torch.no_grad():
            kernels.adam_(ours, m, v, update=update, rate=rate)
        for mine, other in zip(ours, theirs, strict=True):
            torch.testing.assert_close(mine, other, rtol=1e-5, atol=1e-6)


def test_sgd_equals_torchs_sgd() -> None:
    ours, theirs = pair(2)
    peer = torch.optim.SGD(theirs, lr=0.1)
    for _ in range(5):
        set_gradients(ours, theirs)
        peer.step()
        with torch.no_grad():
            kernels.sgd_(ours, rate=0.1)
        for mine, other in zip(ours, theirs, strict=True):
            assert torch.equal(mine, other)


@st.composite
def sequences(draw: Any) -> tuple[str, torch.Tensor, nn.RNN | nn.LSTM, kernels.State]:
    """Draw a batch of sequences, a layer of torch's that reads them, and the state it begins with."""
    torch.manual_seed(draw(st.integers(0, 2**31)))
    cell = draw(st.sampled_from(kernels.CELLS))
    steps, batch, features, hidden = (draw(st.integers(1, most)) for most in (20, 9, 40, 70))
    before = tuple(torch.randn(batch, hidden) * draw(st.sampled_from([0.0, 0.7]))
                   for _part in range(2 if cell == "lstm" else 1))
    return cell, torch.randn(steps, batch, features), LAYERS[cell](features, hidden), before


@settings(max_examples=60)
@given(sequences())
def test_a_layer_reads_and_learns_a_sequence_like_torchs_layer(
        drawn: tuple[str, torch.Tensor, nn.RNN | nn.LSTM, kernels.State]) -> None:
    cell, x, layer, before = drawn
    dh = torch.randn(*x.shape[:2], layer.hidden_size)
    with torch.no_grad():
        done = kernels.read(cell, x, [weights.detach() for weights in layer.parameters()], before)
        mine = kernels.gradients(done, dh.clone())
    x.requires_grad_()
    states = tuple(state[None] for state in before)
    h, after = layer(x, states if cell == "lstm" else states[0])
    dx, *gradients = torch.autograd.grad(h, [x, *layer.parameters()], dh)
    torch.testing.assert_close(done.h, h.detach(), rtol=1e-5, atol=1e-6)
    for ended, other in zip(done.after, after if cell == "lstm" else (after,), strict=True):
        torch.testing.assert_close(ended, other[0].detach(), rtol=1e-5, atol=1e-6)
    for gradient, other in zip([mine[0], *mine[1]], [dx, *gradients], strict=True):
        torch.testing.assert_close(gradient, other, rtol=1e-4, atol=1e-5 * float(1 + other.abs().max()))


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5, 0.9])
def test_dropout_draws_what_torchs_dropout_draws_from_the_same_numbers(share: float) -> None:
    first, second = torch.randn(12, 5, 7), torch.randn(12, 5, 3)
    dropout = nn.Dropout(share)
    torch.manual_seed(4)
    expected = dropout(first), dropout(second)
    torch.manual_seed(4)
    assert torch.equal(first * kernels.dropped(first.shape, share), expected[0])
    assert torch.equal(second[-1] * kernels.dropped(second.shape, share, end=True), expected[1][-1])


def test_the_fast_paths_agree_here_and_asking_leaves_the_random_numbers_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    assert kernels.agree.__wrapped__()
    assert torch.equal(torch.rand(4), expected)


@pytest.mark.parametrize("broken", ["_read_lstm", "_rnn_gradients", "dropped"])
def test_a_path_that_no_longer_agrees_with_torch_is_noticed(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    right = getattr(kernels, broken)

    def wrong(*args: Any, **settings: Any) -> Any:
        result = right(*args, **settings)
        part = result.h if isinstance(result, kernels.Read) else result[0] if isinstance(result, tuple) else result
        part += 0.01
        return result

    monkeypatch.setattr(kernels, broken, wrong)
    assert not kernels.agree.__wrapped__()


def test_a_path_that_torch_no_longer_has_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: Any) -> Any:
        raise AttributeError("no such operation")

    monkeypatch.setattr(kernels, "_lstm_gradients", gone)
    assert not kernels.agree.__wrapped__()
