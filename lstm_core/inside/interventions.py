"""What if: a gate held, a unit silenced, another beginning, another input, another weight; the rest is computed anew.

The network reads through the same steps as always; nothing that was given is altered.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lstm_core.cells.equations import Clamp, untouched
from lstm_core.cells.forward import Clamps, checked, place, trace, width
from lstm_core.cells.head import predicted
from lstm_core.errors import Refusal, unknown
from lstm_core.inside.by_hand import Source
from lstm_core.records import GateTrace, Weights
from lstm_core.spec import ModelSpec


@dataclass(frozen=True)
class ClampGate:
    """Hold a gate at a value, whatever its sum says."""

    layer: int                  # counted from 0, as are units, time steps and features
    gate: str
    value: float
    unit: int | None = None     # None: all units
    step: int | None = None     # None: at every time step


@dataclass(frozen=True)
class ZeroUnit:
    """Silence a hidden unit: its hidden state, and its cell state, are 0 before, at and after every time step."""

    layer: int
    unit: int


@dataclass(frozen=True)
class SetState:
    """Let the sequence begin from another state."""

    layer: int
    state: str                  # h or, where the cell has one, c
    value: float
    unit: int | None = None     # None: all units


@dataclass(frozen=True)
class EditNumber:
    """Let the network read another number."""

    step: int
    feature: int
    value: float                # scaled, as the network reads it


@dataclass(frozen=True)
class EditLetter:
    """Let the network read another letter."""

    step: int
    letter: int                 # its id


@dataclass(frozen=True)
class ChangeWeight:
    """Give one weight or bias another value."""

    name: str                   # as in records.Weights
    index: tuple[int, ...]
    value: float


Intervention = ClampGate | ZeroUnit | SetState | EditNumber | EditLetter | ChangeWeight


@dataclass(frozen=True)
class Comparison:
    """The network as it is beside the network with the interventions.

    Predictions are those the task reads: (O,) of the last or (S, O) of every time step, with a decoder of its own
    steps; a scaled number, or the probabilities of the classes.
    """

    original: GateTrace
    changed: GateTrace
    original_prediction: np.ndarray
    changed_prediction: np.ndarray


def apply(model: ModelSpec, weights: Weights, x: np.ndarray, interventions: Sequence[Intervention]) -> GateTrace:
    """Return everything inside the network while it reads one sequence under the interventions.

    They act in the order given: of two that concern the same thing the later wins. In the trace a clamped gate has the
    value it is held at and the sum it would have had without the clamp.

    Args:
        model: the network.
        weights: its parameters.
        x: (T, F) numbers, already scaled, or (T,) letter ids.
        interventions: what is to be different; none gives the trace as it is.

    Raises:
        Refusal: an intervention does not fit the network or the sequence, or its value is not a finite number.
    """
    edited = _edited(weights, checked(weights, x), interventions)
    names = list(model.cell_type.states)
    states = [tuple(np.zeros(layer.hidden) for _ in names) for layer in model.layers]
    held: list[ClampGate] = []
    for change in interventions:
        match change:
            case ClampGate():
                held.append(_clamp(model, len(x), change))
            case SetState():
                layer, unit = _unit(model, change.layer, change.unit)
                if change.state not in names:
                    raise unknown("state", change.state, names)
                states[layer][names.index(change.state)][_which(unit)] = _number(change.value)
            case ZeroUnit():
                layer = place("layer", change.layer, len(states))
                unit = place("unit", change.unit, model.layers[layer].hidden)
                for name, values in zip(names, states[layer], strict=True):
                    values[unit] = 0.0
                    held.append(ClampGate(layer, name, 0.0, unit))
    with np.errstate(over="ignore"):        # a gate held at 1e300 multiplies until nothing is left: it is shown as inf
        return trace(model, changed_weights(weights, interventions), edited, states, _clamps(held))


def compare(model: ModelSpec, weights: Weights, x: np.ndarray, interventions: Sequence[Intervention]) -> Comparison:
    """Return what the network does and predicts without and with the interventions; for the rest see :func:`apply`."""
    original, changed = trace(model, weights, x), apply(model, weights, x, interventions)
    return Comparison(original, changed, _prediction(model, original), _prediction(model, changed))


def changed_weights(weights: Weights, interventions: Sequence[Intervention]) -> Weights:
    """Return the weights with each :class:`ChangeWeight` done; arrays that no one changes are the given ones.

    Raises:
        Refusal: there is no such weight, or the value is not a finite number in the weight's own precision.
    """
    changed = dict(weights)
    for change in interventions:
        if not isinstance(change, ChangeWeight):
            continue
        if change.name not in weights:
            raise unknown("weight", change.name, weights)
        array = changed[change.name].copy()
        if len(change.index) != array.ndim:
            raise Refusal("{name} has {axes} axes, and so many numbers say which weight is meant; received {index}.",
                          name=change.name, axes=array.ndim, index=change.index)
        index = tuple(place("index", at, count) for at, count in zip(change.index, array.shape, strict=True))
        with np.errstate(over="ignore"):
            value = array.dtype.type(_number(change.value))
        if not np.isfinite(value):
            raise Refusal("{value!r} is too large for a weight.", value=change.value)
        array[index] = value
        changed[change.name] = array
    return changed


def stored_at(model: ModelSpec, layer: int, weight: Source, stage: str = "layers") -> tuple[str, tuple[int, ...]]:
    """Return the name and index under which ``("W" or "U", gate, unit, column)`` is stored: what ChangeWeight needs.

    A bias ``("b" or "b_h", gate, unit)`` is found in torch's bias of the input or of the hidden state; a gate's b is
    the sum of both, but for the GRU's candidate, which has its b_h apart. ``stage`` is "decoder" for the layers that
    take over where an encoder ends.
    """
    kind, gate, unit, *column = weight
    stacked = {"W": "weight_ih", "U": "weight_hh", "b": "bias_ih", "b_h": "bias_hh"}
    if kind not in stacked:
        raise unknown("kind of weight", kind, stacked)
    cell = model.cell_type
    if gate not in cell.gates:
        raise unknown("gate", gate, cell.gates)
    hidden = model.layers[place("layer", layer, len(model.layers))].hidden
    row = cell.stacked.index(str(gate)) * hidden + place("unit", unit, hidden)
    return f"{stage}.{layer}.{stacked[str(kind)]}_l0", (row, *(int(at) for at in column))


def mean_error(predicted: np.ndarray, actual: np.ndarray) -> float:
    """Return the mean absolute error of predicted numbers, in the unit of both, which have the same shape."""
    return float(np.abs(predicted - actual).mean())


def surprise(probabilities: np.ndarray, classes: np.ndarray) -> float:
    """Return the mean of -ln p of the classes that came, p (..., K) and ids (...): the cross-entropy in nats."""
    p = np.take_along_axis(probabilities, np.asarray(classes)[..., np.newaxis], axis=-1)
    with np.errstate(divide="ignore"):
        return float(-np.log(p).mean())


def _prediction(model: ModelSpec, traced: GateTrace) -> np.ndarray:
    scores = traced.output[traced.switch:] if model.output == "every" else traced.output[-1]
    return predicted(scores)


def _clamps(held: Sequence[ClampGate]) -> Clamps:
    """Return what finds the clamps of a time step and layer."""
    def at(step: int, layer: int) -> Clamp:
        here = [hold for hold in held if hold.layer == layer and hold.step in (None, step)]

        def clamp(name: str, values: np.ndarray) -> np.ndarray:
            for hold in here:
                if hold.gate == name:       # the step has just computed the values: nobody else holds them
                    values[..., _which(hold.unit)] = hold.value
            return values

        return clamp if here else untouched
    return at


def _clamp(model: ModelSpec, steps: int, change: ClampGate) -> ClampGate:
    layer, unit = _unit(model, change.layer, change.unit)
    if change.gate not in model.cell_type.gates:
        raise unknown("gate", change.gate, model.cell_type.gates)
    step = None if change.step is None else place("step", change.step, steps)
    return replace(change, layer=layer, unit=unit, step=step, value=_number(change.value))


def _edited(weights: Weights, x: np.ndarray, interventions: Sequence[Intervention]) -> np.ndarray:
    """Return the sequence with the edits done, the given one left as it was."""
    x = x.copy()
    letters = x.ndim == 1
    for change in interventions:
        match change:
            case EditNumber() if letters:
                raise Refusal("This network reads letters: a number cannot be put in.")
            case EditLetter() if not letters:
                raise Refusal("This network reads numbers: a letter cannot be put in.")
            case EditNumber():
                step, feature = place("step", change.step, len(x)), place("feature", change.feature, x.shape[1])
                x[step, feature] = _number(change.value)
            case EditLetter():
                x[place("step", change.step, len(x))] = place("letter", change.letter, width(weights))
    return x


def _unit(model: ModelSpec, layer: int, unit: int | None) -> tuple[int, int | None]:
    layer = place("layer", layer, len(model.layers))
    return layer, None if unit is None else place("unit", unit, model.layers[layer].hidden)


def _which(unit: int | None) -> int | slice:
    return slice(None) if unit is None else unit


def _number(value: object) -> float:
    limit = sys.float_info.max
    if (isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating)
            or not -limit <= value <= limit):
        raise Refusal("A finite number is needed; received {value!r}.", value=value)
    return float(value)
