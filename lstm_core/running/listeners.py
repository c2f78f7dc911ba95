"""Who wants to hear that there is something new to show of a run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock

Hear = Callable[[], None]

log = logging.getLogger(__name__)


class Listeners:
    """Those that listen to runs, by the run's id: whether the run is in memory makes no difference.

    Its methods may be called from any thread, ``tell`` without any lock held.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._hears: dict[str, dict[object, Hear]] = {}
        self._news: dict[str, None] = {}        # ids of runs with something new, in order

    def listen(self, run_id: str, hear: Hear) -> Callable[[], None]:
        """Have ``hear`` called by :meth:`tell` after each change of a run; return the function that ends this."""
        key = object()
        with self._lock:
            self._hears.setdefault(run_id, {})[key] = hear

        def stop() -> None:
            with self._lock:
                hears = self._hears.get(run_id, {})
                hears.pop(key, None)
                if not hears:
                    self._hears.pop(run_id, None)

        return stop

    def note(self, run_id: str) -> None:
        """Note that there is something new to show of a run."""
        if run_id in self._hears:
            with self._lock:
                self._news[run_id] = None

    @property
    def pending(self) -> bool:
        """Tell whether there is something to tell."""
        return bool(self._news)

    def tell(self) -> None:
        """Call those that listen to runs of which something was noted, each once."""
        if not self._news:
            return
        with self._lock:
            news, self._news = self._news, {}
            hears = [hear for run_id in news for hear in self._hears.get(run_id, {}).values()]
        for hear in hears:
            try:
                hear()
            except Exception:           # one that fails must not keep the others, or the runs, from going on
                log.exception("Somebody who listens to a run failed")
