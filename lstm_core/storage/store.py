"""Runs kept in a database: what they are, where they stand and all they have recorded."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sql

from lstm_core import codec
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.records import Machine, Slice, Snapshot, TrainedOn, followed
from lstm_core.spec import RunSpec
from lstm_core.spec.serialization import is_id
from lstm_core.storage.schema import (
    EVALUATIONS,
    UNFINISHED,
    RunFacts,
    Status,
    StoredRun,
    allowed,
    blobs,
    curve,
    from_row,
    history,
    machines,
    metadata,
    pack_view,
    runs,
    snapshots,
    states,
    to_row,
    unpack_view,
)
from lstm_core.storage.tuning import tune_sqlite

DEFAULT_FILE = Path(".gatescope") / "lab.db"


# What the person reads, by the words of SQLite.
DAMAGED = N_("The file of the database is damaged ({cause}). What is in memory stays there as long as the server runs: "
             "download what you need. Whoever runs this server should put a copy of the file in its place, or move the "
             "file away to begin with an empty one.")
SENTENCES = {
    "disk is full": N_("The disk with the database is full ({cause}). Nothing is lost, but nothing new can be kept: "
                       "whoever runs this server should make room. Then try again."),
    "readonly": N_("The database can only be read ({cause}). Nothing is lost, but nothing new can be kept: whoever "
                   "runs this server should make its file and its folder writable. Then try again."),
    "malformed": DAMAGED,
    "not a database": DAMAGED,
    "no such table": N_("The file of the database has been taken away ({cause}). What is in memory stays there as long "
                        "as the server runs: download what you need. Whoever runs this server should put the file "
                        "back, or start the server anew to begin with an empty one."),
    "unable to open": N_("The file of the database cannot be opened ({cause}). Nothing is lost, but nothing new can be "
                         "kept: whoever runs this server should see to it that its folder is there and can be written "
                         "to. Then try again."),
}
OTHERWISE = N_("The database cannot be used now ({cause}). Nothing is lost; try again in a while.")


class Unavailable(Refusal):
    """The database does not answer; nothing of what was asked for has been done."""


class Store:
    """The runs of a server in a database; safe to use from several threads. Every method may raise Unavailable.

    Args:
        url: an SQLAlchemy URL; None: the environment's GATESCOPE_DATABASE, or a file in the current folder.
    """

    def __init__(self, url: str | None = None) -> None:
        url = url or os.environ.get("GATESCOPE_DATABASE")
        if not url:
            with suppress(OSError):         # the database then says that it cannot be opened
                DEFAULT_FILE.parent.mkdir(exist_ok=True)
            url = f"sqlite:///{DEFAULT_FILE.absolute()}"
        self._database = sql.create_engine(url)
        if self._database.dialect.name == "sqlite":
            sql.event.listen(self._database, "connect", tune_sqlite)
        with self._answering():
            metadata.create_all(self._database)
            for table in metadata.tables.values():      # a database of an earlier version may lack some
                for index in table.indexes:
                    index.create(self._database, checkfirst=True)
        with self.reading() as connection:              # what is damaged is to be found now
            for table in metadata.tables.values():
                connection.execute(sql.select(table).limit(1)).all()

    def close(self) -> None:
        """Close all connections."""
        self._database.dispose()

    # -- writing. The first statement of each transaction writes: SQLite then waits for its turn instead of failing.

    def create(self, owner: str, spec: RunSpec) -> RunFacts:
        """Keep a new run that waits for its first slice."""
        with self.writing() as connection:
            return new_run(connection, owner, spec)

    def save(self, facts: RunFacts, slices: Sequence[Slice] = ()) -> np.ndarray | None:
        """Keep where a run stands and the slices since the last save, all or nothing.

        Args:
            facts: what is to be kept, with the number of saves so far as its revision.
            slices: what happened since, in order.

        Returns:
            (n,) int64, the updates of which there is a snapshot now; None when this was saved before, or someone else
            has saved the run since, or it is gone: then nothing was changed.
        """
        with self.writing() as connection:
            if not _step(connection, facts):
                return None
            if slices:
                _add(connection, facts, slices)
            return _snapshots(connection, facts.id)

    def reset(self, facts: RunFacts) -> bool:
        """Keep where a run stands and forget all that it has recorded; False when :meth:`save` would return None."""
        with self.writing() as connection:
            if not _step(connection, facts):
                return False
            for table in (history, snapshots, machines):
                connection.execute(table.delete().where(table.c.run == facts.id))
            connection.execute(states.update().where(states.c.run == facts.id).values(state=None, view=None))
        return True

    def copy(self, run: str, owner: str, status: Status) -> RunFacts | None:
        """Give someone a run of their own with all that this one has recorded; None when it is gone."""
        new = secrets.token_urlsafe(9)
        changed = {"id": new, "owner": owner, "status": status, "created": newest(runs, owner), "touched": time.time()}
        with self.writing() as connection:
            if connection.execute(_copied(runs, runs.c.id == run, changed)).rowcount == 0:
                return None
            for table in (states, history, snapshots, machines):
                connection.execute(_copied(table, table.c.run == run, {"run": new}))
        return self.facts(new)

    def keep_blob(self, digest: str, name: str, blob: bytes) -> None:
        """Keep a series or a checkpoint under its content hash; the same is kept once, and is as good as new."""
        row = {"digest": digest, "name": name, "series": blob, "created": time.time()}
        values = sql.select(*(sql.literal(value, blobs.c[key].type) for key, value in row.items()))
        with self.writing() as connection:
            connection.execute(blobs.update().where(blobs.c.digest == digest).values(created=row["created"]))
            new = values.where(~sql.exists().where(blobs.c.digest == digest))
            connection.execute(blobs.insert().from_select(list(row), new))

    # -- reading -------------------------------------------------------------------------------------------

    def facts(self, run: str) -> RunFacts | None:
        """Return where a run stands, None when there is no such run."""
        return next(iter(self._facts(sql.select(runs).where(runs.c.id == run))), None)

    def recent(self, owner: str, count: int) -> list[RunFacts]:
        """Return a person's newest runs, the newest first."""
        return self._facts(sql.select(runs).where(runs.c.owner == owner).order_by(runs.c.created.desc()).limit(count))

    def unfinished(self, owner: str) -> set[str]:
        """Return the ids of a person's runs that are neither finished nor stopped."""
        query = sql.select(runs.c.id).where(runs.c.owner == owner, runs.c.status.in_(UNFINISHED))
        with self.reading() as connection:
            return set(connection.execute(query).scalars())

    def load(self, run: str) -> StoredRun | None:
        """Return a run with its curves, None when there is no such run."""
        if not is_id(run):
            return None
        begun = sql.func.length(states.c.state).label("begun")      # SQLite reads all of it to say that it is not null
        whole = sql.select(runs, begun, states.c.view).join_from(runs, states).where(runs.c.id == run)
        pieces = sql.select(history.c.losses, history.c.evaluations).where(history.c.run == run)
        with self.reading() as connection:
            row = connection.execute(whole).one_or_none()
            if row is None:
                return None
            # Only what belongs to this row: a server may be adding to the run between these two lines.
            mine = pieces.where(history.c.revision < row.revision).order_by(history.c.revision)
            saved = connection.execute(mine).all()
            shots, trained_on = _snapshots(connection, run), _machines(connection, run)
        return StoredRun(
            facts=from_row(row), begun=bool(row.begun), view=None if row.view is None else unpack_view(row.view),
            losses=np.frombuffer(b"".join(piece.losses for piece in saved), np.float32),
            evaluations=np.frombuffer(b"".join(piece.evaluations for piece in saved), EVALUATIONS),
            snapshots=shots, trained_on=trained_on)

    def state(self, facts: RunFacts) -> bytes | None:
        """Return what a run goes on from; None when it has not begun, or has been saved since these facts were read."""
        known = (runs.c.id == facts.id) & (runs.c.revision == facts.revision)
        query = sql.select(states.c.state).join_from(runs, states).where(known)
        with self.reading() as connection:
            return connection.execute(query).scalar()

    def snapshot(self, run: str, update: int) -> Snapshot | None:
        """Return the snapshot of an update, or the nearest before it; None when there is none."""
        columns = snapshots.c       # int: a driver writes a number of NumPy's as something else, without a word
        query = (sql.select(columns.update, columns.best, columns.weights)
                 .where(columns.run == run, columns.update <= int(update)).order_by(columns.update.desc()).limit(1))
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Snapshot(row.update, codec.unpack(row.weights)[0], bool(row.best))

    def blob(self, digest: str) -> bytes | None:
        """Return the bytes with this content hash, None when they are not kept."""
        with self.reading() as connection:
            return connection.execute(sql.select(blobs.c.series).where(blobs.c.digest == digest)).scalar()

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """Open a transaction; its first statement must write."""
        with self._answering(), self._database.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """Open a connection for statements that only read."""
        with self._answering(), self._database.connect() as connection:
            yield connection

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except sql.exc.SQLAlchemyError as error:
            self._database.dispose()        # the next one opens the file that then is in its place
            cause = str(getattr(error, "orig", None) or error)
            told = next((sentence for words, sentence in SENTENCES.items() if words in cause), OTHERWISE)
            raise Unavailable(told, cause=cause) from error

    def _facts(self, query: sql.Select[Any]) -> list[RunFacts]:
        with self.reading() as connection:
            return allowed(connection.execute(query), from_row)


