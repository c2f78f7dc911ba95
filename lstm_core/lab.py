"""The lab of one server: starts runs, sends their slices in turn, keeps them, and shows them to whoever asks."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from queue import Empty, SimpleQueue

import numpy as np

from lstm_core import limits, work
from lstm_core.data import Missing, digest
from lstm_core.engine import Engine, LocalEngine, WorkerLost
from lstm_core.records import Budget, Slice, Snapshot
from lstm_core.refusal import Refusal
from lstm_core.runs import ROUND, Flight, Run, RunView
from lstm_core.schema import UNFINISHED, RunFacts
from lstm_core.spec import Part, RunSpec
from lstm_core.store import Store, Unavailable

Advance = Callable[[RunSpec, bytes | None, Budget, bytes | None], Slice]

IDLE = 0.5                  # seconds after which the dispatcher looks around though nothing has been reported
CLOSING = 2.0               # seconds that slices in flight are given when the lab closes

log = logging.getLogger(__name__)


class Lab:
    """All runs of a server. Its methods may be called from any thread, and return at once.

    One thread, the dispatcher, sends slices to the engine and takes in what they bring. A run has at most one slice
    in flight and queues again behind the others. Only what somebody has looked at lately is in memory and goes on.

    Args:
        store: where runs are kept.
        engine: what the slices are sent to.
        advance: trains one slice, in a worker.
        clock: seconds that never go back.
    """

    def __init__(self, store: Store, engine: Engine, advance: Advance = work.advance,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._engine, self._advance, self._clock = store, engine, advance, clock
        self._lock = threading.RLock()          # guards all that follows; held for moments only
        self._runs: dict[str, Run] = {}
        self._queue: deque[Run] = deque()
        self._flights: dict[Future[Slice], Flight] = {}
        self._saving = threading.Lock()         # taken before the other lock; saves of a run stay in order
        self._inbox: SimpleQueue[Future[Slice] | None] = SimpleQueue()
        self._closed = threading.Event()
        self._dispatcher = threading.Thread(target=self._dispatch, name="lab-dispatcher", daemon=True)
        self._dispatcher.start()

    def close(self) -> None:
        """Stop sending slices, take in those that come back soon, and save everything."""
        self._closed.set()
        self._inbox.put(None)
        self._dispatcher.join(CLOSING + 10)

    # -- for anyone ------------------------------------------------------------------------------------

    def start(self, spec: RunSpec, owner: str, blob: bytes | None = None) -> str:
        """Start a run and return its id.

        Args:
            spec: all that decides the run.
            owner: who may command it.
            blob: the series, for data that are kept by content hash.

        Raises:
            Refusal: the owner has too many unfinished runs, or runs cannot be kept now.
        """
        self._check_room(owner)
        if blob is not None:
            self.keep_table(blob, "")
        facts = self._store.create(owner, spec)
        self._loaded(facts.id)
        return facts.id

    def view(self, run_id: str, parts: Iterable[Part] = ()) -> RunView:
        """Return a run as it is now, and keep it going for a while with predictions for these parts.

        Raises:
            Refusal: there is no such run.
        """
        run = self._loaded(run_id, parts)
        with self._lock:
            return run.seen(self._place(run), sum(self._takes_turns(other) for other in self._runs.values()))

    def recent(self, owner: str, count: int = 20) -> list[RunFacts]:
        """Return a person's newest runs, the newest first."""
        stored = self._store.recent(owner, count)
        with self._lock:
            return [self._runs[facts.id].facts if facts.id in self._runs else facts for facts in stored]

    def snapshots(self, run_id: str) -> np.ndarray:
        """Return the updates of which a run has a snapshot, in order: (n,) int64."""
        return self.view(run_id).snapshots

    def snapshot(self, run_id: str, update: int) -> Snapshot:
        """Return the network as it was at an update, or at the nearest recorded one before it.

        Raises:
            Refusal: there is no such run, or it has no snapshot yet.
        """
        run = self._loaded(run_id)
        with self._lock:
            found = run.fresh_snapshot(update)
        found = found or self._store.snapshot(run_id, update)
        if found is None:
            raise Refusal("The run {run} has no snapshot at or before update {update} yet.", run=run_id, update=update)
        return found

    def copy(self, run_id: str, new_owner: str) -> str:
        """Make a run one's own: the same spec, state and history under a new id, paused unless it is finished."""
        run = self._loaded(run_id)
        self._save(run)
        status = "paused" if run.facts.status in UNFINISHED else run.facts.status
        if status == "paused":
            self._check_room(new_owner)
        facts = self._store.copy(run_id, new_owner, status)
        if facts is None:
            raise _no_run(run_id)
        return facts.id

    def keep_table(self, series: bytes, name: str) -> str:
        """Keep a series (``Series.to_bytes``) for the runs that use it and return its content hash."""
        key = digest(series)
        self._store.keep_table(key, name, series)
        return key

    def table(self, key: str) -> bytes:
        """Return the series with this content hash.

        Raises:
            Refusal: it is not kept.
        """
        series = self._store.table(key)
        if series is None:
            raise Refusal("The data with the content hash {digest!r} are not kept here. "
                          "Load or upload them again.", digest=key)
        return series

    # -- for the owner ---------------------------------------------------------------------------------

    def command(self, run_id: str, owner: str, command: str) -> None:
        """Pause, resume, step (one update), epoch (to its end), stop or reset a run; it acts where a slice ends.

        Raises:
            Refusal: there is no such run or command, it is somebody else's run, or it cannot be done.
        """
        run = self._owned(run_id, owner)
        if command not in ("pause", "stop") and run.facts.status not in UNFINISHED:
            self._check_room(owner)
        if command == "reset":
            self._reset(run)
        else:
            with self._lock:
                run.command(command)
        self._inbox.put(None)

    def set_rate(self, run_id: str, owner: str, rate: float) -> None:
        """Use another learning rate from the next slice on; the change becomes part of the run's spec."""
        run = self._owned(run_id, owner)
        with self._lock:
            run.set_rate(rate)

    def set_pace(self, run_id: str, owner: str, updates_per_second: float | None) -> None:
        """Do so many updates per second; None: as many as possible."""
        run = self._owned(run_id, owner)
        with self._lock:
            run.set_pace(updates_per_second)
        self._inbox.put(None)

    # -- finding runs ----------------------------------------------------------------------------------

    def _loaded(self, run_id: str, parts: Iterable[Part] = ()) -> Run:
        """Return the run, from the store when it is not in memory, and renew its lease."""
        with self._lock:
            run = self._runs.get(run_id)
        if run is None:
            stored = self._store.load(run_id)
            if stored is None:
                raise _no_run(run_id)
            run = Run(stored)
        with self._lock:
            run = self._runs.setdefault(run_id, run)
            now = self._clock()
            run.look(now, parts)
            if not run.queued and run.wants(now):
                self._inbox.put(None)
            return run

    def _owned(self, run_id: str, owner: str) -> Run:
        run = self._loaded(run_id)
        if run.facts.owner != owner:
            raise Refusal("This run belongs to someone else, so you can only watch it. "
                          "Make a copy of your own to change it.")
        return run

    def _check_room(self, owner: str) -> None:
        if self._store.unfinished(owner) >= limits.UNFINISHED_RUNS:
            raise Refusal("You have {limit} unfinished runs, which is as many as one person may have here. "
                          "Stop one of them first.", limit=limits.UNFINISHED_RUNS)

    def _takes_turns(self, run: Run) -> bool:
        return run.active and run.watched(self._clock())

    def _place(self, run: Run) -> int | None:
        if run.flight is not None:
            return 0
        return self._queue.index(run) + 1 if run.queued else None

    # -- the dispatcher --------------------------------------------------------------------------------

    def _dispatch(self) -> None:
        while not self._closed.is_set():
            self._receive(self._patience())
            with self._lock:
                self._send()
                self._give_up_on_slow_slices()
                runs = list(self._runs.values())
            for run in runs:
                if run.must_save(self._clock()):
                    self._save(run)
            self._forget_unwatched()
        self._finish()

    def _finish(self) -> None:
        deadline = time.monotonic() + CLOSING
        while self._flights and time.monotonic() < deadline:
            self._receive(0.1)
        for run in list(self._runs.values()):
            self._save(run)

    def _patience(self) -> float:
        """Return how many seconds nothing can become due."""
        now = self._clock()
        with self._lock:
            due = [run.due - now for run in self._runs.values() if run.flight is None and self._takes_turns(run)]
        return min([IDLE, *(max(0.001, seconds) for seconds in due if seconds > 0)])

    def _receive(self, patience: float) -> None:
        """Wait for news and take in all there are."""
        try:
            news = [self._inbox.get(timeout=patience)]
            while True:
                news.append(self._inbox.get_nowait())
        except Empty:
            pass
        with self._lock:
            for future in news:
                flight = self._flights.pop(future, None) if future is not None else None
                # A slice of a run that was reset or forgotten in the meantime is of no use to anyone.
                if future is not None and flight is not None and flight.run.flight is flight:
                    self._settle(flight, future)

    def _settle(self, flight: Flight, future: Future[Slice]) -> None:
        run, error = flight.run, future.exception()
        if error is None:
            run.land(flight, future.result(), self._clock())
            return
        if isinstance(error, WorkerLost):
            log.warning("A worker died with a slice of run %s: %s", run.facts.id, error)
            run.lose(flight)
        elif isinstance(error, Missing) and flight.blob is None:
            try:
                run.send_along(self.table(error.digest))
            except Refusal as refusal:
                run.fail(flight, refusal)
                return
        else:
            run.fail(flight, _told(error))
            return
        if run.wants(self._clock()) and not run.queued:      # it has lost its turn through no fault of its own
            run.queued = True
            self._queue.appendleft(run)

    def _send(self) -> None:
        """Let every run that wants a slice queue, and fill the workers from the head of the queue."""
        now = self._clock()
        for run in self._runs.values():
            if not run.queued and run.wants(now):
                run.queued = True
                self._queue.append(run)
        share = ROUND * self._engine.workers / max(1, sum(self._takes_turns(run) for run in self._runs.values()))
        while self._queue and len(self._flights) < self._engine.workers:
            run = self._queue.popleft()
            run.queued = False
            if run.wants(now) and self._runs.get(run.facts.id) is run:
                flight = run.launch(now, share)
                future = self._engine.submit(self._advance, flight.spec, flight.state, flight.budget, flight.blob)
                self._flights[future] = flight
                future.add_done_callback(self._inbox.put)

    def _give_up_on_slow_slices(self) -> None:
        for future, flight in self._flights.items():
            if self._clock() - flight.sent > limits.SLICE_TIMEOUT:
                self._engine.abandon(future)

    def _forget_unwatched(self) -> None:
        with self._lock:
            now = self._clock()
            for run in list(self._runs.values()):
                if not (run.watched(now) or run.flight or run.changed):
                    del self._runs[run.facts.id]

    # -- keeping ---------------------------------------------------------------------------------------

    def _save(self, run: Run) -> None:
        with self._saving:
            with self._lock:
                if not run.changed or self._runs.get(run.facts.id) is not run:
                    return
                facts, slices = run.facts, tuple(run.unsaved)
            started = time.perf_counter()
            try:
                kept = self._store.save(facts, slices)
                snapshots = self._store.snapshots(facts.id) if kept and slices else run.stored_snapshots
            except Unavailable as refusal:
                log.error("Run %s cannot be saved: %s", facts.id, refusal)
                with self._lock:
                    run.hold(refusal, self._clock())
                return
            with self._lock:
                if kept:
                    run.saved(facts, len(slices), snapshots, self._clock(), time.perf_counter() - started)
                else:               # another server has gone on with it: its history counts
                    del self._runs[facts.id]

    def _reset(self, run: Run) -> None:
        with self._saving:
            with self._lock:
                facts = run.as_new()
            kept = self._store.reset(facts)
            with self._lock:
                if kept:
                    run.reset(facts)
                else:
                    self._runs.pop(facts.id, None)
                    raise Refusal("The run {run} has changed in the meantime. Look at it again.", run=facts.id)


@contextmanager
def opened() -> Iterator[Lab]:
    """Open the lab of a server: the store and the workers that its environment asks for, closed in the end."""
    engine, store = LocalEngine(prepare=work.prepare), Store()
    engine.warm()
    lab = Lab(store, engine)
    try:
        yield lab
    finally:
        lab.close()
        engine.close()
        store.close()


def _told(error: BaseException) -> Refusal:
    """Return the sentence for what went wrong in a worker; what nobody foresaw is written to the log as well."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, work.WorkError):
        log.error("Training failed:\n%s", error.trace)
        kind, message = error.kind, error.message
    else:
        log.error("Training failed", exc_info=error)
        kind, message = type(error).__name__, str(error)
    return Refusal("Training failed: {kind}: {message}.", kind=kind, message=message)


def _no_run(run_id: str) -> Refusal:
    return Refusal("There is no run {run!r} (any more).", run=run_id)
