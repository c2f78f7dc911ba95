"""Waiting for a run in a lab, in time that can be made to pass, and comparing what came out with an undisturbed run."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

from lstm_core.records import Slice
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.running.run_view import RunView
from lstm_core.storage.schema import curve
from lstm_core.storage.store import Store

WAIT = 20


class Clock:
    """Time that can be made to pass."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.monotonic() + self.ahead


def until(condition: Callable[[], bool], seconds: float = WAIT) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


def ended(lab: Lab, run: str, status: str = "done") -> RunView:
    until(lambda: lab.view(run).status in ("done", "stopped", "failed", "paused") and settled(lab, run))
    view = lab.view(run)
    assert view.status == status, view.reason
    return view


def settled(lab: Lab, run: str) -> bool:
    """No slice of a run is under way."""
    return lab.view(run).place is None


def kept(store: Store, run: str, update: int) -> bytes:
    """The state of a run in the store, which follows the lab by a moment."""
    until(lambda: (facts := store.facts(run)) is not None and facts.update == update)
    facts = store.facts(run)
    assert facts is not None
    state = store.state(facts)
    assert state is not None
    return state


def same(store: Store, view: RunView, whole: Slice) -> None:
    """A run has ended with exactly what one undisturbed go gives."""
    assert kept(store, view.id, whole.update) == whole.state
    assert view.losses.tobytes() == whole.records.losses.tobytes()
    assert view.evaluations.tobytes() == curve(whole.records.evaluations).tobytes()
    stored = store.load(view.id)
    assert stored is not None
    assert stored.losses.tobytes() == whole.records.losses.tobytes()
    assert stored.evaluations.tobytes() == view.evaluations.tobytes()
    assert set(stored.snapshots) == {s.update for s in whole.records.snapshots}


def kill(engine: LocalEngine) -> None:
    until(lambda: engine.pids[0] is not None)
    pid = engine.pids[0]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
