"""Watch it learn: a sine becomes a cosine, the loss falls update by update, and then a network is left to itself."""

from __future__ import annotations

import numpy as np

from lstm_core.data import Windows
from lstm_core.i18n import gettext_noop as N_
from lstm_core.learning.batches import Batches
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import setting, trained
from lstm_core.lessons.moment import Moment
from lstm_core.presets import PRESETS
from lstm_core.spec import RunSpec

COSINE = PRESETS["s5"].spec
FEW = RunSpec().change(epochs=2)
DIGITS = PRESETS["s1_digits"].spec

FAR = 90                # steps that the network runs freely
END = 10                # of them are looked at in the end
GROWN = 2.0             # times the error of one step ahead, from which an error has grown
FLAT = 0.1              # share of the real range in which a forecast that has come to a stop stays

WINDOWS = COSINE.data.length // COSINE.data.usual_steps             # type: ignore[attr-defined]
UPDATES = WINDOWS - COSINE.train.batch + 1                          # each begins one window later (Batches.carried)
LOSS = Curve(x=N_("update"), y=N_("mean squared error, scaled"), first="1", last=str(UPDATES), low=1e-3, high=10,
             log=True, within=0.1, near=0.2)


def _updates(moment: Moment, spec: RunSpec) -> int:
    """Return how many updates one epoch has."""
    data = moment.prepared(spec)
    return Batches(spec.train, data.sample_ids["train"], data.steps, data.resampled_each_epoch).per_epoch


def _one(moment: Moment) -> float:
    """Return the mean error one step ahead, on the test part."""
    return moment.other(FEW).score("test").value


def _alone(moment: Moment) -> tuple[np.ndarray, np.ndarray]:
    """Return the forecast from the beginning of the test part on, and what came there, both (FAR,)."""
    run = moment.other(FEW)
    assert isinstance(run.data, Windows)
    start = run.data.rows["test"].start
    return run.free_running(np.array([start]), FAR)[0], run.data.actual[start + 1:start + 1 + FAR]


def _late(moment: Moment) -> float:
    """Return the mean error of the last of those steps."""
    forecast, actual = _alone(moment)
    return float(np.abs(forecast - actual)[-END:].mean())


def _goes(moment: Moment) -> str:
    """Return what the forecast did."""
    forecast, actual = _alone(moment)
    if np.ptp(forecast[-END:]) < FLAT * np.ptp(actual[-END:]):
        return "stops"
    return "grows" if _late(moment) > GROWN * _one(moment) else "same"


LESSON = Lesson(
    name="watch", number=3,
    cards=(
        Predict(name="curve", ask=LOSS, truth=lambda moment: LOSS.resampled(moment.losses), chance=True,
                lights=("loss",), stage=Stage(page="train", spec=COSINE)),
        Do(name="train", waits=trained(), lights=("lesson_train", "prediction", "loss"),
           does="press lesson_train"),
        See(name="curve_came", of="curve", lights=("loss",)),
        Predict(name="alone", ask=Choice(("same", "grows", "stops")), truth=_goes, meets=("one_step_is_free",),
                chance=True, stage=Stage(page="train", spec=FEW)),
        Do(name="train_few", waits=trained(), lights=("lesson_train",), does="press lesson_train"),
        Do(name="let_go", waits=setting("way", "free"), lights=("way",), does="set way free",
           stage=Stage(page="predict", spec=FEW, sets={"way": "ahead", "free_steps": FAR})),
        See(name="alone_came", of="alone", lights=("predicted",)),
        Why(name="why", ask=Choice(("weights", "own", "harder")), truth=always("own")),
        Transfer(name="digits", ask=Number(1, 2000, within=0, near=1, form=".0f", whole=True),
                 truth=lambda moment: _updates(moment, DIGITS)),
    ),
    facts={
        "batch": always(COSINE.train.batch),
        "updates": always(UPDATES),
        "zero": lambda moment: float((moment.prepared(COSINE).targets**2).mean()),      # type: ignore[attr-defined]
        "first": lambda moment: float(moment.losses[0]),
        "last": lambda moment: float(moment.losses[-1]),
        "few": lambda moment: _updates(moment, FEW) * FEW.train.epochs,
        "far": always(FAR),
        "end": always(END),
        "one": _one,
        "again": lambda moment: moment.prepared(FEW).naive_error("test"),
        "late": _late,
        "grown": lambda moment: _late(moment) / _one(moment),
        "samples": lambda moment: len(moment.prepared(DIGITS).sample_ids["train"]),
        "of_batch": always(DIGITS.train.batch),
        "full": lambda moment: len(moment.prepared(DIGITS).sample_ids["train"]) // DIGITS.train.batch,
        "rest": lambda moment: len(moment.prepared(DIGITS).sample_ids["train"]) % DIGITS.train.batch,
        "epoch": lambda moment: _updates(moment, DIGITS),
    },
    presets=("s5",), onward=("train", ""))
