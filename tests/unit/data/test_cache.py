"""What is kept at hand, and which of it is forgotten first."""

from __future__ import annotations

import numpy as np
import pytest

from lstm_core import limits
from lstm_core.data import Series
from lstm_core.data.cache import SizedCache, size


def test_what_was_not_asked_for_for_longest_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SERIES_CACHED", 3)
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    cache = SizedCache(make)
    for name in ("a", "b", "c", "a", "d"):          # asking for a again spares it, so that b goes
        assert cache(name) == name
    assert (made, len(cache)) == (["a", "b", "c", "d"], 3)
    for name in ("a", "c", "d"):
        cache(name)
    assert made == ["a", "b", "c", "d"]
    cache("b")
    cache("a")                                      # the oldest by now
    assert made == ["a", "b", "c", "d", "b", "a"]


def test_as_many_bytes_as_allowed_are_kept_and_not_one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CACHED_BYTES", 1000)
    cache = SizedCache(lambda count: np.zeros(count, np.uint8))
    cache(400)
    cache(600)
    assert (len(cache), cache.bytes) == (2, 1000)
    cache(1)
    assert (len(cache), cache.bytes) == (2, 601)


def test_the_bytes_of_what_was_made_are_those_of_its_arrays() -> None:
    series = Series(("a",), np.zeros((10, 1)), np.arange(10))
    assert size({"one": series, "two": np.zeros(3, np.float32)}) == 10 * 8 + 10 * 8 + 3 * 4
