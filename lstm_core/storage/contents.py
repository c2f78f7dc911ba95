"""What several runs share: a copy names the states and weights of its original instead of repeating them.

A run that was never copied has its bytes in its own rows, which costs its saves nothing. The first copy moves them.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql

from lstm_core.data import digest
from lstm_core.storage.database import Database
from lstm_core.storage.schema import contents, snapshots, states

SMALLEST = 1000             # bytes: what is smaller is repeated


def whole(column: sql.Column[bytes]) -> sql.Label[bytes]:
    """Return the bytes of a row that is joined with the table of contents, wherever they stand."""
    return sql.func.coalesce(contents.c.data, column, type_=column.type).label(column.name)


def share(database: Database, run: str, now: float) -> None:
    """Move the state and the weights of a run among what may be shared, a row at a time.

    Args:
        database: where the run is.
        run: its id.
        now: seconds since 1970.
    """
    size = sql.func.length
    with database.reading() as connection:
        mine = snapshots.c.run == run
        updates = connection.execute(sql.select(snapshots.c.update).where(
            mine, snapshots.c.content.is_(None), size(snapshots.c.weights) >= SMALLEST)).scalars().all()
    for update in updates:
        _move(database, snapshots.c.weights, mine & (snapshots.c.update == update), b"", now)
    _move(database, states.c.state, (states.c.run == run) & (size(states.c.state) >= SMALLEST), None, now)


def _move(database: Database, column: sql.Column[bytes], where: sql.ColumnElement[bool], empty: bytes | None,
          now: float) -> None:
    """Move the bytes of one row, unless it has got others in the meantime."""
    with database.reading() as connection:
        data = connection.execute(sql.select(column).where(where, column.table.c.content.is_(None))).scalar()
    if not data:
        return
    key, rows = digest(data), column.table
    with database.writing() as connection:
        keep(connection, key, data, now)
        connection.execute(sql.update(rows).where(where, column == data).values({column: empty, "content": key}))


def keep(connection: sql.Connection, key: str, data: bytes, now: float) -> None:
    """Keep bytes under their hash; the same are kept once, and are as good as new."""
    connection.execute(contents.update().where(contents.c.digest == key).values(created=now))
    row = {"digest": key, "data": data, "created": now}
    new = sql.select(*(sql.literal(value, contents.c[name].type) for name, value in row.items()))
    connection.execute(contents.insert().from_select(
        list(row), new.where(~sql.exists().where(contents.c.digest == key))))


def renew(connection: sql.Connection, run: str, now: float) -> None:
    """Write down that what a run shares is in use now."""
    connection.execute(contents.update().where(contents.c.digest.in_(named_by([run]))).values(created=now))


def named_by(runs: Any) -> sql.CompoundSelect[Any]:
    """Return the hashes of all that some runs share."""
    return sql.union(*(sql.select(each.c.content).where(each.c.run.in_(runs), each.c.content.is_not(None))
                       for each in (states, snapshots)))


def unnamed(before: float, most: int) -> sql.Select[Any]:
    """Return the hashes of what no run names any more and was shared last before a moment."""
    return sql.select(contents.c.digest).where(_forgotten(before)).limit(most)


def drop(connection: sql.Connection, keys: Any, before: float) -> None:
    """Delete those of some contents that no run names and that were shared last before a moment."""
    connection.execute(contents.delete().where(contents.c.digest.in_(keys), _forgotten(before)))


def _forgotten(before: float) -> sql.ColumnElement[bool]:
    named = (sql.exists().where(each.c.content == contents.c.digest) for each in (states, snapshots))
    return (contents.c.created < before) & ~sql.or_(*named)
