"""Every equation of one unit at one time step with its numbers put in, and where each number comes from.

A :data:`Source` names the place of a number, so that a page can light it up:

    ("x", 2)            what enters the layer, number 2
    ("h", 3, 7)         hidden state of unit 3 after time step 7; -1: before the first step
    ("c", 3, 7)         cell state of unit 3
    ("W", "f", 3, 2)    weight of gate f, unit 3, for input 2
    ("U", "f", 3, 5)    weight of gate f, unit 3, for the hidden state of unit 5
    ("b", "f", 3)       bias of gate f, unit 3
    ("b_h", "n", 3)     the GRU's bias that the reset gate multiplies
    ("pre", "f", 3)     pre-activation of gate f at this time step: the sum
    ("gate", "f", 3)    activation of gate f at this time step
    ("u", "n", 3)       U_n h(t-1) + b_h of the GRU at this time step

All places are counted from 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import Literal

import numpy as np

from lstm_core.cells.equations import GateWeights, gate_weights, sigmoid
from lstm_core.cells.forward import place, stage_at
from lstm_core.errors import Refusal
from lstm_core.records import GateTrace, LayerTrace, Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.cell_types import SQUASHING, CellType, Product

Source = tuple[str | int, ...]
Function = Literal["", "sigmoid", "tanh"]
Part = Literal["input", "recurrent", "bias", "reset", "state"]
"""What a sum is: W x, U h(t-1), b, r * (U h(t-1) + b_h) of the GRU, or the products that make a state."""

DIGITS = range(1, 9)            # digits after the decimal point that can be shown
_EXACT = Context(prec=400, traps=[])    # digits enough for any float64; inf and nan pass through


@dataclass(frozen=True)
class Number:
    """A number in an equation, and where it comes from."""

    value: float                # as it is multiplied
    source: Source
    through: Literal["", "tanh", "1-"] = ""     # value is the tanh of what lies at the source, or 1 minus it
    inner: float | None = None  # what lies at the source, when value is made from it


@dataclass(frozen=True)
class Term:
    """A product; a single factor stands for itself."""

    factors: tuple[Number, ...]

    @property
    def value(self) -> float:
        """Return the product."""
        return math.prod(number.value for number in self.factors)


@dataclass(frozen=True)
class Sum:
    """Terms that are added up: the largest ones by magnitude, in their order, and the rest as one number."""

    part: Part
    terms: tuple[Term, ...]
    folded: int                 # terms in the rest
    rest: float
    value: float


@dataclass(frozen=True)
class Equation:
    """result = function(sum of the parts). What is clamped takes its result from the clamp instead."""

    name: str                   # gate or state, or "u": the GRU's U_n h(t-1) + b_h
    parts: tuple[Sum, ...]
    sum: Number                 # the parts added up: the pre-activation, or the result itself without a function
    function: Function
    value: float                # function(sum)
    result: Number              # what the network went on with

    @property
    def clamped(self) -> bool:
        """Return whether the network went on with something else than what the equation gives."""
        return abs(self.result.value - self.value) > 1e-9 * max(1.0, abs(self.value))


@np.errstate(invalid="ignore", over="ignore")       # a diverged run is worked out like any other
def work_out(model: ModelSpec, weights: Weights, trace: GateTrace, *, layer: int, unit: int, step: int,
             k: int = 5) -> tuple[Equation, ...]:
    """Return every equation of a unit at a time step, in the order in which the cell computes them.

    LSTM f, i, g, o, c, h; GRU r, z, u, n, h; RNN h. Sums of more than ``k`` terms are folded.

    Args:
        model: the network.
        weights: the parameters with which the trace was computed.
        trace: what the network did (of one sequence).
        layer: recurrent layer, counted from 0, as are the unit and the time step.
        unit: hidden unit.
        step: time step.
        k: terms of a sum that are written out.

    Raises:
        Refusal: there is no such layer, unit or step, k is below 1, or the weights are not those of the trace.
    """
    inside = trace.layers[place("layer", layer, len(trace.layers))]
    step, unit = place("step", step, len(inside.h)), place("unit", unit, inside.h.shape[1])
    if k < 1:
        raise Refusal("At least one term of a sum must be shown; received {k}.", k=k)
    at = _At(inside, gate_weights(model.cell, weights, layer, stage_at(step, trace.switch)), unit, step, k)
    equations = tuple(at.equations(model.cell_type))
    for equation in equations:
        _check_sum(equation)
    return equations


class _At:
    """One unit of a layer at one time step: reads the numbers and writes the equations."""

    def __init__(self, inside: LayerTrace, w: dict[str, GateWeights], unit: int, step: int, k: int) -> None:
        self.w, self.unit, self.step, self.k = w, unit, step, k
        self.x = inside.x[step]
        self.pre = {gate: float(values[step, unit]) for gate, values in inside.pre.items()}
        self.gates = {gate: float(values[step, unit]) for gate, values in inside.gates.items()}
        self.after, self.before = {"h": inside.h[step]}, {"h": inside.h[step - 1] if step else inside.h0}
        if inside.c is not None and inside.c0 is not None:
            self.after["c"], self.before["c"] = inside.c[step], inside.c[step - 1] if step else inside.c0

    def equations(self, cell: CellType) -> Iterator[Equation]:
        """Yield the equations in the order in which the cell computes them: gates, cell state, hidden state."""
        for gate in cell.gates:
            if cell.reset is None or gate != cell.reset[1]:
                yield self.gate(gate)
            else:
                u = self.product_before_reset(gate)
                yield u
                yield self.candidate(gate, cell.reset[0], u.result)
        for name, products in reversed(cell.states.items()):
            if products:                # else it is a gate
                yield self._state(name, [self._product(product) for product in products])

    def gate(self, gate: str) -> Equation:
        # a = W x(t) + U h(t-1) + b
        return self._activation(gate, (self._input(gate), self._recurrent(gate), self._bias("b", gate)))

    def product_before_reset(self, gate: str) -> Equation:
        # u = U_n h(t-1) + b_h
        parts = (self._recurrent(gate), self._bias("b_h", gate))
        total = sum(part.value for part in parts)
        u = Number(total, ("u", gate, self.unit))
        return Equation("u", parts, u, "", total, u)

    def candidate(self, gate: str, reset: str, u: Number) -> Equation:
        # a_n = W_n x(t) + b_n + r(t) * u
        multiplied = self._sum("reset", [Term((self._value(reset), u))])
        return self._activation(gate, (self._input(gate), self._bias("b", gate), multiplied))

    def _product(self, product: Product) -> Term:
        return Term(tuple(self._factor(factor) for factor in product))

    def _factor(self, factor: str) -> Number:
        """Return a factor of a state's products, as :data:`lstm_core.spec.cell_types.Product` names it."""
        if factor.startswith("tanh "):
            name = factor.removeprefix("tanh ")
            value = float(self.after[name][self.unit])
            return Number(float(np.tanh(value)), (name, self.unit, self.step), "tanh", value)
        if factor.startswith("1-"):
            gate = self._value(factor.removeprefix("1-"))
            return Number(1 - gate.value, gate.source, "1-", gate.value)
        return self._before(factor.removesuffix("0")) if factor.endswith("0") else self._value(factor)

    def _activation(self, gate: str, parts: tuple[Sum, ...]) -> Equation:
        a = self.pre[gate]
        value = float(sigmoid(np.asarray(a)) if SQUASHING[gate] == "sigmoid" else np.tanh(a))
        return Equation(gate, parts, Number(a, ("pre", gate, self.unit)), SQUASHING[gate], value, self._value(gate))

    def _state(self, name: str, terms: list[Term]) -> Equation:
        part = self._sum("state", terms)
        source: Source = (name, self.unit, self.step)
        result = Number(float(self.after[name][self.unit]), source)
        return Equation(name, (part,), Number(part.value, source), "", part.value, result)

    def _value(self, gate: str) -> Number:
        source: Source = ("h", self.unit, self.step) if gate == "h" else ("gate", gate, self.unit)
        return Number(self.gates[gate], source)

    def _before(self, name: str) -> Number:
        return Number(float(self.before[name][self.unit]), (name, self.unit, self.step - 1))

    def _input(self, gate: str) -> Sum:
        row = self.w[gate].W[self.unit]
        return self._sum("input", [
            Term((Number(float(weight), ("W", gate, self.unit, column)), Number(float(value), ("x", column))))
            for column, (weight, value) in enumerate(zip(row, self.x, strict=True))])

    def _recurrent(self, gate: str) -> Sum:
        row = self.w[gate].U[self.unit]
        return self._sum("recurrent", [
            Term((Number(float(weight), ("U", gate, self.unit, column)),
                  Number(float(value), ("h", column, self.step - 1))))
            for column, (weight, value) in enumerate(zip(row, self.before["h"], strict=True))])

    def _bias(self, kind: Literal["b", "b_h"], gate: str) -> Sum:
        value = float(getattr(self.w[gate], kind)[self.unit])
        return self._sum("bias", [Term((Number(value, (kind, gate, self.unit)),))])

    def _sum(self, part: Part, terms: list[Term]) -> Sum:
        """Return the sum with all but the k largest terms folded; a term of 0 is written out only where all are."""
        values = np.array([term.value for term in terms])
        total = float(values.sum())
        if len(terms) <= self.k:
            return Sum(part, tuple(terms), 0, 0.0, total)
        largest = np.argsort(-np.abs(values), kind="stable")[:self.k]
        shown = np.zeros(len(terms), dtype=bool)
        shown[largest[values[largest] != 0]] = True
        return Sum(part, tuple(term for term, keep in zip(terms, shown, strict=True) if keep),
                   int((~shown).sum()), float(values[~shown].sum()), total)


