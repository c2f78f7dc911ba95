"""The sweeps of a lab: while a sweep is watched, a few of its runs at a time take turns with everybody else's."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

import numpy as np

from lstm_core import limits
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.learning.batches import Batches
from lstm_core.records import Outcome
from lstm_core.running.curves import Speed, best_evaluation
from lstm_core.running.dispatcher import Dispatcher
from lstm_core.running.run import Run
from lstm_core.running.run_view import RunView
from lstm_core.running.scheduling import LEASE, SAVE_AGAIN, Lease
from lstm_core.spec import DataSpec, Output
from lstm_core.spec.parameters import check_size
from lstm_core.spec.plan import plan_network
from lstm_core.spec.sweep import Impossible, Point, SweepSpec
from lstm_core.storage.database import Unavailable
from lstm_core.storage.schema import UNFINISHED, Measures, RunFacts, Status, SweepFacts, SweepStatus, SweptRun
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SweepStore

Prepared = Callable[[DataSpec, Output], Dataset]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PointView:
    """One run of a sweep at one moment."""

    setting: int                    # number of its combination of values
    seed: int
    run: str | None                 # None: not begun yet
    status: Status | None           # None: not begun yet
    outcome: Outcome
    progress: float                 # 0 to 1, all of its epochs; 1 when it has ended in whatever way
    error: float                    # of the network it keeps, on the validation part, as Evaluation.error; nan: none
    parameters: int
    updates: int                    # at most
    seconds: float                  # spent on updates

    @property
    def ended(self) -> bool:
        """Tell whether nothing more comes of it."""
        return self.status is not None and self.status not in UNFINISHED


@dataclass(frozen=True)
class SweepView:
    """A sweep at one moment."""

    id: str
    owner: str
    spec: SweepSpec
    status: SweepStatus
    runs: tuple[PointView, ...]     # in the order of the spec's points
    seconds_left: float | None      # at its recent pace, the waiting for others included; None: unknown
    others: int                     # runs that take turns and do not belong to it, of all people

    @property
    def ended(self) -> int:
        """Return how many runs have ended."""
        return sum(run.ended for run in self.runs)

    @property
    def progress(self) -> float:
        """Return the share done of all updates, 0 to 1."""
        return _done(self.runs) / sum(run.updates for run in self.runs)

    @property
    def moving(self) -> bool:
        """Tell whether the next look will show something else."""
        return self.status == "running" or any(run.run is not None and not run.ended for run in self.runs)


@dataclass(eq=False)
class _Watched:
    """A sweep that is watched."""

    id: str
    lease: Lease = field(default_factory=Lease)
    speed: Speed = field(default_factory=Speed)
    training: list[str] | None = None       # ids of its runs that have begun and not ended; None: not looked up yet
    again: float = 0.0                      # time before which the database is left alone, after it has failed


class Sweeping:
    """The sweeps of a lab. Its methods may be called from any thread, but ``tend`` only by the dispatcher's.

    What a sweep is and how far it is stands in the database; in memory is only which ones somebody looks at.
    """

    def __init__(self, store: Store, dispatcher: Dispatcher, clock: Callable[[], float]) -> None:
        self._store, self._dispatcher, self._clock = SweepStore(store), dispatcher, clock
        self._watched: dict[str, _Watched] = {}     # guarded by the dispatcher's lock
        self._admitting = Lock()
        dispatcher.tend = self.tend

    def start(self, spec: SweepSpec, owner: str, prepared: Prepared) -> str:
        """Start a sweep and return its id; ``prepared`` returns the samples a spec asks for.

        Raises:
            Refusal: it is too large or cannot be, or the owner has one that is not finished.
        """
        self._check_room(owner)
        measures = measured(spec, prepared)
        with self._admitting:               # one at a time: a script may ask for many at once
            self._check_room(owner)
            sweep = self._store.create(owner, spec, measures)
        self._look(sweep)
        return sweep

    def _check_room(self, owner: str) -> None:
        if self._store.unfinished(owner) >= limits.UNFINISHED_SWEEPS:
            raise Refusal("You have a sweep that is not finished. Cancel it first, or let it come to its end.")

    def view(self, sweep: str) -> SweepView:
        """Return a sweep as it is now, and keep it going for a while.

        Raises:
            Refusal: there is no such sweep.
        """
        facts, rows = self._load(sweep)
        over = facts.status != "running" and all(row.run is None or row.status for row in rows)
        watched = None if over else self._look(sweep)
        live = {row.number: self._readable(row.run) for row in rows if row.run and row.status is None}
        with self._dispatcher.lock:
            points = facts.spec.points
            runs = tuple(_seen(points[row.number], row, live.get(row.number)) for row in rows)
            left = None
            if watched is not None and facts.status == "running":
                done = _done(runs)
                watched.speed.mark(self._clock(), round(done), 0.0)
                pace, _epochs = watched.speed.per_second() or (0.0, 0.0)
                left = (sum(run.updates for run in runs) - done) / pace if pace > 0 else None
            mine = sum(run is not None and run.active for run in live.values())
            return SweepView(sweep, facts.owner, facts.spec, facts.status, runs, left,
                             max(0, self._dispatcher.waiting() - mine))

    def cancel(self, sweep: str, owner: str) -> None:
        """Begin no more runs of a sweep and stop those that train; what has ended stays.

        Raises:
            Refusal: there is no such sweep, or it is somebody else's.
        """
        facts, _rows = self._load(sweep)
        if facts.owner != owner:
            raise Refusal("This sweep belongs to someone else, so you can only watch it.")
        self._store.settle(sweep, "cancelled")
        _facts, rows = self._load(sweep)        # nothing has begun since
        for row in rows:
            if row.run and row.status is None and (run := self._readable(row.run)) is not None:
                with self._dispatcher.lock:
                    run.command("stop")
        self._look(sweep)

    def recent(self, owner: str, count: int) -> list[SweepFacts]:
        """Return a person's newest sweeps, the newest first."""
        return self._store.recent(owner, count)

    # -- in the dispatcher's thread ----------------------------------------------------------------------

    def tend(self) -> None:
        """Keep what has ended and begin what comes next; costs nothing while nothing has changed."""
        now = self._clock()
        with self._dispatcher.lock:
            self._watched = {name: each for name, each in self._watched.items() if each.lease.alive(now)}
            due = [each for each in self._watched.values() if now >= each.again and self._due(each)]
        for each in due:
            try:
                self._go_on(each)
            except Unavailable as refusal:
                log.error("The sweep %s cannot go on: %s", each.id, refusal)
                each.again = now + SAVE_AGAIN
            except Exception:           # whatever is written there: the others are to go on
                log.exception("The sweep %s cannot go on", each.id)
                each.again = now + LEASE

    def _due(self, watched: _Watched) -> bool:
        if watched.training is None:
            return True
        runs = [self._dispatcher.runs.get(run) for run in watched.training]
        return any(run is None or _rests(run) for run in runs)

    def _go_on(self, watched: _Watched) -> None:
        facts, rows = self._load(watched.id)
        training, waiting = [], []
        for row in rows:
            if row.run is None:
                waiting.append(row.number)
            elif row.status is None:
                run = self._readable(row.run, watched.lease)
                if run is None:
                    self._store.give_up(watched.id, row.number)
                    continue
                with self._dispatcher.lock:
                    ended = run.facts.status not in UNFINISHED and _rests(run)
                    if _rests(run) and run.facts.status == "paused":    # by the lab: it could not be saved for a while
                        run.command("resume")
                    seen, error = run.facts, result(run.facts, run.evaluations.array)
                if ended:
                    self._store.end(watched.id, row.number, seen, error)
                    self._dispatcher.forget(run)
                else:
                    training.append(row.run)
        if facts.status == "running":
            for number in waiting[:max(0, limits.SWEEP_TOGETHER - len(training))]:
                begun = self._store.begin(watched.id, number, facts.spec.points[number].spec)
                if begun is not None:
                    self._dispatcher.find(begun.id, lease=watched.lease)
                    training.append(begun.id)
            if not training and not waiting:
                self._store.settle(watched.id, "done")
        with self._dispatcher.lock:
            watched.training = training
            if not training:
                self._watched.pop(watched.id, None)
        self._dispatcher.wake()

    # -- both ----------------------------------------------------------------------------------------------

    def _look(self, sweep: str) -> _Watched:
        """Renew the lease of a sweep that is not over."""
        with self._dispatcher.lock:
            watched = self._watched.setdefault(sweep, _Watched(sweep))
            watched.lease.renew(self._clock(), ())
        if watched.training is None:
            self._dispatcher.wake()
        return watched

    def _readable(self, run: str, lease: Lease | None = None) -> Run | None:
        """Return a run of a sweep, which goes on as long as the lease; None when it cannot be read, or has gone."""
        try:
            return self._dispatcher.find(run, lease=lease)
        except Unavailable:
            raise
        except Refusal:
            return None

    def _load(self, sweep: str) -> tuple[SweepFacts, list[SweptRun]]:
        found = self._store.load(sweep)
        if found is None:
            raise Refusal("There is no sweep {sweep!r} (any more).", sweep=sweep)
        return found


