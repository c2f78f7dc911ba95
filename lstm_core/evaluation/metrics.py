"""How far predictions are from what was real: errors in real units, skill against a rival, classes right, delay.

Beside these, what tells the course of a loss from its noise.

The errors are the usual ones (Hyndman & Koehler 2006, "Another look at measures of forecast accuracy"); with e the
prediction less the real value y, over n rows:

    MAE = mean |e|      RMSE = sqrt(mean e^2)      MAPE = 100 mean |e / y|      bias = mean e
    skill = 1 - RMSE / RMSE of a rival                  (Murphy 1988; 1: perfect, 0: no better, below 0: worse)
    explained = 1 - sum e^2 / sum (y - mean y)^2        (coefficient of determination, R^2)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_core.errors import Refusal, listed

ZERO = 1e-9             # share of the largest real value below which a real value is 0 but for rounding
SMOOTHED = 5            # losses of the running median, or a twentieth of all
LAGS = 5                # rows of delay that are looked at
LAG_ROWS = 30           # changes from which their correlation says something

@dataclass(frozen=True)
class Metrics:
    """The errors of one forecast over n rows; nan is what cannot be said."""

    mae: float              # mean absolute error, real units
    rmse: float             # root mean squared error, real units
    mape: float             # mean absolute percentage error, percent; nan as soon as one real value is 0 (ZERO)
    deviation: float        # the same as a share: S1's mean relative deviation mean(|predicted - real| / |real|)
    direction: float        # share of the rows with a change, real and predicted, in which both have the same sign
    moving: int             # rows with such a change, of which direction is a share
    skill: float            # against a rival, by RMSE, as networks learn to lower the squared error; nan where the
                            # rival makes no error
    explained: float        # share of the variance explained; nan where the real value never changes
    bias: float             # mean of predicted - real, real units
    count: int              # rows


NOTHING = Metrics(mae=np.nan, rmse=np.nan, mape=np.nan, deviation=np.nan, direction=np.nan, moving=0,
                  skill=np.nan, explained=np.nan, bias=np.nan, count=0)
"""What is measured over no rows."""


@dataclass(frozen=True, eq=False)
class ClassMetrics:
    """How often the right one of K classes was named, over n rows."""

    accuracy: float         # share named right; the class with the highest probability is named
    cross_entropy: float    # mean of -ln(probability of the real class), nats
    confusion: np.ndarray   # (K, K) int64 rows with the real class of a row, named as the class of a column
    precision: np.ndarray   # (K,) share right of the rows named so; nan for a class that is never named
    recall: np.ndarray      # (K,) share right of the rows that are so; nan for a class that never comes
    naive: float            # share right of the naive prediction on the same rows
    won: int                # rows that are named right and of which the naive prediction is wrong
    lost: int               # rows that are named wrong and of which the naive prediction is right
    count: int              # rows


@dataclass(frozen=True)
class Rival:
    """What another model names right on the rows on which a network is measured."""

    right: int      # rows that it names right
    won: int        # rows that the network names right and it wrong
    lost: int       # rows that the network names wrong and it right


@dataclass(frozen=True)
class Score:
    """How well a network does over one part of its data, in a few numbers."""

    loss: float             # mean squared error of scaled values, or cross entropy
    value: float            # mean absolute error, real units; with ``share``, the share that is right
    baseline: str           # the best forecast without a network, see verdict.BASELINES
    naive: float            # what ``value`` is of that forecast
    skill: float            # against that forecast: of numbers by RMSE as in Metrics, of shares see gain()
    share: bool             # more is better: the error is a share right
    over_persistence: float = np.nan            # skill against persistence, whatever the best forecast is; of series
    baseline_over_persistence: float = np.nan   # the same of the best forecast without a network


@dataclass(frozen=True)
class Fall:
    """What the smoothed loss did over the last fifth of a run."""

    before: float           # its lowest up to there
    after: float            # at the end
    noise: float            # standard deviation of single evaluations in logarithms
    at_end: bool            # its minimum lies at the end


def measure(actual: np.ndarray, predicted: np.ndarray, known: np.ndarray, rival: np.ndarray) -> Metrics:
    """Return the errors of a forecast.

    A row with nan in any of the four is left out; infinite predictions count as infinitely wrong. Without rows all is
    nan.

    Args:
        actual: (n,) real values.
        predicted: (n,) the forecast of them.
        known: (n,) last known target value before each prediction; a change is counted from there.
        rival: (n,) the forecast against which the skill is.

    Raises:
        Refusal: the arrays are not equally long.
    """
    actual, predicted, known, rival = _rows(actual, predicted, known, rival)
    if not len(actual):
        return NOTHING
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        error = predicted - actual
        rmse, other = _rmse(error), _rmse(rival - actual)
        size = np.abs(actual)
        deviation = float(np.mean(np.abs(error) / size)) if size.min() > ZERO * size.max() else np.nan
        rise, predicted_rise = np.sign(actual - known), np.sign(predicted - known)
        moving = (rise != 0) & (predicted_rise != 0)
        variance = float(np.mean((actual - actual.mean()) ** 2))
        return Metrics(
            mae=float(np.mean(np.abs(error))), rmse=rmse, mape=100 * deviation, deviation=deviation,
            direction=float(np.mean((rise == predicted_rise)[moving])) if moving.any() else np.nan,
            moving=int(moving.sum()), skill=1 - rmse / other if other else np.nan,
            explained=1 - rmse**2 / variance if np.ptp(actual) else np.nan,
            bias=float(np.mean(error)), count=len(actual))


def measure_each(actual: np.ndarray, forecasts: Mapping[str, np.ndarray], known: np.ndarray,
                 rival: np.ndarray) -> dict[str, Metrics]:
    """Return the errors of several forecasts over the very same rows (see :func:`measure`).

    A row that one forecast says nothing about is left out for all. A forecast that says nothing at all (nan
    everywhere) takes no row from the others.
    """
    _rows(actual, known, rival, *forecasts.values())
    speaking = [values for values in forecasts.values() if not np.isnan(values).all()]
    told = ~np.isnan([actual, known, rival, *speaking]).any(axis=0)
    return {name: measure(actual[told], values[told], known[told], rival[told])
            for name, values in forecasts.items()}


def gain(right: float, naive: float) -> float:
    """Return how much of what the naive answer gets wrong is right: (right - naive) / (1 - naive).

    1: all; 0: no better than the naive answer; nan where that one is always right.
    """
    return (right - naive) / (1 - naive) if naive < 1 else np.nan


def measure_classes(real_ids: np.ndarray, probabilities: np.ndarray, naive_class: int | np.ndarray) -> ClassMetrics:
    """Return how well classes were named. Rows with nan are left out.

    A probability below the smallest step of its number type counts as that step, so that one sure mistake does not
    make the cross entropy infinite (as scikit-learn does).

    Args:
        real_ids: (n,) the number of the real class.
        probabilities: (n, K) of each class.
        naive_class: the most frequent class of the training part, the same for all rows or (n,).

    Raises:
        Refusal: there is not one row of probabilities for each real class.
    """
    count, classes = probabilities.shape
    if len(real_ids) != count:
        raise _unequal((len(real_ids), count))
    told = ~np.isnan(probabilities).any(axis=1)
    right = (real_ids == naive_class)[told]
    actual, given = real_ids[told], probabilities[told]
    named = given.argmax(axis=1)
    confusion = np.bincount(actual * classes + named, minlength=classes**2).reshape(classes, classes)
    of_real = np.clip(given[np.arange(len(actual)), actual], np.finfo(given.dtype).eps, 1).astype(np.float64)
    hits = np.diag(confusion)
    with np.errstate(invalid="ignore"):
        return ClassMetrics(
            accuracy=_mean(named == actual), cross_entropy=_mean(-np.log(of_real)), confusion=confusion,
            precision=hits / confusion.sum(axis=0), recall=hits / confusion.sum(axis=1), naive=_mean(right),
            won=int(((named == actual) & ~right).sum()), lost=int(((named != actual) & right).sum()),
            count=len(actual))


def measure_rival(real_ids: np.ndarray, probabilities: np.ndarray, named: np.ndarray) -> Rival:
    """Return how another model does that names classes (n,), for the rows of :func:`measure_classes`."""
    told = ~np.isnan(probabilities).any(axis=1)
    ours, theirs = (probabilities.argmax(axis=1) == real_ids)[told], (named == real_ids)[told]
    return Rival(int(theirs.sum()), int((ours & ~theirs).sum()), int((theirs & ~ours).sum()))


def lag_profile(actual: np.ndarray, predicted: np.ndarray, max_lag: int = LAGS) -> np.ndarray:
    """Return the correlation of the prediction's changes with the real changes k rows before, (max_lag + 1,).

    Entry k correlates predicted(t) - predicted(t-1) with real(t-k) - real(t-k-1). Persistence with horizon k has 1
    there. nan where fewer than LAG_ROWS changes can be compared, or one side never changes.

    Args:
        real: (n,) real values of consecutive rows.
        predicted: (n,) the forecast of them.
        max_lag: the longest delay.
    """
    changes, predicted_changes = np.diff(actual), np.diff(predicted)
    profile = np.full(max_lag + 1, np.nan)
    for lag in range(min(max_lag + 1, len(changes))):
        pair = np.stack([changes[:len(changes) - lag], predicted_changes[lag:]])
        pair = pair[:, np.isfinite(pair).all(axis=0)]
        if pair.shape[1] >= LAG_ROWS and np.ptp(pair, axis=1).all():
            profile[lag] = np.corrcoef(pair)[0, 1]
    return profile


def smooth(losses: np.ndarray) -> np.ndarray:
    """Return the running median over SMOOTHED losses or a twentieth of them, mirrored at the ends, (m,).

    ``losses`` (m,) are finite, and at least SMOOTHED.
    """
    window = max(SMOOTHED, len(losses) // 20 | 1)
    padded = np.pad(losses, window // 2, mode="reflect")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, window), axis=1))


def scatter(losses: np.ndarray) -> float:
    """Return the standard deviation of single losses (m,) about their curve, in logarithms, as they fall by factors.

    x(k) - (x(k-1) + x(k+1)) / 2 has 3/2 of the variance of one; half of a normal distribution lies within 0.6745.
    """
    logs = np.log(np.maximum(losses, np.finfo(np.float64).tiny))
    return float(np.median(np.abs(logs[1:-1] - (logs[:-2] + logs[2:]) / 2)) / 0.6745 / np.sqrt(1.5))


def last_fifth(updates: np.ndarray) -> int:
    """Return the first evaluation of the last fifth of a run, by the updates (m,) done at each."""
    return int(np.searchsorted(updates, updates[-1] - (updates[-1] - updates[0]) / 5))


def last_fall(updates: np.ndarray, losses: np.ndarray) -> Fall:
    """Return what a loss did over the last fifth of a run; ``updates`` (m,) and ``losses`` (m,) of each evaluation."""
    curve = smooth(losses)
    return Fall(before=float(curve[:last_fifth(updates) + 1].min()), after=float(curve[-1]), noise=scatter(losses),
                at_end=int(curve.argmin()) >= len(curve) - max(3, len(curve) // 10))


def _rows(*columns: np.ndarray) -> np.ndarray:
    """Return the columns (m, n) as float64 without the rows in which one of them is nan."""
    lengths = [len(column) for column in columns]
    if len(set(lengths)) > 1:
        raise _unequal(lengths)
    values = np.array(columns, dtype=np.float64)
    return values[:, ~np.isnan(values).any(axis=0)]


def _unequal(lengths: list[int] | tuple[int, ...]) -> Refusal:
    return Refusal("What is measured must have one value for each row; received {lengths} values.",
                   lengths=listed(lengths))


def _rmse(error: np.ndarray) -> float:
    return float(np.sqrt(np.mean(error**2)))


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else np.nan
