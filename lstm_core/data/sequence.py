"""One sample as a person reads it: what enters step by step, what each step is called, and what follows in truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_core.data.dataset import Dataset
from lstm_core.data.sources.reviews import UNKNOWN, reviews, symbols
from lstm_core.spec import SPLITS, DataSpec, Reviews, Split
from lstm_core.spec.io import IGNORED


@dataclass(frozen=True, eq=False)
class Sequence:
    """What the network reads: T time steps."""

    split: Split                    # the part of the data it comes from
    x: np.ndarray                   # (T, F) float32 scaled, or (T,) symbols
    marks: Any                      # (T,) dates, positions or symbols
    actual: np.ndarray              # (T,) what follows in truth, in real units or as classes; nan: not known
    switch: int = 0                 # time step at which a decoder takes over; 0: there is none


def probe(spec: DataSpec, data: Dataset) -> Sequence:
    """Return the one sequence on which a run is looked into unless a person chooses another.

    It is the last sample of the last part that has any.
    """
    split = next(split for split in reversed(SPLITS) if len(data.sample_ids[split]))
    return read(spec, data, split, int(data.sample_ids[split][-1]))


def read(spec: DataSpec, data: Dataset, split: Split, end: int) -> Sequence:
    """Return a sample of a part, named by its id, without its padding."""
    x, marks = data.sample(end), data.marks(end)
    if isinstance(spec, Reviews):
        marks = told_unknown(reviews(spec.language, spec.corpus)[0][end], data)
    actual = np.full(len(x), np.nan)
    y = np.atleast_1d(data.y(np.array([end]))[0])           # one at the last step, or one at every step
    actual[-len(y):] = np.where(y == IGNORED, np.nan, y) if data.classes else data.unscale(y)
    if data.encoder_steps:                                  # what follows the end of the answer is padding
        kept = data.encoder_steps + int(np.isfinite(actual).sum())
        x, marks, actual = x[:kept], marks[:kept], actual[:kept]
    return Sequence(split, x, marks, actual, data.encoder_steps)


def told_unknown(words: list[str], data: Dataset) -> list[str]:
    """Return the words of a review with a question mark after each one that the network does not know."""
    return [word if symbol != UNKNOWN else f"{word}?"
            for word, symbol in zip(words, symbols(words, data.alphabet), strict=True)]