def measured(spec: SweepSpec, prepared: Prepared) -> tuple[Measures, ...]:
    """Return what is known of each run before it begins.

    Raises:
        Impossible: a combination of values makes no run.
        Refusal: the sweep is too large, or has nothing to judge by.
    """
    found, points = [], spec.points
    per_seed = len(spec.settings)
    keep = lru_cache(maxsize=limits.SERIES_CACHED)(prepared)
    for point, values in zip(points[:per_seed], spec.settings, strict=True):
        model, train = point.spec.model, point.spec.train
        try:
            data = keep(point.spec.check_new().data, model.output)
            check_size(model, data.io_shape)
            batches = Batches(train, data.sample_ids["train"], data.steps, data.resampled_each_epoch)
        except Refusal as why:
            names = (axis.setting for axis in spec.axes)
            raise Impossible(dict(zip(names, values, strict=True)), why) from why
        if not len(data.sample_ids["validation"]):
            raise Refusal("A sweep is judged on the validation part, and there is none: give it a share of the data.")
        found.append(Measures(batches.per_epoch * train.epochs, plan_network(model, data.io_shape).parameters))
    total = sum(each.updates for each in found) * spec.seeds
    if total > limits.SWEEP_UPDATES:
        raise Refusal("This sweep would be {runs} runs with {total:,} updates of the weights in all; at most {limit:,} "
                      "are allowed. Use fewer values, seeds or epochs.", runs=spec.runs, total=total,
                      limit=limits.SWEEP_UPDATES)
    return tuple(found) * spec.seeds


