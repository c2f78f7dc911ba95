"""The recurrent cells: one record of facts for each, which everything else asks.

What a record cannot say stands in few other places: its equations in :mod:`lstm_core.cells.equations`, how torch
learns it in :mod:`lstm_core.learning.network`, its drawing in ``ui/static/cell/shapes.js``, its sentences in
:mod:`lstm_core.ui.widgets.cell_text`, those of its drawing in :mod:`lstm_core.ui.cell.element_text`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from lstm_core.i18n import gettext_noop as N_

CellKey = Literal["rnn", "gru", "lstm", "lstm97"]
"""What a cell is called in a spec, an address and a stored run."""

Squashing = Literal["sigmoid", "tanh"]

Product = tuple[str, ...]
"""What is multiplied, each factor by name: a gate ``f``; a state before the step ``c0``; ``tanh c`` and ``1-z`` of what
lies at c and z."""


@dataclass(frozen=True, kw_only=True)
class CellType:
    """What one kind of recurrent cell is made of."""

    name: str                               # what it is called in the interface, to be translated
    gates: dict[str, Squashing]             # in the order in which they are shown; an RNN's only one is h itself
    stacked: tuple[str, ...]                # the same gates in the order in which torch stacks their weights
    states: dict[str, tuple[Product, ...]]  # what goes on to the next step, h first: the products that it adds up;
                                            # none: the state is a gate
    summary: tuple[str, ...] = ()           # gates that a small picture shows: what writes, and what keeps
    reset: tuple[str, str] | None = None    # (r, n): gate r multiplies U h(t-1) + b_h in the sum of n, which thus has
                                            # two biases; all other gates have one, the sum of torch's two

    @property
    def blocks(self) -> int:
        """Return the blocks of weights: each takes the input and the previous hidden state to H sums."""
        return len(self.gates)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the gates and states, each once."""
        return tuple(dict.fromkeys((*self.gates, *self.states)))

    @property
    def inner_gates(self) -> tuple[str, ...]:
        """Return the gates that are not a state as well."""
        return tuple(gate for gate in self.gates if gate not in self.states)

    @property
    def memory(self) -> str:
        """Return the state that carries the memory: c where there is one, else h."""
        return tuple(self.states)[-1]

    @property
    def unbounded(self) -> bool:
        """Tell whether the memory can grow beyond 1: a cell state can, while a hidden state is squashed."""
        return self.memory != "h"

    @property
    def carry_gate(self) -> str | None:
        """Return the gate that multiplies the old memory, "" where it is carried on whole, None where it is not."""
        before = f"{self.memory}0"
        found = (product for product in self.states[self.memory] if before in product)
        return next(("".join(factor for factor in product if factor != before) for product in found), None)

    @property
    def forget_gate(self) -> bool:
        """Tell whether there is a forget gate, whose bias is chosen, or drawn by the chrono initialisation."""
        return "f" in self.gates


CELL_TYPES: Final[dict[str, CellType]] = {
    "rnn": CellType(name="RNN", gates={"h": "tanh"}, stacked=("h",), states={"h": ()}),
    "gru": CellType(
        name="GRU", gates={"r": "sigmoid", "z": "sigmoid", "n": "tanh"}, stacked=("r", "z", "n"),
        summary=("z", "r"), states={"h": (("1-z", "n"), ("z", "h0"))}, reset=("r", "n")),
    "lstm": CellType(
        name="LSTM", gates={"f": "sigmoid", "i": "sigmoid", "g": "tanh", "o": "sigmoid"},
        stacked=("i", "f", "g", "o"), summary=("i", "f"),
        states={"h": (("o", "tanh c"),), "c": (("f", "c0"), ("i", "g"))}),
    "lstm97": CellType(
        name=N_("LSTM 1997"), gates={"i": "sigmoid", "g": "tanh", "o": "sigmoid"}, stacked=("i", "g", "o"),
        summary=("i",), states={"h": (("o", "tanh c"),), "c": (("c0",), ("i", "g"))}),
}

SQUASHING: Final[dict[str, Squashing]] = {
    gate: function for cell in CELL_TYPES.values() for gate, function in cell.gates.items()}
"""The function of every gate that some cell has, which is the same in all cells."""
