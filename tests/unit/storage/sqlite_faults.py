"""Faults that SQLite itself meets: a full disk, a file that may only be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sql

from lstm_core.storage.store import Store


@contextmanager
def every_connection(store: Store, *pragmas: str) -> Iterator[None]:
    """Have SQLite itself meet the fault on every connection of a store."""
    def arrange(connection: Any, *_: Any) -> None:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    sql.event.listen(store._database, "checkout", arrange)
    try:
        yield
    finally:
        sql.event.remove(store._database, "checkout", arrange)
        store._database.dispose()
