"""Indicators against plain pandas and plain loops, row by row in time, and where there is nothing to tell."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from lstm_core.data import Series, load
from lstm_core.data.sources.indicators import FORTY, INDICATORS, with_indicators
from lstm_core.errors import Refusal
from lstm_core.spec import PRICE_COLUMNS, Prices

ENDLESS = {"ema12", "ema26", "macd", "macd_signal", "macd_histogram", "rsi6", "rsi14", "atr14"}


def random_prices(rows: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Return prices with rises, falls, rows without a move, rows without a range and rows without trade."""
    random = np.random.default_rng(seed)
    close = np.round(100 * np.exp(np.cumsum(random.normal(0, 0.02, rows) * (random.random(rows) > 0.1))), 2)
    opened = np.where(random.random(rows) > 0.1, np.round(close * np.exp(random.normal(0, 0.01, rows)), 2), close)
    reach = np.where(random.random(rows) > 0.1, random.random((2, rows)), 0)
    return {"open": opened, "high": np.maximum(opened, close) + reach[0], "low": np.minimum(opened, close) - reach[1],
            "close": close, "volume": np.where(random.random(rows) > 0.05, random.integers(1, 1000, rows), 0.0)}


def cut(prices: dict[str, np.ndarray], rows: slice) -> dict[str, np.ndarray]:
    return {name: values[rows].copy() for name, values in prices.items()}


def same_bits(left: np.ndarray, right: np.ndarray) -> bool:
    return bool((np.isnan(left) == np.isnan(right)).all()) and (
        left[~np.isnan(left)].tobytes() == right[~np.isnan(right)].tobytes())


# -- the definitions, as pandas or a loop says them ------------------------------------------------------------


def shifted(rows: int) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame.close.shift(rows)


def returned(rows: int) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame.close.pct_change(rows) * 100


def averaged(rows: int) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame.close.rolling(rows).mean()


def smoothed(rows: int) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame.close.ewm(span=rows, adjust=False, min_periods=rows).mean()


def above_average(rows: int) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: (frame.close / frame.close.rolling(rows).mean() - 1) * 100


def scattered(rows: int) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame.close.pct_change().rolling(rows).std() * 100


def wilder(values: list[float], rows: int) -> list[float]:
    """Return Wilder's averages of values 1, 2, ...: new average = (old average * (rows - 1) + value) / rows."""
    averages = [np.nan] * rows + [sum(values[1:rows + 1]) / rows]
    for value in values[rows + 1:]:
        averages.append((averages[-1] * (rows - 1) + value) / rows)
    return averages


def strength(rows: int) -> Callable[[pd.DataFrame], pd.Series]:
    def compute(frame: pd.DataFrame) -> pd.Series:
        changes = frame.close.diff().tolist()
        rises = wilder([max(change, 0) for change in changes], rows)
        falls = wilder([max(-change, 0) for change in changes], rows)
        return pd.Series([100 - 100 / (1 + rise / fall) for rise, fall in zip(rises, falls, strict=True)])
    return compute


def true_range(frame: pd.DataFrame) -> pd.Series:
    before = frame.close.shift()
    ranges = pd.concat([frame.high - frame.low, (frame.high - before).abs(), (frame.low - before).abs()], axis=1)
    return pd.Series(wilder(ranges.max(axis=1).tolist(), 14))


def macd(frame: pd.DataFrame) -> pd.Series:
    return smoothed(12)(frame) - smoothed(26)(frame)


def macd_signal(frame: pd.DataFrame) -> pd.Series:
    return macd(frame).ewm(span=9, adjust=False, min_periods=9).mean()


def band(away: float) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda frame: frame.close.rolling(20).mean() + away * frame.close.rolling(20).std(ddof=0)


def stochastic(frame: pd.DataFrame) -> pd.Series:
    lowest = frame.low.rolling(14).min()
    return 100 * (frame.close - lowest) / (frame.high.rolling(14).max() - lowest)


def williams(frame: pd.DataFrame) -> pd.Series:
    highest = frame.high.rolling(14).max()
    return -100 * (highest - frame.close) / (highest - frame.low.rolling(14).min())


def typical(frame: pd.DataFrame) -> pd.Series:
    return frame[["high", "low", "close"]].mean(axis=1)


def channel(frame: pd.DataFrame) -> pd.Series:
    rolling = typical(frame).rolling(20)
    return (typical(frame) - rolling.mean()) / (0.015 * rolling.apply(lambda x: np.abs(x - x.mean()).mean()))


