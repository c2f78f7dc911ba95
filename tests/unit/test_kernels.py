"""The fast paths against plain torch."""

import pytest
import torch

from lstm_core import kernels


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
