"""Which windows make up which update: a pure function of the spec, the data and the update's number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lstm_core import limits
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.spec import TrainSpec

MADE_AT_ONCE = 2**18    # numbers that enter the network in the batches that are made at once, at most


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


class BatchReader:
    """Reads the samples of one update after the other."""

    def __init__(self, batches: Batches, prepared: Dataset) -> None:
        self._batches, self._data = batches, prepared
        self._order: np.ndarray | None = None      # sample ids of this epoch, drawn when first needed
        self._ready: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}     # batches by the update they are for

    def batch(self, update: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the sample ids, inputs and targets of an update (from 0), time step first (T, B, ...).

        Small batches are made several at once.
        """
        if update not in self._ready:
            per_epoch, data = self._batches.per_epoch, self._data
            epoch, number = divmod(update, per_epoch)
            size = self._batches.spec.batch * data.steps * max(1, data.io_shape.n_features)
            count = max(1, min(per_epoch - number, MADE_AT_ONCE // size)) if data.contiguous else 1
            sample_ids = [self._sample_ids(epoch, number + ahead) for ahead in range(count)]
            cuts = np.cumsum([len(part) for part in sample_ids])[:-1].tolist()
            rows = np.concatenate(sample_ids)
            xs, ys = np.split(data.x(rows), cuts), np.split(data.y(rows), cuts)
            xs = [np.ascontiguousarray(x.swapaxes(0, 1)) for x in xs]
            if data.output == "every":
                ys = [np.ascontiguousarray(y.T) for y in ys]
            self._ready = dict(enumerate(zip(sample_ids, xs, ys, strict=True), update))
        return self._ready[update]

    def _sample_ids(self, epoch: int, number: int) -> np.ndarray:
        """Return the sample ids of the epoch's update with this number."""
        if self._batches.spec.stateful != "off":
            return self._batches.carried(number)
        if number == 0 or self._order is None:
            self._order = self._batches.order(epoch)
        batch = self._batches.spec.batch
        return self._order[number * batch:(number + 1) * batch]
