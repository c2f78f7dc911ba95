"""What was read of the classes a moment ago: sixty tabs that are told the same news at once read it once."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from lstm_core import limits

T = TypeVar("T")

SECONDS = 0.5           # for which it is good: another server may have changed it in the same database


class Recent:
    """What was read a moment ago; safe to use from several threads.

    It lies in shelves, which are emptied when it changes. Who began to read before that lays what is out of date on a
    shelf that nobody looks at any more.
    """

    def __init__(self) -> None:
        self._shelves: dict[Hashable, dict[Hashable, tuple[float, Any]]] = {}
        self._lock = Lock()

    def get(self, shelf: Hashable, name: Hashable, read: Callable[[], T]) -> T:
        """Return what was read a moment ago, else read it now.

        Args:
            shelf: with which it becomes out of date.
            name: on the shelf.
            read: returns it; what is None is read again each time.
        """
        with self._lock:
            if len(self._shelves) > 3 * limits.CLASSES:         # of classes that have ended, or never were
                self._shelves.clear()
            there = self._shelves.setdefault(shelf, {})
        until, kept = there.get(name, (0.0, None))
        if time.monotonic() < until:
            known: T = kept
            return known
        found = read()
        if found is not None:
            there[name] = time.monotonic() + SECONDS, found
        return found

    def forget(self, shelf: Hashable) -> None:
        """Empty a shelf: what lies there has changed."""
        with self._lock:
            self._shelves.pop(shelf, None)
