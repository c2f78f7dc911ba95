"""Baselines: they use nothing but the known past, and are the textbook's."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.preprocessing import StandardScaler

from lstm_core import data
from lstm_core.errors import Refusal
from lstm_core.evaluation.baselines import RIDGE, LinearAutoregression, persistence, season, seasonal
from lstm_core.spec import Prices, Waves

seeds = st.integers(0, 2**32 - 1)
horizons = st.integers(0, 6)


def walk(seed: int, count: int) -> np.ndarray:
    return np.cumsum(np.random.default_rng(seed).normal(size=count))


# -------------------------------------------------------------------------------------------- the past and nothing else


@settings(max_examples=80)
@given(seeds, st.integers(30, 80), horizons, st.integers(1, 12), st.integers(1, 9), st.data())
def test_no_value_after_row_less_horizon_can_change_a_forecast(seed: int, count: int, horizon: int, length: int,
                                                               steps: int, draw: st.DataObject) -> None:
    series = walk(seed, count)
    fitted = LinearAutoregression.fit(series, np.arange(count // 2), steps, horizon)
    row = draw.draw(st.integers(0, count - 1))
    known = row - (horizon or 1)
    other = series.copy()
    other[known + 1 if known >= 0 else 0:] = draw.draw(st.sampled_from([np.nan, 1e300, -7.0]))
    rows = np.array([row])
    for forecast in (lambda s: persistence(s, rows, horizon), lambda s: seasonal(s, rows, horizon, length),
                     lambda s: fitted.predict(s, rows)):
        np.testing.assert_array_equal(forecast(series), forecast(other))
    if known >= 0:
        other[known] += 1                           # but the last known value does, or this test sees nothing
        assert persistence(other, rows, horizon)[0] == series[known] + 1


@settings(max_examples=40)
@given(seeds, st.integers(30, 80), horizons, st.integers(1, 9))
def test_no_value_outside_the_training_part_changes_the_fit(seed: int, count: int, horizon: int, steps: int) -> None:
    series = walk(seed, count)
    train = np.arange(count * 3 // 4)
    other = series.copy()
    other[len(train):] = np.nan
    one, two = (LinearAutoregression.fit(values, train, steps, horizon) for values in (series, other))
    np.testing.assert_array_equal(one.weights, two.weights)
    assert one.intercept == two.intercept
    other[len(train) - 1] += 1
    assert LinearAutoregression.fit(other, train, steps, horizon).intercept != one.intercept


# --------------------------------------------------------------------------------------------- persistence and seasonal


@pytest.mark.parametrize("horizon", [0, 1, 3])
def test_persistence_is_the_naive_prediction_of_the_data(horizon: int) -> None:
    prepared = data.dataset(Waves(target="cosine", horizon=horizon), "last")
    assert isinstance(prepared, data.Windows)
    for split in ("train", "test"):
        shown = prepared.targets_of(split)
        np.testing.assert_array_equal(persistence(prepared.actual, shown.rows, horizon), shown.naive)
    assert np.isnan(persistence(prepared.actual, np.arange(horizon or 1), horizon)).all()


@settings(max_examples=60)
@given(st.integers(1, 40), horizons, st.integers(1, 12))
def test_seasonal_takes_the_latest_known_value_of_the_same_place(row: int, horizon: int, length: int) -> None:
    series = np.arange(100.0)
    got = seasonal(series, np.array([row]), horizon, length)[0]
    known = [k for k in range(row - (horizon or 1) + 1) if (row - k) % length == 0]
    assert got == max(known) if known else np.isnan(got)


# --------------------------------------------------------------------------------------------------------------- season


@pytest.mark.parametrize("wave", ["sine", "square", "sawtooth"])
@pytest.mark.parametrize(("period", "noise", "trend"), [(25, 0, 0), (7, 0.05, 0.3), (50, 0.05, -1)])
def test_the_season_of_a_wave_is_its_period(wave: str, period: int, noise: float, trend: float) -> None:
    series = data.load(Waves(wave=wave, period=period, noise=noise)).values[:800, 0]
    found = season(series + trend * np.arange(800))
    assert found is not None
    assert abs(found - period) <= (1 if wave == "sine" and noise else 0)


def test_a_season_that_is_no_whole_number_is_found_where_whole_cycles_meet_rows() -> None:
    assert season(data.load(Waves(period=6.3)).values[:800, 0]) == 19           # three cycles are 18.9
    assert season(data.load(Waves(period=197.392)).values[:800, 0]) == 197


@pytest.mark.parametrize("market", ["nasdaq", "sp500"])
def test_prices_have_no_season_but_their_weekly_volume_has_a_year(market: str) -> None:
    for interval in ("1d", "1wk", "1mo"):
        series = data.load(Prices(market=market, interval=interval))
        train = series.values[:int(0.8 * len(series.values))]
        assert all(season(train[:, column]) is None for column in range(4))
        if interval == "1wk":
            assert season(train[:, 4]) == 52


def test_chance_makes_no_season() -> None:
    rng = np.random.default_rng(5)
    found = [season(make(rng.normal(size=count))) for count in (30, 100, 400, 1000) for make in (np.cumsum, np.asarray)
             for _ in range(50)]
    assert sum(length is not None for length in found) <= 4


@pytest.mark.parametrize("series", [np.zeros(0), np.ones(3), np.full(100, 7.1), 0.1 * np.arange(100) + 1e6])
def test_what_never_changes_its_way_has_no_season(series: np.ndarray) -> None:
    assert season(series) is None


def test_a_ripple_within_a_season_is_none() -> None:
    time_steps = np.arange(800)
    changes = np.sin(2 * np.pi * time_steps / 100) + 0.3 * np.sin(2 * np.pi * time_steps / 5)
    assert season(np.cumsum(changes)) == 100


def test_a_season_must_be_seen_twice() -> None:
    wave = np.sin(2 * np.pi * np.arange(100) / 60)
    assert season(wave) is None
    assert season(np.sin(2 * np.pi * np.arange(130) / 60)) == 60


# ------------------------------------------------------------------------------------------------------- autoregression


def lagged(series: np.ndarray, rows: np.ndarray, steps: int, horizon: int) -> np.ndarray:
    """Return the values that are read for each row, (n, S), the oldest first."""
    return np.array([series[row - (horizon or 1) - steps + 1:row - (horizon or 1) + 1] for row in rows])


@settings(max_examples=40)
@given(seeds, st.integers(1, 12), horizons, st.sampled_from([0.0, 1e3]))
def test_the_autoregression_equals_ridge_and_least_squares(seed: int, steps: int, horizon: int, level: float) -> None:
    series = level + walk(seed, 200)
    train, rows = np.arange(150), np.arange(150, 200)
    usable = train[steps + (horizon or 1) - 1:]
    got = LinearAutoregression.fit(series, train, steps, horizon).predict(series, rows)
    x, y = lagged(series, usable, steps, horizon), series[usable]
    ahead = lagged(series, rows, steps, horizon)
    scaler = StandardScaler().fit(x)
    ridge = Ridge(alpha=RIDGE * len(usable), solver="svd").fit(scaler.transform(x), y)
    np.testing.assert_allclose(got, ridge.predict(scaler.transform(ahead)), rtol=1e-9, atol=1e-9)
    weights = np.linalg.lstsq(np.column_stack([x - x.mean(), np.ones(len(x))]), y, rcond=None)[0]
    np.testing.assert_allclose(got, np.column_stack([ahead - x.mean(), np.ones(50)]) @ weights, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("horizon", [0, 1, 5])
@pytest.mark.parametrize(("period", "steps"), [(25, 2), (25, 20), (197.392, 20)])
def test_a_sine_without_noise_is_predicted_exactly(period: float, steps: int, horizon: int) -> None:
    series = data.load(Waves(period=period)).values[:, 0]
    fitted = LinearAutoregression.fit(series, np.arange(800), steps, horizon)
    rows = np.arange(800, 1000)
    np.testing.assert_allclose(fitted.predict(series, rows), series[rows], atol=1e-6)


def test_a_sine_runs_on_by_itself() -> None:
    series = data.load(Waves()).values[:, 0]
    fitted = LinearAutoregression.fit(series, np.arange(800), 20, 1)
    run = fitted.run(series[780:800], 200)
    np.testing.assert_allclose(run, series[800:], atol=1e-6)
    assert run[0] == pytest.approx(fitted.predict(series, np.array([800]))[0], abs=1e-12)


def test_each_step_of_a_free_run_reads_the_ones_before() -> None:
    fitted = LinearAutoregression(np.array([1.0, 2.0]), 0.5, 1)
    assert fitted.run(np.array([1.0, 3.0]), 3).tolist() == [7.5, 18.5, 45.0]
    assert fitted.run(np.array([1.0, 3.0]), 0).tolist() == []


def test_the_row_after_the_last_can_be_predicted_and_the_first_ones_cannot() -> None:
    series = walk(6, 50)
    fitted = LinearAutoregression.fit(series, np.arange(40), 4, 2)
    got = fitted.predict(series, np.array([0, 4, 5, 51]))
    assert np.isnan(got).tolist() == [True, True, False, False]
    assert got[-1] == pytest.approx(series[-4:] @ fitted.weights + fitted.intercept)
    assert np.isnan(fitted.predict(series[:3], np.array([4]))).all()


def test_what_is_constant_is_predicted_as_it_was() -> None:
    for series in (np.full(60, 1234.5), np.r_[np.full(59, 3.0), 8.0]):
        fitted = LinearAutoregression.fit(series, np.arange(60), 10, 1)
        assert not fitted.weights.any()
        assert fitted.predict(series, np.array([30]))[0] == pytest.approx(series.mean(), abs=0.1)


def test_values_that_never_changed_get_no_weight() -> None:
    jump = np.r_[np.full(57, 0.1), 8.0, 0.1, 0.1]
    fitted = LinearAutoregression.fit(jump, np.arange(60), 10, 1)
    assert not fitted.weights[:-2].any()            # the lags at which the jump was not seen
    assert fitted.weights[-2:].all()
    assert np.isfinite(fitted.predict(jump, np.arange(10, 61))).all()


def test_what_cannot_be_fitted_or_run_says_why() -> None:
    series = walk(7, 50)
    with pytest.raises(Refusal, match="reads 20 values 2 steps ahead needs at least 22 training rows; received 21"):
        LinearAutoregression.fit(series, np.arange(21), 20, 2)
    assert LinearAutoregression.fit(series, np.arange(22), 20, 2).weights.shape == (20,)
    with pytest.raises(Refusal, match="without a gap"):
        LinearAutoregression.fit(series, np.arange(0, 40, 2), 3, 1)
    with pytest.raises(Refusal, match="2 steps ahead cannot run freely"):
        LinearAutoregression.fit(series, np.arange(40), 3, 2).run(series[:3], 5)
    with pytest.raises(Refusal, match="goes on from 3 values; received 4"):
        LinearAutoregression.fit(series, np.arange(40), 3, 1).run(series[:4], 5)


def test_the_largest_table_is_fitted_within_seconds() -> None:
    series = walk(8, 100_000)
    started = time.perf_counter()
    LinearAutoregression.fit(series, np.arange(80_000), 500, 1)
    season(series[:80_000])
    assert time.perf_counter() - started < 8         # 0.5 s on an idle core


# ------------------------------------------------------------------------------------- the order of the autoregression


def process(seed: int, weights: list[float], count: int) -> np.ndarray:
    series = np.random.default_rng(seed).normal(size=count)
    for row in range(len(weights), count):
        series[row] += sum(weight * series[row - lag] for lag, weight in enumerate(weights, 1))
    return series


def test_the_order_is_the_one_with_the_lowest_criterion_of_all_fits() -> None:
    """The same criterion from one fit for each order, all on the rows that the longest can be fitted to."""
    for seed, weights in enumerate(([0.5], [0.2, 0.6], [0.0, 0.0, 0.7], [])):
        series, most = process(seed, weights, 400), 12
        rows = np.arange(most, 300)
        x = np.column_stack([series[rows - lag] for lag in range(1, most + 1)])
        left = [LinearRegression().fit(x[:, :order], series[rows]) for order in range(1, most + 1)]
        squares = [np.sum((series[rows] - fit.predict(x[:, :order])) ** 2) for order, fit in enumerate(left, 1)]
        criterion = len(rows) * np.log(squares) + np.log(len(rows)) * np.arange(1, most + 1)
        chosen = LinearAutoregression.choose(series, np.arange(300), most, 1)
        assert len(chosen.weights) == np.argmin(criterion) + 1
        assert len(weights) <= len(chosen.weights) <= len(weights) + 2


def test_noise_gets_one_weight_and_not_as_many_as_the_network_reads() -> None:
    orders = [len(LinearAutoregression.choose(process(seed, [], 400), np.arange(300), 20, 1).weights)
              for seed in range(60)]
    assert sum(order == 1 for order in orders) > 50


def test_a_short_training_part_bears_a_short_autoregression() -> None:
    series = walk(9, 60)
    assert len(LinearAutoregression.choose(series, np.arange(41), 200, 1).weights) <= 10
    with pytest.raises(Refusal, match="needs at least 6 training rows; received 3"):
        LinearAutoregression.choose(series, np.arange(3), 200, 5)
    still = LinearAutoregression.choose(np.full(60, 7.0), np.arange(40), 5, 1)
    assert still.predict(np.full(60, 7.0), np.array([50]))[0] == 7


@pytest.mark.parametrize("horizon", [0, 1, 5])
def test_a_sine_is_predicted_exactly_by_the_order_that_is_chosen(horizon: int) -> None:
    series = data.load(Waves(period=25)).values[:, 0]
    fitted = LinearAutoregression.choose(series, np.arange(800), 20, horizon)
    rows = np.arange(800, 1000)
    np.testing.assert_allclose(fitted.predict(series, rows), series[rows], atol=1e-5)


@settings(max_examples=60)
@given(seeds, st.integers(12, 300), st.integers(1, 60), horizons, st.sampled_from([1e-9, 1.0, 1e9]), st.booleans())
def test_an_order_is_chosen_for_any_series(seed: int, count: int, most: int, horizon: int, scale: float,
                                           smooth: bool) -> None:
    series = scale * (np.sin(np.arange(count) / 9) if smooth else walk(seed, count))
    fitted = LinearAutoregression.choose(series, np.arange(count), most, horizon)
    assert 1 <= len(fitted.weights) <= max(1, min(most, count // 4))
    assert np.isfinite(fitted.weights).all()
