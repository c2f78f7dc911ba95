"""What people have done in the course, kept in the database: one row for each person, whose content is opaque here."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.storage.database import Database, Unavailable
from lstm_core.storage.reading import moment, read
from lstm_core.storage.schema import courses

LOOKED_EVERY = 3600.0       # seconds: a look at a course that was touched within them writes nothing

_OF = courses.c


@dataclass(frozen=True)
class StoredCourse:
    """What is kept of a person's course."""

    progress: str               # JSON; empty: nothing is kept
    revision: int               # number of times it was kept; 0: never


class CourseStore:
    """The courses in a database; every method may raise Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, owner: str) -> StoredCourse:
        """Return a person's course, whose age counts from now.

        Raises:
            Unreadable: another program has written something else there.
        """
        query = sql.select(courses).where(_OF.owner == owner)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return StoredCourse("", 0)
        found = read(owner, lambda: _from_row(row))
        now, touched = time.time(), moment(row.touched)
        if touched is None or not now - LOOKED_EVERY < touched <= now:      # the clock may have been set back
            with suppress(Unavailable), self._database.writing() as connection:     # it can be looked at all the same
                connection.execute(courses.update().where(_OF.owner == owner).values(touched=now))
        return found

    def keep(self, owner: str, progress: str, revision: int) -> bool:
        """Keep a person's course, if it still is as it was read.

        Args:
            owner: whose.
            progress: all of it; what cannot be written as UTF-8 becomes a question mark.
            revision: that of the course it builds on. Once it is kept, the course has the next one.

        Returns:
            False when it has been kept or forgotten since: then nothing was changed.

        Raises:
            Refusal: it is larger than limits.COURSE_BYTES.
        """
        data = progress.encode(errors="replace")
        if len(data) > limits.COURSE_BYTES:
            raise Refusal("What is kept of one person's course may take {limit:,} bytes; yours would take {given:,}. "
                          "Shorten the answers in your own words.", limit=limits.COURSE_BYTES, given=len(data))
        values = {"touched": time.time(), "revision": revision + 1, "progress": data.decode()}
        with self._database.writing() as connection:        # each first statement writes, see Store
            if revision:
                known = (_OF.owner == owner) & (_OF.revision == revision)
                return connection.execute(courses.update().where(known).values(values)).rowcount == 1
            try:
                connection.execute(courses.insert().values(owner=owner, **values))
            except sql.exc.IntegrityError:      # there is one
                return False
            return True

    def forget(self, before: float, most: int) -> bool:
        """Delete some of the courses that nobody has touched for long, or that are too many, the oldest first.

        Args:
            before: seconds since 1970; those touched last before it go.
            most: how many are deleted at a time.

        Returns:
            False when there was none to delete.
        """
        surplus = sql.select(_OF.touched).order_by(_OF.touched.desc()).offset(limits.COURSES).limit(1)
        with self._database.reading() as connection:
            newest_to_go = moment(connection.execute(surplus).scalar())
            old = _OF.touched <= (before if newest_to_go is None else max(before, newest_to_go))
            oldest = sql.select(_OF.owner).where(old).order_by(_OF.touched).limit(most)
            owners = connection.execute(oldest).scalars().all()
        if not owners:
            return False
        with self._database.writing() as connection:        # unless somebody has looked at it in the meantime
            return connection.execute(courses.delete().where(_OF.owner.in_(owners), old)).rowcount > 0


def _from_row(row: sql.Row[Any]) -> StoredCourse:
    """Return the course of a row: SQLite keeps anything in any column."""
    if not isinstance(row.progress, str) or type(row.revision) is not int or row.revision < 1:
        raise TypeError("its course is no text with a revision")
    return StoredCourse(row.progress, row.revision)
