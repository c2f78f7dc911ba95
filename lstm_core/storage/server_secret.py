"""What only this server knows: random bytes under a name, kept in its database so that they survive a restart."""

from __future__ import annotations

import secrets as random
from contextlib import suppress

import sqlalchemy as sql

from lstm_core.storage.database import Database
from lstm_core.storage.schema import secrets

BYTES = 32


def server_secret(database: Database, name: str) -> bytes:
    """Return the secret of that name; the first call makes it. Servers that share a database share it.

    Raises:
        Unavailable: the database does not answer.
    """
    found = _read(database, name)
    if found is None:
        with database.writing() as connection, suppress(sql.exc.IntegrityError):    # another server may be faster
            connection.execute(secrets.insert().values(name=name, value=random.token_bytes(BYTES)))
        found = _read(database, name)
    assert found is not None
    return found


def _read(database: Database, name: str) -> bytes | None:
    query = sql.select(secrets.c.value).where(secrets.c.name == name)
    with database.reading() as connection:
        found: bytes | None = connection.execute(query).scalar_one_or_none()
    return found