def new_run(connection: sql.Connection, owner: str, spec: RunSpec) -> RunFacts:
    """Write a new run that waits for its first slice."""
    facts = RunFacts(id=secrets.token_urlsafe(9), owner=owner, spec=spec, status="queued", outcome="training",
                     reason=None, created=time.time(), update=0, epoch=0.0, seconds=0.0, pace=None, revision=0)
    connection.execute(runs.insert().values(to_row(facts) | {"created": newest(runs, owner)}))
    connection.execute(states.insert().values(run=facts.id))
    created = connection.execute(sql.select(runs.c.created).where(runs.c.id == facts.id)).scalar_one()
    return replace(facts, created=created)


def newest(table: sql.Table, owner: str) -> sql.ColumnElement[float]:
    """Return the time at which something of an owner's is made: after all else, though the clock be set back."""
    now, kept = time.time(), table.alias()
    last = sql.select(sql.func.max(kept.c.created)).where(kept.c.owner == owner).scalar_subquery()
    return sql.case((last >= now, last + 0.001), else_=sql.literal(now, sql.Float()))


def _step(connection: sql.Connection, facts: RunFacts) -> bool:
    """Write a run's row if it still is as this save knows it: each revision can be saved once."""
    row = to_row(facts) | {"revision": facts.revision + 1}
    known = (runs.c.id == facts.id) & (runs.c.revision == facts.revision)
    return connection.execute(runs.update().where(known).values(row)).rowcount == 1


