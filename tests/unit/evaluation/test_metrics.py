"""Errors and classes right: equal to scikit-learn's, and honest where a number cannot be said."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    log_loss,
    mean_absolute_error,
    mean_absolute_percentage_error,
    precision_recall_fscore_support,
    r2_score,
    root_mean_squared_error,
)

from lstm_core import data
from lstm_core.errors import Refusal
from lstm_core.evaluation.metrics import (
    LAG_ROWS,
    Metrics,
    gain,
    lag_profile,
    last_fall,
    measure,
    measure_classes,
    measure_each,
    scatter,
    smooth,
)
from lstm_core.spec import Prices, Waves

seeds = st.integers(0, 2**32 - 1)
exactly = {"rel": 1e-9, "abs": 1e-9}


def walk(seed: int, count: int, scale: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return real values that wander above 0, a forecast, and the value before."""
    rng = np.random.default_rng(seed)
    values = scale * (20 + np.abs(np.cumsum(rng.normal(size=count + 1))))
    return values[1:], values[1:] + scale * rng.normal(size=count), values[:-1]


# -------------------------------------------------------------------------------------------------------------- numbers


@settings(max_examples=60)
@given(seeds, st.integers(2, 300), st.sampled_from([1e-6, 1.0, 1e8]))
def test_errors_equal_scikit_learn(seed: int, count: int, scale: float) -> None:
    actual, predicted, known = walk(seed, count, scale)
    got = measure(actual, predicted, known, known)
    assert got.mae == pytest.approx(mean_absolute_error(actual, predicted), rel=1e-9)
    assert got.rmse == pytest.approx(root_mean_squared_error(actual, predicted), rel=1e-9)
    assert got.mape == pytest.approx(100 * mean_absolute_percentage_error(actual, predicted), rel=1e-9)
    assert got.deviation == pytest.approx(got.mape / 100, rel=1e-12)
    assert got.explained == pytest.approx(r2_score(actual, predicted), **exactly)
    assert got.skill == pytest.approx(1 - got.rmse / root_mean_squared_error(actual, known), **exactly)
    assert got.bias == pytest.approx(np.mean(predicted - actual), rel=1e-9)
    assert got.count == count


def test_direction_counts_the_rows_in_which_something_moves() -> None:
    known = np.array([5.0, 5.0, 5.0, 5.0, 5.0])
    actual = np.array([6.0, 4.0, 7.0, 5.0, 6.0])              # up, down, up, the same, up
    predicted = np.array([5.5, 4.9, 4.0, 9.0, 5.0])         # up, down, down, up, the same
    assert measure(actual, predicted, known, known).direction == pytest.approx(2 / 3)


def test_persistence_has_skill_zero_and_no_direction() -> None:
    actual, _predicted, known = walk(0, 50)
    got = measure(actual, known, known, known)
    assert got.skill == 0
    assert np.isnan(got.direction)


@pytest.mark.parametrize("zero", [0.0, 1e-15])
def test_a_real_value_of_zero_leaves_no_percentage(zero: float) -> None:
    actual = np.array([1.0, zero, 2.0])
    got = measure(actual, actual + 0.1, actual - 1, actual - 1)
    assert np.isnan([got.mape, got.deviation]).all()
    assert got.mae == pytest.approx(0.1)
    assert not np.isnan(measure(actual + 0.01, actual, actual - 1, actual - 1).mape)


def test_where_persistence_is_perfect_there_is_no_skill() -> None:
    still = np.full(4, 3.0)
    got = measure(still, still + 1, still, still)
    assert np.isnan([got.skill, got.explained, got.direction]).all()
    assert got.rmse == 1


@pytest.mark.parametrize("hole", range(4))
def test_a_row_with_nan_anywhere_is_left_out(hole: int) -> None:
    actual, predicted, known = walk(1, 30)
    columns = [actual.copy(), predicted.copy(), known.copy(), known.copy()]
    columns[hole][7] = np.nan
    rest = np.arange(30) != 7
    assert measure(*columns) == measure(actual[rest], predicted[rest], known[rest], known[rest])


