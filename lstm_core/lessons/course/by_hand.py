"""A network that remembers: one plain cell with three numbers, worked out by hand."""

from __future__ import annotations

import numpy as np

from lstm_core.cells.equations import GateWeights, gate_weights
from lstm_core.inside.interventions import SetState
from lstm_core.lessons.asks import Choice, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import Seen, trained
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.spec.parameters import parameters

ONE = RunSpec(data=Waves(steps=6, length=606), model=ModelSpec(cell="rnn", layers=(Layer(1),)),
              train=TrainSpec(epochs=20, lr=0.02, keep_best=False))
"""One unit, which can nearly continue a sine: its W, U and b are the whole cell."""

LETTERS = PRESETS["s4a"].spec
BEGINS = 1.0            # the memory that a learner gives it to begin with


def _weights(moment: Moment) -> GateWeights:
    return gate_weights(moment.spec.model.cell, moment.weights, 0)["h"]


def _first(moment: Moment, begins: float = 0.0) -> float:
    """Return the hidden state after the first step, when the memory begins at a value."""
    return float(moment.trace(changes=(SetState(0, "h", begins),)).layers[0].h[0, 0])


def _begins(seen: Seen) -> bool:
    """Tell whether the learner has the memory begin at the value asked for."""
    return any(isinstance(change, SetState) and change.state == "h" and abs(change.value - BEGINS) < 1e-9
               for change in seen.changes)


def _cell_weights(moment: Moment, spec: RunSpec) -> int:
    """Return how many numbers W, U and b of a plain cell hold together."""
    width, shape = spec.model.layers[0].hidden, moment.prepared(spec).io_shape
    return width * ((shape.n_symbols or shape.n_features) + width + 1)


LESSON = Lesson(
    name="by_hand", number=2,
    cards=(
        Say(name="cell", lights=("windows",), stage=Stage(page="train", spec=ONE)),
        Predict(name="count", ask=Choice(("per_step", "shared", "per_value")), truth=always("shared"),
                meets=("weights_per_step",)),
        Do(name="train", waits=trained(), lights=("lesson_train",), does="press lesson_train"),
        See(name="count_came", of="count", stage=Stage(page="cell", section="weights", spec=ONE),
            lights=(".cv-hand",)),
        Predict(name="value", ask=Number(-2, 2, within=0.05, near=0.15, form=".2f"),
                truth=lambda moment: _first(moment, BEGINS), lights=(".cv-hand",),
                stage=Stage(page="cell", section="what_if", spec=ONE, step=1)),
        Do(name="begin", waits=_begins, lights=("change", "what_if", ".cv-hand"),
           does="set change state, set if_state h, set if_all true, set if_value 1.0, press apply, "
                "drag .cv-line-sequence start"),
        See(name="value_came", of="value", lights=(".cv-hand",)),
        Why(name="why", ask=Choice(("nothing", "constant", "weaker")), truth=always("nothing")),
        Transfer(name="letters", ask=Number(0, 200, within=0.5, near=5, form=".0f", whole=True),
                 truth=lambda moment: _cell_weights(moment, LETTERS)),
    ),
    facts={
        "steps": lambda moment: moment.spec.data.usual_steps,
        "shared": lambda moment: _cell_weights(moment, moment.spec),
        "page": lambda moment: sum(parameters(moment.spec.model, moment.data.io_shape).values()),
        "per_step": lambda moment: _cell_weights(moment, moment.spec) * moment.spec.data.usual_steps,
        "per_value": lambda moment: 2 + moment.spec.data.usual_steps,
        "w": lambda moment: float(_weights(moment).W[0, 0]),
        "u": lambda moment: float(_weights(moment).U[0, 0]),
        "b": lambda moment: float(_weights(moment).b[0]),
        "x": lambda moment: float(moment.probe.x[0, 0]),
        "begins": lambda _moment: BEGINS,
        "before": _first,
        "after": lambda moment: _first(moment, BEGINS),
        "sum": lambda moment: float(np.arctanh(_first(moment, BEGINS))),
        "tanh_half": lambda _moment: float(np.tanh(0.5)),
        "tanh_one": lambda _moment: float(np.tanh(1.0)),
        "tanh_more": lambda _moment: float(np.tanh(1.5)),
        "units": lambda _moment: LETTERS.model.layers[0].hidden,
        "signs": lambda moment: moment.prepared(LETTERS).io_shape.n_symbols,
        "of_w": lambda moment: LETTERS.model.layers[0].hidden * moment.prepared(LETTERS).io_shape.n_symbols,
        "of_u": lambda _moment: LETTERS.model.layers[0].hidden ** 2,
        "all": lambda moment: _cell_weights(moment, LETTERS),
    },
    presets=("s4a", "s4b", "s4c"), onward=("cell", "weights"))
