"""The handwritten digits against scikit-learn's own reading of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits

from lstm_core.data.sources.digits import digits

ROOT = Path(__file__).parents[4]


def test_they_equal_those_of_scikit_learn() -> None:
    images, numbers = digits()
    theirs = load_digits()
    assert (images.shape, images.dtype, numbers.dtype) == ((1797, 8, 8), np.float32, np.int64)
    np.testing.assert_array_equal(images, (theirs.images / 16).astype(np.float32))
    np.testing.assert_array_equal(numbers, theirs.target)
    assert (images.min(), images.max()) == (0, 1)


def test_they_cannot_be_changed() -> None:
    for array in digits():
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_scikit_learn_is_not_imported() -> None:
    code = "import sys; from lstm_core.data.sources.digits import digits; digits(); sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0
