"""Forecasts that need no network: the last known value, the mean, the value one season before, an autoregression.

They read the target and no other feature. Each predicts target row t from the values up to row t - horizon and nothing
later. With horizon 0 the target itself is what is asked for, so the last known value is that of row t - 1.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from lstm_core.data import Windows
from lstm_core.errors import Refusal

SEASON = 0.25           # autocorrelation of the changes from which a peak counts as a season
SEASON_ERRORS = 5.0     # standard errors 1 / sqrt(changes compared) it must stand above 0; chance reaches about 4
RIDGE = 1e-10           # penalty of the autoregression, for each training row and standardised value
ROWS_PER_WEIGHT = 4     # training rows for each value that an autoregression may read, at least
EXACT = 1e-12           # share of the variance left below which a longer autoregression explains nothing more
STILL = 1e-6            # share of the series' range below which a value that is read counts as constant


def persistence(series: np.ndarray, rows: np.ndarray, horizon: int) -> np.ndarray:
    """Return the last known value before each target row, (n,) float64; nan where there is none.

    Args:
        series: (T,) real target values.
        rows: (n,) target rows.
        horizon: how many rows ahead is predicted.
    """
    return _at(series, rows - (horizon or 1))


def seasonal(series: np.ndarray, rows: np.ndarray, horizon: int, season: int) -> np.ndarray:
    """Return the value at the same place of the latest season that is known, (n,) float64; nan where there is none.

    That is ceil(horizon / season) seasons before the target (the seasonal naive method of Hyndman & Athanasopoulos,
    "Forecasting: principles and practice", section 5.2). The arguments are those of :func:`persistence`.
    """
    return _at(series, rows - season * -(-(horizon or 1) // season))


def season(series_train: np.ndarray) -> int | None:
    """Return the number of rows in a season of the training part, None when there is no clear one.

    It is the highest peak of the autocorrelation of the changes from row to row (a trend drops out of them) beyond its
    first zero, among lags that fit into the part twice. Of peaks alike the first is taken: a peak counts for its height
    times the share of the changes it compares. One below SEASON, or below SEASON_ERRORS standard errors, is none.

    Args:
        series_train: (T,) the target values of the training part.
    """
    changes = np.diff(np.asarray(series_train, dtype=np.float64))
    count = len(changes)
    if count < 4:
        return None
    changes -= changes.mean()
    if np.abs(changes).max() <= 1e-9 * np.abs(series_train).max():      # what is left of a line is rounding
        return None
    spectrum = np.abs(np.fft.rfft(changes, 2 * count)) ** 2             # Wiener-Khinchin; zeros keep the ends apart
    lags = np.arange(count // 2 + 2)
    energy = np.concatenate([[0.0], np.cumsum(changes**2)])
    compared = np.sqrt(energy[count - lags] * (energy[count] - energy[lags]))      # of both ends that are compared
    r = np.fft.irfft(spectrum)[:len(lags)] / np.where(compared > 1e-9 * energy[count], compared, np.inf)
    inner = lags[1:-1]
    peaks = inner[np.maximum.accumulate(r <= 0)[inner] & (r[inner] > r[inner - 1]) & (r[inner] >= r[inner + 1])]
    if not len(peaks):
        return None
    best = int(peaks[(r * (1 - lags / count))[peaks].argmax()])
    return best if r[best] >= max(SEASON, SEASON_ERRORS / np.sqrt(count - best)) else None


@dataclass(frozen=True, eq=False)
class LinearAutoregression:
    """The next value as a weighted sum of the last known ones: y(t) = b + sum over k of w(k) y(t - horizon - k).

    An AR(S) model fitted by least squares (Box & Jenkins 1970): the best a network without hidden units could do.
    """

    weights: np.ndarray     # (S,) of the values from the oldest to the last known one
    intercept: float
    horizon: int

    @staticmethod
    def fit(series: np.ndarray, train_rows: np.ndarray, steps: int, horizon: int) -> LinearAutoregression:
        """Fit the weights to the target rows of the training part.

        Least squares on standardised values, with a ridge penalty of RIDGE * rows that only matters where the
        values do not settle the weights. Rows without ``steps`` known values before them are left out.

        Args:
            series: (T,) real target values.
            train_rows: (n,) target rows of the training part, one after the other.
            steps: how many known values are read.
            horizon: how many rows ahead is predicted.

        Raises:
            Refusal: the rows have gaps, or none has enough values before it.
        """
        equations = _Equations.of(series, train_rows, steps, horizon)
        weights = np.linalg.solve(equations.square, equations.cross) / equations.spread
        return LinearAutoregression(weights[::-1], float(equations.aim - equations.means @ weights), horizon)

    @staticmethod
    def choose(series: np.ndarray, train_rows: np.ndarray, most: int, horizon: int) -> LinearAutoregression:
        """Fit an autoregression that reads as many values as the training part bears, 1 to ``most``.

        That is the number with the lowest Bayesian information criterion (Schwarz 1978), all on the same rows: a
        value more must lower the error by more than chance lets it. One Cholesky factor L of the normal equations
        A w = b knows the squares left by every number of values: with L z = b the k-th lowers them by z(k)^2.

        Raises:
            Refusal: the rows have gaps, or are too few for a single value.
        """
        most = max(1, min(most, len(train_rows) // ROWS_PER_WEIGHT))
        equations = _Equations.of(series, train_rows, most, horizon)
        explained = np.cumsum(np.linalg.solve(np.linalg.cholesky(equations.square), equations.cross) ** 2)
        left = np.maximum(1 - explained / (equations.squares or 1), EXACT)
        criterion = equations.count * np.log(left) + np.log(equations.count) * np.arange(1, most + 1)
        return LinearAutoregression.fit(series, train_rows, int(criterion.argmin()) + 1, horizon)

    def predict(self, series: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return the forecast of target rows, (n,) float64; nan where too few values are known before."""
        ahead = np.correlate(np.asarray(series, dtype=np.float64), self.weights) + self.intercept
        return _at(ahead, rows - (self.horizon or 1) - len(self.weights) + 1)

    def run(self, history: np.ndarray, count: int) -> np.ndarray:
        """Return a free-running forecast (count,): each prediction is read as if it had come true.

        Args:
            history: (S,) the last known values.
            count: how many steps to go.

        Raises:
            Refusal: the forecast is not for the next value, or the history is not as long as the weights.
        """
        steps = len(self.weights)
        if self.horizon > 1:
            raise Refusal("An autoregression that predicts {horizon} steps ahead cannot run freely: it never says what "
                          "comes in between. Choose 1 step ahead.", horizon=self.horizon)
        if len(history) != steps:
            raise Refusal("An autoregression that reads {steps} values goes on from {steps} values; received "
                          "{received}.", steps=steps, received=len(history))
        values = np.concatenate([history, np.empty(count)])
        with np.errstate(over="ignore", invalid="ignore"):
            for step in range(count):
                values[steps + step] = values[step:steps + step] @ self.weights + self.intercept
        return values[steps:]


