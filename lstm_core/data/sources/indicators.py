"""Technical indicators: columns that are computed from the prices and the volume of this row and earlier ones.

Every indicator is causal: row t depends on rows up to t only, so no future leaks into a feature. Sums and means over a
number of rows do not depend on where the table begins. What is smoothed without end (EMA, MACD, RSI, ATR) does: its
first row starts at what is then known, and the share of that start fades from row to row.

Where a formula divides by zero there is nothing to tell, and the column takes a neutral value: 0 for changes,
distances and shares that have a sign (also for the logarithm of a ratio that is not positive), 50 for what lies
between 0 and 100 (RSI, %K, money flow, close within the range), -50 for %R, 0.5 for %b.

Sources: Wilder, New Concepts in Technical Trading Systems (1978): RSI, ATR. Lambert, Commodity Channel Index (1980).
Granville, New Key to Stock Market Profits (1963): on-balance volume. Appel: MACD. Lane: stochastic. Bollinger: bands.
Quong and Soudack (1989): money flow index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate
from math import fsum

import numpy as np

from lstm_core.data.series import Series
from lstm_core.errors import Refusal, listed
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import PRICE_COLUMNS

Columns = dict[str, np.ndarray]     # open, high, low, close, volume, each (T,) float64


@dataclass(frozen=True)
class Indicator:
    """A column that is computed from prices."""

    title: str
    meaning: str
    warm_up: int                    # rows at the beginning in which it is not defined yet
    compute: Callable[[Columns], np.ndarray]    # (T,) float64, nan in the rows of the warm-up


def with_indicators(series: Series, names: Iterable[str]) -> Series:
    """Return a series of prices, (T, 5), with the indicators among the names behind them, in their order.

    The rows in which not all of them are defined are cut off, so all values are finite. Names of the price columns may
    be among the names; without any other name the series is returned as it is. Refused: unknown names, too few rows.
    """
    added = [name for name in dict.fromkeys(names) if name not in PRICE_COLUMNS]
    for name in added:
        if name not in INDICATORS:
            raise Refusal("{series} has no column {name!r}. It has {columns}.",
                          series=series.name, name=name, columns=listed((*PRICE_COLUMNS, *INDICATORS)))
    if not added:
        return series
    slowest = max(added, key=lambda name: INDICATORS[name].warm_up)
    first = INDICATORS[slowest].warm_up
    needed = first + 2
    if len(series.values) < needed:
        raise Refusal("{series} has {rows} rows; the column {name!r} begins {warm_up} rows later, so it needs at least "
                      "{needed}. Choose more data, or leave the column out.", series=series.name,
                      rows=len(series.values), name=slowest, warm_up=first, needed=needed)
    prices = dict(zip(series.columns, np.ascontiguousarray(series.values.T), strict=True))
    computed = [INDICATORS[name].compute(prices) for name in added]
    return replace(series, columns=(*series.columns, *added), index=series.index[first:],
                   values=np.column_stack([series.values, *computed])[first:])


# -- over rows: (T,) -> (T,), nan until there are enough rows ------------------------------------------------
# Each row's terms are added in the same order whatever T is: a series cut short gives the same bits.


def _before(values: np.ndarray, rows: int) -> np.ndarray:
    """Return the values a number of rows before."""
    return np.concatenate([np.full(min(rows, len(values)), np.nan), values[:max(len(values) - rows, 0)]])


def _sum(values: np.ndarray, rows: int) -> np.ndarray:
    return reduce(np.add, (_before(values, back) for back in range(rows)))


def _mean(values: np.ndarray, rows: int) -> np.ndarray:
    """Return the mean of the last rows, taken from this row's value: equal values have exactly that mean."""
    away = reduce(np.add, (_before(values, back) - values for back in range(1, rows)))
    return np.asarray(values + away / rows)


def _deviation(values: np.ndarray, rows: int, free: int) -> np.ndarray:
    """Return the standard deviation of the last rows, the sum of squares divided by ``free``."""
    mean = _mean(values, rows)
    return np.asarray(np.sqrt(reduce(np.add, ((_before(values, back) - mean)**2 for back in range(rows))) / free))


def _highest(values: np.ndarray, rows: int) -> np.ndarray:
    return reduce(np.maximum, (_before(values, back) for back in range(rows)))


def _ema(values: np.ndarray, rows: int) -> np.ndarray:
    """Return the exponential moving average, begun with the first value that is defined."""
    share, first = 2 / (rows + 1), int(np.isnan(values).argmin())
    smooth = values.copy()
    smooth[first:] = list(accumulate(values[first:].tolist(), lambda old, new: old + share * (new - old)))
    smooth[:first + rows - 1] = np.nan
    return smooth


