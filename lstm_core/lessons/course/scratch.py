"""By hand is the library's: an LSTM read line by line, its weights counted, and one gate shut to see who notices."""

from __future__ import annotations

import numpy as np

from lstm_core.inside import tensor_shapes
from lstm_core.inside.interventions import ClampGate
from lstm_core.inside.tensor_shapes import Count
from lstm_core.lessons.asks import Choice, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import Seen, setting
from lstm_core.lessons.moment import Moment
from lstm_core.records import GateTrace
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec
from lstm_core.spec.cell_types import CELL_TYPES, CellKey

SINE = RunSpec()
LETTERS = RunSpec(data=Letters(), model=ModelSpec(cell="gru", layers=(Layer(16),), encoding="embedding"))
"""Its weights are counted on the last card; nobody trains it."""

SHUT = ClampGate(0, "o", 0.0, unit=0)
"""What the learner does: the output gate of the first unit is held at 0."""


def _layer(moment: Moment, spec: RunSpec) -> Count:
    """Return how the weights of the first recurrent layer of a network are counted."""
    found = tensor_shapes.counts(spec.model, moment.prepared(spec).io_shape)
    return next(count for count in found if count.name == "layers.0")


def _weights(moment: Moment, cell: CellKey) -> int:
    return _layer(moment, SINE.change(cell=cell)).total


def _shut(seen: Seen) -> bool:
    """Tell whether the learner holds the output gate of one unit at 0."""
    return any(isinstance(change, ClampGate) and change.gate == "o" and change.unit is not None
               and abs(change.value) < 1e-9 for change in seen.changes)


def _done(moment: Moment) -> ClampGate:
    """Return the gate that the learner has shut, else the one that the card asks for."""
    return next((change for change in moment.changes if isinstance(change, ClampGate) and change.gate == "o"
                 and change.unit is not None and abs(change.value) < 1e-9), SHUT)


def _with(moment: Moment) -> GateTrace:
    return moment.trace(changes=(_done(moment),))


def _others(moment: Moment) -> float:
    """Return how far the hidden states of the other units move, at most."""
    moved = np.abs(_with(moment).layers[0].h - moment.trace().layers[0].h)
    return float(np.delete(moved, _done(moment).unit or 0, axis=1).max())


def _own(trace: GateTrace, unit: int) -> float:
    """Return the cell state of a unit after the last step."""
    memory = trace.layers[0].c
    assert memory is not None
    return float(memory[-1, unit])


def _kept(moment: Moment) -> float:
    return _own(_with(moment), _done(moment).unit or 0)


def _moved(moment: Moment) -> float:
    """Return how far the network's answer moves, in the unit of the series."""
    untouched, shut = (moment.data.unscale(trace.output[-1]) for trace in (moment.trace(), _with(moment)))
    return float(np.abs(shut - untouched).max())


def _noticed(moment: Moment) -> str:
    """Return what shutting the gate does: to the other units, and to the unit's own memory."""
    if _others(moment) < 1e-6:
        return "alone"
    return "same" if abs(_kept(moment)) < 1e-6 else "others"


CODE = Stage(page="cell", section="scratch", spec=SINE)
INSIDE = Stage(page="cell", section="what_if", spec=SINE, unit=1, step=SINE.data.usual_steps)

LESSON = Lesson(
    name="scratch", number=8,
    cards=(
        Say(name="meet", lights=("differences",), stage=CODE),
        Predict(name="times", ask=Choice(("one", "two", "three", "four")), truth=lambda moment: {
            1: "one", 2: "two", 3: "three", 4: "four"}[_weights(moment, "lstm") // _weights(moment, "rnn")],
            meets=("weights_same",), lights=("scratch_code",)),
        Do(name="switch", waits=setting("cell", "lstm"), lights=("lesson_controls", "drawn_counts"),
           does="set cell lstm",
           stage=Stage(page="shapes", section="weights", spec=SINE, sets={"cell": "rnn"}, free=("cell",))),
        See(name="times_came", of="times", lights=("drawn_counts", "drawn_blocks")),
        Predict(name="shut", ask=Choice(("alone", "same", "others")), truth=_noticed,
                meets=("units_independent", "states_same"), lights=(".cv-diagram",), stage=INSIDE),
        Do(name="hold", waits=_shut, lights=("what_if",),
           does="set change gate, set if_gate o, set if_all false, set if_unit 1, set if_value 0.0, press apply"),
        See(name="shut_came", of="shut", lights=(".cv-diagram",)),
        Why(name="why", ask=Choice(("memory", "gates", "steps")), truth=always("gates"), lights=("scratch_code",),
            stage=CODE),
        Transfer(name="gru", ask=Number(0, 5000, within=0, near=100, form=",.0f", whole=True),
                 truth=lambda moment: _layer(moment, LETTERS).total),
    ),
    facts={
        "hidden": lambda _moment: SINE.model.layers[0].hidden,
        "steps": lambda moment: moment.spec.data.usual_steps,
        "rnn": lambda moment: _weights(moment, "rnn"),
        "lstm": lambda moment: _weights(moment, "lstm"),
        "times": lambda moment: _weights(moment, "lstm") // _weights(moment, "rnn"),
        "rnn_sum": lambda moment: _layer(moment, SINE.change(cell="rnn")).numbers,
        "lstm_sum": lambda moment: _layer(moment, SINE).numbers,
        "unit": lambda moment: (_done(moment).unit or 0) + 1,
        "c_before": lambda moment: _own(moment.trace(), _done(moment).unit or 0),
        "c_after": _kept,
        "others": _others,
        "moved": _moved,
        "gru_units": lambda _moment: LETTERS.model.layers[0].hidden,
        "gru_inputs": lambda _moment: LETTERS.model.embedding,
        "gru_blocks": lambda _moment: CELL_TYPES["gru"].blocks,
        "gru_formula": lambda moment: _layer(moment, LETTERS).formula,
        "gru_sum": lambda moment: _layer(moment, LETTERS).numbers,
        "gru_total": lambda moment: _layer(moment, LETTERS).total,
    },
    presets=("s3_scratch",), onward=("cell", "scratch"),
)
