"""What a run takes in memory, and its state, which may be left to the store until the run goes on."""

from __future__ import annotations

from lstm_core.data.cache import size
from lstm_core.running.run import Run


def size_of(run: Run) -> int:
    """Return the bytes that a run takes in memory."""
    return len(run.state or b"") + run.losses.nbytes + run.evaluations.nbytes + size(run.view)


def is_stored(run: Run) -> bool:
    """Tell whether the run goes on from a state that only the store has."""
    return run.begun and run.state is None


def drop_state(run: Run) -> None:
    """Leave the state to the store, if it has it, until the run goes on."""
    if not (run.changed or run.in_flight):
        run.state = None
