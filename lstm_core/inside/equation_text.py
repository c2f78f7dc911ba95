"""How a cell's equations are written: in symbols, and as the lines of code that compute them."""

from __future__ import annotations

import inspect
from textwrap import dedent

from lstm_core.cells.equations import STEP
from lstm_core.errors import unknown
from lstm_core.spec.cell_types import CELL_TYPES, CellType


def source(cell: str, name: str) -> str:
    """Return the lines of ``equations.py`` that compute a gate or state of the cell, the equation above them.

    Raises:
        Refusal: the cell is not known, or has no such gate or state.
    """
    if cell not in STEP:
        raise unknown("cell", cell, STEP)
    kind = CELL_TYPES[cell]
    if name not in kind.names:
        raise unknown("gate or state", name, kind.names)
    lines = inspect.getsource(STEP[cell]).splitlines()
    begins = [number for number, line in enumerate(lines) if line.lstrip().startswith("#")]
    ends = [*begins[1:], next(number for number, line in enumerate(lines) if line.lstrip().startswith("return"))]
    blocks = [dedent("\n".join(lines[begin:end])) for begin, end in zip(begins, ends, strict=True)]
    target = f"\nnew_{name} = " if name in kind.states else f"\n{name} = "
    return next(block for block in blocks if target in block)


def in_symbols(cell: CellType) -> dict[str, str]:
    """Return every equation of a cell in symbols, by the gate or state it gives; "u" is the GRU's U_n h(t-1) + b_h."""
    only = len(cell.gates) == 1
    found = {}
    for gate, function in cell.gates.items():
        sign, low = {"sigmoid": "σ", "tanh": "tanh"}[function], "" if only else _LOWERED.get(gate, f"_{gate}")
        past = f"U{low} h(t−1) + b{low}"
        if cell.reset is not None and gate == cell.reset[1]:
            found["u"], past = f"u = U{low} h(t−1) + b_h", f"b{low} + {cell.reset[0]} · u"
        found[gate] = f"{gate}(t) = {sign}(W{low} x(t) + {past})"
    for state, products in cell.states.items():
        if products:
            terms = (" · ".join(_symbol(factor) for factor in product) for product in products)
            found[state] = f"{state}(t) = {' + '.join(terms)}"
    return found


_LOWERED = {"n": "ₙ"}               # the only one of the gates' letters that has a subscript of its own


def _symbol(factor: str) -> str:
    if factor.startswith("tanh "):
        return f"{factor}(t)"
    if factor.startswith("1-"):
        return f"(1 − {factor.removeprefix('1-')})"
    return f"{factor.removesuffix('0')}(t−1)" if factor.endswith("0") else factor
