"""In which order the equations of a cell are told one at a time: sum, squash, keep, write, show."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from lstm_core.spec.cell_types import CellType

StepKind = Literal["sum", "squash", "keep", "write", "show"]


class EquationStep(NamedTuple):
    """One thing that happens in an equation."""

    kind: StepKind
    name: str                   # of the equation, as :class:`lstm_core.inside.by_hand.Equation` has it
    term: int = 0               # of a state's products: which one


def equation_steps(cell: CellType) -> list[EquationStep]:
    """Return what happens in a cell, each product of a state told as soon as its gates are known.

    A gate is a sum and a squashing. Of a state's products the one with the state before it is what is kept, another
    one what is written; a product alone is what is shown.
    """
    return list(_steps(cell))


def _steps(cell: CellType) -> Iterator[EquationStep]:
    known: set[str] = set()
    told: set[tuple[str, int]] = set()

    def ready() -> Iterator[EquationStep]:
        for state, products in reversed(cell.states.items()):       # the cell state is there before it is shown
            for number, product in enumerate(products):
                gates = {factor.removeprefix("1-") for factor in product}.intersection(cell.gates)
                if (state, number) not in told and gates <= known:
                    told.add((state, number))
                    kind: StepKind = ("show" if len(products) == 1 else "keep" if f"{state}0" in product else "write")
                    yield EquationStep(kind, state, number)

    yield from ready()
    for gate in cell.gates:
        if cell.reset is not None and gate == cell.reset[1]:
            yield EquationStep("sum", "u")
        yield EquationStep("sum", gate)
        yield EquationStep("squash", gate)
        known.add(gate)
        yield from ready()
