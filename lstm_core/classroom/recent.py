"""What was read of the classes a moment ago: sixty tabs that are told the same news at once read it once."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Literal, TypeVar

from lstm_core import limits
from lstm_core.classroom import classroom as of_class
from lstm_core.classroom.classroom import Classroom
from lstm_core.storage.classes import ClassStore, Learner, StoredClass

T = TypeVar("T")

News = Literal["room", "people", "answers"]
"""What has changed in a class: what the teacher has decided, who is there and where, or what has been answered."""

STALE: dict[News, tuple[News, ...]] = {"room": ("room", "people", "answers"), "people": ("people", "answers"),
                                       "answers": ("answers",)}
"""What was read a moment ago and is out of date with the news: who leaves takes answers along."""

SECONDS = 0.5           # for which it is good: another server may have changed it in the same database


class Recent:
    """What was read a moment ago; safe to use from several threads.

    It lies on shelves, which are emptied when it changes. Who began to read before that lays what is out of date on a
    shelf that nobody looks at any more; so all that is computed of what was read belongs into ``read``.
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


class Reader:
    """What the store has of the classes, as of a moment ago at most; safe to use from several threads."""

    def __init__(self, store: ClassStore) -> None:
        self._store = store
        self._recent = Recent()

    def forget(self, code: str, news: News) -> None:
        """Read anew what is out of date with the news."""
        for stale in STALE[news]:
            self._recent.forget((code, stale))

    def of(self, code: str) -> tuple[StoredClass, Classroom] | None:
        """Return a class, and what its teacher has decided; None: there is none with this code."""
        def read() -> tuple[StoredClass, Classroom] | None:
            found = self._store.load(code)
            return None if found is None else (found, of_class.from_json(found.state))

        return self._recent.get((code, "room"), "class", read)

    def learners(self, code: str) -> list[Learner]:
        """Return all who are in a class, in the order of joining."""
        return self._recent.get((code, "people"), "learners", lambda: self._store.learners(code))

    def learner(self, code: str, owner: str) -> Learner | None:
        """Return who somebody is in a class; None: they are not in it. Who has just come is known at once."""
        known = next((one for one in self.learners(code) if one.owner == owner), None)
        return self._store.learner(code, owner) if known is None else known

    def answers(self, code: str, item: int, vote: int) -> dict[str, str]:
        """Return all answers of one vote as they are kept: by owner, as JSON."""
        return self._recent.get((code, "answers"), (item, vote), lambda: self._store.answers(code, item, vote))