def test_without_rows_nothing_can_be_said_and_nothing_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        got = measure(*[np.full(3, np.nan)] * 4)
        classes = measure_classes(np.array([1]), np.full((1, 3), np.nan), 0)
    assert got.count == classes.count == 0
    assert np.isnan([got.mae, got.rmse, got.mape, got.direction, got.skill, got.bias]).all()
    assert np.isnan([classes.accuracy, classes.cross_entropy, classes.naive]).all()


def test_an_infinite_prediction_is_infinitely_wrong() -> None:
    actual, predicted, known = walk(2, 10)
    predicted[3] = np.inf
    got = measure(actual, predicted, known, known)
    assert got.mae == got.rmse == np.inf
    assert got.skill == -np.inf
    assert got.count == 10


def test_unequal_lengths_are_refused() -> None:
    with pytest.raises(Refusal, match="received 3, 3, 2, 3 values"):
        measure(np.ones(3), np.ones(3), np.ones(2), np.ones(3))
    with pytest.raises(Refusal, match="received 2, 3 values"):
        measure_classes(np.zeros(2, dtype=int), np.ones((3, 2)) / 2, 0)


def test_several_forecasts_are_measured_on_the_same_rows() -> None:
    actual, predicted, known = walk(3, 40)
    late = np.where(np.arange(40) < 5, np.nan, predicted + 1)
    got = measure_each(actual, {"network": predicted, "seasonal": late, "nothing": np.full(40, np.nan)}, known, known)
    assert {name: metrics.count for name, metrics in got.items()} == {"network": 35, "seasonal": 35, "nothing": 0}
    assert got["network"] == measure(actual[5:], predicted[5:], known[5:], known[5:])


def test_the_naive_prediction_of_a_real_series_is_as_the_data_say() -> None:
    prepared = data.dataset(Prices(interval="1wk", steps=8), "last")
    rows = prepared.targets_of("test")
    got = measure(rows.actual, rows.naive, rows.naive, rows.naive)
    assert got.mae == pytest.approx(prepared.naive_error("test"), rel=1e-12)
    assert isinstance(got, Metrics)
    assert got.count == len(rows.rows)


# -------------------------------------------------------------------------------------------------------------- classes


@settings(max_examples=60)
@given(seeds, st.integers(1, 200), st.integers(2, 12), st.sampled_from([np.float32, np.float64]))
def test_classes_equal_scikit_learn(seed: int, count: int, classes: int, kind: type) -> None:
    rng = np.random.default_rng(seed)
    actual = rng.integers(0, classes, count)
    raw = np.exp(3 * rng.normal(size=(count, classes)))
    probabilities = (raw / raw.sum(axis=1, keepdims=True)).astype(kind)
    got = measure_classes(actual, probabilities, 1)
    named, labels = probabilities.argmax(axis=1), np.arange(classes)
    assert got.accuracy == accuracy_score(actual, named)
    assert got.naive == accuracy_score(actual, np.ones(count))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")             # float32 rows add up to 1 within 1e-7 only
        expected = log_loss(actual, probabilities, labels=labels)
    assert got.cross_entropy == pytest.approx(expected, rel=1e-9 if kind is np.float64 else 1e-6)
    np.testing.assert_array_equal(got.confusion, confusion_matrix(actual, named, labels=labels))
    precision, recall, _f, support = precision_recall_fscore_support(actual, named, labels=labels, zero_division=np.nan)
    np.testing.assert_allclose(got.precision, precision, rtol=1e-12)
    np.testing.assert_allclose(got.recall, recall, rtol=1e-12)
    np.testing.assert_array_equal(got.confusion.sum(axis=1), support)


def test_one_sure_mistake_is_not_infinitely_wrong() -> None:
    sure = np.array([[1.0, 0.0], [0.0, 1.0]])
    got = measure_classes(np.array([0, 0]), sure, np.array([0, 1]))
    assert got.cross_entropy == pytest.approx(-np.log(np.finfo(np.float64).eps) / 2)
    assert got.cross_entropy == pytest.approx(log_loss([0, 0], sure, labels=[0, 1]), rel=1e-9)
    assert (got.accuracy, got.naive) == (0.5, 0.5)


