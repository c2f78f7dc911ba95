"""The one thread that sends slices to the engine, takes in what they bring and has it kept."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any

from lstm_core.data import Missing
from lstm_core.errors import Refusal
from lstm_core.records import Budget, Look, Slice
from lstm_core.running.agenda import Agenda
from lstm_core.running.engine import Engine, WorkerLost
from lstm_core.running.flights import Flights, InFlightSlice, closing
from lstm_core.running.in_memory import is_stored
from lstm_core.running.keeper import Keeper
from lstm_core.running.listeners import Hear, Listeners
from lstm_core.running.people import People
from lstm_core.running.questions import Asked, Question
from lstm_core.running.reasons import reason_of
from lstm_core.running.run import Run
from lstm_core.running.scheduling import Lease, slice_seconds
from lstm_core.spec import RunSpec
from lstm_core.storage.pruning import Pruning
from lstm_core.storage.store import Store

Advance = Callable[[RunSpec, bytes | None, Budget, bytes | None], Slice]

IDLE = 0.5                  # seconds after which the dispatcher looks around though nothing has been reported
CLOSING = 2.0               # seconds that slices in flight are given when the lab closes

log = logging.getLogger(__name__)


class Dispatcher:
    """The runs in memory, which are those that are watched, and their turns.

    A run has at most one slice in flight and queues again, and so does a question that is answered piece by piece; who
    is next is decided person by person (see :mod:`.turns`). Its methods may be called from any thread; ``lock`` guards
    the runs and is held for moments only.
    """

    def __init__(self, store: Store, engine: Engine, advance: Advance, clock: Callable[[], float],
                 people: People | None = None) -> None:
        self.lock = threading.RLock()
        self.tend: Callable[[], None] | None = None     # called in every turn, after the saves, by the one thread
        self._store, self._advance, self._clock = store, advance, clock
        self.pruning = Pruning(store)
        self._agenda = Agenda(clock, self._wake_from_elsewhere, self._dropped, people or People(clock))
        self.keeper = Keeper(store, self._agenda, self.lock, clock)
        self._listeners = Listeners()
        self._questions = Asked(self.lock)
        self._inbox: SimpleQueue[Future[Any] | None] = SimpleQueue()
        self.flights = Flights(engine, clock, self._inbox.put)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)
        self._thread.start()

    @property
    def runs(self) -> dict[str, Run]:
        """Return the runs in memory by id."""
        return self._agenda.runs

    def close(self) -> None:
        """Stop sending slices, take in those that come back soon, and save everything."""
        self._closed.set()
        self.wake()
        self._thread.join(CLOSING + 10)

    def wake(self) -> None:
        """Have the dispatcher look around now: something may have become due."""
        self._inbox.put(None)

    def find(self, run_id: str, looks: Iterable[Look] = (), lease: Lease | None = None) -> Run:
        """Return the run, from the store when it is not in memory, and renew its lease, or let it end with another one.

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
            new = run_id not in self.runs
            run = self.runs.setdefault(run_id, run)
            run.on_change = self._changed
            now = self._clock()
            unwatched = not run.lease.alive(now)
            if unwatched and run.active and run.facts.update:
                run.woken = time.time()
            run.lease.renew(now, looks)
            if lease is not None:
                run.lease.end_with(lease)
            if new or unwatched or lease is not None:       # of a later end one learns when the earlier one comes
                self._agenda.watch_lease(run)
            if new or unwatched or (run not in self._agenda.queue and run.wants(now)):
                self._agenda.touch(run)
            return run

    def listen(self, run_id: str, hear: Hear) -> Callable[[], None]:
        """Have ``hear`` called when there is something new to show of a run; return the function that ends this.

        Raises:
            Refusal: there is no such run.
        """
        with self.lock:
            known = run_id in self.runs
        if not known and self._store.facts(run_id) is None:
            raise Refusal("There is no run {run!r} (any more).", run=run_id)
        return self._listeners.listen(run_id, hear)

    def ask(self, question: Question) -> None:
        """Have workers answer a question in its turns.

        Raises:
            Refusal: so many of this person's wait already, or the lab is being closed.
        """
        with self.lock:
            if self._closed.is_set():
                raise closing()
            self._questions.add(question)
            self._agenda.queue.join(question, question.owner, new=True)
        self.wake()

    def forget(self, run: Run) -> None:
        """Drop a run that rests from memory: what the store has of it has changed."""
        with self.lock:
            if self._agenda.keeps(run) and not (run.active or run.in_flight or run.changed):
                self._agenda.drop(run.facts.id)

    def place(self, run: Run) -> int | None:
        """Return 0 when a worker has the run, n when it is the n-th in the queue, None when it wants no turn."""
        return 0 if run.in_flight is not None else self._agenda.queue.place(run)

    def waiting(self) -> int:
        """Return how many runs take turns."""
        return self._agenda.waiting()

    # -- the dispatcher --------------------------------------------------------------------------------

    def _changed(self, run: Run) -> None:
        if self._agenda.keeps(run):
            self._listeners.note(run.facts.id)      # told soon, by the dispatcher's thread, which then holds no lock
            self._agenda.touch(run)

    def _dropped(self, run_id: str) -> None:
        self._listeners.note(run_id)
        self._wake_from_elsewhere()

    def _wake_from_elsewhere(self) -> None:
        """Wake the dispatcher, unless this is its own thread, which will see by itself."""
        if threading.current_thread() is not self._thread:
            self.wake()

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
        while (run := self._send()) is not None:
            self.keeper.read_state(run)
        with self.lock:
            self.flights.give_up_on_slow()
        self._listeners.tell()
        self.keeper.save_due()
        with self.lock:
            self._agenda.make_room()
        if self.tend is not None:
            self.tend()
        self.pruning.tend(self._clock(), self.runs)

    def _finish(self) -> None:
        deadline = time.monotonic() + CLOSING
        while self.flights and time.monotonic() < deadline:
            self._receive(0.1)
        for run in list(self.runs.values()):
            self.keeper.save(run)
        self._listeners.tell()
        with self.lock:
            self._questions.close()

    def _patience(self) -> float:
        """Return how many seconds nothing can become due."""
        with self.lock:
            rest = 0.0 if self._listeners.pending else self._agenda.rest()
        return IDLE if rest is None else min(IDLE, rest)

    def _receive(self, patience: float) -> None:
        """Wait for news and take in all there are."""
        news: list[Future[Any] | None] = []
        try:
            news.append(self._inbox.get(timeout=patience))
            while True:
                news.append(self._inbox.get_nowait())
        except Empty:
            pass
        with self.lock:
            for future in news:
                flight = self.flights.take(future)
                if future is None or flight is None:
                    continue
                now = self._clock()
                self._agenda.queue.settle(flight.owner, now - flight.sent)
                if isinstance(flight, Question):
                    if flight.take(future, now, self._blob):
                        self._agenda.queue.join(flight, flight.owner, new=False)
                    continue
                # A slice of a run that was reset or forgotten in the meantime is of no use to anyone.
                if flight.run.in_flight is not flight:
                    continue
                try:
                    self._settle(flight, future)
                except Exception as error:      # one run that cannot go on must not hold up all others
                    flight.run.fail(flight, reason_of(error))

    def _blob(self, digest: str) -> bytes | None:
        if (blob := self._store.blob(digest)) is not None:
            self.pruning.use(digest)
        return blob

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
            run.fail(flight, reason_of(error))
            return
        if run.wants(self._clock()) and run not in self._agenda.queue:      # it has lost its turn blamelessly
            self._agenda.queue.rejoin(run, run.facts.owner)

    def _send(self) -> Run | None:
        """Fill the workers from the head of the queue; return a run whose state is to be read from the store first."""
        with self.lock:
            now = self._clock()
            self._agenda.line_up(now)
            queue, waiting = self._agenda.queue, self.waiting()
            seconds = slice_seconds(self.flights.workers, queue.people)
            while queue and self.flights.free:
                item = queue.pop()
                if isinstance(item, Question):
                    if not self.flights.ask(item, now, seconds):
                        queue.settle(item.owner, 0)
                elif not (item.wants(now) and self._agenda.keeps(item)):
                    queue.settle(item.facts.owner, 0)
                elif is_stored(item):
                    queue.settle(item.facts.owner, 0)
                    return item
                else:
                    self._launch(item.dispatch(now, seconds, waiting))
        return None

    def _launch(self, flight: InFlightSlice) -> None:
        try:
            self.flights.send(flight, self._advance, flight.spec, flight.state, flight.budget, flight.blob)
        except Exception as error:      # no process can be started, for instance
            self._agenda.queue.settle(flight.owner, 0)
            flight.run.fail(flight, reason_of(error))
