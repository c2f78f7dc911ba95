"""The LSTM of 1997 as plain torch: the reference, differentiated by autograd."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def lstm1997_cell(x: Tensor, state: tuple[Tensor, ...], w_ih: Tensor, w_hh: Tensor, b_ih: Tensor, b_hh: Tensor
                  ) -> tuple[Tensor, Tensor]:
    """Compute one step (B, H) as ``torch.lstm_cell`` does, without a forget gate: c = c + i * g."""
    i, g, o = (x @ w_ih.T + b_ih + state[0] @ w_hh.T + b_hh).chunk(3, -1)
    c = state[1] + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


class LSTM1997(nn.Module):
    """A layer with the names and the arguments of ``nn.LSTM``."""

    def __init__(self, width: int, hidden: int, *, batch_first: bool = False, dtype: torch.dtype = torch.float32
                 ) -> None:
        super().__init__()
        self.hidden_size, self.batch_first = hidden, batch_first
        for name, shape in (("weight_ih_l0", (width,)), ("weight_hh_l0", (hidden,)), ("bias_ih_l0", ()),
                            ("bias_hh_l0", ())):
            weights = torch.empty(3 * hidden, *shape, dtype=dtype).uniform_(-1, 1) / hidden**0.5
            self.register_parameter(name, nn.Parameter(weights))

    def forward(self, x: Tensor, before: tuple[Tensor, Tensor] | None = None
                ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Read a batch of sequences; return all hidden states, and h and c after the last step, (1, B, H) each."""
        time = 1 if self.batch_first else 0
        zeros = x.new_zeros(1, x.shape[1 - time], self.hidden_size)
        (h,), (c,) = before or (zeros, zeros)
        found = []
        for step in x.unbind(time):
            h, c = lstm1997_cell(step, (h, c), *self.parameters())
            found.append(h)
        return torch.stack(found, time), (h[None], c[None])
