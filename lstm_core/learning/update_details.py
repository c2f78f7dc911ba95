"""What one update did, in numbers that a person can follow: forward, loss, backward, step."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lstm_core.data import Dataset
from lstm_core.learning.network import Network
from lstm_core.records import LayerUpdate, UpdateDetails, WeightUpdate
from lstm_core.spec.io import IGNORED

Array = Any
"""An array of NumPy's or a tensor of torch's."""


def explain(network: Network, prepared: Dataset, outputs: Array, y: np.ndarray, *, update: int, loss: float,
            rate: float, before: Tensor, gradient: Tensor, clipped: Tensor) -> UpdateDetails:
    """Return what an update did that has just been done.

    Args:
        network: with the weights after it.
        prepared: what it learns.
        outputs: (B, O) or (T, B, O) of the forward pass; with classes their scores.
        y: (B,) or (T, B) targets.
        update: its number, from 1.
        loss: of the batch.
        rate: learning rate.
        before: all weights before it, one after the other, like the next two.
        gradient: before clipping.
        clipped: the gradient as it was used.
    """
    said, targets = np.asarray(outputs)[..., 0, :].reshape(-1, outputs.shape[-1]), y[..., 0].reshape(-1)
    answer = int(np.flatnonzero(targets != IGNORED)[-1]) if prepared.classes else len(targets) - 1
    predicted, actual, error = _judged(prepared, said[answer], targets[answer])
    return UpdateDetails(
        update=update, samples=y.shape[-1], targets=int((y != IGNORED).sum()) if prepared.classes else y.size,
        answer=answer, answers=len(targets), predicted=predicted, actual=actual, error=error, loss=loss,
        gradient=float(torch.linalg.vector_norm(gradient)), clipped=float(torch.linalg.vector_norm(clipped)), rate=rate,
        layers=_layers(network, before, gradient), largest=_largest(network, before, clipped))


def change(before: Tensor, after: Tensor) -> np.ndarray:
    """Return what must be added to weights, (n,) float64.

    In float32 it would be rounded; in float64 the sum is the new weight to the last bit, unless that is less than
    2^-28 of the old one.
    """
    difference: np.ndarray = after.numpy().astype(np.float64) - before.numpy()
    return difference


def _judged(prepared: Dataset, said: np.ndarray, target: Any) -> tuple[float, float, float]:
    """Return prediction and real value as a person reads them, and what this answer adds to the loss."""
    if prepared.classes:
        scores = said.astype(np.float64) - said.max()
        error = float(np.log(np.exp(scores).sum()) - scores[target])
        return math.exp(-error), float(target), error
    both = prepared.unscale(np.array([said[0], target]))
    return float(both[0]), float(both[1]), (float(said[0]) - float(target))**2


def _layers(network: Network, before: Tensor, gradient: Tensor) -> tuple[LayerUpdate, ...]:
    moved = torch.from_numpy(change(before, network.memory.vector))
    squares: dict[str, np.ndarray] = {}
    for at, vector in enumerate((gradient, before, moved)):
        for name, part in network.memory.split(vector).items():
            squares.setdefault(name.rpartition(".")[0], np.zeros(3))[at] += float(part.double().square().sum())
    return tuple(LayerUpdate(name, *np.sqrt(found).tolist()) for name, found in squares.items())


def _largest(network: Network, before: Tensor, clipped: Tensor) -> WeightUpdate:
    weights = network.memory.vector
    sizes = network.memory.split(torch.from_numpy(np.abs(change(before, weights))))
    name = max(sizes, key=lambda one: float(sizes[one].max()))
    place = tuple(int(at) for at in np.unravel_index(int(sizes[name].argmax()), sizes[name].shape))
    gradient, old, new = (float(network.memory.split(vector)[name][place]) for vector in (clipped, before, weights))
    return WeightUpdate(name, place, gradient, old, new)
