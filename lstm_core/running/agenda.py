"""Which runs are in memory, which of them take turns, and what is due for which when. No threads in here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lstm_core import limits
from lstm_core.running.in_memory import drop_state, size_of
from lstm_core.running.people import People
from lstm_core.running.questions import Question
from lstm_core.running.run import Run
from lstm_core.running.scheduling import Alarms
from lstm_core.running.turns import TurnQueue
from lstm_core.storage.schema import EXAMPLE_OWNER

MOMENT = 1.0        # seconds for which a run that was found stays: whoever found it may tell it something


class Agenda:
    """The runs in memory, and what is to be done for them.

    Nothing here walks over all runs: it looks at those that were touched or for which something is due, so that a turn
    takes no longer when a thousand wait than when ten do. Whoever calls it holds the dispatcher's lock.

    Args:
        clock: seconds that never go back.
        on_touch: called when a run is to be looked at.
        on_drop: called with the id of a run that is no longer in memory.
        people: who takes turns.
    """

    def __init__(self, clock: Callable[[], float], on_touch: Callable[[], None], on_drop: Callable[[str], None],
                 people: People) -> None:
        self.runs: dict[str, Run] = {}
        self.queue = TurnQueue[Run | Question](people)
        self._clock, self._on_touch, self._on_drop = clock, on_touch, on_drop
        self._training: set[Run] = set()        # those that take turns, without the examples, which come last
        self._touched: dict[Run, None] = {}     # those to be looked at, in order
        self._sizes: dict[Run, int] = {}        # bytes in memory,
        self._size = 0                          # and of all together
        self._beats, self._saves, self._leases = Alarms[Run](), Alarms[Run](), Alarms[Run]()

    def keeps(self, run: Run) -> bool:
        """Tell whether this run is in memory, and not another of its name."""
        return self.runs.get(run.facts.id) is run

    def touch(self, run: Run) -> None:
        """Have a run looked at: something about it has changed."""
        if not self.keeps(run):
            return
        if run.active and run.lease.alive(self._clock()) and run.facts.owner != EXAMPLE_OWNER:
            self._training.add(run)
        else:
            self._training.discard(run)
        self._touched[run] = None
        self._on_touch()

    def watch_lease(self, run: Run) -> None:
        """Have a run looked at when its lease, which begins or ends earlier now, runs out."""
        self._leases.set(run, run.lease.until)

    def drop(self, run_id: str) -> None:
        """Take a run out of memory, if it is there."""
        if (run := self.runs.pop(run_id, None)) is not None:
            self._forget(run)
            self._on_drop(run_id)

    def make_room(self) -> None:
        """While the runs in memory take too much of it, leave to the store what it has, of the largest first.

        First their states, which are read again when the run goes on; then all of those that rest. Who looks at one of
        those has it back from the store at the next look, and hears nothing: nothing has happened to it.
        """
        if self._size <= limits.RUN_BYTES:
            return
        for run in self._largest_first():
            drop_state(run)
            self._measure(run)
        now = self._clock()
        for run in self._largest_first():
            busy = run.active or run.in_flight or run.changed or run in self.queue
            if not busy and run.lease.since <= now - MOMENT:
                del self.runs[run.facts.id]
                self._forget(run)

    def _largest_first(self) -> Iterator[Run]:
        """Go through the runs as long as they take too much."""
        for run in sorted(self._sizes, key=lambda run: self._sizes[run], reverse=True):
            if self._size <= limits.RUN_BYTES:
                return
            yield run

    def _measure(self, run: Run) -> None:
        size = size_of(run)
        self._size += size - self._sizes.get(run, 0)
        self._sizes[run] = size

    def _forget(self, run: Run) -> None:
        self._size -= self._sizes.pop(run, 0)
        self._training.discard(run)
        for alarms in (self._beats, self._saves, self._leases):
            alarms.clear(run)

    def waiting(self) -> int:
        """Return how many runs of people take turns."""
        self._end_leases(self._clock())
        return len(self._training)

    def rest(self) -> float | None:
        """Return how many seconds nobody has to be looked at; None: until something happens."""
        due = self._beats.next()
        return 0.0 if self._touched else None if due is None else max(0.001, due - self._clock())

    def line_up(self, now: float) -> None:
        """Let every run that wants a slice queue, and drop those that nobody watches and that are saved."""
        self._end_leases(now)
        while (due := self._beats.pop(now)) is not None:
            self._touched[due] = None
        touched, self._touched = self._touched, {}
        for run in touched:
            if self.keeps(run):
                self._look_at(run, now)

    def to_save(self, now: float) -> Run | None:
        """Return a run that must be saved now."""
        while (run := self._saves.pop(now)) is not None:
            if run.must_save(now):
                return run
            if run.changed:                 # it does not rest any more: it has been given to a worker since
                self._saves.set(run, run.saving.due)
        return None

    def _end_leases(self, now: float) -> None:
        while (run := self._leases.pop(now)) is not None:
            if run.lease.alive(now):        # it was renewed
                self._leases.set(run, run.lease.until)
            else:
                self.touch(run)

    def _look_at(self, run: Run, now: float) -> None:
        if not (run.lease.alive(now) or run.in_flight or run.changed):
            self.drop(run.facts.id)
            return
        self._measure(run)
        if run not in self.queue and run.wants(now):
            self.queue.join(run, run.facts.owner, new=not run.begun)
        if run.active and run.in_flight is None and run.pacer.due > now:
            self._beats.set(run, run.pacer.due)
        else:
            self._beats.clear(run)
        if run.changed:
            self._saves.set(run, now if run.must_save(now) else run.saving.due)
        else:
            self._saves.clear(run)
