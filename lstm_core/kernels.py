"""The few hand-made fast paths, each checked against plain torch in the tests.

Constructing anything from ``torch.optim`` imports torch's compiler: 0.75 s and 70 MB in every worker. Adam is applied
here as one fused call over all parameters instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

BETAS = (0.9, 0.999)
EPSILON = 1e-8


def adam_(parameters: Sequence[Tensor], m: list[Tensor], v: list[Tensor], *, update: int, rate: float) -> None:
    """Apply one step of Adam in place (Kingma & Ba 2015, algorithm 1).

    Args:
        parameters: what learns, each with its gradient.
        m: first moments, changed in place.
        v: second moments, changed in place.
        update: number of this update, from 1.
        rate: learning rate.
    """
    gradients = [p.grad for p in parameters if p.grad is not None]
    steps = [torch.tensor(float(update))] * len(parameters)
    torch._fused_adam_(
        list(parameters), gradients, m, v, [], steps, lr=rate, beta1=BETAS[0], beta2=BETAS[1],
        weight_decay=0.0, eps=EPSILON, amsgrad=False, maximize=False,
    )


def sgd_(parameters: Sequence[Tensor], *, rate: float) -> None:
    """Apply one step of gradient descent in place."""
    torch._foreach_add_(list(parameters), [p.grad for p in parameters if p.grad is not None], alpha=-rate)
