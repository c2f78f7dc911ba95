"""An LSTM written out by hand, beside torch's own: the same numbers from the same weights.

Its classes are shown on the page as they stand here.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from lstm_core.cells import trace
from lstm_core.inside.scratch_difference import Differences
from lstm_core.learning.torch_threads import alone
from lstm_core.records import Weights
from lstm_core.spec import ModelSpec

ROWS = 8    # sequences that are read at once, to see whether one alone comes out the same


class Cell(nn.Module):
    """One step. Every gate reads the last hidden state and the input side by side: [h(t-1), x(t)]."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()

        def weights() -> tuple[nn.Parameter, nn.Parameter]:
            bound = hidden ** -0.5
            return (nn.Parameter(torch.empty(hidden, hidden + inputs).uniform_(-bound, bound)),
                    nn.Parameter(torch.zeros(hidden)))

        self.W_f, self.b_f = weights()      # forget gate
        self.W_i, self.b_i = weights()      # input gate
        self.W_g, self.b_g = weights()      # candidate
        self.W_o, self.b_o = weights()      # output gate

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        """Return h(t) and c(t), each (B, H), from x(t) (B, F), h(t-1) and c(t-1)."""
        hx = torch.cat([h, x], dim=1)                       # (B, H + F)
        f = torch.sigmoid(hx @ self.W_f.T + self.b_f)       # how much of the old cell state stays
        i = torch.sigmoid(hx @ self.W_i.T + self.b_i)       # how much of the candidate is let in
        g = torch.tanh(hx @ self.W_g.T + self.b_g)          # what could be new
        o = torch.sigmoid(hx @ self.W_o.T + self.b_o)       # how much of the memory is shown
        c = f * c + i * g
        h = o * torch.tanh(c)
        return h, c


class Layer(nn.Module):
    """The same cell at every time step, each handing its two states to the next; the first receives zeros."""

    def __init__(self, inputs: int, hidden: int) -> None:
        super().__init__()
        self.hidden = hidden
        self.cell = Cell(inputs, hidden)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return all h and all c, each (B, T, H), of B sequences x (B, T, F)."""
        h = c = x.new_zeros(len(x), self.hidden)
        states = []
        for x_t in x.unbind(dim=1):
            h, c = self.cell(x_t, h, c)
            states.append((h, c))
        hs, cs = zip(*states, strict=True)
        return torch.stack(hs, dim=1), torch.stack(cs, dim=1)


def from_torch(lstm: nn.LSTM) -> Layer:
    """Return a layer with the weights of torch's.

    torch stacks the gates in the order i, f, g, o, keeps the weights of h and x apart, and adds two biases.
    """
    layer = Layer(lstm.input_size, lstm.hidden_size)
    stacked = dict(lstm.named_parameters())
    W = torch.cat([stacked["weight_hh_l0"], stacked["weight_ih_l0"]], dim=1).chunk(4)
    b = (stacked["bias_hh_l0"] + stacked["bias_ih_l0"]).chunk(4)
    for gate, W_gate, b_gate in zip("ifgo", W, b, strict=True):
        layer.cell.load_state_dict({f"W_{gate}": W_gate, f"b_{gate}": b_gate}, strict=False)
    return layer


def difference(model: ModelSpec, weights: Weights, x: np.ndarray) -> Differences:
    """Return how far the layer above and torch's come apart on one sequence, in float32.

    Both are given the weights of the network's first recurrent layer and what enters it.

    Args:
        model: a network of LSTM cells.
        weights: its parameters.
        x: (T, F) numbers, already scaled, or (T,) symbols.
    """
    inside = trace(model, weights, x)
    steps = inside.layers[0].x[:inside.switch or None].astype(np.float32)       # an encoder's layer reads only these
    with alone(), torch.no_grad():
        entering = torch.from_numpy(steps)[None]
        lstm = nn.LSTM(steps.shape[1], model.layers[0].hidden, batch_first=True)
        lstm.load_state_dict({name: torch.from_numpy(weights[f"layers.0.{name}"]) for name in lstm.state_dict()})
        layer = from_torch(lstm)
        h, c = layer(entering)
        torch_h, torch_c = _states(lstm, entering)
        together = entering * torch.linspace(0, 1, ROWS)[:, None, None]     # the last of them is the sequence itself
        return Differences(h=_apart(h, torch_h), c=_apart(c, torch_c), batch=_apart(layer(together)[0][-1:], h),
                           forgetful_h=_apart(_forgetful(layer, entering), h),
                           forgetful_output=_output_moved(model, weights, x))


def _states(lstm: nn.LSTM, x: Tensor) -> tuple[Tensor, Tensor]:
    """Return all h and c of torch's layer; as it tells only the last c, it is asked for them step by step."""
    state, cs = None, []
    for x_t in x.unbind(dim=1):
        state = lstm(x_t[:, None], state)[1]
        cs.append(state[1])
    return lstm(x)[0], torch.cat(cs).transpose(0, 1)


def _forgetful(layer: Layer, x: Tensor) -> Tensor:
    """Return all h, (B, T, H), of a layer that hands on c, but never h."""
    nothing = c = x.new_zeros(len(x), layer.hidden)
    hs = []
    for x_t in x.unbind(dim=1):
        h, c = layer.cell(x_t, nothing, c)
        hs.append(h)
    return torch.stack(hs, dim=1)


def _output_moved(model: ModelSpec, weights: Weights, x: np.ndarray) -> float:
    """Return how far the output moves when no layer uses h(t-1): scaled, or as a share of probability."""
    deaf = {name: np.zeros_like(array) if "weight_hh" in name else array for name, array in weights.items()}
    outputs = [torch.from_numpy(trace(model, w, x).output) for w in (weights, deaf)]
    read = [y[-1:] if model.output == "last" else y[~y.isnan().all(dim=1)] for y in outputs]
    if outputs[0].shape[1] > 1:
        read = [y.softmax(dim=1) for y in read]
    return _apart(*read)


def _apart(one: Tensor, other: Tensor) -> float:
    return float((one - other).abs().max())