def result(facts: RunFacts | RunView, evaluations: np.ndarray) -> float:
    """Return the validation error of the network that a run keeps; nan of one that has not come to its end.

    Its evaluations are (n,) of dtype schema.EVALUATIONS.
    """
    if facts.status != "done" or facts.outcome == "diverged" or not len(evaluations):
        return math.nan
    best = best_evaluation(evaluations) if facts.spec.train.keep_best else None
    return float((evaluations[-1] if best is None else best)["score"])


def _rests(run: Run) -> bool:
    """Tell whether a run does not go on by itself and all of it is in the store."""
    return not run.active and run.in_flight is None and not run.changed


def _seen(point: Point, row: SweptRun, live: Run | None) -> PointView:
    """Return a run of a sweep as it is now: from memory where it has not ended, else from its row."""
    status, outcome, error, seconds, progress = row.status, row.outcome, row.error, row.seconds, 1.0
    if live is not None:
        status, outcome, seconds = live.facts.status, live.facts.outcome, live.facts.seconds
        error = result(live.facts, live.evaluations.array)
        if status in UNFINISHED:
            progress = live.facts.epoch / live.facts.spec.train.epochs
    return PointView(setting=point.setting, seed=point.seed, run=row.run, status=status, outcome=outcome or "training",
                     progress=0.0 if status is None else progress, error=error,
                     parameters=row.measures.parameters, updates=row.measures.updates, seconds=seconds)


def _done(runs: tuple[PointView, ...]) -> float:
    """Return how many updates need not be done any more."""
    return sum(run.progress * run.updates for run in runs)
