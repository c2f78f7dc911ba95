"""What a worker keeps of what was sent to it, and what it asks for again."""

from __future__ import annotations

from contextlib import suppress

import pytest

from lstm_core import limits
from lstm_core.data import Missing, digest
from lstm_core.learning import worker_cache

BLOBS = [bytes([number]) * 100 for number in range(4)]


def kept() -> list[int]:
    """The numbers of the blobs that the worker still has."""
    found = []
    for number, blob in enumerate(BLOBS):
        with suppress(Missing):
            assert worker_cache.get(digest(blob)) == blob
            found.append(number)
    return found


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_cache, "_blobs", {})


def test_what_was_sent_longest_ago_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SERIES_CACHED", 2)
    for number in (0, 1):
        worker_cache.put(BLOBS[number])
    worker_cache.put(BLOBS[0])                      # sent once more: now 1 is the older one
    assert kept() == [0, 1]
    worker_cache.put(BLOBS[2])
    assert kept() == [0, 2]


def test_blobs_have_room_in_bytes_and_the_newest_stays_whatever_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CACHED_BYTES", 300)
    for blob in BLOBS[:3]:
        worker_cache.put(blob)
    assert kept() == [0, 1, 2]
    worker_cache.put(BLOBS[3])
    assert kept() == [1, 2, 3]
    large = bytes(1000)
    worker_cache.put(large)
    assert kept() == []
    with pytest.raises(Missing) as missing:
        worker_cache.get(digest(BLOBS[0]))
    assert missing.value.digest == digest(BLOBS[0])
    assert worker_cache.get(digest(large)) == large
