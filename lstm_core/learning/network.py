"""The network that learns: ModelSpec -> nn.Module, made of torch's own cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from lstm_core.learning import initial_weights, torch_kernels
from lstm_core.records import Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import IOShape
from lstm_core.spec.plan import KERNEL, plan_network


class LSTM1997(nn.Module):
    """An LSTM without a forget gate, its weights stacked i, g, o: called like torch's own layers, batch first.

    For torch it is an LSTM whose forget gate is held open (see :func:`lstm_core.learning.torch_kernels.held_open`).
    """

    def __init__(self, width: int, hidden: int, *, batch_first: Literal[True]) -> None:
        super().__init__()
        self.hidden, self.batch_first = hidden, batch_first
        for name, columns in zip(torch_kernels.WEIGHTS, ([width], [hidden], [], []), strict=True):
            self.register_parameter(name, nn.Parameter(torch.empty(3 * hidden, *columns)))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw all weights as torch's own recurrent layers do."""
        bound = self.hidden**-0.5
        for weights in self.parameters():
            nn.init.uniform_(weights, -bound, bound)

    def forward(self, x: Tensor, before: tuple[Tensor, Tensor] | None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Read x (B, T, F); return the hidden states (B, T, H), and h and c after the last step, (1, B, H) each."""
        zeros = x.new_zeros(1, len(x), self.hidden)
        weights = torch_kernels.held_open([getattr(self, name) for name in torch_kernels.WEIGHTS])
        h, *after = torch.lstm(x, before or (zeros, zeros), weights, True, 1, 0.0, self.training, False,
                               self.batch_first)
        return h, (after[0], after[1])


CELLS: dict[str, type[nn.RNN | nn.GRU | nn.LSTM | LSTM1997]] = {
    "rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM, "lstm97": LSTM1997}

SMALL = {"rnn": 48, "lstm": 24, "lstm97": 24}       # hidden units of a layer up to which NumPy is faster than torch

States = list[tuple[Tensor, ...]]
"""Per recurrent layer (h,) or, in a cell with a cell state, (h, c); each (1, B, H)."""


Module = TypeVar("Module", bound=nn.Module)


class Memory:
    """The parameters of a network in one stretch of memory, which is seen in three ways.

    Whatever is written into one of them is read in all of them, and in the network's own parameters.
    """

    def __init__(self, parameters: dict[str, nn.Parameter]) -> None:
        self.parameters = parameters
        self.vector = torch.cat([parameter.detach().flatten() for parameter in parameters.values()])
        self.tensors = self.split(self.vector)
        self.arrays = {name: part.numpy() for name, part in self.tensors.items()}
        for name, parameter in parameters.items():
            parameter.data = self.tensors[name]

    def split(self, vector: Tensor) -> dict[str, Tensor]:
        """Return by name, as views, what lies one after the other: parameters, a gradient, moments."""
        parts = torch.split(vector, [parameter.numel() for parameter in self.parameters.values()])
        return {name: part.view_as(parameter)
                for (name, parameter), part in zip(self.parameters.items(), parts, strict=True)}


class Network(nn.Module):
    """Symbols or numbers in, recurrent layers, one output layer.

    A ``direct`` network can learn without autograd, a ``small`` one of these does so in NumPy (see
    :mod:`lstm_core.learning.manual_backprop`).

    With a decoder there are the same recurrent layers once more, with weights of their own: they begin with the state
    in which the encoder ends (Sutskever et al. 2014).

    Args:
        spec: sizes and kinds.
        io_shape: what enters and what leaves.
    """

    def __init__(self, spec: ModelSpec, io_shape: IOShape) -> None:
        super().__init__()
        self.spec, self.io_shape, self.plan = spec, io_shape, plan_network(spec, io_shape)
        self.embedding = self._built("embedding", nn.Embedding)
        self.dense = self._built("dense", nn.Linear)
        self.layers = self._recurrent(spec, "layers")
        self.decoder = self._recurrent(spec, "decoder") if io_shape.encoder_steps else None
        self.after = self._built("after", nn.Linear)
        self.conv = self._built("conv", partial(nn.Conv1d, kernel_size=KERNEL, padding="same"))
        self.head = nn.Linear(self.plan.stages[-1].reads, self.plan.stages[-1].width)
        self.cell, self.cell_type, self.shares = spec.cell, spec.cell_type, [layer.dropout for layer in spec.layers]
        self.every = spec.output == "every"
        self.direct = spec.cell in torch_kernels.CELLS and self.decoder is None and torch_kernels.agree()
        self.small = self.conv is None and max(layer.hidden for layer in spec.layers) <= SMALL.get(spec.cell, 0)
        self.memory = Memory(dict(self.named_parameters()))     # found once: the search takes longer than an update

    def _built(self, name: str, kind: Callable[[int, int], Module]) -> Module | None:
        """Return a layer of the plan, None where there is no such layer."""
        stage = self.plan.stage(name)
        return None if stage is None else kind(stage.reads, stage.width)

    def _recurrent(self, spec: ModelSpec, kind: str) -> nn.ModuleList:
        return nn.ModuleList(CELLS[spec.cell](stage.reads, stage.width, batch_first=True)
                             for stage in self.plan.recurrent(kind))

    def initialise(self) -> None:
        """Draw the weights with which learning begins, from torch's random numbers.

        See :mod:`lstm_core.learning.initial_weights`.
        """
        initial_weights.draw(self, self.memory.parameters, self.spec)

    def forward(self, x: Tensor, states: States | None = None, lengths: Tensor | None = None,
                draws: np.random.Generator | None = None) -> tuple[Tensor, States]:
        """Read B sequences of T steps and predict.

        Args:
            x: (B, T, F) numbers, or (B, T) symbols.
            states: the state to start from; zeros when not given.
            lengths: (B,) steps of each sequence, where some are padded at their end; all T when not given.
            draws: decides what is dropped when learning; nothing is dropped when not given.

        Returns:
            the prediction - (B,) at the last or (B, S) at every step, with classes (B, K) or (B, S, K) scores - and
            the state after the last step. S is T, or with a decoder the number of its own steps.
        """
        entered = self._encode(x)
        h = self.dense(entered) if self.dense is not None else entered      # (B, T, F) -> (B, T, D)
        if self.decoder is None:
            h, after = self._read(self.layers, h, states, draws)            # (B, T, D) -> (B, T, H)
        else:
            source = self.io_shape.encoder_steps
            _, states = self._read(self.layers, h[:, :source], states, draws)
            h, after = self._read(self.decoder, h[:, source:], states, draws)
        if not self.every:                                                  # (B, T, H) -> (B, H)
            h = h[:, -1] if lengths is None else h[torch.arange(len(h)), lengths - 1]
        h = self._drop(h, self.shares[-1], draws)
        if self.after is not None:
            h = self.after(h).relu()
        if self.conv is not None:
            filtered = self.conv(entered.transpose(1, 2))                   # (B, T, F) -> (B, C, T)
            h = torch.cat([h, functional.max_pool1d(filtered, 2).flatten(1)], -1)
        y = self.head(h)
        return (y if self.io_shape.n_classes else y.squeeze(-1)), after

    def _encode(self, x: Tensor) -> Tensor:
        if self.embedding is not None:
            return self.embedding(x)  # type: ignore[no-any-return]         # (B, T) -> (B, T, E)
        if self.io_shape.n_symbols:
            return functional.one_hot(x, self.io_shape.n_symbols).float()        # (B, T) -> (B, T, K)
        return x

    def _read(self, layers: nn.ModuleList, h: Tensor, states: States | None,
              draws: np.random.Generator | None) -> tuple[Tensor, States]:
        """Lead a sequence through recurrent layers; return the hidden states of the last, and all final states."""
        after: States = []
        for number, layer in enumerate(layers):
            h = self._drop(h, self.shares[number - 1], draws) if number else h
            before = states[number] if states is not None else None
            if len(self.cell_type.states) == 2:
                h, state = layer(h, before)
            else:
                h, last = layer(h, before[0] if before is not None else None)
                state = (last,)
            after.append(state)
        return h, after

    @staticmethod
    def _drop(h: Tensor, share: float, draws: np.random.Generator | None) -> Tensor:
        """Drop a share of (B, T, H) or (B, H), time step first as
        :class:`lstm_core.learning.manual_backprop.Pass` does.
        """
        if draws is None or not share:
            return h
        there = h.transpose(0, -2)
        return (there * torch.from_numpy(torch_kernels.dropped(there.shape, share, draws))).transpose(0, -2)

    def weights(self) -> Weights:
        """Return a copy of all parameters as plain arrays."""
        return {name: array.copy() for name, array in self.memory.arrays.items()}

    def load_weights(self, weights: Weights) -> None:
        """Take over parameters written by :meth:`weights`."""
        for name, array in self.memory.arrays.items():
            array[...] = weights[name]
