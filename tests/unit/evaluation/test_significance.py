"""Whether a difference is more than chance: equal to SciPy and statsmodels, and false as rarely as it says."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.regression.linear_model import OLS

from lstm_core.evaluation.significance import (
    LEVEL,
    NO_INTERVAL,
    Interval,
    beta_quantile,
    beta_share,
    error_saved,
    long_run_variance,
    more_than_chance,
    share_interval,
    student,
)


@pytest.mark.parametrize("degrees", [1, 2, 3, 10, 199, 5_000, 90_000])
def test_quantiles_of_student_equal_scipy(degrees: int) -> None:
    assert student(degrees) == pytest.approx(stats.t.ppf((1 + LEVEL) / 2, degrees), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (0.5, 40), (3, 900), (12, 4), (5_000, 7_000)])
@pytest.mark.parametrize("x", [0.001, 0.3, 0.42, 0.9])
def test_the_beta_distribution_equals_scipy(a: float, b: float, x: float) -> None:
    assert beta_share(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), rel=1e-8, abs=1e-14)
    assert beta_quantile(x, a, b) == pytest.approx(stats.beta.ppf(x, a, b), rel=1e-8)
    assert (beta_share(0, a, b), beta_share(1, a, b)) == (0, 1)


@pytest.mark.parametrize(("right", "count"), [(0, 5), (5, 5), (3, 10), (900, 1_000), (1, 40_000)])
def test_the_interval_of_a_share_is_exact(right: int, count: int) -> None:
    expected = stats.binomtest(right, count).proportion_ci(LEVEL, "exact")
    found = share_interval(right, count)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-7, abs=1e-12)
    assert found.middle == right / count
    assert share_interval(0, 0) == NO_INTERVAL


@pytest.mark.parametrize(("count", "share"), [(10, 0.5), (200, 0.1), (3_000, 0.16)])
def test_more_than_chance_is_the_exact_test(count: int, share: float) -> None:
    for right in range(count + 1):
        expected = stats.binomtest(right, count, share, "greater").pvalue < (1 - LEVEL) / 2
        assert more_than_chance(right, count, share) == expected


@pytest.mark.parametrize("horizon", [1, 2, 6])
def test_the_variance_of_a_mean_equals_statsmodels(horizon: int) -> None:
    rng = np.random.default_rng(horizon)
    values = np.convolve(rng.normal(size=300), np.ones(horizon), "valid")
    count = len(values)
    wide = max(horizon - 1, math.floor(4 * (count / 100) ** (2 / 9)))
    fitted = OLS(values, np.ones(count))

    def of(kernel: str, lags: int) -> float:
        return float(fitted.fit(cov_type="HAC", cov_kwds={"maxlags": lags, "kernel": kernel}).bse[0] ** 2 * count)

    assert long_run_variance(values, horizon) == pytest.approx(
        max(of("uniform", horizon - 1), of("bartlett", wide)), rel=1e-9)


def test_a_variance_is_never_negative() -> None:
    swinging = (-1.0) ** np.arange(40)
    assert 0 <= long_run_variance(swinging, 2) < 0.5            # its plain sum is below 0


def test_the_interval_is_that_of_harvey_leybourne_and_newbold() -> None:
    rng = np.random.default_rng(0)
    one, two = rng.normal(size=(2, 60)) ** 2
    for horizon in (1, 4):
        found, saved = error_saved(one, two, horizon), two - one
        wider = (61 - 2 * horizon + horizon * (horizon - 1) / 60) / 60
        statistic = saved.mean() / math.sqrt(long_run_variance(saved, horizon) / 60 / wider)
        assert found.middle == pytest.approx(1 - one.mean() / two.mean())
        half = found.middle - found.low
        assert found.high - found.middle == pytest.approx(half)
        assert found.middle / half == pytest.approx(statistic / stats.t.ppf((1 + LEVEL) / 2, 59))


def test_what_cannot_be_said_or_needs_no_test() -> None:
    ones, nothing = np.ones(20), np.zeros(20)
    assert error_saved(ones, ones, 1) == error_saved(nothing, nothing, 1) == Interval(0, 0, 0)
    assert error_saved(ones, nothing, 1) == Interval(-math.inf, -math.inf, -math.inf)       # the rival is exact
    assert error_saved(np.full(20, np.inf), ones, 1) == Interval(-math.inf, -math.inf, -math.inf)
    assert error_saved(nothing, ones, 1) == Interval(1, 1, 1)
    assert error_saved(np.zeros(0), np.zeros(0), 1) == error_saved(np.zeros(1), np.ones(1), 1) == NO_INTERVAL
    assert error_saved(np.arange(5.0), np.ones(5), 8) == NO_INTERVAL        # too few rows for so far ahead


def differences(seed: int, count: int, ahead: int) -> tuple[np.ndarray, np.ndarray]:
    """Return squared errors of two forecasts that are equally bad, with errors that last ``ahead`` rows."""
    rng = np.random.default_rng((seed, count, ahead))
    lasting = [np.convolve(rng.normal(size=count + ahead - 1), np.ones(ahead), "valid") for _ in range(2)]
    return lasting[0] ** 2, lasting[1] ** 2


@pytest.mark.parametrize(("count", "ahead"), [(20, 1), (200, 1), (200, 5)])
def test_of_a_thousand_equal_forecasts_hardly_one_seems_better(count: int, ahead: int) -> None:
    found = [error_saved(*differences(seed, count, ahead), ahead) for seed in range(1_000)]
    assert sum(each.low > 0 or each.high < 0 for each in found) <= 25       # 5 are expected, more in small samples
    blind = [error_saved(*differences(seed, 200, 5), 1) for seed in range(300)]
    assert sum(each.low > 0 or each.high < 0 for each in blind) <= 25       # errors that last are seen in any case


def test_a_forecast_that_is_better_is_told_so() -> None:
    rng = np.random.default_rng(1)
    found = [error_saved(rng.normal(size=200) ** 2, (1.5 * rng.normal(size=200)) ** 2, 1) for _ in range(200)]
    assert sum(each.low > 0 for each in found) > 150
