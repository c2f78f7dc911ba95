"""The unit that keeps longest: found among others, in each cell that can keep."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core.inside.keeping import keeper
from lstm_core.records import GateTrace, LayerTrace
from lstm_core.spec.cell_types import CELL_TYPES

STEPS = 5


def layer(gates: np.ndarray, memory: np.ndarray, gate: str) -> LayerTrace:
    """A layer of which only the gate that keeps and the memory are known, each (T, H)."""
    nothing = np.zeros_like(memory)
    state = {"f": (nothing, memory), "z": (memory, None)}[gate]
    return LayerTrace(x=nothing, pre={}, gates={gate: gates}, h=state[0], c=state[1], h0=nothing[0],
                      c0=None if state[1] is None else nothing[0])


def held(gates: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """The memory (T, H) of units that take this in and keep so much of what they have."""
    memory = np.zeros_like(taken)
    for step in range(len(taken)):
        memory[step] = taken[step] + (gates[step] * memory[step - 1] if step else 0)
    return memory


@pytest.mark.parametrize(("cell", "gate"), [("lstm", "f"), ("gru", "z")])
def test_it_is_the_unit_that_still_has_what_it_took_in(cell: str, gate: str) -> None:
    gates = np.column_stack([np.full(STEPS, 0.5), np.full(STEPS, 0.9), np.full(STEPS, 0.999)])
    taken = np.zeros((STEPS, 3))
    taken[0, 0], taken[1, 1], taken[0, 2] = 1.0, 0.8, 0.001      # forgotten; kept; kept best, but next to nothing
    found = keeper(CELL_TYPES[cell], GateTrace((layer(gates, held(gates, taken), gate),), np.zeros((STEPS, 1))))
    assert found is not None
    assert (found.layer, found.unit, found.step, found.steps) == (0, 1, 1, 3)
    assert found.share == pytest.approx(0.9**3)


def test_what_comes_at_the_end_has_not_been_kept() -> None:
    gates, taken = np.full((STEPS, 2), 0.9), np.zeros((STEPS, 2))
    taken[0, 0], taken[-1, 1] = 0.1, 100.0
    found = keeper(CELL_TYPES["lstm"], GateTrace((layer(gates, held(gates, taken), "f"),), np.zeros((STEPS, 1))))
    assert found is not None
    assert (found.unit, found.step) == (0, 0)


def test_the_layer_that_keeps_more_is_found() -> None:
    little, much = np.full((STEPS, 1), 0.1), np.full((STEPS, 1), 0.9)
    taken = np.eye(STEPS, 1)
    layers = tuple(layer(gates, held(gates, taken), "f") for gates in (little, much))
    found = keeper(CELL_TYPES["lstm"], GateTrace(layers, np.zeros((STEPS, 1))))
    assert found is not None
    assert found.layer == 1


def test_a_plain_rnn_and_a_diverged_network_keep_nothing() -> None:
    gates = np.full((STEPS, 1), np.nan)
    diverged = GateTrace((layer(gates, gates, "f"),), np.zeros((STEPS, 1)))
    assert keeper(CELL_TYPES["lstm"], diverged) is None
    assert keeper(CELL_TYPES["rnn"], diverged) is None
