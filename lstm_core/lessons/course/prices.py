"""A price forecast, honestly: what scaling may know, what it must beat, and the late copy that it turns out to be."""

from __future__ import annotations

import numpy as np

from lstm_core.data import Windows
from lstm_core.data.scaler import fit
from lstm_core.evaluation import evidence
from lstm_core.evaluation.baselines import Baselines, persistence
from lstm_core.evaluation.beside import Beside
from lstm_core.evaluation.metrics import Metrics, lag_profile
from lstm_core.evaluation.verdict import CLEAR
from lstm_core.i18n import gettext_noop as N_
from lstm_core.lessons.asks import Choice, Curve
from lstm_core.lessons.cards import Do, Lesson, Predict, Say, See, Stage, Transfer, Why, always
from lstm_core.lessons.conditions import setting, trained
from lstm_core.lessons.moment import Moment
from lstm_core.spec import Layer, ModelSpec, Prices, RunSpec, Split, TrainSpec

NASDAQ = RunSpec(
    data=Prices(start="2009-01-01", end="2013-01-01", steps=20, test=0.2), model=ModelSpec(layers=(Layer(16),)),
    train=TrainSpec(epochs=40))
OTHER = NASDAQ.change(market="sp500", start="2013-01-01", end="2017-01-01")
LAGS = 4                # days of delay that are looked at

LIKENESS = Curve(x=N_("days of delay"), y=N_("correlation of the changes"), first="0", last=f"{LAGS}", low=-0.5,
                 high=1.0, points=LAGS + 1, within=0.12, near=0.25, form=".2f")


def _data(moment: Moment) -> Windows:
    data = moment.data
    assert isinstance(data, Windows)
    return data


def _close(moment: Moment, split: Split) -> np.ndarray:
    """Return the closing prices of a part, (n,) in points."""
    data = _data(moment)
    rows = data.rows[split]
    return data.actual[rows.start:rows.stop]


def _highest_training(moment: Moment) -> float:
    """Return what the highest training price becomes when the scale is fitted on the whole series."""
    prices = _data(moment).actual[:, np.newaxis]
    return float(fit("minmax", prices).apply(_close(moment, "train").max(keepdims=True))[0])


def _highest_test(moment: Moment) -> float:
    """Return what the highest test price becomes when the scale is fitted on the training part."""
    return float(_data(moment).target_scaling.apply(_close(moment, "test").max(keepdims=True))[0])


def _measured(moment: Moment) -> Beside:
    """Return the errors over the test part, of the network and of what needs none."""
    data = _data(moment)
    return evidence.numbers(data, data.targets_of("test"), moment.predictions("test"), Baselines.fit(data))


def _network(moment: Moment) -> Metrics:
    return _measured(moment).network


def _yesterday(moment: Moment) -> Metrics:
    return _measured(moment).baselines["persistence"]


def _judged(moment: Moment) -> str:
    """Return whether the network is better than yesterday's price, the verdict of the page Predict: else it ties."""
    found = _measured(moment)
    network, naive = found.network, found.baselines["persistence"]
    saved = found.saved["persistence"]
    if saved.low > 0 and network.rmse < (1 - CLEAR) * naive.rmse:
        return "good"
    return "worse" if saved.high < 0 and network.rmse > (1 + CLEAR) * naive.rmse else "ties"


def _profile(moment: Moment) -> np.ndarray:
    """Return how the predicted changes resemble the real ones of so many days before, (LAGS + 1,)."""
    return lag_profile(_data(moment).targets_of("test").actual, moment.predictions("test"), LAGS)


def _copy_of_other(moment: Moment) -> np.ndarray:
    """Return the same for another market, of a forecast that says yesterday's price: no network is needed."""
    data = moment.prepared(OTHER)
    assert isinstance(data, Windows)
    shown = data.targets_of("test")
    return lag_profile(shown.actual, persistence(data.actual, shown.rows, data.horizon), LAGS)


TRAIN = Stage(page="train", spec=NASDAQ)
FORECAST = Stage(page="predict", spec=NASDAQ, sets={"asked_part": "test", "way": "ahead", "move_back": False})

LESSON = Lesson(
    name="prices", number=10,
    cards=(
        Say(name="meet", lights=("windows",), stage=TRAIN),
        Predict(name="scale", ask=Choice(("harmless", "mixes", "knows")),
                truth=lambda moment: "knows" if _highest_training(moment) < 1 else "harmless",
                meets=("scaling_harmless",)),
        Predict(name="close", ask=Choice(("good", "ties", "worse")), truth=_judged, meets=("looks_close",),
                chance=True),
        Do(name="train", waits=trained(), lights=("lesson_train",), does="press lesson_train"),
        See(name="scale_came", of="scale"),
        See(name="close_came", of="close", lights=("measures",), stage=FORECAST),
        Do(name="move", waits=setting("move_back", True), lights=("lags", "move_back"), does="set move_back true"),
        Why(name="why", ask=Choice(("memory", "safest", "broken", "late")), truth=always("safest"),
            lights=("lags",)),
        Transfer(name="copy", ask=LIKENESS, truth=lambda moment: LIKENESS.resampled(_copy_of_other(moment))),
    ),
    facts={
        "first": lambda moment: str(_data(moment).index[0])[:10],
        "last": lambda moment: str(_data(moment).index[-1])[:10],
        "steps": lambda moment: moment.spec.data.usual_steps,
        "train": lambda moment: len(_data(moment).rows["train"]),
        "validation": lambda moment: len(_data(moment).rows["validation"]),
        "test": lambda moment: len(_data(moment).rows["test"]),
        "highest_train": lambda moment: float(_close(moment, "train").max()),
        "highest_test": lambda moment: float(_close(moment, "test").max()),
        "scaled_train": _highest_training,
        "scaled_test": _highest_test,
        "error": lambda moment: _network(moment).rmse,
        "naive_error": lambda moment: _yesterday(moment).rmse,
        "same_day": lambda moment: _profile(moment)[0],
        "day_before": lambda moment: _profile(moment)[1],
        "other_same": lambda moment: _copy_of_other(moment)[0],
        "other_before": lambda moment: _copy_of_other(moment)[1],
    },
    presets=("s1_table", "s3_ensemble", "s4_rnn", "s4_lstm"), onward=("challenges", ""),
)
