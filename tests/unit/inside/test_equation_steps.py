"""The equations of a cell one thing at a time: all of them, each after what it needs."""

import numpy as np
import pytest

from lstm_core.cells import trace
from lstm_core.inside.by_hand import work_out
from lstm_core.inside.equation_steps import EquationStep, equation_steps
from lstm_core.spec.cell_types import CELL_TYPES
from tests.browser.parts import networks


def test_an_lstm_keeps_as_soon_as_it_knows_how_much_and_shows_in_the_end() -> None:
    assert [(step.kind, step.name) for step in equation_steps(CELL_TYPES["lstm"])] == [
        ("sum", "f"), ("squash", "f"), ("keep", "c"), ("sum", "i"), ("squash", "i"), ("sum", "g"), ("squash", "g"),
        ("write", "c"), ("sum", "o"), ("squash", "o"), ("show", "h")]


def test_a_gru_keeps_and_writes_in_its_hidden_state() -> None:
    assert [(step.kind, step.name) for step in equation_steps(CELL_TYPES["gru"])] == [
        ("sum", "r"), ("squash", "r"), ("sum", "z"), ("squash", "z"), ("keep", "h"), ("sum", "u"), ("sum", "n"),
        ("squash", "n"), ("write", "h")]


def test_without_a_forget_gate_the_memory_is_kept_at_once_and_an_rnn_keeps_nothing() -> None:
    assert equation_steps(CELL_TYPES["lstm97"])[0] == EquationStep("keep", "c", 0)
    assert [step.kind for step in equation_steps(CELL_TYPES["rnn"])] == ["sum", "squash"]


@pytest.mark.parametrize("cell", CELL_TYPES)
def test_every_product_of_every_state_is_told_once_and_found_in_the_equations(cell: str) -> None:
    model, weights = networks.MODELS[cell], networks.weights(cell, 3000)
    equations = {equation.name: equation for equation in work_out(
        model, weights, trace(model, weights, networks.x(cell)), layer=0, unit=0, step=3)}
    steps = equation_steps(CELL_TYPES[cell])
    assert {step.name for step in steps} == set(equations)
    products = [step for step in steps if step.kind in ("keep", "write", "show")]
    assert sorted((step.name, step.term) for step in products) == sorted(
        (name, term) for name, of in CELL_TYPES[cell].states.items() for term in range(len(of)))
    for state, terms in ((name, equations[name].parts[0].terms) for name, of in CELL_TYPES[cell].states.items() if of):
        told = sum(terms[step.term].value for step in products if step.name == state)
        assert np.isclose(told, equations[state].result.value)