def _check_sum(equation: Equation) -> None:
    """Refuse weights that do not give the pre-activation of the trace; rounding of float32 is let through."""
    apart = abs(sum(part.value for part in equation.parts) - equation.sum.value)
    size = sum(abs(part.rest) + sum(abs(term.value) for term in part.terms) for part in equation.parts)
    if apart > 1e-5 * (1 + size):       # never true of nan: a diverged run is shown as it is
        raise Refusal("These weights are not those of the trace: the sum of {name} differs by {apart:g}.",
                      name=equation.name, apart=apart)


@dataclass(frozen=True)
class RoundedSum:
    """A sum as it is shown: the terms and the rest add up to the value exactly."""

    terms: tuple[Decimal, ...]
    rest: Decimal               # the folded terms, and what rounding left over; nothing folded: only the latter
    value: Decimal


@dataclass(frozen=True)
class RoundedEquation:
    """An equation as it is shown: the parts and the rounding add up to the sum exactly."""

    parts: tuple[RoundedSum, ...]
    rounding: Decimal           # what rounding the parts left over, mostly 0
    sum: Decimal
    value: Decimal
    result: Decimal


def rounded(equation: Equation, digits: int) -> RoundedEquation:
    """Return the equation with so many digits after the decimal point, in which every shown sum adds up exactly.

    Every term, every part, the sum and the result are each the true number correctly rounded, as ``f"{value:.3f}"``
    writes it: none is bent to make the sum come out. What their rounding leaves over (0.333 + 0.333 + 0.333 = 1.000
    lacks 0.001) goes into one number that is shown for what it is: into the rest where terms are folded, otherwise
    into a term of its own, called rounding, that is 0 when there is nothing left over. It is never more than half a
    unit of the last digit for each number rounded. Where a number is not finite, what it leaves over is nan.

    Raises:
        Refusal: digits is not one of DIGITS.
    """
    if digits not in DIGITS:
        raise Refusal("Numbers can be shown with {low} to {high} digits after the point; received {digits!r}.",
                      low=DIGITS[0], high=DIGITS[-1], digits=digits)
    with localcontext(_EXACT):
        parts = []
        for part in equation.parts:
            terms, value = tuple(_round(term.value, digits) for term in part.terms), _round(part.value, digits)
            parts.append(RoundedSum(terms, value - sum(terms), value))
        total = _round(equation.sum.value, digits)
        return RoundedEquation(tuple(parts), total - sum(part.value for part in parts), total,
                               _round(equation.value, digits), _round(equation.result.value, digits))


def _round(value: float, digits: int) -> Decimal:
    if not math.isfinite(value):
        return Decimal(value)
    return Decimal(value).quantize(Decimal(1).scaleb(-digits)) + 0      # + 0: no "-0.00"
