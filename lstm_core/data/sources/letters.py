"""Text as a series of letter ids."""

from __future__ import annotations

import numpy as np

from lstm_core.data.series import Series
from lstm_core.spec import Letters


def letters(spec: Letters) -> Series:
    """Return the text as ids, (T, 1): the place of each letter in the sorted alphabet of the text."""
    alphabet = tuple(sorted(set(spec.text)))
    place = {letter: number for number, letter in enumerate(alphabet)}
    ids = np.array([place[letter] for letter in spec.text], dtype=np.float64)
    return Series(("letter",), ids[:, None], np.arange(len(ids), dtype=np.int64), name="letters", alphabet=alphabet)
