"""The fast paths against plain torch."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lstm_core.learning import numpy_kernels, torch_kernels
from lstm_core.spec.cell_types import CELL_TYPES
from tests.unit.cells.lstm1997 import LSTM1997

LAYERS: dict[str, type[nn.RNN | nn.LSTM | LSTM1997]] = {"rnn": nn.RNN, "lstm": nn.LSTM, "lstm97": LSTM1997}


@pytest.mark.parametrize("rate", [0.1, 0.001])
def test_adam_equals_torchs_adam(rate: float) -> None:
    torch.manual_seed(1)
    mine = torch.randn(17)
    theirs = mine.clone().requires_grad_()
    peer = torch.optim.Adam([theirs], lr=rate)
    m, v = torch.zeros_like(mine), torch.zeros_like(mine)
    for update in range(1, 30):
        theirs.grad = torch.randn_like(mine)
        peer.step()
        torch_kernels.adam_(mine, theirs.grad, m, v, update=update, rate=rate)
        torch.testing.assert_close(mine, theirs.detach(), rtol=1e-5, atol=1e-6)


def test_sgd_equals_torchs_sgd() -> None:
    theirs = torch.linspace(-1, 2, 17).requires_grad_()
    mine, theirs.grad = theirs.detach().clone(), torch.linspace(3, -1, 17)
    torch.optim.SGD([theirs], lr=0.1).step()
    torch_kernels.sgd_(mine, theirs.grad, rate=0.1)
    assert torch.equal(mine, theirs.detach())


@pytest.mark.parametrize("most", [0.5, 50.0])
def test_a_gradient_is_clipped_like_torchs(most: float) -> None:
    theirs = torch.zeros(17, requires_grad=True)
    theirs.grad = torch.linspace(-1, 2, 17)
    mine = theirs.grad.clone()
    torch.nn.utils.clip_grad_norm_([theirs], most)
    torch_kernels.clip_(mine, most)
    torch.testing.assert_close(mine, theirs.grad)


@st.composite
def sequences(draw: Any) -> tuple[str, torch.Tensor, nn.RNN | nn.LSTM | LSTM1997, torch_kernels.State]:
    """Draw a batch of sequences, a layer of torch's that reads them, and the state it begins with."""
    torch.manual_seed(draw(st.integers(0, 2**31)))
    cell = draw(st.sampled_from(torch_kernels.CELLS))
    steps, batch, features, hidden = (draw(st.integers(1, most)) for most in (20, 9, 40, 70))
    before = tuple(torch.randn(batch, hidden) * draw(st.sampled_from([0.0, 0.7]))
                   for _part in CELL_TYPES[cell].states)
    return cell, torch.randn(steps, batch, features), LAYERS[cell](features, hidden), before


@settings(max_examples=60)
@given(sequences(), st.booleans())
def test_a_layer_reads_and_learns_a_sequence_like_torchs_layer(
        drawn: tuple[str, torch.Tensor, nn.RNN | nn.LSTM | LSTM1997, torch_kernels.State], in_numpy: bool) -> None:
    cell, x, layer, before = drawn
    dh = torch.randn(*x.shape[:2], layer.hidden_size)

    def given_as(part: torch.Tensor) -> Any:
        return part.detach().numpy() if in_numpy else part.detach()

    with torch.no_grad():
        weights, state = [given_as(part) for part in layer.parameters()], tuple(given_as(part) for part in before)
        done = torch_kernels.read(cell, given_as(x), weights, state)
        only_read = torch_kernels.read(cell, given_as(x), weights, state, keep=False)
        mine = torch_kernels.gradients(done, given_as(dh.clone()))
    x.requires_grad_()
    states = tuple(state[None] for state in before)
    h, after = layer(x, states if len(states) == 2 else states[0])
    dx, *gradients = torch.autograd.grad(h, [x, *layer.parameters()], dh)
    ended = [h, *(other[0] for other in (after if len(states) == 2 else (after,)))]
    for found in (done, only_read):
        for part, other in zip([found.h, *found.after], ended, strict=True):
            torch.testing.assert_close(torch.as_tensor(part), other.detach(), rtol=1e-5, atol=1e-6)
    for gradient, other in zip([mine[0], *mine[1]], [dx, *gradients], strict=True):
        torch.testing.assert_close(torch.as_tensor(gradient), other, rtol=1e-4,
                                   atol=1e-5 * float(1 + other.abs().max()))


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5, 0.9])
def test_dropout_drops_its_share_and_leaves_the_mean_as_it_is(share: float) -> None:
    drawn = torch_kernels.dropped((100, 50, 40), share, torch_kernels.rng((4, 0)))
    assert drawn.dtype == np.float32
    assert set(np.unique(drawn)) == {np.float32(0), np.float32(1 / (1 - share))}
    assert abs(np.mean(drawn == 0) - share) < 4 * np.sqrt(share * (1 - share) / drawn.size)     # standard errors
    assert not (drawn == torch_kernels.dropped((100, 50, 40), share, torch_kernels.rng((4, 1)))).all()


def test_the_fast_paths_agree_here_and_asking_leaves_the_random_numbers_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    assert torch_kernels.agree.__wrapped__()
    assert torch.equal(torch.rand(4), expected)


@pytest.mark.parametrize(("module", "broken"), [
    (torch_kernels, "_read_lstm"), (torch_kernels, "_rnn_gradients"), (numpy_kernels, "read"),
    (numpy_kernels, "gradients")])
def test_a_path_that_no_longer_agrees_with_torch_is_noticed(module: ModuleType, broken: str,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    right = getattr(module, broken)

    def wrong(*args: Any, **settings: Any) -> Any:
        result = right(*args, **settings)
        read = torch_kernels.Read
        part = result.h if isinstance(result, read) else result[0] if isinstance(result, tuple) else result
        part += 0.01
        return result

    monkeypatch.setattr(module, broken, wrong)
    assert not torch_kernels.agree.__wrapped__()


def test_a_path_that_torch_no_longer_has_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: Any) -> Any:
        raise AttributeError("no such operation")

    monkeypatch.setattr(torch_kernels, "_lstm_gradients", gone)
    assert not torch_kernels.agree.__wrapped__()


@pytest.mark.parametrize("in_numpy", [True, False])
def test_without_a_forget_gate_a_cell_state_stays_whole_for_as_long_as_is_wanted(in_numpy: bool) -> None:
    torch.manual_seed(1)
    hidden, start = 7, torch.randn(2, 7) * 5
    weights = [torch.zeros(3 * hidden, *shape) for shape in ((3,), (hidden,), (), ())]
    given = [part.numpy() if in_numpy else part for part in (torch.randn(3000, 2, 3), torch.zeros(2, hidden), start)]
    found = torch_kernels.read("lstm97", given[0], [part.numpy() if in_numpy else part for part in weights],
                               (given[1], given[2]))
    assert torch.equal(torch.as_tensor(found.after[1]), start)      # the candidate is 0: nothing is added