def _add(connection: sql.Connection, facts: RunFacts, slices: Sequence[Slice]) -> None:
    records = [piece.records for piece in slices]
    connection.execute(history.insert().values(
        run=facts.id, revision=facts.revision,
        losses=np.concatenate([r.losses for r in records], dtype=np.float32).tobytes(),
        evaluations=curve([e for r in records for e in r.evaluations]).tobytes()))
    values: dict[str, Any] = {"state": slices[-1].state}
    views = [r.view for r in records if r.view is not None]
    if views:
        values["view"] = pack_view(views[-1])
    connection.execute(states.update().where(states.c.run == facts.id).values(values))
    known = _machines(connection, facts.id)
    if new := followed(known, slices)[len(known):]:
        connection.execute(machines.insert(), [
            {"run": facts.id, "since": part.since, **vars(part.machine)} for part in new])
    _add_snapshots(connection, facts.id, [s for r in records for s in r.snapshots])


def _snapshots(connection: sql.Connection, run: str) -> np.ndarray:
    query = sql.select(snapshots.c.update).where(snapshots.c.run == run).order_by(snapshots.c.update)
    return np.array(connection.execute(query).scalars().all(), dtype=np.int64)


def _machines(connection: sql.Connection, run: str) -> tuple[TrainedOn, ...]:
    query = sql.select(machines).where(machines.c.run == run).order_by(machines.c.since)
    return tuple(TrainedOn(row.since, Machine(row.processor, row.torch, row.numpy, row.version))
                 for row in connection.execute(query))


def _add_snapshots(connection: sql.Connection, run: str, new: Sequence[Snapshot]) -> None:
    """Add snapshots; one that was taken only for being the best gives way to the next best."""
    if not new:
        return
    best = max((s.update for s in new if s.best), default=None)
    regular = {s.update for s in new if not s.best}
    columns, mine = snapshots.c, snapshots.c.run == run
    if best is not None:
        connection.execute(snapshots.delete().where(mine, columns.best == 1, columns.regular == 0))
        connection.execute(snapshots.update().where(mine, columns.best == 1).values(best=0))
    known = set(connection.execute(sql.select(columns.update).where(mine)).scalars())
    fresh = {s.update: s for s in new if s.update not in known and (s.update in regular or s.update == best)}
    if best in known:
        connection.execute(snapshots.update().where(mine, columns.update == best).values(best=1))
    for update in regular & known:
        connection.execute(snapshots.update().where(mine, columns.update == update).values(regular=1))
    if fresh:
        connection.execute(snapshots.insert(), [
            {"run": run, "update": update, "regular": int(update in regular), "best": int(update == best),
             "weights": codec.pack(s.weights)} for update, s in fresh.items()])


def _copied(table: sql.Table, rows: sql.ColumnElement[bool], changed: Mapping[str, Any]) -> sql.Insert:
    """Insert rows of a table once more, with some columns changed."""
    values = [sql.type_coerce(changed[c.name], c.type) if c.name in changed else c for c in table.columns]
    return table.insert().from_select([c.name for c in table.columns], sql.select(*values).where(rows))
