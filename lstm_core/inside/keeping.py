"""Which unit of a network holds something for longest while it reads one sequence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.records import GateTrace
from lstm_core.spec.cell_types import CellType


@dataclass(frozen=True)
class Keeper:
    """A unit, the time step at which it takes something in, and what it still has of that at the end."""

    layer: int                  # counted from 0, as are unit and step
    unit: int
    step: int
    steps: int                  # time steps that follow
    share: float                # of what was taken in there, left after them: the product of the gates that keep


@np.errstate(invalid="ignore", divide="ignore", over="ignore")      # a diverged network; a gate that is closed to 0
def keeper(cell: CellType, trace: GateTrace) -> Keeper | None:
    """Return the unit that keeps most for longest; None in a cell without a way to keep, or without numbers.

    What a unit takes in at a step is the change of its memory that is not forgetting. Of all units and steps it is the
    one where most of that is left at the end, each counted as often as steps follow it.
    """
    gate, best, most = cell.carry_gate, None, 0.0
    if gate is None:
        return None
    for number, layer in enumerate(trace.layers):
        memory, start = (layer.h, layer.h0) if layer.c is None or layer.c0 is None else (layer.c, layer.c0)
        carried = layer.gates[gate] if gate else np.ones_like(memory)                   # (T, H)
        taken = np.abs(memory - carried * np.vstack([start, memory[:-1]]))
        logs = np.cumsum(np.log(carried), axis=0)
        left = np.exp(logs[-1] - logs)
        follow = np.arange(len(memory))[::-1]
        lasting = np.nan_to_num(taken * left * follow[:, np.newaxis])
        step, unit = (int(place) for place in np.unravel_index(lasting.argmax(), lasting.shape))
        if lasting[step, unit] > most:
            most = float(lasting[step, unit])
            best = Keeper(number, unit, step, int(follow[step]), float(left[step, unit]))
    return best
