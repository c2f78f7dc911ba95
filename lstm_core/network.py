"""The network that learns: ModelSpec -> nn.Module, made of torch's own cells."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from lstm_core import kernels
from lstm_core.ports import Ports
from lstm_core.records import Weights
from lstm_core.sizes import KERNEL, flattened
from lstm_core.spec import ModelSpec

CELLS: dict[str, type[nn.RNN | nn.GRU | nn.LSTM]] = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}

States = list[tuple[Tensor, ...]]
"""Per recurrent layer (h,) or, for the LSTM, (h, c); each (1, B, H)."""


class Network(nn.Module):
    """Symbols or numbers in, recurrent layers, one output layer.

    With a decoder there are the same recurrent layers once more, with weights of their own: they begin with the state
    in which the encoder ends (Sutskever et al. 2014).

    Args:
        spec: sizes and kinds.
        ports: what enters and what leaves.
    """

    def __init__(self, spec: ModelSpec, ports: Ports) -> None:
        super().__init__()
        self.ports = ports
        self.every = spec.output == "every"
        entering = features = ports.symbols or ports.width
        self.embedding: nn.Embedding | None = None
        if ports.symbols and spec.encoding == "embedding":
            self.embedding = nn.Embedding(ports.symbols, spec.embedding)
            entering = features = spec.embedding
        self.dense: nn.Linear | None = None
        if spec.dense:
            self.dense = nn.Linear(features, spec.dense)
            features = spec.dense
        self.layers = self._recurrent(spec, features)
        self.decoder = self._recurrent(spec, features) if ports.source else None
        self.dropouts = nn.ModuleList(nn.Dropout(layer.dropout) for layer in spec.layers)
        top = spec.layers[-1].hidden
        self.after: nn.Linear | None = None
        if spec.after:
            self.after = nn.Linear(top, spec.after)
            top = spec.after
        self.conv: nn.Conv1d | None = None
        if spec.conv:
            self.conv = nn.Conv1d(entering, spec.conv, KERNEL, padding="same")
        self.head = nn.Linear(top + flattened(spec, ports), max(ports.classes, 1))
        self.forget_bias = spec.forget_bias if spec.cell == "lstm" else None
        self.chrono = spec.chrono
        self.named = dict(self.named_parameters())      # found once: the search takes longer than an update
        self.plain = {name: parameter.detach() for name, parameter in self.named.items()}   # the same memory
        self.cell, self.shares = spec.cell, [layer.dropout for layer in spec.layers]
        self.direct = spec.cell in kernels.CELLS and self.decoder is None and kernels.agree()

    @staticmethod
    def _recurrent(spec: ModelSpec, features: int) -> nn.ModuleList:
        widths = [features, *(layer.hidden for layer in spec.layers)]
        return nn.ModuleList(CELLS[spec.cell](width, layer.hidden, batch_first=True)
                             for width, layer in zip(widths, spec.layers, strict=False))

    def initialise(self) -> None:
        """Draw the weights with which learning begins, from torch's random numbers, the way Keras draws them.

        Input weights uniform after Glorot & Bengio (2010, equation 16), recurrent weights orthogonal (Saxe et al.
        2014), embeddings uniform within 0.05, biases 0, but the forget gate's at the bias that was asked for (Gers et
        al. 2000; Jozefowicz et al. 2015, section 2.2), or drawn with the input gate's for dependencies of up to T
        steps: b_f = log U(1, T - 1), b_i = -b_f (chrono initialisation, Tallec & Ollivier 2018, equation 16).
        """
        for name, weights in self.named.items():
            if weights.dim() == 1:
                nn.init.zeros_(weights)
            elif name == "embedding.weight":
                nn.init.uniform_(weights, -0.05, 0.05)
            elif "weight_hh" in name:
                nn.init.orthogonal_(weights)
            else:
                nn.init.xavier_uniform_(weights)
            if "bias_ih" in name and self.forget_bias is not None:
                hidden = len(weights) // 4
                forget = torch.full((hidden,), self.forget_bias)
                if self.chrono:
                    forget = torch.empty(hidden).uniform_(1, self.chrono - 1).log()
                    weights.data[:hidden] = -forget
                weights.data[hidden:2 * hidden] = forget

    def forward(self, x: Tensor, states: States | None = None,
                lengths: Tensor | None = None) -> tuple[Tensor, States]:
        """Read B sequences of T steps and predict.

        Args:
            x: (B, T, F) numbers, or (B, T) symbols.
            states: the state to start from; zeros when not given.
            lengths: (B,) steps of each sequence, where some are padded at their end; all T when not given.

        Returns:
            the prediction - (B,) at the last or (B, S) at every step, with classes (B, K) or (B, S, K) scores - and
            the state after the last step. S is T, or with a decoder the number of its own steps.
        """
        entered = self._encode(x)
        h = self.dense(entered) if self.dense is not None else entered      # (B, T, F) -> (B, T, D)
        if self.decoder is None:
            h, after = self._read(self.layers, h, states)                   # (B, T, D) -> (B, T, H)
        else:
            source = self.ports.source
            _, states = self._read(self.layers, h[:, :source], states)
            h, after = self._read(self.decoder, h[:, source:], states)
        if not self.every:                                                  # (B, T, H) -> (B, H)
            h = h[:, -1] if lengths is None else h[torch.arange(len(h)), lengths - 1]
        if self.after is not None:
            h = self.after(h).relu()
        if self.conv is not None:
            filtered = self.conv(entered.transpose(1, 2))                   # (B, T, F) -> (B, C, T)
            h = torch.cat([h, functional.max_pool1d(filtered, 2).flatten(1)], -1)
        y = self.head(h)
        return (y if self.ports.classes else y.squeeze(-1)), after

    def _encode(self, x: Tensor) -> Tensor:
        if self.embedding is not None:
            return self.embedding(x)  # type: ignore[no-any-return]         # (B, T) -> (B, T, E)
        if self.ports.symbols:
            return functional.one_hot(x, self.ports.symbols).float()        # (B, T) -> (B, T, K)
        return x

    def _read(self, layers: nn.ModuleList, h: Tensor, states: States | None) -> tuple[Tensor, States]:
        """Lead a sequence through recurrent layers; return the hidden states of the last, and all final states."""
        after: States = []
        for number, (layer, dropout) in enumerate(zip(layers, self.dropouts, strict=True)):
            before = states[number] if states is not None else None
            if isinstance(layer, nn.LSTM):
                h, state = layer(h, before)
            else:
                h, last = layer(h, before[0] if before is not None else None)
                state = (last,)
            after.append(state)
            h = dropout(h)
        return h, after

    def learn(self, x: Tensor, y: Tensor, states: States | None = None) -> tuple[Tensor, list[Tensor], States]:
        """Return the loss of a batch in training and its gradients without autograd (see :class:`Pass`).

        Only for a network that is ``direct``, and for sequences without padding.

        Args:
            x: (B, T, F) numbers, or (B, T) symbols.
            y: (B,) or, with an output at every step, (B, T): numbers, or int64 classes.
            states: the state to start from; zeros when not given.

        Returns:
            the mean squared error, or with classes the mean cross entropy (nats); its gradients with respect to the
            parameters, in the order of ``named``; the state after the last step.
        """
        with torch.no_grad():
            there = Pass(self, x, states)
            loss, doutputs = _loss(there.outputs, y.t() if self.every else y)
            found = there.back(doutputs)
            return loss, [found[name] for name in self.named], there.after

    def weights(self) -> Weights:
        """Return a copy of all parameters as plain arrays."""
        return {name: parameter.detach().numpy().copy() for name, parameter in self.named.items()}

    def load_weights(self, weights: Weights) -> None:
        """Take over parameters written by :meth:`weights`."""
        with torch.no_grad():
            for name, parameter in self.named.items():
                parameter.copy_(torch.from_numpy(weights[name]))


class Pass:
    """A batch on its way through a network and back, the gradients by hand, time step first.

    It does what :meth:`Network.forward` and the backward pass of autograd do, in little more than half the time where
    the network is small.
    """

    def __init__(self, network: Network, x: Tensor, states: States | None) -> None:
        self.network, self.weights = network, network.plain
        self.symbols = x.t().contiguous() if network.ports.symbols else None            # (T, B)
        self.entered = network._encode(x.transpose(0, 1)).contiguous()                  # (T, B, E)
        h = self._linear("dense", self.entered) if network.dense is not None else self.entered
        self.read: list[kernels.Read] = []
        self.masks: list[Tensor | None] = []
        for number, share in enumerate(network.shares):
            h = self._through(number, share, h, states)
        self.after: States = [tuple(part[None] for part in read.after) for read in self.read]
        self.below = self.top = h                                                       # (T, B, H) or (B, H)
        if network.after is not None:
            self.top = self._linear("after", h).relu_()
        self.features = self.top
        if network.conv is not None:
            self.features = torch.cat([self.top, self._convolve()], -1)     # (B, H + C * (T // 2))
        self.outputs = self._linear("head", self.features)                              # (T, B, O) or (B, O)

    def _linear(self, name: str, x: Tensor) -> Tensor:
        return functional.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _through(self, number: int, share: float, h: Tensor, states: States | None) -> Tensor:
        """Lead the batch through one recurrent layer and its dropout."""
        weights = [self.weights[f"layers.{number}.{name}"] for name in kernels.WEIGHTS]
        if states is not None:
            before = tuple(state[0] for state in states[number])
        else:
            before = (h.new_zeros(h.shape[1], weights[1].shape[1]),) * (2 if self.network.cell == "lstm" else 1)
        self.read.append(kernels.read(self.network.cell, h, weights, before))
        h = self.read[-1].h
        end = number == len(self.network.shares) - 1 and not self.network.every         # the last step alone is used
        self.masks.append(kernels.dropped(h.shape, share, end=end) if share else None)
        h = h[-1] if end else h
        return h if self.masks[-1] is None else h * self.masks[-1]

    def _convolve(self) -> Tensor:
        """Return the convolution over the window, pooled in pairs: (B, C * (T // 2)), filter by filter."""
        steps, batch, _ = self.entered.shape
        padded = functional.pad(self.entered, (0, 0, 0, 0, KERNEL // 2, KERNEL // 2))
        self.around = torch.cat([padded[shift:shift + steps] for shift in range(KERNEL)], -1)     # (T, B, 3 * F)
        kernel = self.weights["conv.weight"].permute(2, 1, 0).flatten(0, 1)                       # (3 * F, C)
        filtered = torch.addmm(self.weights["conv.bias"], self.around.flatten(0, 1), kernel).view(steps, batch, -1)
        left, right = filtered[:steps // 2 * 2:2], filtered[1::2]                       # (T // 2, B, C)
        self.left = left >= right
        return torch.where(self.left, left, right).permute(1, 2, 0).flatten(1)

    # -- back ------------------------------------------------------------------------------------------

    def back(self, doutputs: Tensor) -> dict[str, Tensor]:
        """Return the gradients by name, from the gradient with respect to the outputs."""
        network, found = self.network, {}

        def through(name: str, x: Tensor, d: Tensor) -> Tensor:
            """Go back through a linear layer that has read x."""
            flat = d.flatten(0, -2)
            found[f"{name}.weight"], found[f"{name}.bias"] = flat.t() @ x.flatten(0, -2), flat.sum(0)
            return d @ self.weights[f"{name}.weight"]

        d = through("head", self.features, doutputs)
        if network.conv is not None:
            width = self.top.shape[-1]
            self._back_through_convolution(d[:, width:], found)
            d = d[:, :width]
        if network.after is not None:
            d = through("after", self.below, d * (self.top > 0))
        for number in reversed(range(len(self.read))):
            read, mask = self.read[number], self.masks[number]
            d = d if mask is None else d * mask
            if d.dim() < read.h.dim():
                d, end = torch.zeros_like(read.h), d
                d[-1] = end
            d, gradients = kernels.gradients(read, d)
            found |= {f"layers.{number}.{name}": gradient
                      for name, gradient in zip(kernels.WEIGHTS, gradients, strict=True)}
        if network.dense is not None:
            d = through("dense", self.entered, d)
        if network.embedding is not None:
            assert self.symbols is not None
            found["embedding.weight"] = torch.zeros_like(self.weights["embedding.weight"]).index_add_(
                0, self.symbols.flatten(), d.flatten(0, 1))
        return found

    def _back_through_convolution(self, d: Tensor, found: dict[str, Tensor]) -> None:
        steps, features = len(self.entered), self.entered.shape[-1]
        pooled = d.reshape(len(d), -1, steps // 2).permute(2, 0, 1)                      # (T // 2, B, C)
        filtered = pooled.new_zeros(steps, *pooled.shape[1:])
        filtered[:steps // 2 * 2:2], filtered[1::2] = pooled * self.left, pooled * ~self.left
        flat = filtered.flatten(0, 1)
        kernel = self.around.flatten(0, 1).t() @ flat
        found["conv.weight"] = kernel.view(KERNEL, features, -1).permute(2, 1, 0).contiguous()
        found["conv.bias"] = flat.sum(0)


def _loss(outputs: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the mean squared error, or the mean cross entropy of classes, and its gradient, of the outputs' shape."""
    if y.is_floating_point():
        apart = outputs.squeeze(-1) - y
        return apart.square().mean(), (apart * (2 / apart.numel()))[..., None]
    logs = outputs.flatten(0, -2).log_softmax(-1)
    classes = y.flatten()
    there = logs.exp()
    there[torch.arange(len(classes)), classes] -= 1
    return functional.nll_loss(logs, classes), (there / len(classes)).view_as(outputs)
