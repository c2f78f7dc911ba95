"""Which windows make up which update: a pure function of the spec, the data and the update's number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec import TrainSpec


@dataclass(frozen=True)
class Batches:
    """The order in which the training windows are learned.

    Args:
        spec: batch size, shuffling, carried state, seed.
        sample_ids: (N,) the training samples; of a window it is the row at which it ends.
        steps: time steps in a window.
        resampled_each_epoch: every epoch has samples of its own: ``sample_ids`` are those of the first, those of the
            next have the numbers that follow.
    """

    spec: TrainSpec
    sample_ids: np.ndarray
    steps: int
    resampled_each_epoch: bool = False

    def __post_init__(self) -> None:
        total = self.per_epoch * self.spec.epochs
        if total > limits.UPDATES:
            raise Refusal("A run may have at most {limit:,} updates; {epochs} epochs of {per_epoch} make {total:,}. "
                          "Use fewer epochs or a larger batch.",
                          limit=limits.UPDATES, epochs=self.spec.epochs, per_epoch=self.per_epoch, total=total)

    @cached_property
    def per_epoch(self) -> int:
        """Return the number of updates in one epoch."""
        if self.spec.stateful == "off":
            return -(-len(self.sample_ids) // self.spec.batch)
        windows, streams = len(self.windows), self.streams
        return windows // streams if self.spec.stateful == "parallel" else windows - streams + 1

    @cached_property
    def streams(self) -> int:
        """Return how many sequences are read side by side when the state is carried."""
        return min(self.spec.batch, len(self.windows))

    @cached_property
    def windows(self) -> np.ndarray:
        """Return the ends of the windows that are learned: with a carried state without gap or overlap."""
        if self.spec.stateful == "off":
            return self.sample_ids
        return np.arange(self.sample_ids[0], self.sample_ids[-1] + 1, self.steps)

    def order(self, epoch: int) -> np.ndarray:
        """Return the sample ids of one epoch in the order in which they are learned, when nothing is carried."""
        sample_ids = self.sample_ids + epoch * len(self.sample_ids) if self.resampled_each_epoch else self.sample_ids
        if not self.spec.shuffle:
            return sample_ids
        return np.random.default_rng([self.spec.seed, epoch]).permutation(sample_ids)

    def carried(self, number: int) -> np.ndarray:
        """Return the sample ids of the epoch's update with this number, when the state is carried.

        Row b of one update goes on in row b of the next. "parallel" cuts the series into as many equal streams as the
        batch has rows; "staggered" lets each row start one window after the row before it (the batches of S5).
        """
        rows = np.arange(self.streams)
        if self.spec.stateful == "parallel":
            return self.windows[rows * self.per_epoch + number]
        return self.windows[rows + number]
