"""A few of many: the ends among them, none twice, the gaps as equal as whole positions allow."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core.data.spread import evenly


@pytest.mark.parametrize(("count", "limit"), [(1, 5), (5, 5), (5, 9), (6, 5), (1000, 7), (999, 200)])
def test_positions_are_spread_evenly_from_end_to_end(count: int, limit: int) -> None:
    chosen = evenly(count, limit)
    assert (chosen[0], chosen[-1], len(chosen)) == (0, count - 1, min(count, limit))
    assert np.ptp(np.diff(chosen, append=chosen[-1] + (count - 1) // max(1, min(count, limit) - 1))) <= 1


def test_of_nothing_nothing_is_chosen() -> None:
    assert evenly(0, 5).tolist() == []
