"""The network that learns: ModelSpec -> nn.Module, made of torch's own cells."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from lstm_core.records import Weights
from lstm_core.spec import ModelSpec

CELLS: dict[str, type[nn.RNN | nn.GRU | nn.LSTM]] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}

States = list[tuple[Tensor, ...]]
"""Per recurrent layer (h,) or, for the LSTM, (h, c); each (1, B, H)."""


class Network(nn.Module):
    """Letters or numbers in, recurrent layers, one output layer.

    Args:
        spec: sizes and kinds.
        width: columns that enter (F); not used for letters.
        classes: letters to choose from (K); 0 when a number is predicted.
    """

    def __init__(self, spec: ModelSpec, width: int, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.every = spec.output == "every"
        features = classes or width
        self.embedding: nn.Embedding | None = None
        if classes and spec.encoding == "embedding":
            self.embedding = nn.Embedding(classes, spec.embedding)
            features = spec.embedding
        self.dense: nn.Linear | None = None
        if spec.dense:
            self.dense = nn.Linear(features, spec.dense)
            features = spec.dense
        self.layers = nn.ModuleList()
        self.dropouts = nn.ModuleList()
        for layer in spec.layers:
            self.layers.append(CELLS[spec.cell](features, layer.hidden, batch_first=True))
            self.dropouts.append(nn.Dropout(layer.dropout))
            features = layer.hidden
        self.head = nn.Linear(features, max(classes, 1))
        if spec.cell == "lstm":
            self._set_forget_bias(spec.forget_bias)
        self.named = dict(self.named_parameters())      # found once: the search takes longer than an update

    def _set_forget_bias(self, bias: float) -> None:
        """Start every forget gate at the given bias (Gers et al. 2000; Jozefowicz et al. 2015, section 2.2)."""
        with torch.no_grad():
            for layer in self.layers:
                hidden = int(layer.hidden_size)  # type: ignore[arg-type]
                forget = slice(hidden, 2 * hidden)
                layer.bias_ih_l0[forget] = bias  # type: ignore[operator]
                layer.bias_hh_l0[forget] = 0.0   # type: ignore[operator]

    def forward(self, x: Tensor, states: States | None = None) -> tuple[Tensor, States]:
        """Read B sequences of T steps and predict.

        Args:
            x: (B, T, F) numbers, or (B, T) letter ids.
            states: the state to start from; zeros when not given.

        Returns:
            the prediction - (B,) at the last or (B, T) at every step, for letters (B, K) or (B, T, K) scores - and
            the state after the last step.
        """
        if self.embedding is not None:
            h = self.embedding(x)                                   # (B, T) -> (B, T, E)
        elif self.classes:
            h = functional.one_hot(x, self.classes).float()         # (B, T) -> (B, T, K)
        else:
            h = x
        if self.dense is not None:
            h = self.dense(h)                                       # (B, T, F) -> (B, T, D)
        after: States = []
        for number, (layer, dropout) in enumerate(zip(self.layers, self.dropouts, strict=True)):
            before = states[number] if states is not None else None
            if isinstance(layer, nn.LSTM):
                h, state = layer(h, before)                         # (B, T, D) -> (B, T, H)
            else:
                h, last = layer(h, before[0] if before is not None else None)
                state = (last,)
            after.append(state)
            h = dropout(h)
        if not self.every:
            h = h[:, -1]                                            # (B, T, H) -> (B, H)
        y = self.head(h)
        return (y if self.classes else y.squeeze(-1)), after

    def weights(self) -> Weights:
        """Return a copy of all parameters as plain arrays."""
        return {name: parameter.detach().numpy().copy() for name, parameter in self.named.items()}

    def load_weights(self, weights: Weights) -> None:
        """Take over parameters written by :meth:`weights`."""
        with torch.no_grad():
            for name, parameter in self.named.items():
                parameter.copy_(torch.from_numpy(weights[name]))
