"""Waves of a given height against their formula."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lstm_core.data.sources.amplitude import amplitudes


@pytest.mark.parametrize(("count", "steps", "period"), [(5, 20, 20.0), (3, 7, 4.5), (1, 1, 2.0)])
def test_waves_follow_their_formula(count: int, steps: int, period: float) -> None:
    heights, waves = amplitudes(count, steps, period, seed=3)
    assert (heights.shape, waves.shape) == ((count,), (count, steps))
    expected = [[height * math.sin(2 * math.pi * t / period) for t in range(1, steps + 1)] for height in heights]
    np.testing.assert_allclose(waves, expected, atol=1e-12)


def test_heights_fill_the_range_evenly() -> None:
    heights, _ = amplitudes(10_000, 1, 20.0, seed=0)
    assert -1 <= heights.min() < -0.99
    assert 0.99 < heights.max() <= 1
    assert abs(heights.mean()) < 4 * (1 / math.sqrt(3)) / 100              # 4 standard errors
    assert np.abs(np.histogram(heights, 10, (-1, 1))[0] - 1000).max() < 120


def test_the_seed_decides() -> None:
    first, waves = amplitudes(50, 20, 20.0, seed=4)
    again, same = amplitudes(50, 20, 20.0, seed=4)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(waves, same)
    assert (amplitudes(50, 20, 20.0, seed=5)[0] != first).all()
