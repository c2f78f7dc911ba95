"""Whether a difference is more than chance: two forecasts of numbers, shares that are right.

All are statements at LEVEL, computed with nothing but arithmetic: SciPy would make the start of the server slow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LEVEL = 0.995           # of intervals, two-sided; of a test what is left is split between both sides
HALVINGS = 60           # of an interval in search of a quantile
PRECISION = 3e-16       # at which the continued fraction ends
TERMS = 100_000         # of it at most; about the square root of the larger parameter is needed


@dataclass(frozen=True)
class Interval:
    """A number and the interval that holds it at LEVEL; nan is what cannot be said."""

    low: float
    middle: float
    high: float


NO_INTERVAL = Interval(-math.inf, math.nan, math.inf)
"""What is known of a difference of which nothing is known."""


def error_saved(squares: np.ndarray, rival: np.ndarray, horizon: int) -> Interval:
    """Return by what share the mean squared error of a forecast is below that of a rival, with its interval.

    The test of Diebold & Mariano (1995, "Comparing predictive accuracy") in the form of Harvey, Leybourne & Newbold
    (1997, "Testing the equality of prediction mean squared errors"): the differences of the squared errors, Student's
    t with n - 1 degrees of freedom, their variance widened for a small sample.

    Args:
        squares: (n,) squared errors of the forecast, one after the other.
        rival: (n,) those of the rival on the same rows; their mean is the 1 of the share.
        horizon: how many rows ahead was predicted: errors of fewer rows apart than that share what they did not know.
    """
    count, ahead = len(squares), max(horizon, 1)
    if not count:
        return NO_INTERVAL
    with np.errstate(over="ignore", invalid="ignore"):
        saved, of = rival - squares, float(np.mean(rival))
        mean = float(saved.mean())
    if not saved.any():
        return Interval(0.0, 0.0, 0.0)
    if mean == -math.inf or of == 0:        # nothing is worse than no number, nothing better than no error
        return Interval(-math.inf, -math.inf, -math.inf)
    wider = (count + 1 - 2 * ahead + ahead * (ahead - 1) / count) / count
    if ahead >= count or wider <= 0 or not math.isfinite(mean):
        return NO_INTERVAL
    half = student(count - 1) * math.sqrt(long_run_variance(saved, ahead) / count / wider)
    return Interval((mean - half) / of, mean / of, min(1.0, (mean + half) / of))


def long_run_variance(values: np.ndarray, horizon: int) -> float:
    """Return the variance of sqrt(n) times the mean of (n,) values that depend on their neighbours.

    The larger of two: the autocovariances up to horizon - 1 as they are, which is right when the forecast leaves no
    more than that in its errors; and Bartlett's weights up to 4 (n / 100)^(2/9) (Newey & West 1994), which are never
    negative and see what a bad forecast leaves.
    """
    count = len(values)
    deviations: np.ndarray = values - values.mean()

    def at(lag: int) -> float:
        return float(deviations[lag:] @ deviations[:count - lag]) / count

    wide = min(count - 1, max(horizon - 1, math.floor(4 * (count / 100) ** (2 / 9))))
    covariances = [at(lag) for lag in range(wide + 1)]
    plain = covariances[0] + 2 * sum(covariances[1:min(horizon, count)])
    bartlett = covariances[0] + 2 * sum((1 - lag / (wide + 1)) * covariances[lag] for lag in range(1, wide + 1))
    return float(max(plain, bartlett, 0.0))


def share_interval(right: int, count: int) -> Interval:
    """Return the share right of a number of independent answers, with its exact interval (Clopper & Pearson 1934)."""
    if not count:
        return NO_INTERVAL
    left = (1 - LEVEL) / 2
    return Interval(beta_quantile(left, right, count - right + 1) if right else 0.0, right / count,
                    beta_quantile(1 - left, right + 1, count - right) if right < count else 1.0)


def more_than_chance(right: int, count: int, share: float) -> bool:
    """Tell whether more of ``count`` independent answers are right than chance gives, each with that share (exact)."""
    return right > 0 and beta_share(share, right, count - right + 1) < (1 - LEVEL) / 2


@lru_cache(maxsize=1000)
def student(degrees: int) -> float:
    """Return the t of Student's distribution between -t and t of which LEVEL lies."""
    between = beta_quantile(LEVEL, 0.5, degrees / 2)
    return math.sqrt(degrees * between / (1 - between))


@lru_cache(maxsize=1000)
def beta_quantile(share: float, a: float, b: float) -> float:
    """Return the number between 0 and 1 below which that share of the beta distribution lies."""
    low, high = 0.0, 1.0
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if beta_share(middle, a, b) < share else (low, middle)
    return (low + high) / 2


def beta_share(x: float, a: float, b: float) -> float:
    """Return the share of the beta distribution below x, the regularised incomplete beta function.

    By Lentz's method for its continued fraction (DLMF 8.17.22).
    """
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    c, d = 1.0, 1 / (1 - (a + b) * x / (a + 1))
    fraction = d
    for m in range(1, TERMS):
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                     -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d, c = 1 / (1 + step * d), 1 + step / c
            fraction *= c * d
        if abs(c * d - 1) < PRECISION:
            break
    return front * fraction
