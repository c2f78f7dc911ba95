"""Handwritten digits: 1,797 images of 8 x 8 grey values that the ``scikit-learn`` package carries.

They are the test part of "Optical Recognition of Handwritten Digits" (Alpaydin and Kaynak 1998, UCI repository). The
file is read where the package is installed. It is not imported: that takes a second, reading takes 0.03 s.
"""

from __future__ import annotations

import gzip
from functools import lru_cache

import numpy as np

from lstm_core.data import installed
from lstm_core.data.examples import Examples, make_examples
from lstm_core.spec import Digits

SIDE = 8            # rows and columns of an image
BRIGHTEST = 16      # the largest grey value of the file


@lru_cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return the images (1797, 8, 8) float32 in 0..1 and the digits they show (1797,) int64, both read-only."""
    path = installed.folder("sklearn", "scikit-learn") / "datasets" / "data" / "digits.csv.gz"
    with gzip.open(path, "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",", dtype=np.int64)         # (1797, 65): 64 grey values, the digit
    images = (table[:, :-1] / BRIGHTEST).astype(np.float32).reshape(-1, SIDE, SIDE)
    numbers = table[:, -1].copy()
    images.setflags(write=False)
    numbers.setflags(write=False)
    return images, numbers


def digit_examples(spec: Digits) -> Examples:
    """Return the images as examples: eight rows of eight columns, and the digit as class."""
    images, numbers = digits()
    columns = tuple(f"column {number}" for number in range(1, 9))
    return make_examples(spec, images, numbers, features=columns, target="digit", labels=tuple("0123456789"))
