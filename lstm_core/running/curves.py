"""What grows while a run trains: its curves, and how fast it goes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

RATE_WINDOW = 10.0          # seconds over which the speed of a run is averaged


class Growing:
    """An array that grows at its end; what was handed out before stays valid and unchanged."""

    def __init__(self, start: np.ndarray) -> None:
        self._room = start.copy()
        self._length = len(start)

    def extend(self, items: np.ndarray) -> None:
        """Add items at the end."""
        needed = self._length + len(items)
        if needed > len(self._room):
            larger = np.empty(max(64, 2 * needed), self._room.dtype)
            larger[:self._length] = self._room[:self._length]
            self._room = larger
        self._room[self._length:needed] = items
        self._length = needed

    @property
    def nbytes(self) -> int:
        """Return the bytes it takes in memory."""
        return self._room.nbytes

    @property
    def array(self) -> np.ndarray:
        """Return all items, read-only, without copying them."""
        view = self._room[:self._length]
        view.flags.writeable = False
        return view


@dataclass(frozen=True)
class _Mark:
    """Where a run was at a time."""

    time: float
    update: int
    epoch: float


class Speed:
    """Updates and epochs per second over the last RATE_WINDOW seconds, the waiting for turns included."""

    def __init__(self) -> None:
        self._marks: deque[_Mark] = deque()

    def stop(self) -> None:
        """Forget the past: the run rests, or goes on under other conditions."""
        self._marks.clear()

    def start(self, time: float, update: int, epoch: float) -> None:
        """Record when and at which update the run began, unless a beginning is recorded."""
        if not self._marks:
            self._marks.append(_Mark(time, update, epoch))

    def mark(self, time: float, update: int, epoch: float) -> None:
        """Record at which update the run is now."""
        self._marks.append(_Mark(time, update, epoch))
        while len(self._marks) > 2 and time - self._marks[0].time > RATE_WINDOW:
            self._marks.popleft()

    def per_second(self) -> tuple[float, float] | None:
        """Return updates and epochs per second, None while they are unknown."""
        if len(self._marks) < 2 or self._marks[-1].time <= self._marks[0].time:
            return None
        first, last = self._marks[0], self._marks[-1]
        seconds = last.time - first.time
        return (last.update - first.update) / seconds, (last.epoch - first.epoch) / seconds


def best_evaluation(evaluations: np.ndarray) -> np.void | None:
    """Return the evaluation that keep_best judges by: the lowest validation loss at the end of an epoch.

    Args:
        evaluations: (n,) of dtype schema.EVALUATIONS.
    """
    at_epoch_ends = evaluations[(evaluations["update"] > 0) & (evaluations["epoch"] % 1 == 0)]
    losses = at_epoch_ends["validation_loss"]
    return at_epoch_ends[np.nanargmin(losses)] if np.isfinite(losses).any() else None


class Evaluations(Growing):
    """The evaluations of a run, of dtype schema.EVALUATIONS; who asks for the best one has only the new ones judged."""

    def __init__(self, start: np.ndarray) -> None:
        super().__init__(start)
        self._judged = 0
        self._best: np.void | None = None

    @property
    def best(self) -> np.void | None:
        """Return what :func:`best_evaluation` returns for all of them."""
        if self._judged < self._length:
            fresh = best_evaluation(self.array[self._judged:])
            self._judged = self._length
            if fresh is not None and (self._best is None or fresh["validation_loss"] < self._best["validation_loss"]):
                self._best = fresh
        return self._best
