"""What is written of a run: what it has done since the last save, or all of it into another file of the database."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import numpy as np

from lstm_core.records import Slice
from lstm_core.running.run import Run
from lstm_core.storage.database import OTHERWISE, Unavailable
from lstm_core.storage.schema import RunFacts, StoredRun
from lstm_core.storage.store import Store

log = logging.getLogger(__name__)


def all_of(run: Run) -> StoredRun:
    """Return all of a run that is in memory, as it is now."""
    return StoredRun(run.facts, run.begun, run.view, run.losses.array.copy(), run.evaluations.array.copy(),
                     run.snapshots, run.trained_on, run.state)


def write(store: Store, facts: RunFacts, slices: Sequence[Slice], whole: StoredRun | None) -> np.ndarray | None:
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