def _wilder(values: np.ndarray, rows: int) -> np.ndarray:
    """Return Wilder's smoothing of values that are defined from row 1: a mean at first, then 1/rows of each new one."""
    smooth = np.full(len(values), np.nan)
    if len(values) > rows:
        smooth[rows:] = list(accumulate(values[rows + 1:].tolist(), lambda old, new: old + (new - old) / rows,
                                        initial=fsum(values[1:rows + 1]) / rows))
    return smooth


# -- from row to row ---------------------------------------------------------------------------------------


def _over(above: np.ndarray, below: np.ndarray, neutral: float) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below == 0, neutral, above / below)


def _percent(new: np.ndarray, old: np.ndarray) -> np.ndarray:
    """Return how far new lies above old, in percent of old."""
    return np.asarray(100 * (_over(new, old, 1) - 1))


def _typical(prices: Columns) -> np.ndarray:
    return np.asarray((prices["high"] + prices["low"] + prices["close"]) / 3)


def _money(prices: Columns) -> np.ndarray:
    return np.asarray(prices["volume"] * _typical(prices))


def _return(prices: Columns, rows: int) -> np.ndarray:
    return _percent(prices["close"], _before(prices["close"], rows))


def _log_return(prices: Columns) -> np.ndarray:
    ratio = _over(prices["close"], _before(prices["close"], 1), 1)
    return np.asarray(100 * np.log(np.where(ratio <= 0, 1, ratio)))


def _to_mean(values: np.ndarray, rows: int) -> np.ndarray:
    return _percent(values, _mean(values, rows))


def _volatility(prices: Columns, rows: int) -> np.ndarray:
    return _deviation(_return(prices, 1), rows, free=rows - 1)


def _rsi(prices: Columns, rows: int) -> np.ndarray:
    change = prices["close"] - _before(prices["close"], 1)
    rise, fall = _wilder(np.maximum(change, 0), rows), _wilder(np.maximum(-change, 0), rows)
    return 100 * _over(rise, rise + fall, 0.5)


def _macd(prices: Columns) -> np.ndarray:
    return np.asarray(_ema(prices["close"], 12) - _ema(prices["close"], 26))


def _bands(prices: Columns) -> tuple[np.ndarray, np.ndarray]:
    """Return the middle of the Bollinger bands, and how far they lie from it."""
    return _mean(prices["close"], 20), 2 * _deviation(prices["close"], 20, free=20)


def _bollinger_b(prices: Columns) -> np.ndarray:
    middle, away = _bands(prices)
    return 0.5 + _over(prices["close"] - middle, 2 * away, 0)


def _bollinger_width(prices: Columns) -> np.ndarray:
    middle, away = _bands(prices)
    return 100 * _over(2 * away, middle, 0)


def _atr(prices: Columns) -> np.ndarray:
    before = _before(prices["close"], 1)
    return _wilder(np.maximum(prices["high"], before) - np.minimum(prices["low"], before), 14)


def _stochastic(prices: Columns) -> np.ndarray:
    lowest = -_highest(-prices["low"], 14)
    return 100 * _over(prices["close"] - lowest, _highest(prices["high"], 14) - lowest, 0.5)


def _cci(prices: Columns) -> np.ndarray:
    typical = _typical(prices)
    mean = _mean(typical, 20)
    away = reduce(np.add, (np.abs(_before(typical, back) - mean) for back in range(20))) / 20
    return _over(typical - mean, 0.015 * away, 0)


def _direction(values: np.ndarray) -> np.ndarray:
    """Return 1 where a value is above the one before, -1 where it is below, else 0."""
    return np.asarray(np.sign(values - _before(values, 1)))


def _obv_share(prices: Columns) -> np.ndarray:
    balance = _sum(_direction(prices["close"]) * prices["volume"], 20)
    return 100 * _over(balance, _sum(prices["volume"], 20), 0)


def _money_flow(prices: Columns) -> np.ndarray:
    flow = _direction(_typical(prices)) * _money(prices)
    into, out = _sum(np.maximum(flow, 0), 14), _sum(np.maximum(-flow, 0), 14)
    return 100 * _over(into, into + out, 0.5)


# -- all of them -------------------------------------------------------------------------------------------

_RETURN = N_("The close against the close that many rows before, in percent; also called the rate of change.")
_LAG = N_("The close of an earlier row, as it was.")
_SMA = N_("Simple moving average: the mean of that many closes, the last one included.")
_EMA = N_("Exponential moving average: average before + 2 / (rows + 1) × (close - average before); begun with the "
          "first close, whose share fades.")
_TO_SMA = N_("How far the close lies above its simple moving average: close / SMA - 1, in percent.")
_VOLATILITY = N_("How widely the change scatters: its sample standard deviation over that many rows, in percent.")
_RSI = N_("Relative strength index (Wilder 1978): 100 × mean rise / (mean rise + mean fall) of the close, smoothed "
          "over that many rows; 100: it only rose, 0: it only fell.")

