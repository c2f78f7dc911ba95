"""Who is here: since when, and from which address."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock

from lstm_core.storage.schema import EXAMPLE_OWNER

EXAMPLES = 1 / 10       # weight of the finished examples, as if from an address of their own: they come last
NEW = 1 / 4             # weight of somebody who has just come: names cost nothing, so a script may have many
KNOWN_AFTER = 60.0      # seconds after which somebody weighs 1
REMEMBERED = 10_000     # people remembered, those that were seen last


class People:
    """Everybody who was seen lately. Thread-safe.

    Args:
        clock: seconds that never go back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, tuple[float, str]] = OrderedDict()     # since when, and from where
        self._lock = Lock()

    def see(self, owner: str, address: str) -> None:
        """Take note that somebody is here, and from where."""
        with self._lock:
            since, _before = self._seen.pop(owner, (self._clock(), ""))
            self._seen[owner] = since, address
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def address(self, owner: str) -> str:
        """Return from where somebody came last; all those who are not here are together at one address, "".

        The examples, which nobody asked for, are by themselves.
        """
        if owner == EXAMPLE_OWNER:
            return EXAMPLE_OWNER
        with self._lock:
            return self._seen.get(owner, (0.0, ""))[1]

    def weight(self, owner: str) -> float:
        """Return how much somebody counts beside others at their address: NEW at first, and more until it is 1."""
        with self._lock:
            seen = self._seen.get(owner)
        return NEW if seen is None else min(1.0, NEW + (1 - NEW) * (self._clock() - seen[0]) / KNOWN_AFTER)

    def address_weight(self, address: str, owners: Iterable[str]) -> float:
        """Return how much an address with these people counts: the square root of their sum, but 1 at least."""
        return EXAMPLES if address == EXAMPLE_OWNER else math.sqrt(max(1.0, sum(map(self.weight, owners))))
