"""How long a run's turn is, how often it comes, and how long a run goes on after somebody last looked at it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from lstm_core.records import View
from lstm_core.spec import Split

Goal = Literal["end", "step", "epoch"]

LEASE = 90.0                # seconds for which one look keeps a run going
FIRST_SLICE = 0.03          # seconds of the very first slice: the first loss is to be seen at once
LONGEST_SLICE = 0.2         # seconds of a slice of a run that has a worker to itself
SHORTEST_SLICE = 0.05       # seconds of a slice however many runs wait
ROUND = 3.0                 # seconds in which every waiting run should have had its turn
PACED_SLICES = 10.0         # slices per second of a run with a higher pace than that, and
ALL_PACED_SLICES = 40.0     # of all runs together: each costs the server 2 to 3 ms, however little it trains
DRAWING = 0.05              # share of a run's time that may go into the predictions which are drawn while it trains


def slice_seconds(workers: int, waiting: int) -> float:
    """Return how long a slice is when so many runs share so many workers."""
    return min(LONGEST_SLICE, max(SHORTEST_SLICE, ROUND * workers / max(1, waiting)))


class DrawSchedule:
    """Decides when the next live prediction is worth computing: at most DRAWING of a run's time goes into them."""

    def __init__(self) -> None:
        self._due = 0.0

    def splits(self, now: float, watched: tuple[Split, ...]) -> tuple[Split, ...]:
        """Return the splits to predict at the end of the next slice: those watched, or none before it is time."""
        return watched if now >= self._due else ()

    def drew(self, now: float, view: View | None) -> None:
        """Put off the next prediction in proportion to the time that this one took."""
        if view is not None:
            self._due = now + view.seconds * (1 / DRAWING - 1)


class Lease:
    """Keeps a run going, and the predictions of some splits coming, for LEASE seconds after each look at them."""

    def __init__(self) -> None:
        self._until = 0.0
        self._splits: dict[Split, float] = {}

    def renew(self, now: float, splits: Iterable[Split]) -> None:
        """Renew the lease of the run and of these splits."""
        self._until = now + LEASE
        for split in splits:
            self._splits[split] = now + LEASE

    def end_with(self, other: Lease) -> None:
        """Last exactly as long as another lease does."""
        self._until = other._until

    def alive(self, now: float) -> bool:
        """Tell whether the lease of the run has not run out."""
        return now < self._until

    def splits(self, now: float) -> tuple[Split, ...]:
        """Return the splits whose lease has not run out."""
        return tuple(split for split, until in self._splits.items() if now < until)


class Pacer:
    """Spaces the slices of a run that trains at a chosen number of updates per second."""

    def __init__(self) -> None:
        self.due = 0.0

    def stop(self) -> None:
        """Make the next slice due at once."""
        self.due = 0.0

    def beat(self, now: float, pace: float, waiting: int) -> int:
        """Return the number of updates of the slice that is sent now, at so many updates per second.

        ``waiting``: how many runs take turns.
        """
        interval = max(1 / pace, 1 / PACED_SLICES, waiting / ALL_PACED_SLICES)
        updates = max(1, round(pace * interval))
        # Being late by less than one slice is made up for, more is not; the first beat is never late.
        self.due = (max(self.due, now - interval) if self.due else now) + updates / pace
        return updates