@dataclass(frozen=True, eq=False)
class _Equations:
    """The normal equations of an autoregression over n rows, its S values standardised, the last known one first."""

    square: np.ndarray      # (S, S) with the ridge on its diagonal
    cross: np.ndarray       # (S,)
    spread: np.ndarray      # (S,) standard deviations by which the values were divided
    means: np.ndarray       # (S,) of the values
    aim: float              # mean of the targets
    squares: float          # sum of their squares about it
    count: int              # rows

    @staticmethod
    def of(series: np.ndarray, train_rows: np.ndarray, steps: int, horizon: int) -> _Equations:
        """Return the equations over the target rows with ``steps`` known values before them (see ``fit``)."""
        if (np.diff(train_rows) != 1).any():
            raise Refusal("The rows an autoregression is fitted to must follow one another without a gap.")
        lasts = train_rows - (horizon or 1)
        lasts = lasts[lasts >= steps - 1]
        if not len(lasts):
            raise Refusal("An autoregression that reads {steps} values {horizon} steps ahead needs at least {needed} "
                          "training rows; received {received}. Choose fewer steps, or more data.", steps=steps,
                          horizon=horizon, needed=steps + (horizon or 1), received=len(train_rows))
        count = len(lasts)
        known = np.asarray(series[lasts[0] - steps + 1:lasts[-1] + 1], dtype=np.float64)    # (n + S - 1,)
        aims = np.asarray(series, dtype=np.float64)[lasts + (horizon or 1)]
        middle, off = known.mean(), aims - aims.mean()
        square, means = _moments(known - middle, steps)
        spread = np.sqrt(np.maximum(np.diag(square) / count, 0))
        spread = np.where(spread > STILL * np.ptp(known), spread, np.inf)           # what is constant gets no weight
        return _Equations(
            square=square / np.outer(spread, spread) + RIDGE * count * np.eye(steps),
            cross=np.correlate(known - middle, off)[::-1] / spread, spread=spread, means=means + middle,
            aim=float(aims.mean()), squares=float(off @ off), count=count)


