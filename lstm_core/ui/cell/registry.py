"""Who may see the inside of which network: a page registers it, and the browser asks for it by a token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np

from lstm_core import limits
from lstm_core.inside.interventions import Intervention
from lstm_core.spec import RunSpec


@dataclass(frozen=True, eq=False)
class Seen:
    """What is to be seen: a network, at the moments of its training, while it reads one sequence."""

    run: str
    spec: RunSpec
    x: np.ndarray                   # (T, F) float32 scaled, or (T,) symbols
    interventions: tuple[Intervention, ...] = ()
    owner: str = ""                 # who looks


class Registry:
    """What all browsers may ask for now. Thread-safe.

    When there is no room, whoever has most of it loses what they have not used for longest: nobody can push out what
    others look at by looking at ever more.

    The same content has the same token as long as the server lives, so that a page that runs again leaves what the
    browser already has valid; nobody who does not know the server's secret can guess it.

    Args:
        room: entries kept at most.
        seconds: after which an unused entry expires.
        clock: seconds that never go back.
    """

    def __init__(self, room: int = limits.CELL_VIEWS, seconds: float = limits.CELL_VIEW_SECONDS,
                 clock: Callable[[], float] = time.monotonic) -> None:
        self._room, self._seconds, self._clock = room, seconds, clock
        self._secret = secrets.token_bytes(32)
        self._entries: OrderedDict[str, tuple[float, Seen]] = OrderedDict()     # the longest unused first
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def register(self, seen: Seen) -> str:
        """Keep what is to be seen and return its token; snapshots that have come since replace the earlier list."""
        content = hmac.new(self._secret, repr((seen.run, seen.spec, seen.x.dtype.str, seen.x.shape,
                                               seen.interventions, seen.owner)).encode(), hashlib.sha256)
        content.update(np.ascontiguousarray(seen.x).tobytes())
        token = content.hexdigest()[:32]
        with self._lock:
            self._keep(token, seen)
            while len(self._entries) > self._room:
                shares = Counter(kept.owner for _, kept in self._entries.values())
                most = max(shares.values())
                del self._entries[next(token for token, (_, kept) in self._entries.items()
                                       if shares[kept.owner] == most)]
        return token

    def find(self, token: str) -> Seen | None:
        """Return what belongs to a token; None when it is not, or no longer, known."""
        with self._lock:
            self._expire()
            entry = self._entries.get(token)
            if entry is None:
                return None
            self._keep(token, entry[1])
            return entry[1]

    def _keep(self, token: str, seen: Seen) -> None:
        self._entries[token] = (self._clock(), seen)
        self._entries.move_to_end(token)

    def _expire(self) -> None:
        oldest = self._clock() - self._seconds
        while self._entries and next(iter(self._entries.values()))[0] < oldest:
            self._entries.popitem(last=False)
