"""The network while it learns: what it does inside, cut down to what a small picture of the unrolled cells shows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from lstm_core.cells.forward import answers
from lstm_core.cells.head import predicted
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence
from lstm_core.inside.interventions import apply
from lstm_core.records import MEAN, LayerTrace, ProbeLayer, ProbeTrace, Weights
from lstm_core.spec import ModelSpec

COLUMNS = (32, 20, 16)      # time steps that are shown of a network of one, two, and more layers: they are sent several
                            # times a second


def shown_steps(steps: int, layers: int) -> np.ndarray:
    """Return which of the time steps are shown, (C,): all that fit, else evenly spread, first and last among them."""
    columns = min(steps, COLUMNS[min(layers, len(COLUMNS)) - 1])
    return np.linspace(0, steps - 1, columns).round().astype(np.int64)


def shown_unit(model: ModelSpec, layer: int, unit: int) -> int:
    """Return the unit of a layer that is shown when this one is asked for: the last one where it has fewer."""
    return unit if unit == MEAN else min(unit, model.layers[layer].hidden - 1)


def keeping_unit(model: ModelSpec, weights: Weights, sequence: Sequence) -> int:
    """Return the unit of an LSTM's first layer that keeps the most of what it writes at the first time step.

    What is written there is i times g, and every later forget gate lets its share of it pass (equation of c).
    """
    gates = apply(model, weights, sequence.x, ()).layers[0].gates           # (T, H) each
    left = gates["i"][0] * gates["g"][0] * gates["f"][1:].prod(axis=0)
    return int(np.abs(left).argmax())


def right_classes(sequence: Sequence, data: Dataset) -> np.ndarray:
    """Return the class whose probability is followed through a sequence, (T,); -1: it is not known.

    It is the one that comes next; of a class of the whole sequence that class at every step.
    """
    right = np.where(np.isfinite(sequence.actual), sequence.actual, -1).astype(np.int64)
    return np.full_like(right, right[-1]) if data.output == "last" and data.labels != data.alphabet else right


def probe_traces(model: ModelSpec, weights: Weights, sequence: Sequence, data: Dataset,
                 units: Iterable[int]) -> dict[int, ProbeTrace]:
    """Return what the network does inside while it reads a sequence, for each of these units.

    Args:
        model: the network.
        weights: its parameters.
        sequence: what it reads.
        data: where the sequence comes from.
        units: counted from 0; records.MEAN: the mean over all units.
    """
    whole = apply(model, weights, sequence.x, ())
    steps = shown_steps(len(sequence.x), len(model.layers))
    output = np.where(answers(weights, sequence.x)[:, np.newaxis], whole.output, np.nan)[steps]
    likeliest = None
    if data.classes:
        probabilities, right = predicted(output), right_classes(sequence, data)[steps]
        likeliest = probabilities.argmax(axis=1)
        said = np.take_along_axis(probabilities, np.where(right < 0, likeliest, right)[:, np.newaxis], axis=1)[:, 0]
    else:
        said = data.unscale(output[:, 0])
    return {unit: ProbeTrace(
        steps, tuple(_layer(model, trace, steps, shown_unit(model, number, unit))
                     for number, trace in enumerate(whole.layers)), _float32(said), likeliest) for unit in units}


def _layer(model: ModelSpec, trace: LayerTrace, steps: np.ndarray, unit: int) -> ProbeLayer:
    states = {"h": trace.h} | ({} if trace.c is None else {"c": trace.c})
    inside = {name: values[steps] for name, values in (trace.gates | states).items() if name in model.cell_type.names}
    return ProbeLayer(unit, {name: _float32(values.mean(axis=1) if unit == MEAN else values[:, unit])
                             for name, values in inside.items()})


@np.errstate(over="ignore")         # beyond the range of float32: it is shown as infinite
def _float32(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)