def balance(frame: pd.DataFrame) -> pd.Series:
    on_balance = (np.sign(frame.close.diff()) * frame.volume).cumsum()
    first = on_balance.shift(20).where(frame.index != 20, 0)        # it is 0 in row 0
    return 100 * (on_balance - first) / frame.volume.rolling(20).sum()


def money_flow(frame: pd.DataFrame) -> pd.Series:
    moved = typical(frame).diff()
    turnover = (typical(frame) * frame.volume).where(moved.notna())
    into, out = turnover.where(~(moved <= 0), 0).rolling(14).sum(), turnover.where(~(moved >= 0), 0).rolling(14).sum()
    return 100 - 100 / (1 + into / out)


def volume_change(frame: pd.DataFrame) -> pd.Series:
    change = (frame.volume / frame.volume.shift() - 1) * 100
    return change.where(frame.volume.shift() != 0, 0)


def close_in_range(frame: pd.DataFrame) -> pd.Series:
    return (100 * (frame.close - frame.low) / (frame.high - frame.low)).where(frame.high != frame.low, 50)


EXPECTED: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "money": lambda frame: frame.volume * (frame.high + frame.low + frame.close) / 3,
    "change": returned(1), **{f"return{rows}": returned(rows) for rows in (2, 3, 5, 10, 20)},
    "log_return": lambda frame: np.log(frame.close).diff() * 100,
    **{f"lag{rows}": shifted(rows) for rows in (1, 2, 3, 4, 5)},
    **{f"sma{rows}": averaged(rows) for rows in (5, 10, 20, 50)},
    "ema12": smoothed(12), "ema26": smoothed(26), **{f"to_sma{rows}": above_average(rows) for rows in (5, 20, 50)},
    **{f"volatility{rows}": scattered(rows) for rows in (5, 10, 20)}, "rsi6": strength(6), "rsi14": strength(14),
    "macd": macd, "macd_signal": macd_signal, "macd_histogram": lambda frame: macd(frame) - macd_signal(frame),
    "bollinger_upper": band(2), "bollinger_lower": band(-2),
    "bollinger_width": lambda frame: 100 * (band(2)(frame) - band(-2)(frame)) / frame.close.rolling(20).mean(),
    "bollinger_b": lambda frame: (frame.close - band(-2)(frame)) / (band(2)(frame) - band(-2)(frame)),
    "atr14": true_range, "stochastic_k": stochastic, "stochastic_d": lambda frame: stochastic(frame).rolling(3).mean(),
    "williams_r": williams, "cci20": channel, "momentum10": lambda frame: frame.close.diff(10),
    "obv_share20": balance, "volume_change": volume_change,
    "volume_to_mean20": lambda frame: (frame.volume / frame.volume.rolling(20).mean() - 1) * 100,
    "mfi14": money_flow, "range": lambda frame: 100 * (frame.high - frame.low) / frame.close,
    "close_in_range": close_in_range, "gap": lambda frame: (frame.open / frame.close.shift() - 1) * 100,
}


@pytest.mark.parametrize("name", INDICATORS)
def test_an_indicator_follows_its_definition(name: str) -> None:
    prices = random_prices(400)
    expected = EXPECTED[name](pd.DataFrame(prices)).to_numpy()
    np.testing.assert_allclose(INDICATORS[name].compute(prices), expected, rtol=1e-9, atol=1e-9)
    assert np.isnan(expected[:INDICATORS[name].warm_up]).all()
    assert np.isfinite(expected[INDICATORS[name].warm_up:]).all()


def test_the_relative_strength_of_a_published_example() -> None:
    """The first values of the worked table in StockCharts' ChartSchool, Relative Strength Index."""
    close = np.array([44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
                      46.0328, 45.6140, 46.2820, 46.2820, 46.0028, 46.0328])
    computed = INDICATORS["rsi14"].compute(dict.fromkeys(PRICE_COLUMNS, close))
    assert [round(float(value), 2) for value in computed[14:]] == [70.53, 66.32, 66.55]


@pytest.mark.parametrize("name", INDICATORS)
def test_no_later_row_has_any_influence(name: str) -> None:
    prices, others = random_prices(130), random_prices(130, seed=1)
    whole = INDICATORS[name].compute(prices)
    assert np.ptp(whole[INDICATORS[name].warm_up:]) > 0
    for rows in (1, 2, 5, 14, 15, 20, 21, 27, 34, 50, 51, 90, 129):
        ended = INDICATORS[name].compute(cut(prices, slice(rows)))
        changed = INDICATORS[name].compute(
            {column: np.append(values[:rows], others[column][rows:]) for column, values in prices.items()})
        assert same_bits(ended, whole[:rows]), rows
        assert same_bits(changed[:rows], whole[:rows]), rows


