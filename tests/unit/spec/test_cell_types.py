"""The records of the cells: each is whole, and every place with something of its own for a cell knows all of them."""

import re
from pathlib import Path
from typing import get_args

import pytest

import lstm_core
from lstm_core.cells.equations import BACK, STEP
from lstm_core.charts.gates import KINDS, heading
from lstm_core.charts.palette import GATES
from lstm_core.learning.network import CELLS
from lstm_core.spec import RunSpec
from lstm_core.spec.cell_types import CELL_TYPES, SQUASHING, CellKey
from lstm_core.spec.sweep import allowed
from lstm_core.ui.widgets.cell_text import CELL_TEXT

SHAPES = Path(lstm_core.__file__).parent / "ui" / "static" / "cell" / "shapes.js"


def test_every_place_knows_every_cell() -> None:
    keys = list(get_args(CellKey))
    assert list(CELL_TYPES) == keys
    for table in (STEP, BACK, CELLS, CELL_TEXT):
        assert list(table) == keys
    drawn = re.search(r"export const SHAPES = {(.*?)};", SHAPES.read_text(encoding="utf-8"))
    assert drawn is not None
    assert {name.strip() for name in drawn[1].split(",")} == set(keys)


@pytest.mark.parametrize("key", get_args(CellKey))
def test_a_record_is_whole(key: CellKey) -> None:
    cell = CELL_TYPES[key]
    assert sorted(cell.stacked) == sorted(cell.gates)
    assert next(iter(cell.states)) == "h"
    for name in cell.names:
        assert name in GATES
        assert name in KINDS
        assert heading(name)
    factors = {factor for products in cell.states.values() for product in products for factor in product}
    names = {factor.removeprefix("tanh ").removeprefix("1-").removesuffix("0") for factor in factors}
    assert names <= {*cell.names}
    assert all(SQUASHING[gate] == function for gate, function in cell.gates.items())
    assert bool(CELL_TEXT[key].carried) == (cell.carry_gate is not None)


@pytest.mark.parametrize("key", get_args(CellKey))
def test_only_a_forget_gate_has_a_bias_to_choose(key: CellKey) -> None:
    spec = RunSpec().change(cell=key)
    assert ({"forget_bias", "chrono"} <= set(allowed(spec))) == (key == "lstm")


def test_what_a_record_says_of_its_memory() -> None:
    said = {key: (cell.memory, cell.carry_gate, cell.unbounded, cell.forget_gate) for key, cell in CELL_TYPES.items()}
    assert said["rnn"] == ("h", None, False, False)
    assert said["gru"] == ("h", "z", False, False)
    assert said["lstm"] == ("c", "f", True, True)
    assert said["lstm97"] == ("c", "", True, False)
