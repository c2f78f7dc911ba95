"""Weights as a file: out and in unchanged, and nothing else gets in."""

import numpy as np
import pytest

from lstm_core.errors import Refusal
from lstm_core.learning import checkpoints

WEIGHTS = {"head.weight": np.array([[1.5, -2.0]], np.float32), "head.bias": np.array([0.1], np.float32),
           "conv.weight": np.arange(6, dtype=np.float32).reshape(1, 2, 3)}


def test_weights_are_read_as_they_were_written() -> None:
    found = checkpoints.read(checkpoints.write(WEIGHTS), WEIGHTS)
    assert list(found) == list(WEIGHTS)
    assert all((found[name] == WEIGHTS[name]).all() for name in WEIGHTS)


@pytest.mark.parametrize(("file", "says"), [
    (b"", "not a Gatescope record"),
    (b"\x80\x04cos\nsystem\n", "not a Gatescope record"),
    (checkpoints.write({"head.weight": np.zeros((1, 3), np.float32)}), "belongs to another network"),
    (checkpoints.write(WEIGHTS | {"head.bias": np.array([np.nan], np.float32)}), "not finite"),
])
def test_a_file_that_does_not_fit_is_refused(file: bytes, says: str) -> None:
    with pytest.raises(Refusal, match=says):
        checkpoints.read(file, WEIGHTS)


def test_weights_can_be_read_by_a_person() -> None:
    lines = checkpoints.text(WEIGHTS).splitlines()
    assert lines[:2] == ["head.weight (1, 2)", "1.5 -2"]
    read = [float(number) for line in lines if line and not line[0].isalpha() for number in line.split()]
    np.testing.assert_array_equal(np.array(read, np.float32), np.concatenate([a.ravel() for a in WEIGHTS.values()]))
