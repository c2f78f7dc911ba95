"""The race of 1997: adding across 100 steps, and how the forget gate begins."""

from __future__ import annotations

from statistics import median

import numpy as np

from lstm_core.cells import sigmoid
from lstm_core.data.tasks.scoring import CLOSE
from lstm_core.data.tasks.sequences import MIDDLE
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import powers
from lstm_core.lessons.asks import Choice, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import trained
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.presets.figures import known
from lstm_core.presets.memory import PAPER
from lstm_core.spec import Adding, RunSpec

LONG_START: RunSpec = PRESETS["adding"].spec
ORDINARY: RunSpec = LONG_START.change(chrono=0, epochs=6)
FARTHER: RunSpec = PRESETS["adding_1000"].spec
MORE = 0.1              # share right above that of always saying the mean from which something is learned
LEARNED = 0.9           # share right from which the task is


def _right(moment: Moment) -> float:
    """Return the share of the validation sequences that are right in the end."""
    return float(moment.evaluations["score"][-1])


def _reached(moment: Moment) -> str:
    """Return how far a run came."""
    if _right(moment) >= LEARNED:
        return "abolish"
    return "partly" if _right(moment) > moment.data.naive_error("validation") + MORE else "mean"


def _read(moment: Moment) -> int:
    """Return how many training sequences a run has read."""
    return moment.update * moment.spec.train.batch


def _at_most(spec: RunSpec) -> int:
    """Return how many training sequences a run may read."""
    assert isinstance(spec.data, Adding)
    return spec.data.sequences * spec.train.epochs


def _ordinary_gate() -> float:
    return float(sigmoid(np.array(ORDINARY.model.forget_bias)))


def _longest_gate(spec: RunSpec) -> float:
    """Return the forget gate of the longest memory that the chrono initialisation may draw: a bias of ln(T - 1)."""
    return float(sigmoid(np.log(spec.model.chrono - 1.0)))


LESSON = Lesson(
    name="race", number=14,
    cards=(
        Say(name="task", lights=("windows",), stage=Stage(page="train", spec=ORDINARY)),
        Predict(name="ordinary", ask=Choice(("abolish", "mean", "partly")), truth=_reached, chance=True,
                meets=("gates_abolish",)),
        Do(name="train", waits=trained(), lights=("lesson_train", "loss"), does="press lesson_train"),
        See(name="ordinary_came", of="ordinary", lights=("prediction", "status")),
        Predict(name="needed", truth=_read, chance=True, stage=Stage(page="train", spec=LONG_START), ask=Number(
            1000, 1e6, within=1.6, near=3, unit=N_("sequences"), form=",.0f", log=True, whole=True)),
        Do(name="again", waits=trained(), lights=("lesson_train", "loss"), does="press lesson_train"),
        See(name="needed_came", of="needed", lights=("loss", "status")),
        Why(name="why", ask=Choice(("way", "weights", "luck")), truth=always("way")),
        Transfer(name="farther", ask=Number(1e-12, 1, within=3, near=30, form=".1g", log=True),
                 truth=always(_longest_gate(LONG_START) ** FARTHER.data.gap)),
    ),
    facts={
        "distance": lambda moment: moment.spec.data.gap,
        "middle": always(MIDDLE),
        "close": lambda _moment: CLOSE,
        "naive": lambda moment: moment.data.naive_error("validation"),
        "units": lambda moment: moment.spec.model.layers[0].hidden,
        "most": lambda _moment: _at_most(ORDINARY),
        "gate": lambda _moment: _ordinary_gate(),
        "left": lambda moment: powers(f"{_ordinary_gate() ** moment.spec.data.gap:.1e}"),
        "right": _right,
        "read": _read,
        "longest": lambda _moment: _longest_gate(LONG_START),
        "longest_left": lambda _moment: _longest_gate(LONG_START) ** LONG_START.data.gap,
        "enough": lambda _moment: LONG_START.train.target_score,
        "paper": lambda _moment: PAPER["adding"],
        "by_rule": lambda _moment: median(known()["adding_1997"].values["sequences_needed"]),
        "rule_seeds": lambda _moment: known()["adding_1997"].seeds,
        "fewest": lambda _moment: min(known()["adding"].values["sequences_needed"]),
        "largest": lambda _moment: max(known()["adding"].values["sequences_needed"]),
        "many_seeds": lambda _moment: known()["adding"].seeds,
        "seeds": lambda _moment: known()["adding_forget_1"].seeds,
        "seeds_right": lambda _moment: max(known()["adding_forget_1"].values["sequences_right"]),
        "seeds_epochs": lambda _moment: known()["adding_forget_1"].spec.train.epochs,
        "far": lambda _moment: FARTHER.data.gap,
        "far_left": lambda _moment: powers(f"{_longest_gate(LONG_START) ** FARTHER.data.gap:.1e}"),
        "far_gate": lambda _moment: _longest_gate(FARTHER),
        "far_kept": lambda _moment: _longest_gate(FARTHER) ** FARTHER.data.gap,
        "far_needed": lambda _moment: median(known()["adding_1000"].values["sequences_needed"]),
    },
    presets=("adding", "adding_rnn", "adding_500", "adding_1000", "order"), onward=("memory", "adding"))
