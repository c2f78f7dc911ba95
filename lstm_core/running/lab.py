"""The lab of one server: starts runs, keeps them going while they are watched, and shows them to whoever asks."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar

import numpy as np

from lstm_core.data import Dataset, dataset, digest
from lstm_core.errors import Refusal
from lstm_core.records import Look, Snapshot, Unfinished
from lstm_core.running import jobs
from lstm_core.running.admission import Admission
from lstm_core.running.dispatcher import Advance, Dispatcher
from lstm_core.running.engine import Engine, LocalEngine
from lstm_core.running.people import People
from lstm_core.running.questions import Question
from lstm_core.running.run import Run
from lstm_core.running.run_view import RunView
from lstm_core.running.sweeps import Sweeping, SweepView
from lstm_core.spec import DataSpec, Output, RunSpec
from lstm_core.spec.sweep import SweepSpec
from lstm_core.storage.classes import ClassStore
from lstm_core.storage.courses import CourseStore, StoredCourse
from lstm_core.storage.database import Unavailable
from lstm_core.storage.schema import UNFINISHED, RunFacts, SweepFacts
from lstm_core.storage.server_secret import server_secret
from lstm_core.storage.store import Store
from lstm_core.storage.usage import check_hour

T = TypeVar("T")

PATIENCE = 0.25         # seconds after which whoever waits for an answer is told how far it is

log = logging.getLogger(__name__)


class Lab:
    """All runs of a server. Its methods may be called from any thread, and return at once.

    Each may raise a Refusal: there is no such run (any more), or the store does not answer.

    Args:
        store: where runs are kept.
        engine: what their slices are sent to.
        advance: trains one slice, in a worker.
        clock: seconds that never go back.
        people: who takes turns; whoever lets somebody in makes them known there.
    """

    def __init__(self, store: Store, engine: Engine, advance: Advance = jobs.advance,
                 clock: Callable[[], float] = time.monotonic, people: People | None = None) -> None:
        self._store, self._courses, self.classes = store, CourseStore(store), ClassStore(store)
        self._dispatcher = Dispatcher(store, engine, advance, clock, people)
        self._sweeping = Sweeping(store, self._dispatcher, clock)
        self._admission = Admission(store, self._dispatcher)

    def close(self) -> None:
        """Stop sending slices, take in those that come back soon, and save everything."""
        self._dispatcher.close()

    # -- for anyone ------------------------------------------------------------------------------------

    def start(self, spec: RunSpec, owner: str, blob: bytes | None = None, *, pace: float | None = None,
              command: str = "resume") -> str:
        """Start a run and return its id.

        Args:
            spec: all that decides the run.
            owner: who may command it.
            blob: the bytes of the series, for data that are kept by content hash.
            pace: updates per second; None: as many as possible.
            command: what it does first, as for :meth:`command`: "step" for a single update.

        Raises:
            Refusal: it is too large, the owner has too many unfinished runs or bytes of new ones, or none can be kept
                now.
        """
        spec.check_new()
        check_hour(self._store, owner)
        with self._admission.room(owner):
            self._dispatcher.pruning.use(spec.data.blob_digest, spec.train.checkpoint)
            if blob is not None:
                self.keep_blob(blob, "")
            facts = self._store.create(owner, spec)
        with self._dispatcher.lock:     # no slice is sent before the run knows how far and how fast it is to go
            run = self._dispatcher.find(facts.id)
            run.set_pace(pace)
            run.command(command)
        return facts.id

    def view(self, run_id: str, looks: Iterable[Look] = ()) -> RunView:
        """Return a run as it is now, and keep it going for a while with what is looked at of it.

        Raises:
            Refusal: there is no such run.
        """
        run = self._dispatcher.find(run_id, looks)
        with self._dispatcher.lock:
            return run.to_view(self._dispatcher.place(run), self._dispatcher.waiting(),
                               self._dispatcher.flights.silence(run))

    def listen(self, run_id: str, hear: Callable[[], None]) -> Callable[[], None]:
        """Have ``hear`` called after each change of what :meth:`view` returns; return the function that ends this.

        It is called from another thread and must return at once. Changes that come together are one call, those of
        the place in the queue none, and one more call may come while listening ends. A run that nobody views rests
        though somebody listens; what happens to it when it goes on is heard again.

        Raises:
            Refusal: there is no such run.
        """
        return self._dispatcher.listen(run_id, hear)

    def recent(self, owner: str, count: int = 20) -> list[RunFacts]:
        """Return a person's newest runs, the newest first."""
        stored = self._store.recent(owner, count)
        with self._dispatcher.lock:
            live = self._dispatcher.runs
            return [live[facts.id].facts if facts.id in live else facts for facts in stored]

    def unreadable(self, owner: str) -> int:
        """Return how many runs of a person are kept and cannot be read."""
        return self._store.unreadable(owner)

    def trouble(self) -> Unavailable | None:
        """Return why nothing can be kept now; None: as far as is known, all is well."""
        return self._store.trouble()

    def secret(self, name: str) -> bytes:
        """Return random bytes that only this server knows, the same ones for the same name ever after."""
        return server_secret(self._store, name)

    def snapshots(self, run_id: str) -> np.ndarray:
        """Return the updates of which a run has a snapshot, in order: (n,) int64."""
        return self.view(run_id).snapshots

    def snapshot(self, run_id: str, update: int) -> Snapshot:
        """Return the network as it was at an update, or at the nearest recorded one before it.

        Raises:
            Refusal: there is no such run, or it has no snapshot yet.
        """
        run = self._dispatcher.find(run_id)
        with self._dispatcher.lock:
            found = run.fresh_snapshot(update)
        found = found or self._store.snapshot(run_id, update)
        if found is None:
            raise Refusal("The run {run} has no snapshot at or before update {update} yet.", run=run_id, update=update)
        return found

    def copy(self, run_id: str, new_owner: str) -> str:
        """Make a run one's own: the same spec, state and history under a new id, paused unless it is finished."""
        check_hour(self._store, new_owner)
        run = self._dispatcher.find(run_id)
        self._dispatcher.keeper.save(run)
        status = "paused" if run.facts.status in UNFINISHED else run.facts.status
        with self._admission.room(new_owner) if status == "paused" else nullcontext():
            facts = self._store.copy(run_id, new_owner, status)
        if facts is None:
            raise Refusal("There is no run {run!r} (any more).", run=run_id)
        return facts.id

    def keep_blob(self, blob: bytes, name: str) -> str:
        """Keep a series (``Series.to_bytes``) or a checkpoint for the runs that use it; return its content hash."""
        key = digest(blob)
        self._store.keep_blob(key, name, blob)
        return key

    def blob(self, key: str) -> bytes:
        """Return the bytes with this content hash.

        Raises:
            Refusal: they are not kept.
        """
        blob = self._store.blob(key)
        if blob is None:
            raise Refusal("The data with the content hash {digest!r} are not kept here. "
                          "Load or upload them again.", digest=key)
        self._dispatcher.pruning.use(key)
        return blob

    def ask(self, question: Callable[..., T | Unfinished], *args: Any, owner: str = "",
            meanwhile: Callable[[float], None] | None = None) -> T:
        """Have workers answer a question piece by piece between slices, and wait for the answer.

        Args:
            question: a function of :mod:`lstm_core.running.jobs`.
            args: what it is called with; data from outside that it needs are sent along.
            owner: who asks: questions take turns as runs do.
            meanwhile: called again and again while the answer is waited for, with the share of it that is there; the
                question is dropped when it raises.

        Raises:
            Refusal: it cannot be answered, takes workers longer than limits.ANSWER_SECONDS, needs more memory than
                there is, or ended its worker again and again; or too many of this person's wait already.
        """
        asked = Question(owner, question, args)
        self._dispatcher.ask(asked)
        try:
            while not wait([asked.answer], PATIENCE).done:
                if meanwhile is not None:
                    meanwhile(asked.share)
            answered: T = asked.answer.result()
            return answered
        finally:
            asked.answer.cancel()

    # -- sweeps ----------------------------------------------------------------------------------------

    def start_sweep(self, spec: SweepSpec, owner: str) -> str:
        """Start a sweep and return its id.

        Raises:
            Refusal: it is too large or cannot be, the owner has another that is not finished, or none can be kept now.
        """
        check_hour(self._store, owner)
        return self._sweeping.start(spec, owner, self._prepared)

    def sweep(self, sweep_id: str) -> SweepView:
        """Return a sweep as it is now, and keep it going for a while.

        Raises:
            Refusal: there is no such sweep.
        """
        seen = self._sweeping.view(sweep_id)
        self._dispatcher.pruning.use(sweep_id)
        return seen

    def cancel_sweep(self, sweep_id: str, owner: str) -> None:
        """Begin no more runs of a sweep and stop those that train; what has ended stays.

        Raises:
            Refusal: there is no such sweep, or it is somebody else's.
        """
        self._sweeping.cancel(sweep_id, owner)

    def sweeps(self, owner: str, count: int = 10) -> list[SweepFacts]:
        """Return a person's newest sweeps, the newest first."""
        return self._sweeping.recent(owner, count)

    def _prepared(self, spec: DataSpec, output: Output) -> Dataset:
        return dataset(spec, output, self.blob(spec.blob_digest) if spec.blob_digest else None)

    # -- the course ------------------------------------------------------------------------------------

    def course(self, owner: str) -> StoredCourse:
        """Return what is kept of a person's course; of nothing, an empty text of revision 0.

        Raises:
            Refusal: what is kept cannot be read.
        """
        return self._courses.load(owner)

    def keep_course(self, owner: str, progress: str, revision: int) -> bool:
        """Keep a person's course under the next revision; False when it is no longer of the one it was read at.

        Whoever is told so reads it again, joins the two, and tries once more: another tab has kept its own, or nothing
        is kept any more.

        Raises:
            Refusal: it is larger than limits.COURSE_BYTES.
        """
        return self._courses.keep(owner, progress, revision)

    # -- for the owner ---------------------------------------------------------------------------------

    def command(self, run_id: str, owner: str, command: str) -> None:
        """Pause, resume, step (one update), epoch (to its end), stop or reset a run, when the current slice ends.

        Raises:
            Refusal: there is no such run or command, it is somebody else's run, or it cannot be done.
        """
        run = self._owned(run_id, owner)
        begins = command not in ("pause", "stop") and run.facts.status not in UNFINISHED
        with self._admission.room(owner) if begins else nullcontext():
            if command == "reset":
                self._dispatcher.keeper.reset(run)
            else:
                with self._dispatcher.lock:
                    run.command(command)

    def set_rate(self, run_id: str, owner: str, rate: float) -> None:
        """Use another learning rate from the next slice on; the change becomes part of the run's spec."""
        run = self._owned(run_id, owner)
        with self._dispatcher.lock:
            run.set_rate(rate)

    def set_pace(self, run_id: str, owner: str, updates_per_second: float | None) -> None:
        """Do so many updates per second; None: as many as possible."""
        run = self._owned(run_id, owner)
        with self._dispatcher.lock:
            run.set_pace(updates_per_second)

    def _owned(self, run_id: str, owner: str) -> Run:
        run = self._dispatcher.find(run_id)
        if run.facts.owner != owner:
            raise Refusal("This run belongs to someone else, so you can only watch it. "
                          "Make a copy of your own to change it.")
        return run


@contextmanager
def opened(people: People | None = None) -> Iterator[Lab]:
    """Open the lab of a server: the store and the workers that its environment asks for, closed in the end."""
    engine, store = LocalEngine(prepare=jobs.prepare), Store()      # nothing runs yet if the store refuses
    engine.warm()
    lab = Lab(store, engine, people=people)
    try:
        yield lab
    finally:
        lab.close()
        engine.close()
        store.close()
