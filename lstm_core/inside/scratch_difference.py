"""How far a cell written out by hand comes apart from torch's: measured in a worker, shown by the server."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.spec.cell_types import CellKey

CELL: CellKey = "lstm"
"""The cell that is written out, in ``learning/scratch_lstm.py``."""


@dataclass(frozen=True)
class Differences:
    """The largest differences over all time steps and units of one sequence (see ``scratch_lstm.difference``)."""

    h: float                    # between the hidden states of both
    c: float                    # between their cell states
    batch: float                # between the sequence read alone and among eight
    forgetful_h: float          # in h, when the cell never uses h(t-1)
    forgetful_output: float     # in the network's output then: scaled, or a share of probability
