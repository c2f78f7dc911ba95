"""What many ask at once is read once, and nobody is told what has changed since."""

from __future__ import annotations

import threading
from itertools import count

import pytest

from lstm_core import limits
from lstm_core.classroom import recent
from lstm_core.classroom.recent import Recent


def test_what_was_read_a_moment_ago_is_not_read_again_until_it_has_changed() -> None:
    kept, reads = Recent(), count(1)
    assert [kept.get("ABCDE", "room", lambda: next(reads)) for _tab in range(60)] == [1] * 60
    assert kept.get("FGHJK", "room", lambda: next(reads)) == 2
    kept.forget("ABCDE")
    assert kept.get("ABCDE", "room", lambda: next(reads)) == 3
    assert kept.get("FGHJK", "room", lambda: next(reads)) == 2


def test_it_is_read_again_after_a_moment_as_another_server_may_have_changed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "SECONDS", 0.0)
    kept, reads = Recent(), count(1)
    assert [kept.get("ABCDE", "room", lambda: next(reads)) for _look in range(2)] == [1, 2]


def test_what_is_not_there_is_looked_for_each_time() -> None:
    kept, found = Recent(), iter([None, None, "a class"])
    assert [kept.get("ABCDE", "room", lambda: next(found)) for _look in range(3)] == [None, None, "a class"]


def test_who_began_to_read_before_a_change_tells_nobody_else() -> None:
    kept, reading, changed = Recent(), threading.Event(), threading.Event()

    def slowly() -> str:
        reading.set()
        assert changed.wait(10)
        return "before"

    reader = threading.Thread(target=kept.get, args=("ABCDE", "room", slowly))
    reader.start()
    assert reading.wait(10)
    kept.forget("ABCDE")
    changed.set()
    reader.join(10)
    assert kept.get("ABCDE", "room", lambda: "after") == "after"


def test_codes_that_are_guessed_fill_no_memory() -> None:
    kept = Recent()
    for guess in range(10 * limits.CLASSES):
        kept.get(guess, "room", lambda: None)
    assert len(kept._shelves) <= 3 * limits.CLASSES + 1
