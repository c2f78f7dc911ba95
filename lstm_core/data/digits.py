"""Handwritten digits: the 1,797 images of 8 x 8 grey values that scikit-learn carries (Alpaydin & Kaynak 1998).

The file is read where that package is installed. It is not imported: that takes 0.8 s and 77 MB.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from lstm_core.refusal import Refusal

BRIGHTEST = 16          # of the file's grey values, which begin at 0


@lru_cache
def digits() -> tuple[np.ndarray, np.ndarray]:
    """Return images (1797, 8, 8) float32 from 0 to 1, rows from the top, and what they show (1797,) int64."""
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise Refusal("The handwritten digits come with the package scikit-learn, which is not installed. "
                      "Install the packages listed in requirements.txt.")
    path = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    with gzip.open(path, "rt", encoding="ascii") as file:
        table = np.loadtxt(file, delimiter=",")
    images = (table[:, :-1] / BRIGHTEST).astype(np.float32).reshape(-1, 8, 8)
    numbers = table[:, -1].astype(np.int64)
    images.setflags(write=False)
    numbers.setflags(write=False)
    return images, numbers
