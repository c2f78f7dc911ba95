"""A price forecast, honestly: what scaling may know, what it must beat, and the late copy that it turns out to be."""

from __future__ import annotations

import numpy as np

from lstm_core.data import Windows
from lstm_core.data.scaler import fit
from lstm_core.evaluation import evidence
from lstm_core.evaluation.baselines import Baselines
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

FAR = 20                # days for which the network is left alone at last, the last of the series

FORECAST = Curve(x=N_("days ahead"), y=N_("NASDAQ, points"), first="1", last=f"{FAR}", low=2750, high=3250, points=FAR,
                 within=0.05, near=0.12, form=".0f")


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
    """Return how the predicted changes resemble the real ones of the same day and of the day before, (2,)."""
    return lag_profile(_data(moment).targets_of("test").actual, moment.predictions("test"), 1)


def _known(moment: Moment) -> np.ndarray:
    """Return the last prices that it reads before it is left alone, (S,) in points."""
    prices = _data(moment).actual
    return prices[-FAR - moment.spec.data.usual_steps:-FAR]


def _alone(moment: Moment) -> np.ndarray:
    """Return what it says then, reading its own answers, (FAR,) in points."""
    forecast: np.ndarray = moment.free_running(np.array([len(_data(moment).actual) - 1 - FAR]), FAR)[0]
    return forecast


def _largest_move(moment: Moment, days: np.ndarray) -> float:
    """Return the largest change from one day to the next, from the last known price on."""
    return float(np.abs(np.diff(days, prepend=_known(moment)[-1])).max())


def _daily_move(days: np.ndarray) -> float:
    """Return how far prices (n,) move from one day to the next, on average."""
    return float(np.abs(np.diff(days)).mean())


TRAIN = Stage(page="train", spec=NASDAQ)
PREDICT = Stage(page="predict", spec=NASDAQ, sets={"asked_part": "test", "way": "ahead", "move_back": False})

LESSON = Lesson(
    name="prices", number=10,
    cards=(
        Say(name="meet", lights=("windows",), stage=TRAIN),
        Predict(name="scale", ask=Choice(("harmless", "mixes", "knows")),
                truth=lambda moment: "knows" if _highest_training(moment) < 1 else "harmless",
                meets=("scaling_harmless",)),
        Predict(name="close", ask=Choice(("good", "ties", "worse")), truth=_judged, meets=("looks_close",),
                chance=True),
        Do(name="train", waits=trained(), lights=("lesson_train", "prediction"), does="press lesson_train"),
        See(name="scale_came", of="scale"),
        See(name="close_came", of="close", lights=("measures",), stage=PREDICT),
        Do(name="move", waits=setting("move_back", True), lights=("lags", "move_back"), does="set move_back true"),
        Why(name="why", ask=Choice(("memory", "safest", "broken", "late")), truth=always("safest"),
            lights=("lags",)),
        Transfer(name="alone", ask=FORECAST, truth=lambda moment: FORECAST.resampled(_alone(moment)), known=_known,
                 chance=True),
    ),
    facts={
        "first": lambda moment: str(_data(moment).index[0])[:10],
        "last": lambda moment: str(_data(moment).index[-1])[:10],
        "steps": lambda moment: moment.spec.data.usual_steps,
        "train": lambda moment: len(_data(moment).rows["train"]),
        "validation": lambda moment: len(_data(moment).rows["validation"]),
        "test": lambda moment: len(_data(moment).rows["test"]),
        "windows": lambda moment: len(_data(moment).sample_ids["train"]),
        "highest_train": lambda moment: float(_close(moment, "train").max()),
        "highest_test": lambda moment: float(_close(moment, "test").max()),
        "scaled_train": _highest_training,
        "scaled_test": _highest_test,
        "error": lambda moment: _network(moment).rmse,
        "naive_error": lambda moment: _yesterday(moment).rmse,
        "same_day": lambda moment: _profile(moment)[0],
        "day_before": lambda moment: _profile(moment)[1],
        "said_daily": lambda moment: _daily_move(moment.predictions("test")),
        "real_daily": lambda moment: _daily_move(_data(moment).targets_of("test").actual),
        "known_from": lambda moment: str(_data(moment).index[-FAR - moment.spec.data.usual_steps])[:10],
        "known_to": lambda moment: str(_data(moment).index[-FAR - 1])[:10],
        "far": always(FAR),
        "drift": lambda moment: float(_alone(moment)[-1] - _known(moment)[-1]),
        "alone_move": lambda moment: _largest_move(moment, _alone(moment)),
        "real_move": lambda moment: _largest_move(moment, _data(moment).actual[-FAR:]),
    },
    presets=("s1_table", "s3_ensemble", "s4_rnn", "s4_lstm"), onward=("challenges", ""),
)
