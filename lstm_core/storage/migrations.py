"""Databases of earlier versions brought up to today's tables, one step for each version of the tables."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import sqlalchemy as sql
from sqlalchemy import Column, Float, LargeBinary, Text
from sqlalchemy.schema import CreateColumn

from lstm_core.errors import Refusal
from lstm_core.storage.schema import metadata, version

log = logging.getLogger(__name__)


def _complete(connection: sql.Connection) -> None:
    """Add the tables, columns and indexes that are lacking."""
    metadata.create_all(connection)
    inspector = sql.inspect(connection)
    for table in metadata.tables.values():
        known = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                connection.exec_driver_sql(_added(connection, table, column))
        for index in table.indexes:
            index.create(connection, checkfirst=True)


STEPS: tuple[Callable[[sql.Connection], None], ...] = (_complete, _complete, _complete)
"""The n-th step (from 0) takes a database from version n of the tables to version n + 1.

Version 0 are all databases that do not say theirs: those of Gatescope 0.1.0 and 0.2.0. Version 2 adds courses,
version 3 classes. A step that only adds tables, columns or indexes is :func:`_complete` once more; steps stay as they
are once they have been released.
"""

VERSION = len(STEPS)


def bring_up(database: sql.Engine) -> None:
    """Make the tables of a new database, bring up those of an older one, and leave those of today alone.

    What is damaged is found before anything is written. All steps together are one transaction.

    Raises:
        Refusal: the tables are of a later version.
        SQLAlchemyError: the database does not answer.
    """
    with database.connect() as connection:
        found = _version(connection)
        if found > VERSION:
            raise Refusal("The database was written by a newer version of Gatescope: its tables are of version "
                          "{found}, and this one knows them up to {known}. Whoever runs this server should install the "
                          "newer version again, or put the copy from before the upgrade in its place.",
                          found=found, known=VERSION)
        if _is_complete(connection) and found == VERSION:
            return
    with database.begin() as connection:
        if database.dialect.name == "sqlite":       # whose tables are else changed outside of the transaction
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        found = _version(connection)                # another server may have been faster
        for step in STEPS[found:] or (_complete,):
            step(connection)
        connection.execute(version.delete())
        connection.execute(version.insert().values(number=VERSION))
    if found:
        log.warning("The database lacked tables or columns, which have been added.")


def _version(connection: sql.Connection) -> int:
    """Return the version of the tables; 0 when they do not say."""
    if not sql.inspect(connection).has_table(version.name):
        return 0
    found = connection.execute(sql.select(sql.func.max(version.c.number))).scalar()
    return found if isinstance(found, int) else 0


def _is_complete(connection: sql.Connection) -> bool:
    """Tell whether nothing is lacking, and have a look into each table."""
    inspector = sql.inspect(connection)
    there, complete = set(inspector.get_table_names()), True
    for table in metadata.tables.values():
        if table.name not in there:
            complete = False
            continue
        known = {column["name"] for column in inspector.get_columns(table.name)}
        connection.execute(sql.select(*(column for column in table.columns if column.name in known)).limit(1)).all()
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        complete &= known >= set(table.columns.keys()) and indexes >= {index.name for index in table.indexes}
    return complete


def _added(connection: sql.Connection, table: sql.Table, column: Column[object]) -> str:
    """Return the statement that adds a column; where it must not be empty, older rows get the most harmless value."""
    quote = connection.dialect.identifier_preparer.quote
    told = str(CreateColumn(column).compile(dialect=connection.dialect))
    if not column.nullable:
        kind = column.type
        value = repr(time.time()) if column.name in ("created", "touched") else (
            "0" if isinstance(kind, Float | sql.Integer) else "''" if isinstance(kind, sql.String | Text) else "X''")
        if isinstance(kind, LargeBinary) and connection.dialect.name != "sqlite":
            value = "''"
        told += f" DEFAULT {value}"
    return f"ALTER TABLE {quote(table.name)} ADD COLUMN {told}"
