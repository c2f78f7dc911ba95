"""A batch on its way through a network and back, without autograd."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lstm_core.learning import torch_kernels
from lstm_core.learning.network import Network, States
from lstm_core.spec.plan import KERNEL

SHORT = 8       # time steps up to which NumPy also only reads faster than torch

Array = Any
"""An array of NumPy's or a tensor of torch's."""


def learn(network: Network, x: np.ndarray, y: np.ndarray, states: States | None,
          seed: Sequence[int]) -> tuple[float, Tensor, States, Array]:
    """Return the loss of a batch in training and its gradient.

    Args:
        network: a ``direct`` one.
        x: (T, B, F) numbers, or (T, B) symbols, none of them padding.
        y: (B,) or, with an output at every step, (T, B): numbers, or int64 classes.
        states: the state to start from; zeros when not given.
        seed: decides what is dropped.

    Returns:
        the mean squared error, or with classes the mean cross entropy (nats); its gradient with respect to all
        parameters, one after the other; the state after the last step; the outputs, (B, O) or (T, B, O).
    """
    with torch.no_grad():
        there = Pass(network, x, states, seed)
        loss, doutputs = there.loss(y)
        found = there.backward(doutputs)
        parts = [found[name].reshape(-1) for name in network.memory.parameters]
        return loss, torch.as_tensor(there.xp.concatenate(parts)), there.after, there.outputs


def read(network: Network, x: np.ndarray, states: States | None = None) -> tuple[Tensor, States]:
    """Return what a ``direct`` network predicts, without dropout: like its ``forward``, time step first.

    Args:
        network: a ``direct`` one.
        x: (T, B, F) numbers, or (T, B) symbols, none of them padding.
        states: the state to start from; zeros when not given.

    Returns:
        (B,) or with an output at every step (B, T); with classes (B, K) or (B, T, K) scores; and the state after the
        last step.
    """
    with torch.no_grad():
        there = Pass(network, x, states, None)
        y: Tensor = torch.as_tensor(there.outputs)
    y = y.transpose(0, 1) if network.every else y
    return (y if network.io_shape.n_classes else y.squeeze(-1)), there.after


class Pass:
    """A batch on its way through a network and back, the gradients by hand, time step first.

    It does what the network's ``forward`` and the backward pass of autograd do, in half the time or less where the
    network is small. The arrays are NumPy's for a ``small`` network, because NumPy's operations are called fastest, and
    torch's for all others, because torch's compute fastest: ``xp`` is either. Long sequences that are only read are
    read fastest by torch in any case. It learns when there is a ``seed``, which decides what is dropped.
    """

    def __init__(self, network: Network, x: np.ndarray, states: States | None,
                 seed: Sequence[int] | None) -> None:
        self.network, self.seed = network, seed
        self.xp: Any = np if network.small and (seed is not None or len(x) <= SHORT) else torch
        self.weights: dict[str, Array] = dict(network.memory.arrays if self.xp is np else network.memory.tensors)
        self.x = self._own(x)                                                           # (T, B, F) or (T, B)
        self.entered = self._encode()                                                   # (T, B, E)
        h = self._linear("dense", self.entered) if network.dense is not None else self.entered
        self.read: list[torch_kernels.Read] = []
        self.masks: list[Array | None] = []
        for number, share in enumerate(network.shares):
            h = self._through(number, share, h, states)
        self.after: States = [tuple(torch.as_tensor(part)[None] for part in read.after) for read in self.read]
        self.below = self.top = h                                                       # (T, B, H) or (B, H)
        if network.after is not None:
            self.top = self._linear("after", h)
            self.top *= self.top > 0
        self.features = self.top
        if network.conv is not None:
            self.features = torch.cat([self.top, self._convolve()], -1)     # (B, H + C * (T // 2))
        self.outputs = self._linear("head", self.features)                              # (T, B, O) or (B, O)

    def _own(self, part: np.ndarray | Tensor) -> Array:
        """Return an array as one of the library that this network uses, in the same memory."""
        return np.asarray(part) if self.xp is np else torch.as_tensor(part)

    def _encode(self) -> Array:
        if self.network.embedding is not None:
            return self.weights["embedding.weight"][self.x]
        if self.network.io_shape.n_symbols:
            return self.xp.asarray(self.x[..., None] == self.xp.arange(self.network.io_shape.n_symbols),
                                   dtype=self.xp.float32)                               # one-hot
        return self.x

    def _linear(self, name: str, x: Array) -> Array:
        weights, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        y = x @ weights.T
        y += bias           # in place: for long sequences the copy takes longer than the sum
        return y

    def _through(self, number: int, share: float, h: Array, states: States | None) -> Array:
        """Lead the batch through one recurrent layer and its dropout."""
        weights = [self.weights[f"layers.{number}.{name}"] for name in torch_kernels.WEIGHTS]
        if states is not None:
            before = tuple(self._own(state[0]) for state in states[number])
        else:
            zeros = self.xp.zeros((h.shape[1], weights[1].shape[1]), dtype=self.xp.float32)
            before = (zeros,) * len(self.network.cell_type.states)
        self.read.append(torch_kernels.read(self.network.cell, h, weights, before, keep=self.seed is not None))
        h = self.read[-1].h
        if number == len(self.network.shares) - 1 and not self.network.every:
            h = h[-1]                                                                   # the last step alone is used
        mask = self._own(torch_kernels.dropped(h.shape, share, self.rng)) if self.seed is not None and share else None
        self.masks.append(mask)
        return h if mask is None else h * mask

    @cached_property
    def rng(self) -> np.random.Generator:
        """The random numbers of this pass, made only where something is dropped: that takes as long as a time step."""
        assert self.seed is not None
        return torch_kernels.rng(self.seed)

    def _convolve(self) -> Tensor:
        """Return the convolution over the window, pooled in pairs: (B, C * (T // 2)), filter by filter."""
        steps, batch, _ = self.entered.shape
        padded = functional.pad(self.entered.transpose(0, 1), (0, 0, KERNEL // 2, KERNEL // 2))
        self.around = torch.cat([padded[:, shift:shift + steps] for shift in range(KERNEL)], -1).flatten(0, 1)
        kernel = self.weights["conv.weight"].permute(2, 1, 0).flatten(0, 1)                       # (3 * F, C)
        filtered = torch.addmm(self.weights["conv.bias"], self.around, kernel).view(batch, steps, -1)
        left, right = filtered[:, :steps // 2 * 2:2], filtered[:, 1::2]                 # (B, T // 2, C)
        pooled = torch.maximum(left, right)
        self.left = left.ge_(right)         # 1 where the left one of a pair is the larger, else 0
        return pooled.transpose(1, 2).flatten(1)

    def loss(self, y: np.ndarray) -> tuple[float, Array]:
        """Return the mean squared error, or the mean cross entropy of classes, and its gradient like the outputs."""
        targets = self._own(y)
        if not self.network.io_shape.n_classes:
            apart = self.outputs[..., 0] - targets
            return float((apart * apart).mean()), (apart * (2 / y.size))[..., None]
        scores, rows, classes = self.outputs.reshape(y.size, -1), self.xp.arange(y.size), targets.reshape(-1)
        scores = scores - self.xp.amax(scores, 1)[:, None]
        chances = self.xp.exp(scores)
        total = chances.sum(1)
        loss = float((self.xp.log(total) - scores[rows, classes]).mean())
        chances /= total[:, None]
        chances[rows, classes] -= 1
        return loss, (chances / y.size).reshape(self.outputs.shape)

    # -- back ------------------------------------------------------------------------------------------

    def backward(self, doutputs: Array) -> dict[str, Array]:
        """Return the gradients by name, from the gradient with respect to the outputs."""
        network, found = self.network, {}

        def through(name: str, x: Array, d: Array) -> Array:
            """Go back through a linear layer that has read x."""
            flat = d.reshape(-1, d.shape[-1])
            ones = self.xp.ones(len(flat), dtype=self.xp.float32)
            found[f"{name}.weight"], found[f"{name}.bias"] = flat.T @ x.reshape(-1, x.shape[-1]), ones @ flat
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
            if d.ndim < read.h.ndim:
                d, end = self.xp.zeros(read.h.shape, dtype=self.xp.float32), d
                d[-1] = end
            d, gradients = torch_kernels.gradients(read, d)
            found |= {f"layers.{number}.{name}": gradient
                      for name, gradient in zip(torch_kernels.WEIGHTS, gradients, strict=True)}
        if network.dense is not None:
            d = through("dense", self.entered, d)
        if network.embedding is not None:
            found["embedding.weight"] = self._back_to_symbols(d)
        return found

    def _back_to_symbols(self, d: Array) -> Array:
        found = self.xp.zeros(self.weights["embedding.weight"].shape, dtype=self.xp.float32)
        if self.xp is np:
            np.add.at(found, self.x, d)
            return found
        return found.index_add_(0, self.x.flatten(), d.flatten(0, 1))

    def _back_through_convolution(self, d: Tensor, found: dict[str, Array]) -> None:
        steps, batch, features = self.entered.shape
        pooled = d.reshape(batch, -1, steps // 2).transpose(1, 2)                        # (B, T // 2, C)
        filtered = pooled.new_zeros(batch, steps, pooled.shape[-1])
        torch.mul(pooled, self.left, out=filtered[:, :steps // 2 * 2:2])
        torch.sub(pooled, filtered[:, :steps // 2 * 2:2], out=filtered[:, 1::2])
        flat = filtered.flatten(0, 1)
        kernel = self.around.t() @ flat
        found["conv.weight"] = kernel.view(KERNEL, features, -1).permute(2, 1, 0)
        found["conv.bias"] = flat.sum(0)
