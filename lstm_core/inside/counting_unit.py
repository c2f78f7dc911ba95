"""Which unit of a network goes along with something that is counted while it reads, and how its state moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.records import GateTrace, LayerTrace


@dataclass(frozen=True)
class CountingUnit:
    """The unit whose state goes along with a count most."""

    layer: int                  # counted from 0, as is the unit
    unit: int
    correlation: float          # of its state with the count, over the time steps
    up: float                   # mean change of its state at a step at which the count rises by one; nan: it never does
    down: float                 # the same where the count falls


def memory(layer: LayerTrace) -> tuple[np.ndarray, np.ndarray]:
    """Return what a layer remembers after each step (T, H), and before the first (H,).

    That is the cell state of an LSTM, and the hidden state of a cell that has no other.
    """
    return (layer.h, layer.h0) if layer.c is None or layer.c0 is None else (layer.c, layer.c0)


def correlations(states: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return the correlation of each state (T, H) with a count (T,): (H,); 0 for a state that never moves."""
    moved, scored_mask = states - states.mean(axis=0), count - count.mean()
    sizes = np.sqrt((moved**2).sum(axis=0) * (scored_mask**2).sum())
    found: np.ndarray = np.divide(scored_mask @ moved, sizes, out=np.zeros(states.shape[1]), where=sizes > 0)
    return found


def follower(trace: GateTrace, count: np.ndarray) -> CountingUnit:
    """Return the unit of all layers that goes along with a count (T,), upwards or downwards, more than any other."""
    found = [correlations(memory(layer)[0], count) for layer in trace.layers]
    layer = int(np.argmax([np.abs(each).max() for each in found]))
    unit = int(np.abs(found[layer]).argmax())
    states, before = memory(trace.layers[layer])
    changes, steps = np.diff(states[:, unit], prepend=before[unit]), np.diff(count, prepend=0)
    up, down = (float(changes[steps == way].mean()) if (steps == way).any() else np.nan for way in (1, -1))
    return CountingUnit(layer, unit, float(found[layer][unit]), up, down)