@dataclass(frozen=True, eq=False)
class Baselines:
    """All forecasts without a network, fitted on the training part of a series."""

    mean: float
    season: int | None                      # rows in a season; None: there is no clear one
    linear: LinearAutoregression | None     # None: too few training rows

    @staticmethod
    def fit(data: Windows) -> Baselines:
        """Fit them on the training part; the autoregression reads at most as many values as the network has steps."""
        train = data.rows["train"]
        known = data.actual[train.start:train.stop]
        linear = None
        with suppress(Refusal):
            linear = LinearAutoregression.choose(data.actual, np.arange(train.start, train.stop), data.steps,
                                                 data.horizon)
        return Baselines(float(known.mean()), season(known), linear)

    def one_ahead(self, data: Windows, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Return what each says about target rows from what was known before them, (n,) in real units.

        At the beginning of a series, before a season or so many values are known, it is what persistence says, and in
        the first row the mean, so that all are measured on every row. One that could not be fitted says nothing: nan.
        """
        last = persistence(data.actual, rows, data.horizon)
        last = np.where(np.isnan(last), self.mean, last)
        said = {"persistence": last, "mean": np.full(len(rows), self.mean)}
        for name, values in (
                ("seasonal", seasonal(data.actual, rows, data.horizon, self.season) if self.season else None),
                ("autoregression", self.linear.predict(data.actual, rows) if self.linear else None)):
            said[name] = np.full(len(rows), np.nan) if values is None else np.where(np.isnan(values), last, values)
        return said

    def free_running(self, data: Windows, start: int, count: int) -> dict[str, np.ndarray]:
        """Return what each says about the rows after ``start``, the last one it knows: (count,) in real units."""
        nothing = np.full(count, np.nan)
        ahead = np.arange(1, count + 1)
        repeated, linear = nothing, nothing
        if self.season:                     # the same place in the last known season
            repeated = _at(data.actual, start + ahead - self.season * -(-ahead // self.season))
        if self.linear and start + 1 >= len(self.linear.weights):
            linear = self.linear.run(data.actual[start + 1 - len(self.linear.weights):start + 1], count)
        return {"persistence": np.full(count, data.actual[start]), "mean": np.full(count, self.mean),
                "seasonal": repeated, "autoregression": linear}


def _moments(known: np.ndarray, steps: int) -> tuple[np.ndarray, np.ndarray]:
    """Return for n rows the products of their lags 0..S-1 about the mean, (S, S), and the means of the lags, (S,).

    With P(i, j) = sum over the rows t of y(t-i) y(t-j), P(i+1, j+1) differs from P(i, j) by what enters before the
    first row and leaves at the last (the covariance method of linear prediction): O(n S) in place of O(n S^2).
    ``known`` (n + S - 1,) are the values of the rows and of the S - 1 rows before them.
    """
    count = len(known) - steps + 1
    lags = np.arange(steps)
    sums = np.concatenate([[0.0], np.cumsum(known)])
    means = (sums[len(known) - lags] - sums[steps - 1 - lags]) / count
    entering, leaving = known[:steps - 1][::-1], known[count:][::-1]
    products = np.empty((steps, steps))
    products[0] = products[:, 0] = np.correlate(known, known[steps - 1:])[::-1]
    for lag in lags[:-1]:
        products[lag + 1, 1:] = products[lag, :-1] + entering[lag] * entering - leaving[lag] * leaving
    return products - count * np.outer(means, means), means


def _at(series: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the values at rows, nan before the first."""
    return np.where(rows >= 0, np.asarray(series, dtype=np.float64)[np.maximum(rows, 0)], np.nan)
