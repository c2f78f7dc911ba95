"""Classes kept in the database: what the teacher has decided, who is there, and what they answer.

Each answer is a row of its own, so that thirty people who answer in the same second never overwrite each other.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sql

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.storage.database import Database
from lstm_core.storage.reading import moment, read
from lstm_core.storage.schema import answers, classes, learners, teachers

TRIES = 5               # to find a number for somebody who joins, as others may do so in the same moment

_OF, _TEACHES, _WHO, _SAID = classes.c, teachers.c, learners.c, answers.c


@dataclass(frozen=True)
class StoredClass:
    """A class as it is kept."""

    code: str
    teacher: str                # hash of the secret that makes a browser a teacher's
    key: str                    # what a link to it has besides the code
    created: float              # seconds since 1970
    revision: int               # number of times its state was kept
    state: str                  # JSON


@dataclass(frozen=True)
class Learner:
    """Somebody in a class."""

    owner: str
    number: int                 # in the order of joining, from 1
    name: str
    joined: float               # seconds since 1970
    seen: float
    place: str                  # page of the lab, and its query


class ClassStore:
    """The classes in a database; every method may raise Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- the class -----------------------------------------------------------------------------------------

    def open(self, code: str, teacher: str, key: str, state: str) -> bool:
        """Keep a new class; False when there is one with this code.

        Raises:
            Refusal: there are as many classes as may be.
        """
        with self._database.writing() as connection:        # each first statement writes, see Store
            try:
                connection.execute(classes.insert().values(
                    code=code, teacher=teacher, key=key, created=time.time(), revision=1, state=state))
            except sql.exc.IntegrityError:
                return False
            if connection.execute(sql.select(sql.func.count()).select_from(classes)).scalar_one() > limits.CLASSES:
                raise Refusal("There are {limit} classes on this server now, which is as many as may be. Try again "
                              "when one of them has ended.", limit=limits.CLASSES)
            return True

    def load(self, code: str) -> StoredClass | None:
        """Return a class; None: there is none with this code.

        Raises:
            Unreadable: another program has written something else there.
        """
        with self._database.reading() as connection:
            row = connection.execute(sql.select(classes).where(_OF.code == code)).one_or_none()
        return None if row is None else read(code, lambda: _class(row))

    def keep(self, code: str, state: str, revision: int) -> bool:
        """Keep what the teacher has decided, if it builds on the revision that is kept; False: it does not."""
        known = (_OF.code == code) & (_OF.revision == revision)
        with self._database.writing() as connection:
            return connection.execute(
                classes.update().where(known).values(state=state, revision=revision + 1)).rowcount == 1

    def set_secret(self, code: str, teacher: str) -> None:
        """Keep the hash of another secret: the one before makes nobody a teacher any more."""
        with self._database.writing() as connection:
            connection.execute(classes.update().where(_OF.code == code).values(teacher=teacher))

    def end(self, code: str) -> bool:
        """Delete a class with its names and answers; False: there is none."""
        with self._database.writing() as connection:
            return connection.execute(classes.delete().where(_OF.code == code)).rowcount == 1

    def expire(self, before: float) -> bool:
        """Delete all classes that were opened before then (seconds since 1970); False: there are none."""
        with self._database.writing() as connection:
            return connection.execute(classes.delete().where(_OF.created < before)).rowcount > 0

    # -- its teachers --------------------------------------------------------------------------------------

    def let_teach(self, code: str, owner: str) -> None:
        """Let a browser do what a teacher does."""
        with self._database.writing() as connection, suppress(sql.exc.IntegrityError):      # it may already
            connection.execute(teachers.insert().values(code=code, owner=owner))

    def teaches(self, code: str, owner: str) -> bool:
        """Tell whether a browser may do what the teacher of a class does."""
        query = sql.select(teachers).where(_TEACHES.code == code, _TEACHES.owner == owner)
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none() is not None

    def of(self, owner: str) -> list[str]:
        """Return the codes of the classes in which somebody is, those that they teach first, then the newest first."""
        taught = sql.select(_TEACHES.code).join(classes, _OF.code == _TEACHES.code).where(
            _TEACHES.owner == owner).order_by(_OF.created.desc())
        attended = sql.select(_WHO.code).where(_WHO.owner == owner).order_by(_WHO.joined.desc())
        with self._database.reading() as connection:
            return list(dict.fromkeys(row.code for query in (taught, attended) for row in connection.execute(query)))

    # -- its learners --------------------------------------------------------------------------------------

    def join(self, code: str, owner: str, name: str) -> Learner:
        """Let somebody in, or return who they are already.

        Raises:
            Refusal: there is no such class, the name is taken, or the class is full.
        """
        for _try in range(TRIES):
            if (known := self.learner(code, owner)) is not None:
                return known
            if self._joined(code, owner, name):
                continue
            there = self.learners(code)
            if any(learner.name == name for learner in there):
                raise Refusal("{name} is taken in this class. Choose another name.", name=name)
            if len(there) >= limits.CLASS_LEARNERS:
                raise Refusal("This class has {limit} learners, which is as many as may be.",
                              limit=limits.CLASS_LEARNERS)
            if self.load(code) is None:
                raise Refusal("There is no class {code}: it has ended, or the code is another one.", code=code)
        raise Refusal("So many join at this moment that there was no place. Try again.")

    def _joined(self, code: str, owner: str, name: str) -> bool:
        """Add a row with the next number, which nobody else has; False: it was not to be."""
        now = time.time()
        number = sql.func.coalesce(sql.func.max(_WHO.number), 0) + 1
        row = sql.select(
            sql.literal(code), sql.literal(owner), number, sql.literal(name), sql.literal(now), sql.literal(now),
            sql.literal("")).where(_WHO.code == code).having(sql.func.count() < limits.CLASS_LEARNERS)
        names = [column.name for column in learners.columns]
        with self._database.writing() as connection:
            try:
                return connection.execute(learners.insert().from_select(names, row)).rowcount == 1
            except sql.exc.IntegrityError:      # the name or the number is taken, or there is no such class
                return False

    def learner(self, code: str, owner: str) -> Learner | None:
        """Return somebody in a class; None: they are not in it."""
        query = sql.select(learners).where(_WHO.code == code, _WHO.owner == owner)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _learner(row)

    def learners(self, code: str) -> list[Learner]:
        """Return all who are in a class, in the order of joining."""
        query = sql.select(learners).where(_WHO.code == code).order_by(_WHO.number)
        with self._database.reading() as connection:
            return [_learner(row) for row in connection.execute(query)]

    def see(self, code: str, owner: str, place: str) -> None:
        """Note where in the lab somebody is now."""
        who = (_WHO.code == code) & (_WHO.owner == owner)
        with self._database.writing() as connection:
            connection.execute(learners.update().where(who).values(seen=time.time(), place=place))

    def leave(self, code: str, number: int) -> bool:
        """Let somebody go, with all that they have answered; False: nobody has the number."""
        who = (_WHO.code == code) & (_WHO.number == number)
        with self._database.writing() as connection:
            owner = sql.select(_WHO.owner).where(who).scalar_subquery()
            connection.execute(answers.delete().where(_SAID.code == code, _SAID.owner == owner))
            return connection.execute(learners.delete().where(who)).rowcount == 1

    def rename(self, code: str, number: int, name: str) -> bool:
        """Give somebody another name; False: nobody has the number, or another has the name."""
        who = (_WHO.code == code) & (_WHO.number == number)
        with self._database.writing() as connection:
            try:
                return connection.execute(learners.update().where(who).values(name=name)).rowcount == 1
            except sql.exc.IntegrityError:
                return False

    # -- their answers -------------------------------------------------------------------------------------

    def answer(self, code: str, item: int, vote: int, owner: str, answer: str) -> None:
        """Keep somebody's answer, in place of the one they gave before.

        Raises:
            Refusal: they are not in this class.
        """
        values = {"answer": answer, "given": time.time()}
        of = (_SAID.code == code) & (_SAID.item == item) & (_SAID.vote == vote) & (_SAID.owner == owner)
        with self._database.writing() as connection:
            if connection.execute(answers.update().where(of).values(values)).rowcount:
                return
            there = sql.select(
                sql.literal(code), sql.literal(item), sql.literal(vote), sql.literal(owner), sql.literal(answer),
                sql.literal(values["given"])).where(_WHO.code == code, _WHO.owner == owner)
            if not connection.execute(answers.insert().from_select(
                    [column.name for column in answers.columns], there)).rowcount:
                raise Refusal("You are not in this class any more. Join it again.")

    def answers(self, code: str, item: int, vote: int) -> dict[str, str]:
        """Return all answers to a question in one vote: by owner, as JSON."""
        query = sql.select(_SAID.owner, _SAID.answer).where(
            _SAID.code == code, _SAID.item == item, _SAID.vote == vote).order_by(_SAID.given)
        with self._database.reading() as connection:
            return {row.owner: row.answer for row in connection.execute(query)}


def _class(row: sql.Row[Any]) -> StoredClass:
    """Return the class of a row: SQLite keeps anything in any column."""
    if not isinstance(row.state, str) or type(row.revision) is not int or moment(row.created) is None:
        raise TypeError("its state is no text with a revision and a date")
    return StoredClass(**row._mapping)


def _learner(row: sql.Row[Any]) -> Learner:
    return Learner(**{name: value for name, value in row._mapping.items() if name != "code"})
