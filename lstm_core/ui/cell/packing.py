"""How a trace, its weights and its equations travel to the browser: arrays as bytes, numbers as they are written."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np

from lstm_core.cells.equations import gate_weights
from lstm_core.inside.by_hand import Equation, Number, Sum, rounded
from lstm_core.records import GateTrace, Weights
from lstm_core.spec import ModelSpec

DIGITS = 4                  # digits after the point of the numbers worked out by hand
LINED_UNITS = 4             # of a layer whose weights are drawn as lines: of more, no line could be told from the next
LINED_READS = 64            # numbers that enter such a layer: of one-hot symbols only the one that is read has a line


def lined(units: int, reads: int) -> bool:
    """Tell whether the weights of a layer travel with its trace, to be drawn as lines."""
    return units <= LINED_UNITS and reads <= LINED_READS


def packed(model: ModelSpec, trace: GateTrace, weights: Weights) -> bytes:
    """Return a trace as float32, little-endian, one array behind the other.

    What enters the first layer (T, F); then for each layer every gate (T, H) and every state (T+1, H) in the order of
    its ``CellType``, states beginning with the one before the first step; then the output (T, O). The RNN's only gate
    is its hidden state, which is not sent twice. Then of every layer that is ``lined``, gate by gate, its weights for
    the input (H, F) and for the hidden state (H, H); behind them those of a decoder, if there is one.
    """
    arrays = [trace.layers[0].x]
    for layer in trace.layers:
        arrays += [layer.gates[name] for name in model.cell_type.inner_gates]
        arrays.append(np.vstack([layer.h0[np.newaxis], layer.h]))
        if layer.c is not None and layer.c0 is not None:
            arrays.append(np.vstack([layer.c0[np.newaxis], layer.c]))
    arrays.append(trace.output)
    for stage in ("layers", "decoder") if trace.switch else ("layers",):
        for number, layer in enumerate(trace.layers):
            if lined(layer.h.shape[1], layer.x.shape[1]):
                for gate in gate_weights(model.cell, weights, number, stage).values():
                    arrays += [gate.W, gate.U]
    with np.errstate(over="ignore"):        # beyond float32's range: it is shown as infinite
        return b"".join(array.astype("<f4").tobytes() for array in arrays)


def worked_out(equations: Iterable[Equation]) -> list[dict[str, object]]:
    """Return equations as JSON: numbers as they are written, each with its source and its exact value."""
    return [_equation(equation) for equation in equations]


def _equation(equation: Equation) -> dict[str, object]:
    shown = rounded(equation, DIGITS)
    return {"name": equation.name, "function": equation.function, "clamped": equation.clamped,
            "parts": [{"part": part.part, "folded": part.folded, "rest": str(written.rest), "value": str(written.value),
                       "terms": _terms(part, written.terms)}
                      for part, written in zip(equation.parts, shown.parts, strict=True)],
            "rounding": str(shown.rounding), "sum": _number(equation.sum, shown.sum), "value": str(shown.value),
            "result": _number(equation.result, shown.result)}


def _terms(part: Sum, written: tuple[Decimal, ...]) -> list[dict[str, object]]:
    return [{"value": str(value), "factors": [_number(factor) for factor in term.factors]}
            for term, value in zip(part.terms, written, strict=True)]


def _number(number: Number, written: Decimal | None = None) -> dict[str, object]:
    text = f"{number.value:.{DIGITS}f}" if written is None else str(written)
    facts: dict[str, object] = {"text": text, "exact": f"{number.value:.9g}", "source": number.source}
    if number.inner is not None:
        facts |= {"through": number.through, "inner": f"{number.inner:.{DIGITS}f}"}
    return facts
