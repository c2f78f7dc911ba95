"""How many bytes somebody's runs take."""

from __future__ import annotations

import sqlalchemy as sql

from lstm_core.storage.schema import history, runs, snapshots, states, sweep_table
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SWEEP

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
