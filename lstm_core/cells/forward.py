"""A whole network reads a sequence: what every gate does at every time step, and what comes out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from lstm_core.cells.equations import STEP, Clamp, State, Step, gate_weights, untouched
from lstm_core.cells.head import linear, read_out
from lstm_core.errors import Refusal
from lstm_core.records import GateTrace, LayerTrace, Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import START

Clamps = Callable[[int, int], Clamp]
"""Given a time step and a layer returns what is clamped there."""


def free(_step: int, _layer: int) -> Clamp:
    """Return the clamp of a network that nobody takes hold of."""
    return untouched


@np.errstate(invalid="ignore")      # a diverged run holds nan and inf: they are passed on, to be seen
def trace(model: ModelSpec, weights: Weights, x: np.ndarray, states: Sequence[State] | None = None,
          clamps: Clamps = free) -> GateTrace:
    """Return everything inside the network while it reads one sequence, as in evaluation (nothing is dropped out).

    Args:
        model: the network.
        weights: its parameters.
        x: (T, F) numbers, already scaled, or (T,) letter ids.
        states: for each recurrent layer the state before the first step; zeros when not given.
        clamps: what takes hold of gates and states; the gates it returns are those of the trace, the sums stay as
            they were computed.

    Raises:
        Refusal: the sequence or the states do not fit the network.
    """
    x = checked(weights, x)
    layers = tuple(_layer_trace(steps) for steps in steps_by_layer(model, weights, x, states, clamps))
    output = np.where(answers(weights, x)[:, np.newaxis], read_out(weights, layers[-1].h, x), np.nan)
    return GateTrace(layers, output, switch(weights, x))


def _layer_trace(steps: Sequence[Step]) -> LayerTrace:
    first = steps[0]
    after = [np.stack(values) for values in zip(*(step.after for step in steps), strict=True)]
    return LayerTrace(
        x=np.stack([step.x for step in steps]),
        pre={gate: np.stack([step.pre[gate] for step in steps]) for gate in first.pre},
        gates={gate: np.stack([step.gates[gate] for step in steps]) for gate in first.gates},
        h=after[0], c=after[1] if len(after) == 2 else None,
        h0=first.before[0], c0=first.before[1] if len(after) == 2 else None,
    )


@np.errstate(invalid="ignore")      # as for trace
def predict(model: ModelSpec, weights: Weights, x: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
    """Return the network's output for B sequences: (B, O) at the last, or (B, T, O) at every time step.

    With a decoder the outputs are those of its own steps.

    Args:
        model: the network.
        weights: its parameters.
        x: (B, T, F) numbers, already scaled, or (B, T) symbols.
        lengths: (B,) steps of each sequence, where some are padded at their end; all T when not given.

    Raises:
        Refusal: the sequences do not fit the network.
    """
    x = np.moveaxis(checked(weights, x, batch=True), 1, 0)              # (B, T, F) -> (T, B, F)
    tops = (steps[-1].after[0] for steps in run(model, weights, x, None))   # h(t) of the last layer
    if model.output == "every":
        own = list(tops)[switch(weights, x):]
        return np.moveaxis(read_out(weights, np.stack(own), x), 0, 1)
    last = next(tops)                                                   # no earlier step is kept: they are large
    for t, top in enumerate(tops, start=1):
        last = top if lengths is None else np.where((t < lengths)[:, np.newaxis], top, last)
    output: np.ndarray = read_out(weights, last[np.newaxis], x)[0]
    return output


def run(model: ModelSpec, weights: Weights, x: np.ndarray, states: Sequence[State] | None,
        clamps: Clamps = free) -> Iterator[list[Step]]:
    """Read x (T, ...) and yield at every time step what each layer, from the first to the last, computes."""
    begins = switch(weights, x)
    state = _start(model, states)
    for t, x_t in enumerate(x):
        if t in (0, begins):
            layers = [gate_weights(model.cell, weights, number, stage_at(t, begins))
                      for number in range(len(model.layers))]
        signal = enter(weights, x_t)
        steps = []
        for number, w in enumerate(layers):
            step = STEP[model.cell](w, signal, *state[number], clamps(t, number))
            signal, state[number] = step.after[0], step.after
            steps.append(step)
        yield steps


def steps_by_layer(model: ModelSpec, weights: Weights, x: np.ndarray, states: Sequence[State] | None = None,
                   clamps: Clamps = free) -> list[tuple[Step, ...]]:
    """Read x (T, ...) and return the T steps of each layer, from the first to the last."""
    return list(zip(*run(model, weights, x, states, clamps), strict=True))


def _start(model: ModelSpec, states: Sequence[State] | None) -> list[State]:
    """Return the state of every layer before the first step."""
    names = model.cell_type.states
    if states is None:
        return [tuple(np.zeros(layer.hidden) for _ in names) for layer in model.layers]
    allowed = [((layer.hidden,),) * len(names) for layer in model.layers]
    received = [tuple(np.shape(values) for values in state) for state in states]
    if received != allowed:
        raise Refusal("The initial states must have the shapes {allowed}, layer by layer; received {received}.",
                      allowed=allowed, received=received)
    return [tuple(np.asarray(values, np.float64) for values in state) for state in states]


def switch(weights: Weights, x: np.ndarray) -> int:
    """Return the step of x (T, ...) at which a decoder takes over, which is where it is told to start; 0 without one.

    Raises:
        Refusal: there is a decoder, but nothing tells it to start.
    """
    if "decoder.0.weight_ih_l0" not in weights:
        return 0
    found = np.flatnonzero((x == START).reshape(len(x), -1).all(axis=1))
    if not len(found):
        raise Refusal("An encoder and a decoder read what is given up to the start sign, and answer after it; received "
                      "a sequence without a start sign.")
    if not found[0]:
        raise Refusal("An encoder needs at least one time step before the start sign; received none.")
    return int(found[0])


def answers(weights: Weights, x: np.ndarray) -> np.ndarray:
    """Mark the steps of x (T, ...) after which there is an output: (T,) bool.

    An encoder says nothing, and a convolution has read the whole sequence, so that with one only the last step counts.
    """
    first = len(x) - 1 if "conv.weight" in weights else switch(weights, x)
    marked: np.ndarray = np.arange(len(x)) >= first
    return marked


def stage_at(step: int, switch: int) -> str:
    """Return what reads at a time step: "decoder" from the step at which it takes over, "layers" else."""
    return "decoder" if 0 < switch <= step else "layers"


def spans(switch: int) -> dict[str, slice]:
    """Return which time steps each stage reads, in the order of time."""
    return {"layers": slice(switch), "decoder": slice(switch, None)} if switch else {"layers": slice(None)}


def place(name: str, value: object, count: int) -> int:
    """Return a place counted from 0 among so many; anything else is refused."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or not 0 <= value < count:
        raise Refusal("{name} must be a whole number from 0 to {last}; received {value!r}.",
                      name=name, last=count - 1, value=value)
    return int(value)


