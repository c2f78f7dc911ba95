"""How SQLite is set up on every connection."""

from __future__ import annotations

from typing import Any

BUSY_SECONDS = 5                # how long a statement waits for another one's lock
JOURNAL_BYTES = 64_000_000      # to which SQLite cuts its journal when all of it has been taken over


def tune_sqlite(connection: Any, _record: Any) -> None:
    """Let readers and the writer go on side by side, and wait for a lock instead of failing."""
    for pragma in (f"busy_timeout={BUSY_SECONDS * 1000}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON",
                   f"journal_size_limit={JOURNAL_BYTES}"):
        connection.execute(f"PRAGMA {pragma}")
