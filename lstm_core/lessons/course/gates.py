"""The cell, gate by gate: take hold of the forget gate and see what is lost, on a network that recalls a letter."""

from __future__ import annotations

import numpy as np

from lstm_core.cells.head import predicted
from lstm_core.inside.interventions import ClampGate
from lstm_core.inside.keeping import keeper
from lstm_core.inside.probe import right_classes
from lstm_core.lessons.asks import Choice, Number, OwnWords
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import holds
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.spec import RunSpec

RECALL = PRESETS["recall"].spec
SINE = RunSpec()


def _sure(moment: Moment, held: float | None) -> float:
    """Return how likely the network says the right letter when it is asked, with its forget gates held at a value."""
    changes = () if held is None else (ClampGate(0, "f", held),)
    probabilities = predicted(moment.trace(changes=changes).output[-1])
    return 100 * float(probabilities[right_classes(moment.probe, moment.data)[-1]])


def _kept(moment: Moment) -> float:
    """Return the mean of the forget gate over the gap, of the unit that keeps longest."""
    trace = moment.trace()
    found = keeper(moment.spec.model.cell_type, trace)
    return float(trace.layers[0].gates["f"][1:-1, found.unit].mean()) if found else np.nan


def _sine_worse(moment: Moment) -> float:
    """Return how many times as large the error of the sine's network is with its forget gates held at 0."""
    sine = moment.other(SINE)
    read = sine.probe
    true = read.actual[-1]
    free, held = (float(sine.data.unscale(sine.trace(changes=changes).output[-1, 0]))
                  for changes in ((), (ClampGate(0, "f", 0.0),)))
    return float(abs(held - true) / max(abs(free - true), 1e-12))


LESSON = Lesson(
    name="gates", number=7,
    cards=(
        Say(name="meet", lights=(".cv-diagram",), stage=Stage(page="cell", section="what_if", spec=RECALL)),
        Predict(name="zero", ask=Number(0, 100, within=8, near=25, unit="%", form=".0f"),
                truth=lambda moment: _sure(moment, 0.0)),
        Do(name="hold_zero", waits=holds("f", 0.0), lights=("what_if",),
           does="set if_gate f, set if_value 0.0, press apply"),
        See(name="zero_came", of="zero"),
        Predict(name="one", ask=Choice(("forgets", "keeps", "same")), truth=always("keeps"),
                meets=("f_one_forgets",)),
        Do(name="hold_one", waits=holds("f", 1.0), lights=("what_if",),
           does="set if_gate f, set if_value 1.0, press apply"),
        See(name="one_came", of="one"),
        Why(name="why", ask=OwnWords(), truth=always(None)),
        Transfer(name="sine", ask=Choice(("worse", "same")), truth=lambda moment: "worse"
                 if _sine_worse(moment) > 1.5 else "same"),
    ),
    facts={
        "letter": lambda moment: moment.data.labels[int(right_classes(moment.probe, moment.data)[-1])],
        "steps": lambda moment: len(moment.probe.x),
        "sure": lambda moment: _sure(moment, None) / 100,
        "sure_zero": lambda moment: _sure(moment, 0.0) / 100,
        "sure_one": lambda moment: _sure(moment, 1.0) / 100,
        "guess": lambda moment: 1 / moment.data.classes,
        "kept": _kept,
        "sine_worse": _sine_worse,
    },
    presets=("recall", "s3_scratch"), onward=("challenges", ""))
