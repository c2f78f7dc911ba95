"""Runs kept in a database: what they are, where they stand and all they have recorded."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy as sql

from lstm_core import codec
from lstm_core.records import Machine, Slice, Snapshot, TrainedOn, followed
from lstm_core.spec import RunSpec
from lstm_core.spec.serialization import is_id
from lstm_core.storage import contents as shared
from lstm_core.storage.database import Database
from lstm_core.storage.reading import from_row, read, readable
from lstm_core.storage.schema import (
    EVALUATIONS,
    UNFINISHED,
    RunFacts,
    Status,
    StoredRun,
    blobs,
    contents,
    curve,
    history,
    machines,
    pack_view,
    runs,
    snapshots,
    states,
    to_row,
    unpack_view,
)

DEFAULT_FILE = Path(".gatescope") / "lab.db"


class Store(Database):
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
        super().__init__(url)

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
            connection.execute(states.update().where(states.c.run == facts.id)
                               .values(state=None, content=None, view=None))
        return True

    def restore(self, run: StoredRun, fresh: Sequence[Snapshot]) -> np.ndarray:
        """Keep all that is known of a run in another file of the database, which may not have it, or not as far.

        Args:
            run: the run; its snapshots are not looked at.
            fresh: those of its snapshots that are at hand.

        Returns:
            (n,) int64, the updates of which there is a snapshot now.
        """
        name = run.facts.id
        row = to_row(run.facts) | {"revision": run.facts.revision + 1}
        with self.writing() as connection:
            if not connection.execute(runs.update().where(runs.c.id == name).values(row)).rowcount:
                connection.execute(runs.insert().values(row))
                connection.execute(states.insert().values(run=name))
            for table in (history, machines):
                connection.execute(table.delete().where(table.c.run == name))
            connection.execute(snapshots.delete().where(
                snapshots.c.run == name, snapshots.c.update > int(run.facts.update)))
            connection.execute(history.insert().values(
                run=name, revision=run.facts.revision, losses=run.losses.tobytes(),
                evaluations=run.evaluations.tobytes()))
            connection.execute(states.update().where(states.c.run == name).values(
                state=run.state, content=None, view=None if run.view is None else pack_view(run.view)))
            for part in run.trained_on:
                connection.execute(machines.insert().values(run=name, since=part.since, **vars(part.machine)))
            _add_snapshots(connection, name, fresh)
            return _snapshots(connection, name)

    def copy(self, run: str, owner: str, status: Status) -> RunFacts | None:
        """Give someone a run of their own with all that this one has recorded; None when it is gone.

        The two share what is large, so that a copy takes no longer and no more room than its curves.
        """
        new = secrets.token_urlsafe(9)
        shared.share(self, run, time.time())
        changed = {"id": new, "owner": owner, "status": status, "created": newest(runs, owner), "touched": time.time()}
        with self.writing() as connection:
            if connection.execute(_copied(runs, runs.c.id == run, changed)).rowcount == 0:
                return None
            shared.renew(connection, run, time.time())
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

    def unreadable(self, owner: str) -> int:
        """Return how many runs of a person are kept and cannot be read."""
        with self.reading() as connection:
            return readable(connection.execute(sql.select(runs).where(runs.c.owner == owner)), from_row)[1]

    def unfinished(self, owner: str) -> set[str]:
        """Return the ids of a person's runs that are neither finished nor stopped, of those that can be read."""
        unfinished = sql.select(runs).where(runs.c.owner == owner, runs.c.status.in_(UNFINISHED))
        return {facts.id for facts in self._facts(unfinished)}

    def load(self, run: str) -> StoredRun | None:
        """Return a run with its curves, None when there is no such run."""
        if not is_id(run):
            return None
        # SQLite reads all of a state to say that it is not null.
        begun = sql.func.coalesce(sql.func.length(states.c.content), sql.func.length(states.c.state)).label("begun")
        whole = sql.select(runs, begun, states.c.view).join_from(runs, states).where(runs.c.id == run)
        pieces = sql.select(history.c.losses, history.c.evaluations).where(history.c.run == run)
        return read(run, lambda: self._load(run, whole, pieces))

    def _load(self, run: str, whole: sql.Select[Any], pieces: sql.Select[Any]) -> StoredRun | None:
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
        query = (sql.select(shared.whole(states.c.state)).join_from(runs, states)
                 .outerjoin(contents, contents.c.digest == states.c.content).where(known))
        with self.reading() as connection:
            state = connection.execute(query).scalar()
        return read(facts.id, lambda: _bytes(state))

    def snapshot(self, run: str, update: int) -> Snapshot | None:
        """Return the snapshot of an update, or the nearest before it; None when there is none."""
        columns = snapshots.c       # int: a driver writes a number of NumPy's as something else, without a word
        query = (sql.select(columns.update, columns.best, shared.whole(columns.weights)).select_from(snapshots)
                 .outerjoin(contents, contents.c.digest == columns.content)
                 .where(columns.run == run, columns.update <= int(update)).order_by(columns.update.desc()).limit(1))
        with self.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Snapshot(row.update, codec.unpack(row.weights)[0], bool(row.best))

    def blob(self, digest: str) -> bytes | None:
        """Return the bytes with this content hash, None when they are not kept."""
        with self.reading() as connection:
            return connection.execute(sql.select(blobs.c.series).where(blobs.c.digest == digest)).scalar()

    def _facts(self, query: sql.Select[Any]) -> list[RunFacts]:
        with self.reading() as connection:
            return readable(connection.execute(query), from_row)[0]


def _bytes(content: object) -> bytes | None:
    if not isinstance(content, bytes | None):
        raise TypeError("its state is no bytes")
    return content


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
    values: dict[str, Any] = {"state": slices[-1].state, "content": None}
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
