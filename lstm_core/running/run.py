"""A run in memory: what it has recorded and what it should do next. No threads and no database in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, get_args

import numpy as np

from lstm_core import limits
from lstm_core.errors import Refusal, unknown
from lstm_core.records import Budget, Drawing, Look, Slice, Snapshot, UpdateDetails, View, followed
from lstm_core.running.curves import Evaluations, Growing, Speed
from lstm_core.running.flights import ATTEMPTS, InFlightSlice
from lstm_core.running.run_view import RunView
from lstm_core.running.scheduling import FIRST_SLICE, RISE, DrawSchedule, Goal, Lease, Pacer, SaveSchedule
from lstm_core.storage.schema import EVALUATIONS, RunFacts, Status, StoredRun, curve

Command = Literal["pause", "resume", "step", "epoch", "stop", "reset"]
GOALS: dict[str, Goal] = {"resume": "end", "step": "step", "epoch": "epoch"}



class Run:
    """One run in memory. All times are seconds of the lab's clock."""

    def __init__(self, stored: StoredRun) -> None:
        self.facts = self.clean = stored.facts      # clean: as they are in the store
        self.begun, self.view = stored.begun, stored.view
        self.state: bytes | None = None             # to go on from; None: it has none, or the store has it
        self.explained: UpdateDetails | None = None     # the last update, if it was one by itself
        self.losses, self.evaluations = Growing(stored.losses), Evaluations(stored.evaluations)
        self.stored_snapshots, self.trained_on = stored.snapshots, stored.trained_on
        self.unsaved: list[Slice] = []
        self.saving, self.misplaced = SaveSchedule(), False     # misplaced: its store has another file than it knew
        self._held: Goal | None = None              # how far the run goes on when it can be saved again
        self.in_flight: InFlightSlice | None = None
        self.blob: bytes | None = None              # data to be sent along with the next slice
        self.lease = Lease()
        self.woken = 0.0                            # when it last went on after nobody had watched it, since 1970
        self.pacer = Pacer()
        self._draw_schedule = DrawSchedule()
        self._drawing: Drawing | None = None        # begun of the network as it is, to be finished before it learns on
        self._goal: Goal = "end"
        self._lost = 0                              # times in a row that the same slice was lost with its worker
        self._new_rate: float | None = None         # to be used from the next slice on
        self._asked: set[Look] = set()              # what was already asked for at this update
        self._speed = Speed()
        self.on_change: Callable[[Run], None] = lambda _run: None   # there is something new to show or do

    # -- looking ---------------------------------------------------------------------------------------

    def to_view(self, place: int | None, waiting: int, silence: float = 0.0) -> RunView:
        """Return the run as it is now; ``silence`` as in RunView."""
        facts = self.facts
        rate, epochs = (self._speed.per_second() if self.active else None) or (None, None)
        left = (facts.spec.train.epochs - facts.epoch) / epochs if epochs else None
        return RunView(
            id=facts.id, owner=facts.owner, spec=facts.spec, status=facts.status, outcome=facts.outcome,
            reason=facts.reason, created=facts.created, held=bool(self._held), update=facts.update, epoch=facts.epoch,
            seconds=facts.seconds, rate=rate, seconds_left=left, place=place, waiting=waiting, pace=facts.pace,
            lr=facts.spec.train.rate(facts.update) if self._new_rate is None else self._new_rate,
            losses=self.losses.array, evaluations=self.evaluations.array, best=self.evaluations.best,
            predictions=self.view.predictions if self.view else {},
            predictions_update=self.view.update if self.view else None, inside=self.view.inside if self.view else {},
            snapshots=self.snapshots, trained_on=self.trained_on, woken=self.woken, silence=silence,
            explained=self.explained)

    @property
    def snapshots(self) -> np.ndarray:
        """Return the updates of which there is a snapshot, in order."""
        fresh = [s.update for piece in self.unsaved for s in piece.records.snapshots]
        return np.union1d(self.stored_snapshots, fresh).astype(np.int64) if fresh else self.stored_snapshots

    def fresh_snapshot(self, update: int) -> Snapshot | None:
        """Return the latest snapshot at or before an update among those that are not yet in the store."""
        fresh = [s for piece in self.unsaved for s in piece.records.snapshots if s.update <= update]
        return max(fresh, key=lambda s: s.update, default=None)

    # -- being told what to do -------------------------------------------------------------------------

    @property
    def active(self) -> bool:
        """Tell whether the run goes on by itself: it trains, or waits for its turn."""
        return self.facts.active

    def command(self, command: str) -> None:
        """Pause, go on, do one update or one epoch and pause, or stop. It takes effect when the current slice ends.

        Raises:
            Refusal: the command is unknown, or the run has been trained to its end.
        """
        if command not in get_args(Command):
            raise unknown("command", command, get_args(Command))
        if command in ("pause", "stop"):
            if self.active or self.facts.status == "paused":
                self._become("paused" if command == "pause" else "stopped")
        elif self.facts.status == "done":
            raise Refusal("This run has been trained to its end. Reset it to begin anew.")
        else:
            self._go_on(GOALS[command])

    def reset(self, facts: RunFacts) -> None:
        """Begin anew: the facts are those of :meth:`as_new`, already in the store."""
        self.facts = self.clean = replace(facts, revision=facts.revision + 1)
        self.state = self.view = self.explained = self.in_flight = self._new_rate = self._drawing = None
        self.losses, self.evaluations = Growing(np.empty(0, np.float32)), Evaluations(np.empty(0, EVALUATIONS))
        self.stored_snapshots, self.trained_on = np.empty(0, np.int64), ()
        self.begun, self.unsaved, self._goal, self._lost, self._held = False, [], "end", 0, None
        self._asked.clear()
        self._speed.stop()
        self.on_change(self)

    def as_new(self) -> RunFacts:
        """Return the facts of this run before its first update, paused; changes of the learning rate are forgotten."""
        return replace(self.facts, spec=self.facts.spec.change(lr_changes=()), status="paused", outcome="training",
                       reason=None, update=0, epoch=0.0, seconds=0.0)

    def set_rate(self, rate: float) -> None:
        """Use another learning rate from the next slice on.

        Raises:
            Refusal: the rate is outside its limits, or was changed too often.
        """
        self.facts.spec.change(lr=rate)     # refused when it is outside the limits
        if len(self.facts.spec.train.lr_changes) >= limits.RATE_CHANGES:
            raise Refusal("The learning rate of one run may be changed {limit} times. Reset the run to begin anew.",
                          limit=limits.RATE_CHANGES)
        self._new_rate = rate
        self._apply_rate()
        self.on_change(self)

    def set_pace(self, pace: float | None) -> None:
        """Do so many updates per second; None: as many as possible."""
        low, high = limits.PACE
        if pace is not None and not low <= pace <= high:
            raise Refusal("The pace must be between {low:g} and {high:g} updates per second; received {pace:g}.",
                          low=low, high=high, pace=pace)
        self.facts = replace(self.facts, pace=pace)
        self.pacer.stop()
        self._speed.stop()
        self.on_change(self)

    def _become(self, status: Status, reason: Refusal | None = None) -> None:
        self.facts = replace(self.facts, status=status, reason=reason)
        self._goal, self._lost, self._held = "end", 0, None
        self.pacer.stop()
        self._speed.stop()
        self.on_change(self)

    def _go_on(self, goal: Goal) -> None:
        self._become("training" if self.begun else "queued")    # what waits for its first slice keeps saying so
        self._goal = goal

    def _apply_rate(self) -> None:
        """Write the new rate into the spec, for the update at which the next slice begins."""
        if self._new_rate is None or self.in_flight is not None:
            return
        if self.facts.outcome == "training":
            update, train = self.facts.update, self.facts.spec.train
            if update == 0:
                spec = self.facts.spec.change(lr=self._new_rate, lr_changes=())
            else:
                before = tuple(change for change in train.lr_changes if change[0] < update)
                spec = self.facts.spec.change(lr_changes=(*before, (update, self._new_rate)))
            self.facts = replace(self.facts, spec=spec)
        self._new_rate = None

    # -- slices ----------------------------------------------------------------------------------------

    def wants(self, now: float) -> bool:
        """Tell whether a slice should be sent: to train on, or only to draw what is newly looked at."""
        if self.in_flight is not None or not self.lease.alive(now):
            return False
        if self._drawing is not None:
            return True
        return now >= self.pacer.due if self.active else bool(self._undrawn(now))

    def dispatch(self, now: float, seconds: float, waiting: int) -> InFlightSlice:
        """Return the next slice to be sent, so many seconds long; of a run that rests, one that only predicts.

        ``waiting``: how many runs take turns.
        """
        if self._drawing is not None:
            budget = Budget(seconds, 0, view=self._drawing.looks, measure=False, drawing=self._drawing)
        elif self.active:
            budget = self._budget(now, seconds, waiting)
        else:
            budget = Budget(seconds, 0, view=self._undrawn(now), measure=False)
            self._asked.update(budget.view)
        self.in_flight = InFlightSlice(self, self._goal, self.facts.spec, self.state, budget, self.blob, now)
        self.blob = None
        return self.in_flight

    def apply(self, flight: InFlightSlice, piece: Slice, now: float) -> None:
        """Take in what a slice has brought."""
        self._lost = 0
        self._drawing = piece.records.drawing
        if not flight.budget.measure:
            view = piece.records.view
            if view is not None and view.update == self.facts.update:
                self.view = view.after(self.view)
            self._draw_schedule.drew(now, view)
            self._return()
            return
        # The first slice counts from its first update: a worker that had to be started says nothing about the speed.
        self._speed.start(now - piece.seconds, self.facts.update, self.facts.epoch)
        self.state, self.begun = piece.state, True
        self.unsaved[-1:] = [*(replace(last, state=b"") for last in self.unsaved[-1:]), piece]  # one state
        self.trained_on = followed(self.trained_on, [piece])
        self.losses.extend(piece.records.losses)
        self.evaluations.extend(curve(piece.records.evaluations))
        learned = len(piece.records.losses) > 0
        self.view = piece.records.view or self.view
        if learned:
            self.explained = piece.records.update
        self._draw_schedule.drew(now, piece.records.view)
        self._asked.clear()
        if self.facts.pace is not None and self.facts.update < RISE <= piece.update:
            self._speed.stop()          # it was slower so far than it will be
        self.facts = replace(self.facts, update=piece.update, epoch=piece.epoch, outcome=piece.outcome,
                             seconds=self.facts.seconds + piece.seconds)
        self._return()
        self._speed.mark(now, piece.update, piece.epoch)
        if piece.outcome != "training":
            self._become("done")
        elif (self.active or self._held) and (flight.goal == "measured" or (learned and (
                flight.goal == "step" or (flight.goal == "epoch" and piece.epoch % 1 == 0)))):
            if not piece.measuring:
                self._become("paused", self.facts.reason)
            elif self._held:            # it rests once its last update has been measured
                self._held = "measured"
            else:
                self._goal = "measured"
        elif self.facts.status == "queued":
            self.facts = replace(self.facts, status="training")

    def worker_lost(self, flight: InFlightSlice) -> None:
        """Handle a worker that died with the slice: the slice is sent again, or the run fails after ATTEMPTS times."""
        self._return()
        self._lost += 1
        if not flight.budget.measure:
            if self._lost < ATTEMPTS:
                self._asked.difference_update(flight.budget.view)
            else:
                self._drawing = None
        elif self._lost >= ATTEMPTS:
            self._become("failed", Refusal(
                "The worker process ended {times} times in a row while it trained this run; it may need more memory "
                "than there is. Resume to try again, or make the network or the batch smaller.", times=self._lost))

    def send_along(self, blob: bytes) -> None:
        """Send the current slice again, with the data that the worker did not know."""
        self._return()
        self.blob = blob
        self._asked.clear()

    def fail(self, flight: InFlightSlice, reason: Refusal) -> None:
        """End the run with the reason; a finished run of which only predictions were wanted stays finished."""
        self._drawing = None
        self._return()
        if flight.budget.measure:
            self._become("failed", reason)

    def _return(self) -> None:
        self.in_flight = None
        self._apply_rate()
        self.on_change(self)

    def _budget(self, now: float, seconds: float, waiting: int) -> Budget:
        updates = None
        if self._goal in ("step", "measured"):
            updates = 1 if self._goal == "step" else 0
        elif self.facts.pace is not None:
            updates = self.pacer.beat(now, self.facts.pace, waiting, self.facts.update)
        return Budget(seconds=seconds if self.begun else FIRST_SLICE, updates=updates,
                      epoch_end=self._goal == "epoch", view=self._draw_schedule.looks(now, self.lease.looks(now)),
                      explain=self._goal == "step")

    def _undrawn(self, now: float) -> tuple[Look, ...]:
        """Return what is looked at while the run rests and not drawn yet."""
        if not self.begun or self.facts.status == "failed":
            return ()
        drawn = View(self.facts.update, {}).after(self.view).looks | self._asked
        return tuple(look for look in self.lease.looks(now) if look not in drawn)

    # -- saving ----------------------------------------------------------------------------------------

    @property
    def changed(self) -> bool:
        """Tell whether the store does not know all of the run."""
        return bool(self.unsaved) or self.facts is not self.clean or self.misplaced

    def must_save(self, now: float) -> bool:
        """Tell whether it is time to save: at once when the run rests, now and then while it trains."""
        resting = self.in_flight is None and not (self.active and self.lease.alive(now))
        return self.changed and self.saving.is_due(now, resting)

    def saved(self, facts: RunFacts, count: int, snapshots: np.ndarray, now: float, took: float) -> None:
        """Mark these facts and the first ``count`` unsaved slices as stored; a run that was held for that goes on."""
        same = self.facts is facts
        self.facts = replace(self.facts, revision=facts.revision + 1)
        if same:
            self.clean = self.facts
        del self.unsaved[:count]
        self.stored_snapshots, self.misplaced = snapshots, False
        self.saving.saved(now, took)
        if self._held:
            self._go_on(self._held)
        elif not self.active:       # snapshots may have gone, and no slice follows that would show it
            self.on_change(self)

    def hold(self, reason: Refusal, now: float) -> None:
        """Pause the run until it can be saved; it then goes on, unless a command has come in between."""
        if self.active:
            goal = self._goal
            self._become("paused", reason)
            self._held = goal
        self.saving.failed(now)
