"""How often somebody may do something: a little at once, and then at a steady rate."""

from __future__ import annotations

import time
from collections.abc import Callable

MANY = 4096             # names above which those whose bucket is full again are forgotten


class TokenBuckets:
    """A bucket of tokens for each name: full at first, filled again at a steady rate. Not thread-safe.

    Args:
        rate: tokens per second that flow into each bucket.
        room: tokens that a bucket holds.
        clock: seconds that never go back.
    """

    def __init__(self, rate: float, room: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._room, self._clock = rate, room, clock
        self._full_at: dict[str, float] = {}        # when each bucket is full again; the others are full

    def wait(self, name: str, tokens: float = 1) -> float:
        """Return the seconds until there are so many tokens; more than the bucket holds count as all it holds."""
        missing = max(0.0, self._full_at.get(name, 0.0) - self._clock()) * self._rate
        return max(0.0, missing + min(tokens, self._room) - self._room) / self._rate

    def take(self, name: str, tokens: float = 1) -> float:
        """Take so many tokens and return 0; when there are fewer, take none and return the seconds until there are."""
        if (wait := self.wait(name, tokens)) > 0:
            return wait
        now = self._clock()
        self._full_at[name] = max(now, self._full_at.get(name, 0.0)) + tokens / self._rate
        if len(self._full_at) > MANY:
            self._full_at = {name: full for name, full in self._full_at.items() if full > now}
        return 0.0

    def give_back(self, name: str, tokens: float = 1) -> None:
        """Put back tokens that were taken for something that does not count."""
        if name in self._full_at:
            self._full_at[name] -= tokens / self._rate