@pytest.mark.parametrize("name", INDICATORS)
def test_only_endless_smoothing_depends_on_where_the_table_begins(name: str) -> None:
    prices, skipped = random_prices(600), 37
    warm_up, compute = INDICATORS[name].warm_up, INDICATORS[name].compute
    whole, later = compute(prices)[skipped:], compute(cut(prices, slice(skipped, None)))
    assert same_bits(whole[warm_up:], later[warm_up:]) == (name not in ENDLESS)
    np.testing.assert_allclose(later[-1], whole[-1], rtol=1e-9, atol=1e-9)      # and the dependence fades


@pytest.mark.parametrize("price", [100.0, 7.3, 0.1])
def test_where_nothing_moves_and_nothing_is_traded_the_neutral_value_stands(price: float) -> None:
    prices = {**dict.fromkeys(PRICE_COLUMNS, np.full(80, price)), "volume": np.zeros(80)}
    neutral = {"rsi6": 50, "rsi14": 50, "stochastic_k": 50, "stochastic_d": 50, "williams_r": -50, "mfi14": 50,
               "close_in_range": 50, "bollinger_b": 0.5}
    for name, indicator in INDICATORS.items():
        in_price = name.startswith(("lag", "sma", "ema")) or name in ("bollinger_upper", "bollinger_lower")
        expected = price if in_price else neutral.get(name, 0)
        assert (indicator.compute(prices)[indicator.warm_up:] == expected).all(), name


@pytest.mark.parametrize("close", [0.0, -5.0])
def test_prices_that_are_not_positive_give_finite_values(close: float) -> None:
    prices = random_prices(80)
    for name in ("open", "low", "close"):
        prices[name][60:65] = close
    for name, indicator in INDICATORS.items():
        assert np.isfinite(indicator.compute(prices)[indicator.warm_up:]).all(), name


def test_there_are_enough_columns_with_words_of_their_own() -> None:
    assert len({*PRICE_COLUMNS, *INDICATORS}) == 5 + len(INDICATORS) >= 45
    assert len({indicator.title for indicator in INDICATORS.values()}) == len(INDICATORS)
    assert len(FORTY) == len(set(FORTY)) == 40
    assert {*PRICE_COLUMNS, "money", "change"} < set(FORTY) < {*PRICE_COLUMNS, *INDICATORS}


@pytest.mark.parametrize("market", ["nasdaq", "sp500"])
def test_all_of_a_bundled_market_in_time(market: str) -> None:
    plain = load(Prices(market=market))
    start = time.process_time()
    series = with_indicators(plain, INDICATORS)
    assert time.process_time() - start < 0.3
    assert series.columns == (*PRICE_COLUMNS, *INDICATORS)
    assert series.values.shape == (5031 - 49, 5 + len(INDICATORS))
    assert np.isfinite(series.values).all()
    np.testing.assert_array_equal(series.values[:, :5], plain.values[49:])
    np.testing.assert_array_equal(series.index, plain.index[49:])
    assert (series.name, series.unit) == (plain.name, plain.unit)


def test_named_indicators_are_appended_in_order_and_cut_to_the_slowest() -> None:
    plain = load(Prices(interval="1mo"))
    series = with_indicators(plain, ("close", "sma10", "change", "sma10", "volume"))
    assert series.columns == (*PRICE_COLUMNS, "sma10", "change")
    assert len(series.values) == len(series.index) == len(plain.values) - 9
    close = plain.values[:, 3]
    np.testing.assert_allclose(series.values[0, 5:], [close[:10].mean(), 100 * (close[9] / close[8] - 1)], rtol=1e-12)


def test_nothing_to_append_leaves_the_series_as_it_is() -> None:
    plain = load(Prices())
    assert with_indicators(plain, ("volume", "close")) is plain


def test_a_spec_asks_for_its_indicators() -> None:
    series = load(Prices(features=FORTY, column="rsi14"))
    assert set(FORTY) == set(series.columns)
    assert load(Prices(features=("close",), column="money")).columns == (*PRICE_COLUMNS, "money")


def test_unknown_names_and_too_few_rows_are_refused() -> None:
    plain = load(Prices())
    with pytest.raises(Refusal, match=r"NASDAQ has no column 'rsi15'\. It has open, high, low, close, volume, money, "):
        with_indicators(plain, ("rsi15",))
    short = Series(plain.columns, plain.values[:15], plain.index[:15], name="S")
    with pytest.raises(Refusal, match=r"S has 15 rows; .*'rsi14' begins 14 rows later, so it needs at least 16"):
        with_indicators(short, ("change", "rsi14"))
    assert len(with_indicators(short, ("stochastic_k",)).values) == 2
