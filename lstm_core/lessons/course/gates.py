"""The cell, gate by gate: take hold of the forget gate and see what is lost, on a network that recalls a letter."""

from __future__ import annotations

import numpy as np

from lstm_core.cells.head import predicted
from lstm_core.i18n import gettext_noop as N_
from lstm_core.inside.interventions import ClampGate
from lstm_core.inside.keeping import keeper
from lstm_core.inside.probe import right_classes
from lstm_core.lessons.asks import Choice, Curve, Number, OwnWords
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import holds
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS

RECALL = PRESETS["recall"].spec
HELD = 0.9              # where the forget gate stands in the transfer
GAP = 20                # time steps there
FADING = Curve(x=N_("Time steps after the letter"), y=N_("Share of the trace that is left"), first="0", last=str(GAP),
               low=0.0, high=1.0, within=0.06, near=0.15)


def _sure(moment: Moment, held: float | None) -> float:
    """Return in percent how likely the right letter is when it is asked for, with all forget gates held at a value."""
    changes = () if held is None else (ClampGate(0, "f", held),)
    probabilities = predicted(moment.trace(changes=changes).output[-1])
    return 100 * float(probabilities[_letter(moment)])


def _kept(moment: Moment) -> tuple[float, float]:
    """Return of the unit that keeps longest its mean forget gate, and the share that is left of what it took in."""
    trace = moment.trace()
    found = keeper(moment.spec.model.cell_type, trace)
    if found is None:
        return np.nan, np.nan
    gate = trace.layers[found.layer].gates["f"][found.step + 1:, found.unit]
    return float(gate.mean()), found.share


def _memory(moment: Moment, step: int) -> float:
    """Return what the unit that keeps longest has in its cell state at a step."""
    trace = moment.trace()
    found = keeper(moment.spec.model.cell_type, trace)
    states = None if found is None else trace.layers[found.layer].c
    return np.nan if found is None or states is None else float(states[step, found.unit])


def _only_kept(moment: Moment) -> float:
    """Return how likely the right letter is in the end, when nothing is written after the letter has been read."""
    closed = [ClampGate(0, "i", 0.0, step=step) for step in range(1, len(moment.probe.x))]
    return float(predicted(moment.trace(changes=closed).output[-1])[_letter(moment)])


def _letter(moment: Moment) -> int:
    """Return the letter that is right."""
    return int(right_classes(moment.probe, moment.data)[-1])


LESSON = Lesson(
    name="gates", number=7,
    cards=(
        Say(name="meet", lights=(".cv-diagram [data-part=f]",),
            stage=Stage(page="cell", section="what_if", spec=RECALL)),
        Predict(name="one", ask=Choice(("forgets", "keeps", "same")), truth=always("keeps"),
                meets=("f_one_forgets",), lights=(".cv-diagram [data-part=f]",)),
        Do(name="hold_one", waits=holds("f", 1.0), lights=("what_if",),
           does="set change gate, set if_gate f, set if_all true, set if_value 1.0, press apply"),
        See(name="one_came", of="one", lights=(".cv-maps",)),
        Predict(name="zero", ask=Number(0, 100, within=8, near=25, unit="%", form=".0f"),
                truth=lambda moment: _sure(moment, 0.0)),
        Do(name="hold_zero", waits=holds("f", 0.0), lights=("what_if",),
           does="set change gate, set if_gate f, set if_all true, set if_value 0.0, press apply"),
        See(name="zero_came", of="zero", lights=(".cv-maps",)),
        Why(name="why", ask=OwnWords(), truth=always(None)),
        Transfer(name="fading", ask=FADING, truth=lambda _moment: FADING.resampled(HELD ** np.arange(GAP + 1))),
    ),
    facts={
        "letter": lambda moment: moment.data.labels[_letter(moment)],
        "letters": lambda moment: moment.data.classes,
        "steps": lambda moment: len(moment.probe.x),
        "noise": lambda moment: len(moment.probe.x) - 2,        # all but the letter and the question
        "sure": lambda moment: _sure(moment, None) / 100,
        "sure_zero": lambda moment: _sure(moment, 0.0) / 100,
        "sure_one": lambda moment: _sure(moment, 1.0) / 100,
        "guess": lambda moment: 1 / moment.data.classes,
        "gate": lambda moment: _kept(moment)[0],
        "kept": lambda moment: _kept(moment)[1],
        "only_kept": _only_kept,
        "noted": lambda moment: _memory(moment, 0),
        "noted_end": lambda moment: _memory(moment, -1),
        "sure_noted": lambda moment: float(predicted(moment.trace().output[0])[_letter(moment)]),
        "held": lambda _moment: HELD,
        "gap": lambda _moment: GAP,
        "half_way": lambda _moment: HELD ** (GAP // 2),
        "end": lambda _moment: HELD ** GAP,
    },
    presets=("s1_table", "s2_reviews_en", "s2_reviews_zh", "s3_scratch", "recall"), onward=("challenges", ""))
