"""The audit of machines finds what it is there to find."""

from __future__ import annotations

import numpy as np

from benchmarks.audit.machines import Ended, across, cut_or_not


def ended(*numbers: float, score: float = 0.5) -> Ended:
    return Ended(np.array(numbers, np.float32), score)


def test_one_bit_is_enough_to_tell_a_run_that_was_cut_from_one_that_was_not() -> None:
    whole = ended(1.0, -0.25)
    assert cut_or_not("x", whole, ended(1.0, -0.25)).wrong == ()
    assert cut_or_not("x", whole, ended(float(np.nextafter(np.float32(1), np.float32(2))), -0.25)).wrong


def test_kinds_that_come_farther_apart_than_seeds_are_wrong() -> None:
    one = [ended(0.0, score=0.9), ended(1.0, score=0.8), ended(2.0, score=0.85)]
    near = [ended(0.5, score=0.91), ended(1.5, score=0.8), ended(1.0, score=0.84)]
    assert [row.wrong for row in across("x", one, near)] == [(), ()]
    far = [ended(9.0, score=0.3), ended(10.0, score=0.31), ended(11.0, score=0.3)]
    assert all(row.wrong for row in across("x", one, far))
