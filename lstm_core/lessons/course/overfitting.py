"""Too good to be true: a network that learns its noise by heart, what dropout does about it, and which weights to keep.

Where the loss is validated, the loss of the training is the mean over the epoch before, with dropout at work.
"""

from __future__ import annotations

import numpy as np

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import trained
from lstm_core.lessons.moment import Moment
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.spec.parameters import parameters

SHORT = RunSpec(
    data=Waves(noise=0.3, length=200, validation=0.2, test=0.2), model=ModelSpec(layers=(Layer(64),)),
    train=TrainSpec(epochs=200, lr=0.01))
DROPPED = SHORT.change(layers=(Layer(64, 0.7),))
LOSS = Curve(x=N_("epoch"), y=N_("validation loss"), first="1", last=f"{SHORT.train.epochs}", low=0.05, high=0.8,
             log=True, within=0.06, near=0.15)
PATIENCE = 3            # epochs without a better loss after which the run of the last card ends
WATCHED = (0.61, 0.34, 0.25, 0.27, 0.22, 0.24, 0.23, 0.26, 0.21, 0.28)
"""Validation losses after each epoch, from the first, as one might have written them down."""


def _losses(moment: Moment, kind: str = "validation_loss") -> np.ndarray:
    """Return the losses after each epoch from the first, (n,).

    Raises:
        Refusal: there are none yet.
    """
    found: np.ndarray = moment.evaluations[kind][moment.evaluations["update"] > 0]
    if not len(found):
        raise Refusal("There is no trained network yet: press Train first.")
    return found


def _best(moment: Moment) -> int:
    """Return after which epoch the validation loss was lowest, from 1."""
    return int(np.nanargmin(_losses(moment))) + 1


def _last_epochs(moment: Moment) -> int:
    """Return the last twentieth of the epochs: a single one is a matter of chance."""
    return max(1, len(_losses(moment)) // 20)


def _at_end(moment: Moment, kind: str = "validation_loss") -> float:
    """Return the median of the losses of these last epochs."""
    return float(np.median(_losses(moment, kind)[-_last_epochs(moment):]))


def _half(moment: Moment) -> int:
    return moment.spec.train.epochs // 2


def _below(moment: Moment) -> float:
    """Return the share of the first half of the epochs after which the validation loss was below the training loss."""
    half = _half(moment)
    return float(np.mean(_losses(moment)[:half] < _losses(moment, "train_loss")[:half]))


def _stopped() -> int:
    """Return the epoch after which early stopping ends the run of the last card, from 1."""
    best = 0
    for epoch, loss in enumerate(WATCHED):
        best = epoch if loss < WATCHED[best] else best
        if epoch - best == PATIENCE:
            return epoch + 1
    return len(WATCHED)


TRAIN = Stage(page="train", spec=SHORT)
TRAIN_DROPPED = Stage(page="train", spec=DROPPED)

LESSON = Lesson(
    name="overfitting", number=11,
    cards=(
        Say(name="meet", lights=("windows",), stage=TRAIN),
        Predict(name="curve", ask=LOSS, truth=lambda moment: LOSS.resampled(_losses(moment)), chance=True),
        Do(name="train", waits=trained(), lights=("lesson_train", "loss"), does="press lesson_train"),
        See(name="curve_came", of="curve", lights=("loss",)),
        Predict(name="dropped", ask=Choice(("above", "bug", "steps", "upwards")),
                truth=lambda moment: "upwards" if _below(moment) > 0.5 else "above",
                meets=("validation_below", "dropout_recurrent"), chance=True, stage=TRAIN_DROPPED),
        Do(name="train_dropped", waits=trained(), lights=("lesson_train", "loss"), does="press lesson_train"),
        See(name="dropped_came", of="dropped", lights=("drawn_unrolled",),
            stage=Stage(page="shapes", section="graph", spec=DROPPED)),
        Why(name="kept", ask=Choice(("last", "training", "validation", "test")), truth=always("validation"),
            lights=("loss",), stage=TRAIN),
        Transfer(name="stop", ask=Number(1, len(WATCHED), within=0, near=1, form=".0f", whole=True),
                 truth=lambda _moment: _stopped()),
    ),
    facts={
        "noise": lambda moment: moment.spec.data.unpredictable,
        "windows": lambda moment: len(moment.data.sample_ids["train"]),
        "steps": lambda moment: moment.spec.data.usual_steps,
        "hidden": lambda moment: moment.spec.model.layers[0].hidden,
        "weights": lambda moment: sum(parameters(moment.spec.model, moment.data.io_shape).values()),
        "epochs": lambda moment: moment.spec.train.epochs,
        "noise_loss": lambda moment: moment.spec.data.unpredictable ** 2,
        "best": _best,
        "lowest": lambda moment: float(np.nanmin(_losses(moment))),
        "ended": _at_end,
        "trained_to": lambda moment: _at_end(moment, "train_loss"),
        "drop": lambda _moment: DROPPED.model.layers[0].dropout,
        "last_epochs": _last_epochs,
        "per_epoch": lambda moment: round(len(moment.losses) / moment.spec.train.epochs),
        "half": _half,
        "below": _below,
        "plain_lowest": lambda moment: float(np.nanmin(_losses(moment.other(SHORT)))),
        "plain_ended": lambda moment: _at_end(moment.other(SHORT)),
        "patience": lambda _moment: PATIENCE,
        "watched": lambda _moment: " · ".join(f"{loss:.2f}" for loss in WATCHED),
        "stopped": lambda _moment: _stopped(),
        "stopped_best": lambda _moment: int(np.argmin(WATCHED[:_stopped()])) + 1,
        "missed": lambda _moment: int(np.argmin(WATCHED)) + 1,
    },
    presets=("s2_stacked", "s3_ensemble", "s4_rnn", "s4_lstm"), onward=("challenges", ""),
)
