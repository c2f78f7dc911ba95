"""How far back in time the loss is felt, and how far back the past is felt in the prediction.

Back-propagation through time (Werbos 1990) as in ``cells.backward``, over many sequences at once. That
a gradient passed back over k steps is multiplied by k Jacobians, and so as a rule vanishes or explodes, was shown by
Hochreiter (1991) and Bengio, Simard & Frasconi (1994). Along the cell state of an LSTM the factor is the forget gate
alone (Gers et al. 2000), along the state of a GRU its update gate z.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_core.cells import predict
from lstm_core.cells.backward import gradients_below, through_time
from lstm_core.cells.equations import Step
from lstm_core.cells.forward import checked, steps_by_layer, switch
from lstm_core.cells.head import predicted, read_out, read_out_back, softmax
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.records import Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import IGNORED


@dataclass(frozen=True, eq=False)
class Sequences:
    """B sequences, and the last answer of each, whose loss is looked at."""

    x: np.ndarray                   # (B, T, F) float32 scaled, or (B, T) symbols; padded at their end
    last: np.ndarray                # (B,) int64 time step of that answer; what follows has no influence on it
    y: np.ndarray                   # (B,) the truth there: scaled numbers, or int64 classes

    @property
    def steps(self) -> int:
        """Return how many time steps there are up to the last answer that comes latest."""
        return int(self.last.max()) + 1


def sequences(data: Dataset, sample_ids: np.ndarray) -> Sequences:
    """Return samples of a dataset with the time step and the truth of their last answer."""
    x, y, lengths = data.x(sample_ids), data.y(sample_ids), data.lengths(sample_ids)
    if y.ndim == 1:
        return Sequences(x, np.full(len(y), x.shape[1] - 1) if lengths is None else lengths - 1, y)
    asked = y != IGNORED if data.classes else np.ones(y.shape, dtype=bool)
    own = y.shape[1] - 1 - asked[:, ::-1].argmax(axis=1)            # with a decoder answers are those of its own steps
    return Sequences(x, own + data.encoder_steps, y[np.arange(len(y)), own])


def middle(values: np.ndarray, given: Sequences) -> np.ndarray:
    """Return the median of values (B, K) over the sequences, as far back as at least half of them reach, (K',).

    nan as soon as one is nan. Further back it would jump from one sequence to the next.
    """
    reached = given.last[:, np.newaxis] >= np.arange(values.shape[1])
    common = int((2 * reached.sum(axis=0) >= len(reached)).sum())
    return np.array([np.median(values[reached[:, back], back]) for back in range(common)])


# -- how far back the loss is felt -------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class GradientReach:
    """What one recurrent layer receives from the loss of the last answer, in B sequences.

    All arrays are (B, K); column k belongs to the time step k before that answer, nan where there is none.
    """

    dh: np.ndarray                  # norm of dL/dh over the units
    dc: np.ndarray | None           # norm of dL/dc, LSTM only
    direct: np.ndarray | None       # what of dL/dc (GRU: dL/dh) comes back through the keeping gate alone: its norm
    kept: np.ndarray | None         # product of that gate over the k steps, geometric mean over the units
    longest: np.ndarray | None      # the same product of the unit in which it is largest


@np.errstate(invalid="ignore", over="ignore")       # a diverged run holds nan and inf: they are passed on, to be seen
def reach(model: ModelSpec, weights: Weights, given: Sequences) -> tuple[GradientReach, ...]:
    """Return for every recurrent layer how far back the loss of each sequence's last answer is felt.

    L is the squared error of the scaled number, or the cross entropy (nats) of the class, of that one answer. dL/dh(t)
    and dL/dc(t) are total derivatives, along all ways. Every sequence begins with a zero state.

    Raises:
        Refusal: the sequences do not fit the network.
    """
    x, steps = _forward(model, weights, given.x[:, :given.steps])
    answered = given.last, np.arange(len(given.y))
    top = _hidden_states(steps[-1])
    arriving = np.zeros_like(top)
    dy = _output_gradient(read_out(weights, top[answered][np.newaxis], x)[0], given.y)
    arriving[answered] = read_out_back(_without_conv(weights, top.shape[-1]), top[answered], x, dy)[0]
    back = given.last - np.arange(given.steps)[:, np.newaxis]       # (K, B): which time step is k before the answer
    found: list[GradientReach] = []
    for layer in through_time(model, weights, steps, switch(weights, x), arriving):
        norms = [_there(_norms(_at(values, back)), back) for values in layer.dstate]            # of (T, B, H)
        direct = kept = longest = None
        if model.cell_type.carry_gate is not None:
            with np.errstate(divide="ignore"):                      # a gate can be 0 after rounding
                logs = np.cumsum(np.log(_carried(model, layer.steps)), axis=0)
            logs = logs[answered] - _at(logs, back)                 # (K, B, H)
            direct = _there(_norms(layer.dstate[-1][answered] * np.exp(logs)), back)
            kept, longest = (_there(np.exp(values), back) for values in (logs.mean(axis=-1), logs.max(axis=-1)))
        found.append(GradientReach(norms[0], norms[1] if len(norms) == 2 else None, direct, kept, longest))
    return tuple(found)


def _carried(model: ModelSpec, steps: Sequence[Step]) -> np.ndarray:
    """Return by what the old memory is multiplied at every time step, (T, B, H): the keeping gate, or 1 throughout."""
    gate = model.cell_type.carry_gate
    return np.stack([step.gates[gate] if gate else np.ones_like(step.after[0]) for step in steps])


def _at(values: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Return of (T, B, H) what stands at the time steps (K, B); before the first one anything, as nobody looks."""
    return np.asarray(values[np.maximum(back, 0), np.arange(back.shape[1])])


def _there(values: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Return (K, B) as (B, K), nan where a sequence has no such time step."""
    return np.where(back >= 0, values, np.nan).T


def _norms(values: np.ndarray) -> np.ndarray:
    """Return the norms of the last axis; what is tiny is not lost when it is squared."""
    largest = np.abs(values).max(axis=-1, keepdims=True)
    scale = np.where(largest > 0, largest, 1.0)
    return np.asarray(np.sqrt(((values / scale) ** 2).sum(axis=-1)) * scale[..., 0])


@np.errstate(invalid="ignore", over="ignore")       # as in reach
def mean_kept(model: ModelSpec, weights: Weights, given: Sequences, layer: int) -> float:
    """Return the mean of a layer's keeping gate over units, sequences and time steps up to the last answer."""
    _x, steps = _forward(model, weights, given.x[:, :given.steps])
    gates = _carried(model, steps[layer])                                         # (T, B, H)
    return float(gates[np.arange(given.steps)[:, np.newaxis] <= given.last].mean())


# -- the gradient of all weights ---------------------------------------------------------------------------


@np.errstate(invalid="ignore", over="ignore")       # as in reach
def gradient_norm(model: ModelSpec, weights: Weights, data: Dataset, sample_ids: np.ndarray) -> float:
    """Return the Euclidean norm of the gradient of a batch's mean loss: what clipping compares with its limit.

    As in evaluation: nothing is dropped out, and every sequence begins with a zero state.

    Raises:
        Refusal: the network has a convolution beside its recurrent layers.
    """
    found = weight_gradients(model, weights, data, sample_ids).values()
    return float(np.sqrt(sum(float((array**2).sum()) for array in found)))


def weight_gradients(model: ModelSpec, weights: Weights, data: Dataset, sample_ids: np.ndarray) -> Weights:
    """Return the gradients of which :func:`gradient_norm` gives the norm, under the names of the weights."""
    if "conv.weight" in weights:
        raise Refusal("The norm of the whole gradient is not computed for a network with a convolution beside its "
                      "recurrent layers.")
    y, lengths = data.y(sample_ids), data.lengths(sample_ids)
    x, steps = _forward(model, weights, data.x(sample_ids))
    begins = switch(weights, x)
    if y.ndim == 1:
        answered = (np.full(len(y), len(x) - 1) if lengths is None else lengths - 1), np.arange(len(y))
    else:
        row, own = np.nonzero(y != IGNORED) if data.classes else (at.ravel() for at in np.indices(y.shape))
        answered, y = (own + begins, row), y[row, own]              # the n answers that count
    top = _hidden_states(steps[-1])
    dy = _output_gradient(read_out(weights, top[answered], x), y) / len(y)
    received, gradients = read_out_back(weights, top[answered], x, dy)
    arriving = np.zeros_like(top)
    arriving[answered] = received
    gradients |= gradients_below(weights, x, through_time(model, weights, steps, begins, arriving))
    return {name: gradients[name] for name in weights}


# -- what both need ----------------------------------------------------------------------------------------


def _forward(model: ModelSpec, weights: Weights, x: np.ndarray) -> tuple[np.ndarray, list[tuple[Step, ...]]]:
    """Return the input with time first, and the steps of every layer."""
    x = np.moveaxis(checked(weights, x, batch=True), 1, 0)          # (B, T, F) -> (T, B, F)
    return x, steps_by_layer(model, weights, x)


def _hidden_states(steps: Sequence[Step]) -> np.ndarray:
    return np.stack([step.after[0] for step in steps])              # (T, B, H)


def _output_gradient(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return dL/d(output), (n, O), of the squared error of a number or of the cross entropy of classes."""
    truth = y[:, np.newaxis]
    dy: np.ndarray = (2 * (outputs - truth) if outputs.shape[-1] == 1           # a number; classes are at least two
                      else softmax(outputs) - (truth == np.arange(outputs.shape[-1])))
    return dy


def _without_conv(weights: Weights, hidden: int) -> Weights:
    """Return the weights without those of a convolution, whose way goes past all states."""
    if "conv.weight" not in weights:
        return weights
    width = len(weights["after.weight"]) if "after.weight" in weights else hidden
    plain = {name: array for name, array in weights.items() if not name.startswith("conv.")}
    return plain | {"head.weight": weights["head.weight"][:, :width]}


# -- how far back the past is felt -------------------------------------------------------------------------


@np.errstate(invalid="ignore", over="ignore")       # as in reach
def nudged(model: ModelSpec, weights: Weights, given: Sequences, back: np.ndarray,
           variants: np.ndarray | Sequence[int]) -> np.ndarray:
    """Return how much the last answer changes when the input so many steps before it is another one.

    Args:
        model: the network.
        weights: its parameters.
        given: B sequences.
        back: (N,) whole numbers: how many steps before the last answer.
        variants: (V, F) what is added to the numbers of that step; or (V,) symbols that take the place of the symbol
            there (those of them that differ from it).

    Returns:
        (B, N) mean over the variants: of the absolute change of the scaled number, or of the share of the probability
        that moves to other classes (total variation). nan where there is no such step, or nothing to be changed: the
        start sign of a decoder.

    Raises:
        Refusal: the sequences or the variants do not fit the network.
    """
    x, variants = given.x[:, :given.steps], np.asarray(variants)
    whole = replace(model, output="last")
    before = predicted(predict(whole, weights, x, given.last + 1))
    at = given.last - np.asarray(back)[:, np.newaxis]                               # (N, B)
    there = (at >= 0) & (at != switch(weights, np.moveaxis(x, 1, 0))) if "decoder.0.bias_hh_l0" in weights else at >= 0
    v, n, row = np.indices((len(variants), *at.shape))                              # (V, N, B)
    old = x[row, np.maximum(at, 0)[n, row]]                                         # (V, N, B, F) or (V, N, B)
    tried = np.broadcast_to(x, (*v.shape, *x.shape[1:])).copy()
    touched = np.nonzero(np.broadcast_to(there, v.shape))
    tried[(*touched, at[touched[1:]])] = (old + variants[v] if x.ndim == 3 else variants[v])[touched]
    lengths = np.broadcast_to(given.last + 1, v.shape).ravel()
    after = predicted(predict(whole, weights, tried.reshape(-1, *x.shape[1:]), lengths)).reshape(*v.shape, -1)
    moved = np.abs(after - before).sum(axis=-1) * (1.0 if after.shape[-1] == 1 else 0.5)
    counts = there & (old != variants[v]) if x.ndim == 2 else np.broadcast_to(there, v.shape)
    with np.errstate(divide="ignore"):
        changes: np.ndarray = np.where(counts, moved, 0).sum(axis=0) / counts.sum(axis=0)
    return changes.T
