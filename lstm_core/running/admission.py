"""How many unfinished runs one person may have."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.running.dispatcher import Dispatcher
from lstm_core.storage.schema import EXAMPLE_OWNER, UNFINISHED
from lstm_core.storage.store import Store


class Admission:
    """Admits new unfinished runs, one at a time, as a script may ask for many at once."""

    def __init__(self, store: Store, dispatcher: Dispatcher) -> None:
        self._store, self._dispatcher = store, dispatcher
        self._turn = Lock()

    @contextmanager
    def room(self, owner: str) -> Iterator[None]:
        """Hold a place for one more unfinished run of this person. The examples are as many as they are.

        Raises:
            Refusal: they have as many as one person may have.
        """
        with self._turn:
            stored = self._store.unfinished(owner)
            with self._dispatcher.lock:         # which knows better than the store, where it knows a run
                live = {run.facts.id: run.facts.status for run in self._dispatcher.runs.values()
                        if run.facts.owner == owner}
            unfinished = len(stored - live.keys()) + sum(status in UNFINISHED for status in live.values())
            if unfinished >= limits.UNFINISHED_RUNS and owner != EXAMPLE_OWNER:
                raise Refusal("You have {limit} unfinished runs, which is as many as one person may have here. "
                              "Stop one of them first.", limit=limits.UNFINISHED_RUNS)
            yield
