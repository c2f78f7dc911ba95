"""What was made last, kept at hand: so many results, and so many bytes of them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import update_wrapper
from threading import Lock
from typing import Generic, TypeVar

import numpy as np

from lstm_core import limits

T = TypeVar("T")


class SizedCache(Generic[T]):
    """A function that keeps its latest results as long as there is room for them; the newest always stays.

    Thread-safe. What raises is not kept.
    """

    def __init__(self, make: Callable[..., T]) -> None:
        update_wrapper(self, make)
        self._make = make
        self._kept: OrderedDict[tuple[Hashable, ...], tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def __call__(self, *key: Hashable) -> T:
        """Return the result for these arguments."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made = self._make(*key)
        with self._lock:
            self._kept[key] = made, size(made)
            while len(self._kept) > 1 and (len(self._kept) > limits.SERIES_CACHED or self.bytes > limits.CACHED_BYTES):
                self._kept.popitem(last=False)
        return made

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """Return the bytes of all that is kept."""
        return sum(size for _, size in self._kept.values())


def size(made: object) -> int:
    """Return the bytes of the arrays in a series or in samples."""
    if isinstance(made, dict):
        return sum(map(size, made.values()))
    return made.nbytes if isinstance(made, np.ndarray) else sum(map(size, getattr(made, "__dict__", {}).values()))
