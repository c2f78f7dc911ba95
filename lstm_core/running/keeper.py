"""Keeps the runs in memory and the store in step: what is saved of a run, and what is read of it to go on."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence

import numpy as np

from lstm_core.errors import Refusal
from lstm_core.records import Slice
from lstm_core.running.agenda import Agenda
from lstm_core.running.run import Run
from lstm_core.storage.database import OTHERWISE, Unavailable
from lstm_core.storage.reading import Unreadable
from lstm_core.storage.schema import RunFacts, StoredRun
from lstm_core.storage.store import Store

log = logging.getLogger(__name__)


class Keeper:
    """Saves runs, and reads what they go on from, one after the other. Its methods may be called from any thread.

    Args:
        store: where runs are kept.
        agenda: the runs in memory.
        lock: that guards them; held for moments only, never while the store is asked.
        clock: seconds that never go back.
    """

    def __init__(self, store: Store, agenda: Agenda, lock: threading.RLock, clock: Callable[[], float]) -> None:
        self._store, self._agenda, self._lock, self._clock = store, agenda, lock, clock
        self._files = store.files
        self._saving = threading.Lock()         # taken before the other lock; saves of a run stay in order

    def save_due(self) -> None:
        """Save the runs whose time it is; all in memory when another file has taken the place of the old one."""
        if self._files != self._store.files:
            with self._lock:
                self._files = self._store.files
                for run in self._agenda.runs.values():
                    run.misplaced = True
                    self._agenda.touch(run)
        while (due := self._to_save()) is not None:
            self.save(due)

    def _to_save(self) -> Run | None:
        with self._lock:
            return self._agenda.to_save(self._clock())

    def save(self, run: Run) -> None:
        """Bring the store up to date with a run; a run that cannot be saved is paused and says so."""
        with self._saving:
            try:
                self._save(run)
            finally:                    # whatever has come of it
                with self._lock:
                    self._agenda.touch(run)

    def _save(self, run: Run) -> None:
        with self._lock:
            if not (run.changed and self._agenda.keeps(run)):
                return
            facts, slices = run.facts, tuple(run.unsaved)
            whole = _all_of(run) if run.misplaced else None
        started = time.perf_counter()
        try:
            snapshots = _write(self._store, facts, slices, whole)
        except Unavailable as refusal:
            log.error("Run %s cannot be saved: %s", facts.id, refusal)
            with self._lock:
                run.hold(refusal, self._clock())
            return
        with self._lock:
            if snapshots is not None:
                # All runs are saved by this one thread: their saves together must leave it time for slices.
                took = (time.perf_counter() - started) * max(1, self._agenda.waiting())
                run.saved(facts, len(slices), snapshots, self._clock(), took)
            elif self._files != self._store.files:      # just now: the new file does not know it, and is to
                run.misplaced = True
            else:                   # another server has gone on with it: its history counts
                self._agenda.drop(facts.id)

    def reset(self, run: Run) -> None:
        """Take a run back to before its first update, paused, in the store as well.

        Raises:
            Refusal: it cannot be done now.
        """
        with self._saving:
            with self._lock:
                facts = run.as_new()
            kept = self._store.reset(facts)
            with self._lock:
                if kept:
                    run.reset(facts)
                else:
                    self._agenda.drop(facts.id)
                    raise Refusal("The run {run} has changed in the meantime. Look at it again.", run=facts.id)

    def read_state(self, run: Run) -> None:
        """Have the state of a run in memory again, which has been left to the store."""
        with self._saving:              # the store is now as the run knows it
            with self._lock:
                facts = run.facts
            try:
                state = self._store.state(facts)
            except (Unavailable, Unreadable) as refusal:
                log.error("Run %s cannot be read: %s", facts.id, refusal)
                with self._lock:
                    run.hold(refusal, self._clock())    # one that rests is asked for again at the next look
                return
            with self._lock:
                if state is None and self._agenda.keeps(run):
                    self._agenda.drop(facts.id)         # another server has gone on with it: its history counts
                elif state is not None:
                    run.state = state
                    self._agenda.queue.rejoin(run, facts.owner)


def _all_of(run: Run) -> StoredRun:
    """Return all of a run that is in memory, as it is now."""
    return StoredRun(run.facts, run.begun, run.view, run.losses.array.copy(), run.evaluations.array.copy(),
                     run.snapshots, run.trained_on, run.state)


def _write(store: Store, facts: RunFacts, slices: Sequence[Slice], whole: StoredRun | None) -> np.ndarray | None:
    """Bring the store up to date with a run, see :meth:`Store.save`.

    Args:
        store: where it is kept.
        facts: where the run stands.
        slices: what happened since the last save.
        whole: all of the run, when the file of the database may not know it; None: the last save is in it.

    Raises:
        Unavailable: it cannot be saved, whatever the reason: the other runs are to be saved all the same.
    """
    try:
        if whole is None:
            return store.save(facts, slices)
        if whole.begun and whole.state is None:     # it had been left to the old file: what the new one has counts
            log.warning("What run %s goes on from is in no file any more", facts.id)
            return None
        return store.restore(whole, [shot for piece in slices for shot in piece.records.snapshots])
    except Unavailable:
        raise
    except Exception as error:
        log.exception("Run %s cannot be saved", facts.id)
        raise Unavailable(OTHERWISE, cause=f"{type(error).__name__}: {error}") from error
