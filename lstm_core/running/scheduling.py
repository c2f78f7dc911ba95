"""How long a run's turn is, how often it comes, and for how long nobody has to look for it."""

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
    """When the predictions of a run that trains are worth their time again."""

    def __init__(self) -> None:
        self._due = 0.0

    def splits(self, now: float, watched: tuple[Split, ...]) -> tuple[Split, ...]:
        """Return the parts to predict at the end of the slice that is sent now, of those somebody looks at."""
        return watched if now >= self._due else ()

    def drew(self, now: float, view: View | None) -> None:
        """Take note of what a slice has predicted."""
        if view is not None:
            self._due = now + view.seconds * (1 / DRAWING - 1)


class Lease:
    """Whether somebody looks at a run, and at the predictions of which parts."""

    def __init__(self) -> None:
        self._until = 0.0
        self._parts: dict[Split, float] = {}

    def renew(self, now: float, splits: Iterable[Split]) -> None:
        """Take note that somebody looks at the run and at these parts."""
        self._until = now + LEASE
        for split in splits:
            self._parts[split] = now + LEASE

    def end_with(self, other: Lease) -> None:
        """Last exactly as long as another lease does."""
        self._until = other._until

    def alive(self, now: float) -> bool:
        """Tell whether somebody has looked at the run lately."""
        return now < self._until

    def splits(self, now: float) -> tuple[Split, ...]:
        """Return the parts whose predictions somebody has looked at lately."""
        return tuple(split for split, until in self._parts.items() if now < until)


class Pacer:
    """When a paced run may do its next updates."""

    def __init__(self) -> None:
        self.due = 0.0

    def stop(self) -> None:
        """Let the next beat come at once."""
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
