"""The one thread that sends slices to the engine, takes in what they bring and keeps it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import Empty, SimpleQueue

from lstm_core import limits
from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.records import Budget, Slice
from lstm_core.running import jobs
from lstm_core.running.engine import Engine, WorkerLost
from lstm_core.running.run import InFlightSlice, Run
from lstm_core.running.scheduling import slice_seconds
from lstm_core.spec import RunSpec, Split
from lstm_core.storage.pruning import Pruning
from lstm_core.storage.store import Store, Unavailable

Advance = Callable[[RunSpec, bytes | None, Budget, bytes | None], Slice]

IDLE = 0.5                  # seconds after which the dispatcher looks around though nothing has been reported
CLOSING = 2.0               # seconds that slices in flight are given when the lab closes

log = logging.getLogger(__name__)


class Dispatcher:
    """The runs in memory, which are those that are watched, and their turns.

    A run has at most one slice in flight and queues again behind the others: first in, first out. Only the short first
    slice of a new run goes before theirs. Its methods may be called from any thread; ``lock`` guards the runs and is
    held for moments only.
    """

    def __init__(self, store: Store, engine: Engine, advance: Advance, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.runs: dict[str, Run] = {}
        self.tend: Callable[[], None] | None = None     # called in every turn, after the saves, by the one thread
        self._store, self._engine, self._advance, self._clock = store, engine, advance, clock
        self.pruning = Pruning(store)
        self._queue: deque[Run] = deque()
        self._in_flight: dict[Future[Slice], InFlightSlice] = {}
        self._saving = threading.Lock()         # taken before the other lock; saves of a run stay in order
        self._inbox: SimpleQueue[Future[Slice] | None] = SimpleQueue()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop sending slices, take in those that come back soon, and save everything."""
        self._closed.set()
        self.wake()
        self._thread.join(CLOSING + 10)

    def wake(self) -> None:
        """Have the dispatcher look around now: something may have become due."""
        self._inbox.put(None)

    def find(self, run_id: str, splits: Iterable[Split] = ()) -> Run:
        """Return the run, from the store when it is not in memory, and renew its lease.

        Raises:
            Refusal: there is no such run.
        """
        with self.lock:
            run = self.runs.get(run_id)
        if run is None:
            stored = self._store.load(run_id)
            if stored is None:
                raise Refusal("There is no run {run!r} (any more).", run=run_id)
            run = Run(stored)
        self.pruning.use(run_id)
        with self.lock:
            run = self.runs.setdefault(run_id, run)
            now = self._clock()
            run.lease.renew(now, splits)
            if not run.queued and run.wants(now):
                self.wake()
            return run

    def forget(self, run: Run) -> None:
        """Drop a run that rests from memory: what the store has of it has changed."""
        with self.lock:
            if self.runs.get(run.facts.id) is run and not (run.active or run.in_flight or run.changed):
                del self.runs[run.facts.id]

    def place(self, run: Run) -> int | None:
        """Return 0 when a worker has the run, n when it is the n-th in the queue, None when it wants no turn."""
        if run.in_flight is not None:
            return 0
        return self._queue.index(run) + 1 if run.queued else None

    def waiting(self) -> int:
        """Return how many runs take turns."""
        return sum(self._takes_turns(run) for run in self.runs.values())

    # -- the dispatcher --------------------------------------------------------------------------------

    def _takes_turns(self, run: Run) -> bool:
        return run.active and run.lease.alive(self._clock())

    def _dispatch(self) -> None:
        while not self._closed.is_set():
            try:
                self._turn()
            except Exception:       # without this thread every run would stand still
                log.exception("The dispatcher goes on after an error")
                self._closed.wait(IDLE)
        self._finish()

    def _turn(self) -> None:
        self._receive(self._patience())
        with self.lock:
            self._send()
            self._give_up_on_slow_slices()
            runs = list(self.runs.values())
        for run in runs:
            if run.must_save(self._clock()):
                self.save(run)
        if self.tend is not None:
            self.tend()
        self.pruning.tend(self._clock(), self.runs)
        self._forget_unwatched()

    def _finish(self) -> None:
        deadline = time.monotonic() + CLOSING
        while self._in_flight and time.monotonic() < deadline:
            self._receive(0.1)
        for run in list(self.runs.values()):
            self.save(run)

    def _patience(self) -> float:
        """Return how many seconds nothing can become due."""
        now = self._clock()
        with self.lock:
            rest = [run.pacer.due - now for run in self.runs.values() if not run.in_flight and self._takes_turns(run)]
        return min([IDLE, *(max(0.001, seconds) for seconds in rest if seconds > 0)])

    def _receive(self, patience: float) -> None:
        """Wait for news and take in all there are."""
        news: list[Future[Slice] | None] = []
        try:
            news.append(self._inbox.get(timeout=patience))
            while True:
                news.append(self._inbox.get_nowait())
        except Empty:
            pass
        with self.lock:
            for future in news:
                flight = self._in_flight.pop(future, None) if future is not None else None
                # A slice of a run that was reset or forgotten in the meantime is of no use to anyone.
                if future is None or flight is None or flight.run.in_flight is not flight:
                    continue
                try:
                    self._settle(flight, future)
                except Exception as error:      # one run that cannot go on must not hold up all others
                    flight.run.fail(flight, _reason(error))

    def _settle(self, flight: InFlightSlice, future: Future[Slice]) -> None:
        run, error = flight.run, future.exception()
        if error is None:
            run.apply(flight, future.result(), self._clock())
            return
        if isinstance(error, WorkerLost):
            log.warning("A worker died with a slice of run %s: %s", run.facts.id, error)
            run.worker_lost(flight)
        elif isinstance(error, Missing) and flight.sent_along != error.digest and (
                blob := self._store.blob(error.digest)):
            run.send_along(blob)
        else:
            run.fail(flight, _reason(error))
            return
        if run.wants(self._clock()) and not run.queued:      # it has lost its turn through no fault of its own
            run.queued = True
            self._queue.appendleft(run)

    def _send(self) -> None:
        """Let every run that wants a slice queue, and fill the workers from the head of the queue."""
        now = self._clock()
        for run in self.runs.values():
            if not run.queued and run.wants(now):
                self._line_up(run)
        waiting = self.waiting()
        seconds = slice_seconds(self._engine.workers, waiting)
        while self._queue and len(self._in_flight) < self._engine.workers:
            run = self._queue.popleft()
            run.queued = False
            if run.wants(now) and self.runs.get(run.facts.id) is run:
                flight = run.dispatch(now, seconds, waiting)
                try:
                    future = self._engine.submit(self._advance, flight.spec, flight.state, flight.budget, flight.blob)
                except Exception as error:      # no process can be started, for instance
                    run.fail(flight, _reason(error))
                    continue
                self._in_flight[future] = flight
                future.add_done_callback(self._inbox.put)

    def _line_up(self, run: Run) -> None:
        """Let a run queue behind all others, or, when it is new, behind the other new ones."""
        run.queued = True
        at = sum(other.state is None for other in self._queue) if run.state is None else len(self._queue)
        self._queue.insert(at, run)

    def _give_up_on_slow_slices(self) -> None:
        for future, flight in self._in_flight.items():
            if self._clock() - flight.sent > limits.SLICE_TIMEOUT:
                self._engine.abandon(future)

    def _forget_unwatched(self) -> None:
        with self.lock:
            now = self._clock()
            for run in list(self.runs.values()):
                if not (run.lease.alive(now) or run.in_flight or run.changed):
                    del self.runs[run.facts.id]

    # -- keeping ---------------------------------------------------------------------------------------

    def save(self, run: Run) -> None:
        """Bring the store up to date with a run; a run that cannot be saved is paused and says so."""
        with self._saving:
            with self.lock:
                if not run.changed or self.runs.get(run.facts.id) is not run:
                    return
                facts, slices = run.facts, tuple(run.unsaved)
            started = time.perf_counter()
            try:
                snapshots = self._store.save(facts, slices)
            except Unavailable as refusal:
                log.error("Run %s cannot be saved: %s", facts.id, refusal)
                with self.lock:
                    run.hold(refusal, self._clock())
                return
            with self.lock:
                if snapshots is not None:
                    # All runs are saved by this one thread: their saves together must leave it time for slices.
                    took = (time.perf_counter() - started) * max(1, self.waiting())
                    run.saved(facts, len(slices), snapshots, self._clock(), took)
                else:               # another server has gone on with it: its history counts
                    del self.runs[facts.id]

    def reset(self, run: Run) -> None:
        """Take a run back to before its first update, paused, in the store as well.

        Raises:
            Refusal: it cannot be done now.
        """
        with self._saving:
            with self.lock:
                facts = run.as_new()
            kept = self._store.reset(facts)
            with self.lock:
                if kept:
                    run.reset(facts)
                else:
                    self.runs.pop(facts.id, None)
                    raise Refusal("The run {run} has changed in the meantime. Look at it again.", run=facts.id)


def _reason(error: BaseException) -> Refusal:
    """Return the sentence for what went wrong in a worker; what nobody foresaw is written to the log as well."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Missing):
        return Refusal("The data of this run (content hash {digest!r}) are not kept here. Load or upload them again, "
                       "and start a new run.", digest=error.digest)
    return jobs.unforeseen(
        error, otherwise=N_("Training failed: {kind}: {message}."),
        memory=N_("There is not enough memory to train this run. Make the network, the batch or the window smaller and "
                  "start a new run."))
