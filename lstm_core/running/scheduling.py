"""How long a run's turn is, how often it comes, and how long a run goes on after somebody last looked at it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from heapq import heapify, heappop, heappush
from typing import Generic, Literal, TypeVar

from lstm_core.records import Look, View

Goal = Literal["end", "step", "epoch", "measured"]
"""How far a run goes by itself: to its end, one update, to the end of the epoch; until its last update is measured."""

T = TypeVar("T", bound=Hashable)

LEASE = 90.0                # seconds for which one look keeps a run going
FIRST_SLICE = 0.03          # seconds of the very first slice: the first loss is to be seen at once
LONGEST_SLICE = 0.18        # seconds of a slice of a run that has a worker to itself: five pictures a second
SHORTEST_SLICE = 0.03       # seconds of a slice however many people wait
ROUND = 2.2                 # seconds of slices in which everybody who waits has a turn: with what lies between
                            # them, sixty people see their runs go on every 4 s at least
PACED_SLICES = 10.0         # slices per second of a run with a higher pace than that, and
ALL_PACED_SLICES = 40.0     # of all runs together: each costs the server 2 to 3 ms, however little it trains
LONGEST_BEAT = 1.5          # seconds between two slices of a run with a pace, however many others there are
RISE = 50                   # updates over which a run with a chosen pace rises to it, one by one: all happens there
RISE_FROM = 5.0             # updates per second at its beginning
SILENCE = 5.0               # seconds without an answer after which a worker is said to stand still
SAVE_EVERY = 0.5            # seconds between two saves of a run that trains, and
SAVE_SHARE = 20.0           # at least so many times what the last save took
SAVE_AGAIN = 2.0            # seconds before a save that failed is tried again
DRAWING = 0.05              # share of a run's time that may go into what is drawn of it while it trains


def slice_seconds(workers: int, people: int) -> float:
    """Return how long a slice is when so many people share so many workers."""
    return min(LONGEST_SLICE, max(SHORTEST_SLICE, ROUND * workers / max(1, people)))


class DrawSchedule:
    """Decides when the next live prediction is worth computing: at most DRAWING of a run's time goes into them."""

    def __init__(self) -> None:
        self._due = 0.0

    def looks(self, now: float, watched: tuple[Look, ...]) -> tuple[Look, ...]:
        """Return what to draw at the end of the next slice: all that is watched, or nothing before it is time."""
        return watched if now >= self._due else ()

    def drew(self, now: float, view: View | None) -> None:
        """Put off the next prediction in proportion to the time that this one took."""
        if view is not None:
            self._due = now + view.seconds * (1 / DRAWING - 1)


class Lease:
    """Keeps a run going, and what is looked at of it coming, for LEASE seconds after each look at them."""

    def __init__(self) -> None:
        self._until = 0.0
        self._looks: dict[Look, float] = {}

    def renew(self, now: float, looks: Iterable[Look]) -> None:
        """Renew the lease of the run and of what is looked at."""
        self._until = now + LEASE
        for look in looks:
            self._looks[look] = now + LEASE

    def end_with(self, other: Lease) -> None:
        """Last exactly as long as another lease does."""
        self._until = other._until

    @property
    def until(self) -> float:
        """Return when the lease of the run runs out."""
        return self._until

    @property
    def since(self) -> float:
        """Return when somebody last looked."""
        return self._until - LEASE

    def alive(self, now: float) -> bool:
        """Tell whether the lease of the run has not run out."""
        return now < self._until

    def looks(self, now: float) -> tuple[Look, ...]:
        """Return what is looked at and whose lease has not run out."""
        return tuple(look for look, until in self._looks.items() if now < until)


def rising_pace(pace: float, update: int) -> float:
    """Return the updates per second of a run that has done so many updates: low at first, then what was chosen."""
    return pace if update >= RISE or pace <= RISE_FROM else RISE_FROM * (pace / RISE_FROM) ** (update / RISE)


class Pacer:
    """Spaces the slices of a run that trains at a chosen number of updates per second."""

    def __init__(self) -> None:
        self.due = 0.0

    def stop(self) -> None:
        """Make the next slice due at once."""
        self.due = 0.0

    def beat(self, now: float, pace: float, waiting: int, update: int) -> int:
        """Return the number of updates of the slice that is sent now, at so many updates per second.

        Args:
            now: seconds.
            pace: chosen updates per second, to which the run rises in its first RISE updates.
            waiting: how many runs take turns.
            update: updates the run has done.
        """
        pace = rising_pace(pace, update)
        # While it rises each update is a slice of its own, unless others wait as well.
        shortest = 1 / PACED_SLICES if update >= RISE else 0.0
        interval = max(1 / pace, shortest, min(LONGEST_BEAT, waiting / ALL_PACED_SLICES) if waiting > 1 else 0.0)
        updates = max(1, round(pace * interval))
        # Being late by less than one slice is made up for, more is not; the first beat is never late.
        self.due = (max(self.due, now - interval) if self.due else now) + updates / pace
        return updates


class SaveSchedule:
    """Decides when a run that has changed must be saved."""

    def __init__(self) -> None:
        self.due = 0.0
        self._failed = False

    def saved(self, now: float, took: float) -> None:
        """Put off the next save in proportion to the seconds that this one took."""
        self.due, self._failed = now + max(SAVE_EVERY, SAVE_SHARE * took), False

    def failed(self, now: float) -> None:
        """Put off the next try."""
        self.due, self._failed = now + SAVE_AGAIN, True

    def is_due(self, now: float, resting: bool) -> bool:
        """Tell whether it is time: of a run that rests at once, unless that has just failed."""
        return now >= self.due or (resting and not self._failed)


class Alarms(Generic[T]):
    """When each of many items is due; one time each. Neither setting one nor asking who is due walks over all."""

    def __init__(self) -> None:
        self._set: dict[T, tuple[float, int]] = {}
        self._heap: list[tuple[float, int, T]] = []     # also holds times that have been changed since
        self._count = 0

    def __contains__(self, item: T) -> bool:
        return item in self._set

    def set(self, item: T, time: float) -> None:
        """Have an item due at this time and at no other."""
        if (before := self._set.get(item)) is not None and before[0] == time:
            return
        self._count += 1
        self._set[item] = time, self._count
        heappush(self._heap, (time, self._count, item))
        if len(self._heap) > 2 * len(self._set) + 100:  # most are out of date
            self._heap = [(*when, each) for each, when in self._set.items()]
            heapify(self._heap)

    def clear(self, item: T) -> None:
        """Have an item due at no time."""
        self._set.pop(item, None)

    def next(self) -> float | None:
        """Return the time at which the first item is due."""
        while self._heap and self._set.get(self._heap[0][2]) != self._heap[0][:2]:
            heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def pop(self, now: float) -> T | None:
        """Take out the item that has been due for longest, None when none is due."""
        first = self.next()
        if first is None or first > now:
            return None
        item = heappop(self._heap)[2]
        del self._set[item]
        return item
