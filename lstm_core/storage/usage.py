"""How many bytes somebody's runs take, and may take."""

from __future__ import annotations

import time

import sqlalchemy as sql

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.storage.schema import history, runs, snapshots, states, sweep_table
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SWEEP

HOUR = 3600.0           # seconds
ROWS = 2_000            # bytes that a run takes beside what is counted, about


def bytes_since(store: Store, owner: str, moment: float) -> int:
    """Return how many bytes the runs take that somebody, or a sweep of theirs, has begun since a moment.

    What a copy shares with its original is counted nowhere: it takes no room.

    Args:
        store: where the runs are.
        owner: whose.
        moment: seconds since 1970.
    """
    size = sql.func.length
    swept = sql.select(sql.literal(SWEEP) + sweep_table.c.id).where(
        sweep_table.c.owner == owner, sweep_table.c.created > moment)
    mine = sql.select(runs.c.id).where(runs.c.created > moment, (runs.c.owner == owner) | runs.c.owner.in_(swept))
    sums = [sql.select(sql.func.sum(size(runs.c.spec) + ROWS)).where(runs.c.id.in_(mine))]
    for column in (states.c.state, states.c.view, history.c.losses, history.c.evaluations, snapshots.c.weights):
        sums.append(sql.select(sql.func.sum(size(column))).where(column.table.c.run.in_(mine)))
    with store.reading() as connection:
        return sum(int(connection.execute(each).scalar() or 0) for each in sums)


def check_hour(store: Store, owner: str) -> None:
    """Refuse a new run to somebody whose runs of the last hour take much: no script can fill the database.

    Raises:
        Refusal: they take as much as those of one person may.
    """
    if bytes_since(store, owner, time.time() - HOUR) >= limits.HOUR_RUN_BYTES:
        raise Refusal("Your runs of the last hour take {limit:.0f} MB, which is as much as those of one person may "
                      "take. There is room again within the hour.", limit=limits.HOUR_RUN_BYTES / 1e6)