INDICATORS: dict[str, Indicator] = {
    "money": Indicator(N_("Turnover, estimated"), N_(
        "Money traded: volume × (high + low + close) / 3; an estimate of what exchanges publish."), 0, _money),
    "change": Indicator(N_("Change, %"), N_("The close against the one before: close / close before - 1, in percent."),
                        1, lambda prices: _return(prices, 1)),
    "return2": Indicator(N_("Return over 2 rows, %"), _RETURN, 2, lambda prices: _return(prices, 2)),
    "return3": Indicator(N_("Return over 3 rows, %"), _RETURN, 3, lambda prices: _return(prices, 3)),
    "return5": Indicator(N_("Return over 5 rows, %"), _RETURN, 5, lambda prices: _return(prices, 5)),
    "return10": Indicator(N_("Return over 10 rows, %"), _RETURN, 10, lambda prices: _return(prices, 10)),
    "return20": Indicator(N_("Return over 20 rows, %"), _RETURN, 20, lambda prices: _return(prices, 20)),
    "log_return": Indicator(N_("Log return, %"), N_(
        "100 × the natural logarithm of close / close before: almost the change, but it adds up over rows."), 1,
        _log_return),
    "lag1": Indicator(N_("Close 1 row before"), _LAG, 1, lambda prices: _before(prices["close"], 1)),
    "lag2": Indicator(N_("Close 2 rows before"), _LAG, 2, lambda prices: _before(prices["close"], 2)),
    "lag3": Indicator(N_("Close 3 rows before"), _LAG, 3, lambda prices: _before(prices["close"], 3)),
    "lag4": Indicator(N_("Close 4 rows before"), _LAG, 4, lambda prices: _before(prices["close"], 4)),
    "lag5": Indicator(N_("Close 5 rows before"), _LAG, 5, lambda prices: _before(prices["close"], 5)),
    "sma5": Indicator(N_("SMA, 5 rows"), _SMA, 4, lambda prices: _mean(prices["close"], 5)),
    "sma10": Indicator(N_("SMA, 10 rows"), _SMA, 9, lambda prices: _mean(prices["close"], 10)),
    "sma20": Indicator(N_("SMA, 20 rows"), _SMA, 19, lambda prices: _mean(prices["close"], 20)),
    "sma50": Indicator(N_("SMA, 50 rows"), _SMA, 49, lambda prices: _mean(prices["close"], 50)),
    "ema12": Indicator(N_("EMA, 12 rows"), _EMA, 11, lambda prices: _ema(prices["close"], 12)),
    "ema26": Indicator(N_("EMA, 26 rows"), _EMA, 25, lambda prices: _ema(prices["close"], 26)),
    "to_sma5": Indicator(N_("Close above SMA 5, %"), _TO_SMA, 4, lambda prices: _to_mean(prices["close"], 5)),
    "to_sma20": Indicator(N_("Close above SMA 20, %"), _TO_SMA, 19, lambda prices: _to_mean(prices["close"], 20)),
    "to_sma50": Indicator(N_("Close above SMA 50, %"), _TO_SMA, 49, lambda prices: _to_mean(prices["close"], 50)),
    "volatility5": Indicator(N_("Volatility, 5 rows, %"), _VOLATILITY, 5, lambda prices: _volatility(prices, 5)),
    "volatility10": Indicator(N_("Volatility, 10 rows, %"), _VOLATILITY, 10, lambda prices: _volatility(prices, 10)),
    "volatility20": Indicator(N_("Volatility, 20 rows, %"), _VOLATILITY, 20, lambda prices: _volatility(prices, 20)),
    "rsi6": Indicator(N_("RSI, 6 rows"), _RSI, 6, lambda prices: _rsi(prices, 6)),
    "rsi14": Indicator(N_("RSI, 14 rows"), _RSI, 14, lambda prices: _rsi(prices, 14)),
    "macd": Indicator(N_("MACD (12, 26)"), N_(
        "Moving average convergence divergence (Appel): EMA of 12 rows - EMA of 26 rows; above 0: recent closes "
        "lie above older ones."), 25, _macd),
    "macd_signal": Indicator(N_("MACD signal, 9 rows"), N_("The exponential moving average of the MACD over 9 rows."),
                             33, lambda prices: _ema(_macd(prices), 9)),
    "macd_histogram": Indicator(N_("MACD histogram"), N_("MACD - its signal; above 0: it lies above its recent mean."),
                                33, lambda prices: np.asarray(_macd(prices) - _ema(_macd(prices), 9))),
    "bollinger_upper": Indicator(N_("Bollinger band, upper"), N_(
        "The mean of 20 closes + 2 × their standard deviation."), 19, lambda prices: np.add(*_bands(prices))),
    "bollinger_lower": Indicator(N_("Bollinger band, lower"), N_(
        "The mean of 20 closes - 2 × their standard deviation."), 19, lambda prices: np.subtract(*_bands(prices))),
    "bollinger_width": Indicator(N_("Bollinger bandwidth, %"), N_(
        "The room between the Bollinger bands: (upper - lower) / mean of 20 closes, in percent."), 19,
        _bollinger_width),
    "bollinger_b": Indicator(N_("Bollinger %b"), N_(
        "Where the close lies between the Bollinger bands: (close - lower) / (upper - lower); 0: on the lower one, "
        "1: on the upper one."), 19, _bollinger_b),
    "atr14": Indicator(N_("ATR, 14 rows"), N_(
        "Average true range (Wilder 1978): how far the prices of a row reach, the close before included, smoothed over "
        "14 rows; the range is max(high, close before) - min(low, close before)."), 14, _atr),
    "stochastic_k": Indicator(N_("Stochastic %K, 14 rows"), N_(
        "Where the close lies in the range of 14 rows (Lane): 100 × (close - lowest low) / (highest high - lowest "
        "low)."), 13, _stochastic),
    "stochastic_d": Indicator(N_("Stochastic %D, 3 rows"), N_("The mean of the last 3 values of %K."),
                              15, lambda prices: _mean(_stochastic(prices), 3)),
    "williams_r": Indicator(N_("Williams %R, 14 rows"), N_(
        "How far the close lies below the highest high of 14 rows: -100 × (highest high - close) / (highest high - "
        "lowest low), which is %K - 100."), 13, lambda prices: _stochastic(prices) - 100),
    "cci20": Indicator(N_("CCI, 20 rows"), N_(
        "Commodity channel index (Lambert 1980): (typical price - its mean) / (0.015 × its mean absolute deviation) "
        "over 20 rows; typical is (high + low + close) / 3."), 19, _cci),
    "momentum10": Indicator(N_("Momentum, 10 rows"), N_("close - close 10 rows before, in the unit of the price."),
                            10, lambda prices: np.asarray(prices["close"] - _before(prices["close"], 10))),
    "obv_share20": Indicator(N_("On-balance volume, 20 rows, %"), N_(
        "On-balance volume (Granville 1963) gained over 20 rows: volume of rows with a rising close - volume of rows "
        "with a falling close, in percent of all their volume."), 20, _obv_share),
    "volume_change": Indicator(N_("Change of volume, %"), N_(
        "The volume against the volume before: volume / volume before - 1, in percent."),
        1, lambda prices: _percent(prices["volume"], _before(prices["volume"], 1))),
    "volume_to_mean20": Indicator(N_("Volume above its mean of 20 rows, %"), N_(
        "Whether more is traded than usual: volume / mean of 20 volumes - 1, in percent."),
        19, lambda prices: _to_mean(prices["volume"], 20)),
    "mfi14": Indicator(N_("Money flow index, 14 rows"), N_(
        "Like the RSI, but of money (Quong and Soudack 1989): 100 × turnover of the rows in which the typical price "
        "rose / turnover of those in which it rose or fell, of 14 rows."), 14, _money_flow),
    "range": Indicator(N_("High above low, %"), N_("How far a row's prices reach: (high - low) / close, in percent."),
                       0, lambda prices: 100 * _over(prices["high"] - prices["low"], prices["close"], 0)),
    "close_in_range": Indicator(N_("Close within the range, %"), N_(
        "Where the close lies in its row: 100 × (close - low) / (high - low); 0: at the low, 100: at the high."),
        0, lambda prices: 100 * _over(prices["close"] - prices["low"], prices["high"] - prices["low"], 0.5)),
    "gap": Indicator(N_("Gap, %"), N_("The open against the close before: open / close before - 1, in percent."),
                     1, lambda prices: _percent(prices["open"], _before(prices["close"], 1))),
}

FORTY: tuple[str, ...] = (
    "open", "high", "low", "close", "volume", "money", "change", "return5", "return10", "return20", "sma5", "sma10",
    "sma20", "sma50", "ema12", "ema26", "to_sma5", "to_sma20", "to_sma50", "volatility5", "volatility10",
    "volatility20", "rsi6", "rsi14", "macd", "macd_signal", "bollinger_upper", "bollinger_width", "bollinger_b",
    "atr14", "stochastic_k", "stochastic_d", "cci20", "obv_share20", "volume_change", "volume_to_mean20", "mfi14",
    "range", "close_in_range", "gap")
"""Forty features. Left out is what a window tells anyway (earlier closes) or what follows from the others."""
