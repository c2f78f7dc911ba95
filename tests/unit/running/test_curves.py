"""The curves of a run that grow, and how fast it goes."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core.records import Evaluation
from lstm_core.running.curves import RATE_WINDOW, Evaluations, Growing, Speed, best_evaluation
from lstm_core.storage.schema import curve


def test_what_was_handed_out_stays_as_it_was_while_the_array_grows() -> None:
    growing, seen = Growing(np.arange(3)), []
    for number in range(3, 200):
        seen.append(growing.array)
        growing.extend(np.array([number]))
    assert [array.tolist() for array in seen] == [list(range(length)) for length in range(3, 200)]
    with pytest.raises(ValueError, match="read-only"):
        growing.array[0] = 1


def test_the_speed_is_that_of_the_last_seconds() -> None:
    speed = Speed()
    assert speed.per_second() is None
    speed.start(0.0, 0, 0.0)
    speed.start(5.0, 99, 99.0)                      # it goes already
    assert speed.per_second() is None
    speed.mark(0.0, 10, 1.0)
    assert speed.per_second() is None               # no time has passed
    for second in range(1, 1 + int(RATE_WINDOW)):
        speed.mark(float(second), 10 * second, float(second))
    assert speed.per_second() == (10.0, 1.0)
    assert speed._marks[0].time == 0.0              # a mark just as old as the window still counts
    for second in range(11, 31):
        speed.mark(float(second), 100 + 20 * (second - 10), float(second))
    assert speed.per_second() == (20.0, 1.0)        # what was slower lies too far back
    speed.mark(130.0, 600, 40.0)                    # after a long wait two marks remain, and the wait counts
    assert speed.per_second() == pytest.approx((1.0, 0.1))
    speed.stop()
    assert speed.per_second() is None


def test_the_best_evaluation_ends_an_epoch_and_has_the_lowest_loss() -> None:
    found = curve([Evaluation(0, 0.0, np.nan, 0.1, 0), Evaluation(5, 0.5, 1, 0.2, 0), Evaluation(10, 1.0, 1, 0.5, 0),
                   Evaluation(20, 2.0, 1, np.nan, 0), Evaluation(30, 3.0, 1, 0.4, 0), Evaluation(40, 4.0, 1, 0.4, 0)])
    best = best_evaluation(found)
    assert best is not None
    assert best["update"] == 30                     # of equal ones the first; neither untrained nor within an epoch
    assert best_evaluation(found[[3]]) is None
    assert best_evaluation(found[:0]) is None


def test_the_best_of_evaluations_that_grow_is_the_best_of_all() -> None:
    found = curve([Evaluation(update, epoch, 0.0, loss, 0.0) for update, epoch, loss in (
        (0, 0.0, 0.01), (1, 0.5, 0.1), (2, 1.0, np.nan), (4, 2.0, 0.5), (6, 3.0, 0.3), (8, 4.0, 0.3), (10, 5.0, 0.4),
        (12, 6.0, 0.2))])
    for at_once in (1, 3, len(found)):
        growing = Evaluations(found[:0])
        assert growing.best is None
        for first in range(0, len(found), at_once):
            growing.extend(found[first:first + at_once])
            assert growing.best == best_evaluation(growing.array)
        assert growing.best["update"] == 12
