"""What torch says to a network: its modules, its cells, the equations of its documentation and its gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_core.records import Weights
from tests.unit.cells.lstm1997 import LSTM1997, lstm1997_cell
from tests.unit.cells.networks import Case

TORCH_LAYERS = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM, "lstm97": LSTM1997}


def enter_torch(w: dict[str, Tensor], x: np.ndarray) -> Tensor:
    """Return what the first recurrent layer receives."""
    first = w["dense.weight"] if "dense.weight" in w else w["layers.0.weight_ih_l0"]
    if "embedding.weight" in w:
        signal = torch.nn.functional.embedding(torch.from_numpy(x), w["embedding.weight"])
    elif x.dtype.kind == "i":
        signal = torch.nn.functional.one_hot(torch.from_numpy(x), first.shape[1]).to(first.dtype)
    else:
        signal = torch.from_numpy(x).to(first.dtype)
    return torch.nn.functional.linear(signal, w["dense.weight"], w["dense.bias"]) if "dense.weight" in w else signal


def modules_torch(case: Case, dtype: torch.dtype, states: list[tuple[np.ndarray, ...]] | None = None
                  ) -> tuple[list[np.ndarray], list[tuple[np.ndarray, ...]], np.ndarray]:
    """Run torch's own layers: h (B, T, H) and the last state (H,) ... of each layer, and the output (B, T, O)."""
    w = {name: torch.from_numpy(array).to(dtype) for name, array in case.weights.items()}
    signal, hs, lasts = enter_torch(w, case.x), [], []
    for number, layer in enumerate(case.model.layers):
        module = TORCH_LAYERS[case.model.cell](signal.shape[-1], layer.hidden, batch_first=True, dtype=dtype)
        module.load_state_dict({name: w[f"layers.{number}.{name}"] for name in module.state_dict()})
        start = None
        if states is not None:
            rows = tuple(torch.from_numpy(s).to(dtype).expand(1, len(case.x), -1).contiguous() for s in states[number])
            start = rows if len(rows) == 2 else rows[0]
        with torch.no_grad():
            signal, last = module(signal, start)
        hs.append(signal.numpy())
        lasts.append(tuple(s[0].numpy() for s in (last if isinstance(last, tuple) else (last,))))
    output = torch.nn.functional.linear(signal, w["head.weight"], w["head.bias"])
    return hs, lasts, output.numpy()


def by_hand_torch(cell: str, w: dict[str, Tensor], number: int, x: Tensor, state: tuple[Tensor, ...]
                  ) -> tuple[dict[str, Tensor], dict[str, Tensor], tuple[Tensor, ...]]:
    """Compute one step from the equations in torch's documentation: pre-activations, gates, state."""
    names = {"rnn": "h", "gru": "rzn", "lstm": "ifgo", "lstm97": "igo"}[cell]
    w_ih, w_hh, b_ih, b_hh = (w[f"layers.{number}.{name}_l0"]
                              for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"))
    inputs = dict(zip(names, (w_ih @ x + b_ih).chunk(len(names)), strict=True))
    recurrent = dict(zip(names, (w_hh @ state[0] + b_hh).chunk(len(names)), strict=True))
    pre = {name: inputs[name] + recurrent[name] for name in names}
    if cell == "rnn":
        h = torch.tanh(pre["h"])
        return pre, {"h": h}, (h,)
    if cell == "gru":
        r, z = torch.sigmoid(pre["r"]), torch.sigmoid(pre["z"])
        pre["n"] = inputs["n"] + r * recurrent["n"]
        n = torch.tanh(pre["n"])
        return pre, {"r": r, "z": z, "n": n}, ((1 - z) * n + z * state[0],)
    gates = {name: torch.tanh(a) if name == "g" else torch.sigmoid(a) for name, a in pre.items()}
    c = gates.get("f", 1) * state[1] + gates["i"] * gates["g"]
    return pre, gates, (gates["o"] * torch.tanh(c), c)


CELL_TORCH: dict[str, Callable[..., Any]] = {
    "rnn": torch.rnn_tanh_cell, "gru": torch.gru_cell, "lstm": torch.lstm_cell, "lstm97": lstm1997_cell}


def cell_torch(cell: str, w: dict[str, Tensor], number: int, x: Tensor, state: tuple[Tensor, ...]
               ) -> tuple[Tensor, ...]:
    """Compute one step (1, H) with torch's cell (what nn.LSTMCell, nn.GRUCell and nn.RNNCell call)."""
    parameters = [w[f"layers.{number}.{name}_l0"] for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    after = CELL_TORCH[cell](x, state if len(state) == 2 else state[0], *parameters)
    return after if len(state) == 2 else (after,)


def kept(value: Tensor) -> Tensor:
    """Return a tensor of its own that keeps its gradient."""
    value = value * 1.0
    value.requires_grad_()
    value.retain_grad()
    return value


def autograd(case: Case, states: list[tuple[np.ndarray, ...]] | None = None
             ) -> tuple[list[tuple[np.ndarray, ...]], list[np.ndarray], Weights]:
    """Return dL/dh and dL/dc, dL/dx (per layer), dL/dw as torch differentiates the network unrolled step by step."""
    w = {name: torch.from_numpy(array).clone().requires_grad_() for name, array in case.weights.items()}
    signals = list(enter_torch(w, case.x[:1]).swapaxes(0, 1))       # T times (1, F)
    kept_states, kept_inputs = [], []
    for number, layer in enumerate(case.model.layers):
        state = (tuple(torch.from_numpy(s)[None] for s in states[number]) if states is not None
                 else tuple(torch.zeros(1, layer.hidden, dtype=torch.float64) for _ in case.model.cell_type.states))
        inputs = [kept(signal) for signal in signals]   # a copy: its gradient is what enters this layer alone
        afters = []
        for x in inputs:
            state = cell_torch(case.model.cell, w, number, x, state)
            for s in state:
                s.retain_grad()
            afters.append(state)
        kept_states.append(afters)
        kept_inputs.append(inputs)
        signals = [after[0] for after in afters]
    output = torch.nn.functional.linear(torch.cat(signals), w["head.weight"], w["head.bias"])
    (output * torch.from_numpy(case.dy)).sum().backward()
    return ([tuple(stack_grad(values) for values in zip(*afters, strict=True)) for afters in kept_states],
            [stack_grad(inputs) for inputs in kept_inputs],
            {name: tensor.grad.numpy() for name, tensor in w.items()})


def stack_grad(values: list[Tensor]) -> np.ndarray:
    return np.concatenate([np.zeros(v.shape) if v.grad is None else v.grad.numpy() for v in values])
