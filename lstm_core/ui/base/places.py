"""How much somebody may have going on at one time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Places:
    """So many places for each name. Not thread-safe.

    Args:
        room: places of one name.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._taken: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many are taken, of all names together."""
        return self._taken.total()

    def full(self, name: str) -> bool:
        """Tell whether all places of a name are taken."""
        return self._taken[name] >= self._room

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Take one for as long as the block lasts."""
        self._taken[name] += 1
        try:
            yield
        finally:
            self._taken[name] -= 1
            if not self._taken[name]:
                del self._taken[name]
