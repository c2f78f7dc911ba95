"""Sweeps kept in the database: what they are, how far they are, and what came of each run."""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sql

from lstm_core.spec import RunSpec
from lstm_core.spec import sweep as spec_sweep
from lstm_core.spec.serialization import is_id
from lstm_core.spec.sweep import SweepSpec
from lstm_core.storage.reading import moment, read, readable, sweep_from_row
from lstm_core.storage.schema import (
    Measures,
    RunFacts,
    SweepFacts,
    SweepStatus,
    SweptRun,
    snapshots,
    sweep_runs,
    sweep_table,
)
from lstm_core.storage.store import Store, new_run, newest

SWEEP = "sweep "            # no person is called so: they are hex digits

_OF_SWEEP = sweep_table.c
_OF_RUN = sweep_runs.c


def owner_of_runs(sweep: str) -> str:
    """Return the owner of a sweep's runs: the sweep itself, so that nobody can change what it compares."""
    return SWEEP + sweep


def of_sweep(owner: str) -> bool:
    """Tell whether an owner is a sweep."""
    return owner.startswith(SWEEP)


class SweepStore:
    """The sweeps in the database of a store; every method may raise Unavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # The first statement of each transaction writes, see Store.

    def create(self, owner: str, spec: SweepSpec, measures: Sequence[Measures]) -> str:
        """Keep a new sweep none of whose runs has begun, and return its id; ``measures`` has an entry for each run."""
        sweep = secrets.token_urlsafe(9)
        with self._store.writing() as connection:
            connection.execute(sweep_table.insert().values(
                id=sweep, owner=owner, spec=spec_sweep.to_json(spec), status="running",
                created=newest(sweep_table, owner)))
            connection.execute(sweep_runs.insert(), [
                {"sweep": sweep, "number": number, "updates": known.updates, "parameters": known.parameters}
                for number, known in enumerate(measures)])
        return sweep

    def begin(self, sweep: str, number: int, spec: RunSpec) -> RunFacts | None:
        """Begin a run of a sweep; None when it has begun before, or the sweep is no longer running."""
        running = sql.exists().where(_OF_SWEEP.id == sweep, _OF_SWEEP.status == "running")
        mine = (_OF_RUN.sweep == sweep) & (_OF_RUN.number == number)
        with self._store.writing() as connection:
            # The run's own row must be there before it is named, and is written only if it will be.
            claimed = connection.execute(sweep_runs.update().where(mine, _OF_RUN.run.is_(None), running)
                                         .values(seconds=0.0)).rowcount
            if not claimed:
                return None
            facts = new_run(connection, owner_of_runs(sweep), spec)
            connection.execute(sweep_runs.update().where(mine).values(run=facts.id))
        return facts

    def end(self, sweep: str, number: int, facts: RunFacts, error: float) -> None:
        """Keep with what a run of a sweep has ended; ``error`` is nan when it has no result.

        Of its snapshots only the first, the best and the last stay: all of them, of 120 runs, would be gigabytes.
        """
        kept, mine = snapshots.c, snapshots.c.run == facts.id
        first_and_last = sql.union(*(sql.select(end(kept.update)).where(mine) for end in (sql.func.min, sql.func.max)))
        with self._store.writing() as connection:
            connection.execute(sweep_runs.update().where(_OF_RUN.sweep == sweep, _OF_RUN.number == number).values(
                status=facts.status, outcome=facts.outcome, error=_or_null(error), seconds=facts.seconds))
            connection.execute(snapshots.delete().where(mine, kept.best == 0, kept.update.not_in(first_and_last)))

    def give_up(self, sweep: str, number: int) -> None:
        """Keep that nothing comes of a run of a sweep: what it has recorded cannot be read."""
        with self._store.writing() as connection:
            connection.execute(sweep_runs.update().where(_OF_RUN.sweep == sweep, _OF_RUN.number == number).values(
                status="failed", outcome="training", error=None))

    def settle(self, sweep: str, status: SweepStatus) -> None:
        """Keep that a running sweep is over."""
        with self._store.writing() as connection:
            connection.execute(sweep_table.update().where(_OF_SWEEP.id == sweep, _OF_SWEEP.status == "running")
                               .values(status=status))

    def load(self, sweep: str) -> tuple[SweepFacts, list[SweptRun]] | None:
        """Return a sweep and its runs in order, None when there is no such sweep."""
        if not is_id(sweep):
            return None
        query = sql.select(sweep_runs).where(_OF_RUN.sweep == sweep).order_by(_OF_RUN.number)
        with self._store.reading() as connection:
            row = connection.execute(sql.select(sweep_table).where(_OF_SWEEP.id == sweep)).one_or_none()
            rows = connection.execute(query).all()
        if row is None:
            return None
        return read(sweep, lambda: (sweep_from_row(row), [_swept(each) for each in rows]))

    def recent(self, owner: str, count: int) -> list[SweepFacts]:
        """Return a person's newest sweeps, the newest first."""
        return self._facts(sql.select(sweep_table).where(_OF_SWEEP.owner == owner)
                           .order_by(_OF_SWEEP.created.desc()).limit(count))

    def unfinished(self, owner: str) -> int:
        """Return how many sweeps of a person are still running; nobody can cancel an unreadable one."""
        return len(self._facts(sql.select(sweep_table).where(
            _OF_SWEEP.owner == owner, _OF_SWEEP.status == "running")))

    def _facts(self, query: sql.Select[Any]) -> list[SweepFacts]:
        with self._store.reading() as connection:
            return readable(connection.execute(query), sweep_from_row)[0]


def _swept(row: sql.Row[Any]) -> SweptRun:
    """Return a run of a sweep as it is kept; a number that is none is none."""
    if type(row.updates) is not int or type(row.parameters) is not int:
        raise TypeError(f"its run {row.number} has no size")
    return SweptRun(row.number, Measures(row.updates, row.parameters), row.run, row.status, row.outcome,
                    _or_nan(moment(row.error)), moment(row.seconds) or 0.0)


def _or_null(number: float) -> float | None:
    return None if math.isnan(number) else number


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number