def enter(weights: Weights, x: np.ndarray) -> np.ndarray:
    """Return what the first recurrent layer receives for numbers (..., F) or letter ids (...)."""
    x = encode(weights, x)
    return linear(weights, "dense", x) if "dense.weight" in weights else x


def encode(weights: Weights, x: np.ndarray) -> np.ndarray:
    """Return letter ids (...) as embedding (..., E) or one-hot (..., K), and numbers (..., F) as they are."""
    if not np.issubdtype(x.dtype, np.integer):
        return x
    if "embedding.weight" in weights:
        return np.asarray(weights["embedding.weight"][x], np.float64)
    return np.asarray(x[..., np.newaxis] == np.arange(width(weights)), np.float64)


def width(weights: Weights) -> int:
    """Return the size of the alphabet, or how many numbers enter at every time step."""
    if "embedding.weight" in weights:
        return len(weights["embedding.weight"])
    first = "dense.weight" if "dense.weight" in weights else "layers.0.weight_ih_l0"
    return int(weights[first].shape[1])


def checked(weights: Weights, x: np.ndarray, *, batch: bool = False) -> np.ndarray:
    """Return the input as :func:`run` reads it: letter ids as integers, numbers as float64.

    Args:
        weights: the network's parameters.
        x: (T, F) numbers or (T,) letter ids, in a batch (B, T, F) or (B, T).
        batch: whether x is a batch.

    Raises:
        Refusal: the input does not fit the network.
    """
    letters, allowed = x.ndim == 1 + batch, width(weights)
    if not letters and x.ndim != 2 + batch:
        raise Refusal("The input must have {letters} axes when it is letters and {numbers} when it is numbers; "
                      "received the shape {received}.", letters=1 + batch, numbers=2 + batch, received=x.shape)
    if x.shape[int(batch)] == 0:
        raise Refusal("A sequence needs at least one time step; received none.")
    if letters:
        if not np.issubdtype(x.dtype, np.integer) or np.any((x < 0) | (x >= allowed)):
            raise Refusal("Letters enter the network as whole numbers from 0 to {last}; received {received}.",
                          last=allowed - 1, received=np.unique(x).tolist())
        return x
    if "embedding.weight" in weights:
        raise Refusal("The network embeds letters and reads one at every time step; received numbers of shape "
                      "{received}.", received=x.shape)
    if x.shape[-1] != allowed:
        raise Refusal("The network reads {allowed} numbers at every time step; received {received}.",
                      allowed=allowed, received=x.shape[-1])
    return np.asarray(x, np.float64)