# ------------------------------------------------------------------------------------------------------------------ lag


def test_the_lag_profile_correlates_changes() -> None:
    rng = np.random.default_rng(4)
    actual, predicted = np.cumsum(rng.normal(size=60)), np.cumsum(rng.normal(size=60))
    got = lag_profile(actual, predicted, 3)
    for lag in range(4):
        pairs = [(predicted[t] - predicted[t - 1], actual[t - lag] - actual[t - lag - 1]) for t in range(lag + 1, 60)]
        assert got[lag] == pytest.approx(np.corrcoef(np.array(pairs).T)[0, 1], rel=1e-9)


@pytest.mark.parametrize("horizon", [1, 3])
def test_persistence_lags_by_its_horizon(horizon: int) -> None:
    actual = data.load(Prices(market="sp500")).values[:, 3]
    got = lag_profile(actual[horizon:], actual[:-horizon])
    assert got.shape == (6,)
    assert got[horizon] == pytest.approx(1)
    assert np.abs(np.delete(got, horizon)).max() < 0.2
    assert lag_profile(actual, actual)[0] == pytest.approx(1)


def test_too_few_changes_or_none_say_nothing() -> None:
    actual = data.load(Waves()).values[:, 0]
    few = lag_profile(actual[:LAG_ROWS + 1], actual[:LAG_ROWS + 1])
    assert few[0] == pytest.approx(1)
    assert np.isnan(few[1:]).all()
    assert np.isnan(lag_profile(actual, np.ones(len(actual)))).all()
    assert np.isnan(lag_profile(np.zeros(0), np.zeros(0))).all()
    assert np.isnan(lag_profile(actual, np.full(len(actual), np.nan))).all()


# ----------------------------------------------------------------------------------------------------- course of a loss


def test_the_smoothed_loss_is_a_running_median_that_no_single_value_moves() -> None:
    falling = 0.9 ** np.arange(30)
    np.testing.assert_allclose(smooth(falling)[2:-2], falling[2:-2])
    for at in (0, 13, 29):
        odd = falling.copy()
        odd[at] = 100
        np.testing.assert_allclose(smooth(odd), smooth(falling), rtol=0.25)
    assert np.ptp(smooth(np.tile([1.0, 2.0, 3.0], 100))) <= 1           # 300 values: a window of 15


@pytest.mark.parametrize("noise", [0.01, 0.3])
def test_the_scatter_of_a_loss_is_that_of_its_noise(noise: float) -> None:
    falling = 0.99 ** np.arange(5000)
    assert scatter(falling) == pytest.approx(0, abs=1e-12)
    noisy = falling * np.exp(noise * np.random.default_rng(5).normal(size=5000))
    assert scatter(noisy) == pytest.approx(noise, rel=0.05)
    assert np.isfinite(scatter(np.zeros(10)))


def test_the_last_fall_goes_by_updates_and_starts_from_the_lowest() -> None:
    updates = np.r_[np.arange(0, 80, 2), np.arange(80, 101)]
    losses = np.where(updates < 80, 1.0, 1 - (updates - 80) / 40)
    found = last_fall(updates, losses)
    assert found.before == 1.0
    assert found.after == pytest.approx(0.5, abs=0.03)
    assert found.at_end
    losses[10:20] = 0.7
    assert last_fall(updates, losses).before == 0.7
    assert not last_fall(updates, losses[::-1]).at_end


@pytest.mark.parametrize(("right", "naive", "expected"), [
    (1.0, 0.6, 1.0), (0.6, 0.6, 0.0), (0.8, 0.6, 0.5), (0.4, 0.6, -0.5), (1.0, 1.0, np.nan)])
def test_the_gain_is_the_share_of_what_the_naive_answer_gets_wrong(right: float, naive: float, expected: float) -> None:
    assert gain(right, naive) == pytest.approx(expected, nan_ok=True)
