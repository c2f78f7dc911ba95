"""Waves, letters and bundled prices against their definitions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from lstm_core.data import load
from lstm_core.errors import Refusal
from lstm_core.spec import Letters, Prices, Waves


def by_hand(wave: str, t: int, period: float, second: float) -> float:
    sine, other, share = math.sin(2 * math.pi * t / period), math.sin(2 * math.pi * t / second), math.fmod(t, period)
    return {"sine": sine, "square": 1.0 if share < period / 2 else -1.0, "sawtooth": 2 * share / period - 1,
            "sum": 0.5 * sine + 0.5 * other, "product": sine * other}[wave]


@pytest.mark.parametrize("wave", ["sine", "square", "sawtooth", "sum", "product"])
@pytest.mark.parametrize("period", [25.0, 8.0, 197.392])
def test_waves_follow_their_formulas(wave: str, period: float) -> None:
    series = load(Waves(wave=wave, period=period, period2=60, length=400))
    assert series.columns == ("wave", "cosine")
    assert series.name == wave
    np.testing.assert_array_equal(series.index, np.arange(400))
    np.testing.assert_allclose(series.values[:, 0], [by_hand(wave, t, period, 60) for t in range(400)], atol=1e-12)
    np.testing.assert_allclose(series.values[:, 1], [math.cos(2 * math.pi * t / period) for t in range(400)],
                               atol=1e-12)


def test_noise_has_its_deviation_and_spares_the_cosine() -> None:
    clean, noisy = load(Waves(length=50_000)), load(Waves(length=50_000, noise=0.3))
    noise = noisy.values[:, 0] - clean.values[:, 0]
    assert abs(noise.mean()) < 0.006                        # 4 standard errors
    assert abs(noise.std() - 0.3) < 0.004
    np.testing.assert_array_equal(noisy.values[:, 1], clean.values[:, 1])


def test_noise_is_decided_by_its_seed() -> None:
    first = load(Waves(noise=0.3, noise_seed=4)).to_bytes()
    assert load(Waves(noise=0.3, noise_seed=4)).to_bytes() == first
    assert load(Waves(noise=0.3, noise_seed=5)).to_bytes() != first


def test_letters_are_places_in_the_sorted_alphabet() -> None:
    series = load(Letters(text="banana 猫", cycle=False))
    assert series.alphabet == (" ", "a", "b", "n", "猫")
    np.testing.assert_array_equal(series.values[:, 0], [2, 1, 3, 1, 3, 1, 0, 4])
    assert "".join(series.alphabet[int(place)] for place in series.values[:, 0]) == "banana 猫"


@pytest.mark.parametrize(("market", "name", "first", "last"), [
    ("nasdaq", "NASDAQ", 2208.050049, 6635.279785), ("sp500", "S&P 500", 1228.099976, 2506.850098)])
def test_bundled_prices(market: str, name: str, first: float, last: float) -> None:
    series = load(Prices(market=market))
    assert series.columns == ("open", "high", "low", "close", "volume")
    assert series.values.shape == (5031, 5)
    assert series.name == name
    assert np.isfinite(series.values).all()
    assert series.index.dtype == np.dtype("datetime64[ns]")
    assert (np.diff(series.index) > np.timedelta64(0)).all()
    assert (str(series.index[0])[:10], str(series.index[-1])[:10]) == ("1999-01-04", "2018-12-31")
    assert (series.values[0, 3], series.values[-1, 3]) == (first, last)
    assert (series.values[:, 1] >= series.values[:, 2]).all()


@pytest.mark.parametrize(("start", "end", "first", "last"), [
    ("2015-03-02", "2015-03-31", "2015-03-02", "2015-03-30"),
    ("2018-12-29", "", "2018-12-31", "2018-12-31"),
    ("", "1999-01-06", "1999-01-04", "1999-01-05"),
])
def test_dates_cut_bundled_prices(start: str, end: str, first: str, last: str) -> None:
    index = load(Prices(start=start, end=end)).index
    assert (str(index[0])[:10], str(index[-1])[:10]) == (first, last)


@pytest.mark.parametrize(("start", "end"), [("2020-01-01", ""), ("", "1998-01-01"), ("2015-03-28", "2015-03-30")])
def test_dates_without_prices_are_refused_with_the_dates_there_are(start: str, end: str) -> None:
    with pytest.raises(Refusal, match="from 1999-01-04 to 2018-12-31"):
        load(Prices(start=start, end=end))


@pytest.mark.parametrize(("start", "end", "words"), [
    ("2015-03-02", "2015-03-01", "before the end date"), ("2015-03-32", "", "year-month-day"), ("x", "", "'x'")])
def test_bad_dates_are_refused(start: str, end: str, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        load(Prices(start=start, end=end))


@pytest.mark.parametrize(("interval", "rule"), [("1wk", "W-SUN"), ("1mo", "M")])
def test_weeks_and_months_are_made_from_days(interval: str, rule: str) -> None:
    """As pandas makes them."""
    days, series = load(Prices()), load(Prices(interval=interval))
    frame = pd.DataFrame(days.values, columns=list(days.columns), index=days.index)
    groups = frame.groupby(pd.DatetimeIndex(days.index).to_period(rule))
    expected = groups.agg({"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"})
    np.testing.assert_array_equal(series.index, expected.index.start_time)
    np.testing.assert_allclose(series.values, expected.to_numpy(), rtol=1e-15)
