"""The equations with numbers put in: right numbers, from the right places, and shown sums that add up."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from decimal import Context, Decimal

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lstm_core.cells import gate_weights, sigmoid, trace
from lstm_core.errors import Refusal
from lstm_core.inside.by_hand import DIGITS, Equation, Number, Sum, Term, rounded, work_out
from lstm_core.inside.interventions import ClampGate, ZeroUnit, apply
from lstm_core.records import LayerTrace
from lstm_core.spec.cell_types import CELL_TYPES
from tests.unit.cells.networks import CELLS, Case, make, networks
from tests.unit.cells.torch_reference import by_hand_torch

EQUATIONS = {"rnn": ["h"], "gru": ["r", "z", "u", "n", "h"], "lstm": ["f", "i", "g", "o", "c", "h"],
             "lstm97": ["i", "g", "o", "c", "h"]}
FUNCTION = {"sigmoid": torch.sigmoid, "tanh": torch.tanh, "": lambda value: value}
many = settings(max_examples=60)
context = Context(prec=400)


def pick(case: Case, data: st.DataObject) -> dict[str, int]:
    layer = data.draw(st.integers(0, len(case.model.layers) - 1))
    return {"layer": layer, "unit": data.draw(st.integers(0, case.model.layers[layer].hidden - 1)),
            "step": data.draw(st.integers(0, case.x.shape[1] - 1)), "k": data.draw(st.integers(1, 6))}


def values_of(part: Sum) -> float:
    return sum(term.value for term in part.terms) + part.rest


@many
@given(networks(0.5, 1.0, 2.0), st.data())
def test_the_numbers_are_those_of_torch(case: Case, data: st.DataObject) -> None:
    at = pick(case, data)
    got = trace(case.model, case.weights, case.x[0])
    equations = {equation.name: equation for equation in work_out(case.model, case.weights, got, **at)}
    assert list(equations) == EQUATIONS[case.model.cell]
    inside, step, unit = got.layers[at["layer"]], at["step"], at["unit"]
    before = tuple(torch.from_numpy(values[step - 1] if step else first)
                   for values, first in ((inside.h, inside.h0), (inside.c, inside.c0)) if values is not None)
    w = {name: torch.from_numpy(array) for name, array in case.weights.items()}
    pre, gates, after = by_hand_torch(case.model.cell, w, at["layer"], torch.from_numpy(inside.x[step]), before)
    close = {"rel": 1e-12, "abs": 1e-12}
    for gate in case.model.cell_type.gates:
        equation = equations[gate]
        assert equation.sum.value == pytest.approx(float(pre[gate][unit]), **close)
        assert sum(values_of(part) for part in equation.parts) == pytest.approx(float(pre[gate][unit]), **close)
        assert equation.value == pytest.approx(float(gates[gate][unit]), **close)
    for name, values in zip(case.model.cell_type.states, after, strict=True):
        assert equations[name].result.value == pytest.approx(float(values[unit]), **close)
    for equation in equations.values():
        assert equation.result.value == equation.value or not equation.clamped
        assert sum(values_of(part) for part in equation.parts) == pytest.approx(equation.sum.value, **close)
        shown = FUNCTION[equation.function](torch.tensor(equation.sum.value, dtype=torch.float64))
        assert float(shown) == pytest.approx(equation.value, **close)
        for part in equation.parts:
            assert values_of(part) == pytest.approx(part.value, **close)


@many
@given(networks(1.0), st.data())
def test_every_number_lies_where_its_source_says(case: Case, data: st.DataObject) -> None:
    at = pick(case, data)
    got = trace(case.model, case.weights, case.x[0])
    inside, w = got.layers[at["layer"]], gate_weights(case.model.cell, case.weights, at["layer"])
    equations = work_out(case.model, case.weights, got, **at)
    for equation in equations:
        for number in numbers(equation):
            there = look_up(number.source, inside, w, at["step"], equations)
            made = {"": there, "tanh": np.tanh(there), "1-": 1 - there}[number.through]
            assert number.value == pytest.approx(made, rel=1e-14)
            assert number.inner == (there if number.through else None)


def numbers(equation: Equation) -> list[Number]:
    factors = [number for part in equation.parts for term in part.terms for number in term.factors]
    return [*factors, *([equation.sum] if equation.function else []), equation.result]


def look_up(place: tuple, inside: LayerTrace, w: dict, step: int, equations: tuple[Equation, ...]) -> float:
    match place:
        case ("x", column):
            return inside.x[step, column]
        case ("h", unit, when):
            return inside.h0[unit] if when == -1 else inside.h[when, unit]
        case ("c", unit, when):
            return inside.c0[unit] if when == -1 else inside.c[when, unit]
        case ("W" | "U" as kind, gate, unit, column):
            return getattr(w[gate], kind)[unit, column]
        case ("b" | "b_h" as kind, gate, unit):
            return getattr(w[gate], kind)[unit]
        case ("gate", gate, unit):
            return inside.gates[gate][step, unit]
        case ("pre", gate, unit):
            return inside.pre[gate][step, unit]
        case ("u", "n", unit):
            assert next(e for e in equations if e.name == "u").result.source == place
            before = inside.h[step - 1] if step else inside.h0
            return w["n"].U[unit] @ before + w["n"].b_h[unit]
    raise AssertionError(place)


def test_long_sums_show_their_largest_terms_in_order() -> None:
    case = make("lstm", (9,), width=7)
    got = trace(case.model, case.weights, case.x[0])
    folded = work_out(case.model, case.weights, got, layer=0, unit=2, step=3, k=3)[0]
    whole = work_out(case.model, case.weights, got, layer=0, unit=2, step=3, k=9)[0]
    for short, full in zip(folded.parts, whole.parts, strict=True):
        magnitudes = sorted((abs(term.value) for term in full.terms), reverse=True)
        assert [term for term in full.terms if abs(term.value) in magnitudes[:3]] == list(short.terms)
        assert (full.folded, full.rest) == (0, 0.0)
        assert short.folded == len(full.terms) - len(short.terms)
        assert short.rest == pytest.approx(sum(term.value for term in full.terms if term not in short.terms))
    assert [part.folded for part in folded.parts] == [4, 6, 0]


def test_of_a_one_hot_letter_only_its_own_weight_is_shown() -> None:
    case = make("gru", (3,), reads="one-hot", width=9, windows=1)
    got = trace(case.model, case.weights, case.x[0])
    letters = work_out(case.model, case.weights, got, layer=0, unit=1, step=2, k=4)[0].parts[0]
    assert [number.source for number in letters.terms[0].factors] == [
        ("W", "r", 1, int(case.x[0, 2])), ("x", int(case.x[0, 2]))]
    assert (len(letters.terms), letters.folded, letters.rest) == (1, 8, 0.0)


@pytest.mark.parametrize("cell", CELLS)
def test_a_clamped_gate_shows_what_it_would_have_been(cell: str) -> None:
    case = make(cell, (4,))
    gate = next(iter(CELL_TYPES[cell].gates))
    changed = apply(case.model, case.weights, case.x[0], [ClampGate(0, gate, 0.25, unit=1, step=2)])
    for unit, step in ((1, 2), (1, 1), (0, 2)):
        equation = work_out(case.model, case.weights, changed, layer=0, unit=unit, step=step)[0]
        assert equation.clamped == ((unit, step) == (1, 2))
        assert equation.result.value == (0.25 if equation.clamped else equation.value)
        squash = sigmoid if equation.function == "sigmoid" else np.tanh
        assert equation.value == squash(np.float64(equation.sum.value))


def test_a_silenced_unit_shows_that_its_states_are_held() -> None:
    case = make("lstm", (4,))
    changed = apply(case.model, case.weights, case.x[0], [ZeroUnit(0, 3)])
    equations = work_out(case.model, case.weights, changed, layer=0, unit=3, step=2)
    assert {equation.name: equation.clamped for equation in equations} == {
        "f": False, "i": False, "g": False, "o": False, "c": True, "h": False}
    assert equations[4].result.value == 0.0


def test_the_equations_are_plain_data() -> None:
    case = make("gru")
    equations = work_out(case.model, case.weights, trace(case.model, case.weights, case.x[0]), layer=0, unit=0, step=0)
    text = json.dumps([asdict(equation) for equation in equations])
    assert json.loads(text)[0]["parts"][0]["terms"][0]["factors"][0]["source"] == ["W", "r", 0, 0]


# ------------------------------------------------------------------------------------------------------ rounding


def equation_of(parts: list[tuple[list[float], float]]) -> Equation:
    sums = tuple(Sum("input", tuple(Term((Number(value, ("x", 0)),)) for value in terms), 7 if rest else 0, rest,
                     sum(terms) + rest) for terms, rest in parts)
    a = sum(part.value for part in sums)
    f = float(sigmoid(np.float64(a)))
    return Equation("f", sums, Number(a, ("pre", "f", 0)), "sigmoid", f, Number(f, ("gate", "f", 0)))


sizes = st.floats(-1e6, 1e6) | st.floats(-2, 2) | st.floats(-1e-6, 1e-6) | st.just(1e300)
sums = st.tuples(st.lists(sizes, max_size=8), st.just(0.0) | sizes)
equations = st.lists(sums, min_size=1, max_size=3).map(equation_of)


@settings(max_examples=400)
@given(equations, st.sampled_from(DIGITS))
@example(equation_of([([1 / 3, 1 / 3, 1 / 3], 0.0)]), 3)
def test_what_is_shown_adds_up(equation: Equation, digits: int) -> None:
    got = rounded(equation, digits)
    for part, true in zip(got.parts, equation.parts, strict=True):
        assert exactly(*part.terms, part.rest) == part.value
        assert [f"{value:.{digits}f}" for value in (*part.terms, part.value)] == [
            plain(value, digits) for value in (*(term.value for term in true.terms), true.value)]
    assert exactly(*(part.value for part in got.parts), got.rounding) == got.sum
    assert f"{got.sum:f}" == plain(equation.sum.value, digits)
    assert f"{got.result:f}" == plain(equation.result.value, digits)
    written = [*(value for part in got.parts for value in (*part.terms, part.rest, part.value)), got.rounding, got.sum]
    assert all(value.as_tuple().exponent == -digits for value in written if value)


def exactly(*values: Decimal) -> Decimal:
    """Add up whole last places, so that no precision of a decimal context can help."""
    return Decimal(sum(int(value.scaleb(8, context)) for value in values)).scaleb(-8, context)




def plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text


@many
@given(networks(1.0), st.data(), st.sampled_from(DIGITS))
def test_what_is_shown_of_a_network_adds_up_and_nothing_is_hidden(case: Case, data: st.DataObject, digits: int) -> None:
    got = trace(case.model, case.weights, case.x[0])
    half = Decimal(1).scaleb(-digits) / 2
    for equation in work_out(case.model, case.weights, got, **pick(case, data)):
        shown = rounded(equation, digits)
        for part, true in zip(shown.parts, equation.parts, strict=True):
            assert sum(part.terms) + part.rest == part.value
            assert abs(part.rest - Decimal(true.rest)) <= half * (len(part.terms) + 1) + Decimal("1e-12")
        assert sum(part.value for part in shown.parts) + shown.rounding == shown.sum
        assert abs(shown.rounding) <= half * (len(shown.parts) + 1) + Decimal("1e-12")


def test_thirds_leave_a_rounding_term() -> None:
    got = rounded(equation_of([([1 / 3, 1 / 3, 1 / 3], 0.0), ([-0.0004], 0.0)]), 3)
    assert [str(value) for value in (*got.parts[0].terms, got.parts[0].rest, got.parts[0].value)] == [
        "0.333", "0.333", "0.333", "0.001", "1.000"]
    assert str(got.parts[1].terms[0]) == "0.000"
    assert (str(got.sum), str(got.rounding)) == ("1.000", "0.000")


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("cell", CELLS)
def test_a_diverged_run_is_worked_out_and_shown(cell: str, value: float) -> None:
    case = make(cell, (9,), width=8)
    weights = {name: np.full_like(array, value) for name, array in case.weights.items()}
    got = trace(case.model, weights, case.x[0])
    for equation in work_out(case.model, weights, got, layer=0, unit=0, step=2, k=3):
        assert not equation.clamped
        shown = rounded(equation, 3)
        assert not any(part.rest.is_finite() for part in shown.parts if part.terms and not part.value.is_finite())
        assert shown.result.is_finite() == np.isfinite(equation.result.value)


# ------------------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(("where", "says"), [
    ({"layer": 2}, "layer must be a whole number from 0 to 1; received 2"),
    ({"unit": 3}, "unit must be a whole number from 0 to 2; received 3"),
    ({"unit": -1}, "unit must be a whole number from 0 to 2; received -1"),
    ({"step": 5}, "step must be a whole number from 0 to 4; received 5"),
    ({"step": True}, "step must be a whole number"),
    ({"k": 0}, "At least one term of a sum must be shown; received 0"),
])
def test_places_that_are_not_there_are_refused(where: dict[str, int], says: str) -> None:
    case = make("gru", (4, 3))
    got = trace(case.model, case.weights, case.x[0])
    with pytest.raises(Refusal, match=says):
        work_out(case.model, case.weights, got, **{"layer": 1, "unit": 0, "step": 0} | where)


def test_weights_of_another_network_are_refused() -> None:
    case = make("lstm")
    got = trace(case.model, case.weights, case.x[0])
    with pytest.raises(Refusal, match="not those of the trace: the sum of f differs by"):
        work_out(case.model, make("lstm", seed=1).weights, got, layer=0, unit=0, step=1)
    near = {name: array.astype(np.float32) for name, array in case.weights.items()}
    assert work_out(case.model, near, got, layer=0, unit=0, step=1)


@pytest.mark.parametrize("digits", [0, 9, 2.5])
def test_digits_that_cannot_be_shown_are_refused(digits: int) -> None:
    with pytest.raises(Refusal, match="with 1 to 8 digits after the point; received"):
        rounded(equation_of([([1.0], 0.0)]), digits)


def test_a_sequence_of_one_step_begins_from_the_given_state() -> None:
    case = make("lstm", (4,), steps=1)
    got = trace(replace(case.model), case.weights, case.x[0], case.states)
    f, *_, c, _h = work_out(case.model, case.weights, got, layer=0, unit=2, step=0)
    assert f.parts[1].terms[0].factors[1] == Number(float(case.states[0][0][0]), ("h", 0, -1))
    assert c.parts[0].terms[0].factors[1] == Number(float(case.states[0][1][2]), ("c", 2, -1))
