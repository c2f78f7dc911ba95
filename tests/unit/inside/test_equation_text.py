"""Equations as they are written: the symbols, and the lines that are shown as those that computed a number."""

import numpy as np
import pytest

from lstm_core.cells import gate_weights, sigmoid, trace
from lstm_core.cells.equations import untouched
from lstm_core.errors import Refusal
from lstm_core.inside.equation_text import in_symbols, source
from lstm_core.spec.cell_types import CELL_TYPES
from tests.unit.cells.networks import CELLS, make


@pytest.mark.parametrize("cell", CELLS)
def test_the_lines_shown_are_the_lines_that_computed_it(cell: str) -> None:
    case = make(cell, (4, 3))
    inside = trace(case.model, case.weights, case.x[0]).layers[1]
    kind = CELL_TYPES[cell]
    states = [inside.h] if inside.c is None else [inside.h, inside.c]
    known = {"w": gate_weights(cell, case.weights, 1), "np": np, "sigmoid": sigmoid, "clamp": untouched,
             "x": inside.x[2], **{name: values[1] for name, values in zip(kind.states, states, strict=True)}}
    for name in sorted(kind.names, key=lambda name: "rzfigonch".index(name)):
        lines = source(cell, name)
        assert lines.startswith("# ")
        assert "return" not in lines
        assert len(lines.splitlines()) <= 3
        exec(lines, known)
    np.testing.assert_array_equal(known["new_h"], inside.h[2])
    for gate in kind.inner_gates:
        np.testing.assert_array_equal(known[gate], inside.gates[gate][2])


def test_unknown_lines_are_refused() -> None:
    with pytest.raises(Refusal, match=r"gate or state 'c' is not known\. Allowed: r, z, n, h"):
        source("gru", "c")
    with pytest.raises(Refusal, match="cell 'lstn' is not known"):
        source("lstn", "f")


def test_the_equations_in_symbols() -> None:
    assert in_symbols(CELL_TYPES["rnn"]) == {"h": "h(t) = tanh(W x(t) + U h(t−1) + b)"}
    gru, lstm = in_symbols(CELL_TYPES["gru"]), in_symbols(CELL_TYPES["lstm"])
    assert gru["z"] == "z(t) = σ(W_z x(t) + U_z h(t−1) + b_z)"
    assert (gru["u"], gru["n"]) == ("u = Uₙ h(t−1) + b_h", "n(t) = tanh(Wₙ x(t) + bₙ + r · u)")
    assert gru["h"] == "h(t) = (1 − z) · n + z · h(t−1)"
    assert lstm["g"] == "g(t) = tanh(W_g x(t) + U_g h(t−1) + b_g)"
    assert (lstm["c"], lstm["h"]) == ("c(t) = f · c(t−1) + i · g", "h(t) = o · tanh c(t)")
    assert in_symbols(CELL_TYPES["lstm97"])["c"] == "c(t) = c(t−1) + i · g"
