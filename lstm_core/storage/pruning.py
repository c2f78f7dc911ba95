"""What is forgotten in time, so that the database of a busy lab does not grow: old runs, sweeps, blobs and courses.

The file never exceeds limits.KEPT_BYTES: SQLite itself refuses more (see Database). Before it comes to that, more is
forgotten here than what is old. SQLite keeps the pages of what is deleted and fills them again; what it has too many
of goes back to the disk.

For want of room runs go, and no course: limits.COURSES of limits.COURSE_BYTES are 0.5 GB, which leaves 1.3 GB to
everything else before it is crowded (CROWDED of 2 GB). Courses beyond that number, as they may come between two
rounds, go before any run that would be kept if there were room.
"""

from __future__ import annotations

import logging
import math
import re
import time
from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

import sqlalchemy as sql

from lstm_core import limits
from lstm_core.storage import contents
from lstm_core.storage.courses import CourseStore
from lstm_core.storage.database import Unavailable
from lstm_core.storage.reading import moment
from lstm_core.storage.schema import EXAMPLE_OWNER, UNFINISHED, blobs, runs, sweep_table
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import of_sweep, owner_of_runs

PRUNE_EVERY = 600.0         # seconds between two looks at all there is, and
CROWDED_EVERY = 10.0        # while there is too much of it
MEASURED_EVERY = 1.0        # seconds between two looks at how much it is
CROWDED = 0.9               # share of limits.KEPT_BYTES that is too much
FREE_BYTES = 50_000_000     # bytes of the file that nothing uses, from which on it shrinks, to half as many
TOGETHER = 4                # runs or courses deleted in one transaction: nobody's save waits for long
BURST = 0.05                # seconds of deleting at a time, and then
REST = 10.0                 # so many times as long of something else, but at least
SHORTEST_REST = 0.2         # seconds
DAY = 86_400.0              # seconds

_DIGEST = re.compile(r'"([0-9a-f]{16,128})"')      # of a blob, as a spec names it

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """A run of one person, or a sweep with all of its runs."""

    name: str                       # id of the run or of the sweep
    owner: str
    touched: float                  # when it was last changed or looked at, seconds since 1970
    finished: bool
    in_use: bool                    # it was looked at since the last survey
    runs: tuple[str, ...]           # ids
    sweep: bool = False


class Pruning:
    """Forgets what is too old or too much, a little at a time. ``use`` may be called from any thread."""

    def __init__(self, store: Store) -> None:
        self._store, self._courses = store, CourseStore(store)
        self._used: set[str] = set()        # since the last survey: ids of runs and sweeps, content hashes
        self._due = -math.inf
        self._rested, self._measured = -math.inf, -math.inf     # since when nothing is due; when it was measured last
        self._shrinking = False
        self._surveyed = 0.0                # seconds since 1970
        self._going: deque[Kept] = deque()  # what is to go, and
        self._spare: deque[Kept] = deque()  # what goes next while the database is too large
        self._blobs: list[str] | None = []     # content hashes of what no run uses any more; None: not looked up
        self._aged = False                  # there may be courses that are to go
        self._unnamed = False               # there may be contents that no run names
        self._forgotten = 0.0               # seconds since 1970: what no run uses goes if it is older

    def use(self, *names: str) -> None:
        """Record a look at a run, a sweep or a blob: its age counts from now."""
        self._used.update(names)

    def tend(self, now: float, held: Container[str]) -> None:
        """Go on with what is due.

        Args:
            now: seconds of a clock that never goes back.
            held: ids of the runs that are in memory, which stay.
        """
        try:
            if now < self._due and not self._is_crowded(now):
                return
            started = time.perf_counter()
            if not (self._going or self._spare or self._shrinking) and self._blobs == []:
                self._survey(held)
            more = True
            while more and time.perf_counter() - started < BURST:
                more = self._go_on(held)
            took = time.perf_counter() - started
            self._due = now + (max(SHORTEST_REST, REST * took) if more else PRUNE_EVERY)
            self._rested = math.inf if more else now
        except Exception as error:
            if isinstance(error, Unavailable):
                log.error("Old runs cannot be deleted: %s", error)
            else:                       # whatever somebody has written there: tried again, but not in circles
                log.exception("Old runs cannot be deleted")
            self._rest()
            self._due, self._rested = now + PRUNE_EVERY, now

    def _is_crowded(self, now: float) -> bool:
        """Tell whether there is too much to wait for the next round."""
        if now < max(self._rested + CROWDED_EVERY, self._measured + MEASURED_EVERY):
            return False
        self._measured = now
        return self._too_large()

    def _survey(self, held: Container[str]) -> None:
        used = self._used.copy()
        self._surveyed = time.time()
        with self._store.reading() as connection:
            rows = connection.execute(sql.select(runs.c.id, runs.c.owner, runs.c.touched, runs.c.status)).all()
            sweeps = connection.execute(sql.select(sweep_table.c.id, sweep_table.c.owner, sweep_table.c.created,
                                                   sweep_table.c.status)).all()
        # SQLite keeps anything in any column.
        rows, sweeps = ([row for row in found if isinstance(row.id, str)] for found in (rows, sweeps))
        in_use = {row.id for row in rows if row.id in used or row.id in held}
        seen_sweeps = {owner_of_runs(row.id) for row in sweeps if row.id in used}
        in_use |= {row.id for row in rows if row.owner in seen_sweeps}
        # The clock may have been set back: nothing is newer than what is made now.
        fresh = in_use | {row.id for row in rows if not _before(row.touched, self._surveyed)}
        self._renew(fresh, used)
        touched = {row.id: self._surveyed if row.id in fresh else row.touched for row in rows}
        of_sweeps: dict[str, list[str]] = {owner_of_runs(row.id): [] for row in sweeps}
        things, orphans = [], []
        for row in rows:
            if not of_sweep(str(row.owner)):
                things.append(Kept(row.id, row.owner, touched[row.id], row.status not in UNFINISHED, row.id in in_use,
                                   (row.id,)))
            elif row.owner in of_sweeps:
                of_sweeps[row.owner].append(row.id)
            elif row.id not in in_use:          # its sweep went, and the server ended before the run could
                orphans.append(Kept(row.id, row.owner, touched[row.id], True, False, (row.id,)))
        for row in sweeps:
            mine = of_sweeps[owner_of_runs(row.id)]
            begun = row.created if _before(row.created, self._surveyed) else self._surveyed
            latest = max([begun, *(touched[run] for run in mine)])
            things.append(Kept(row.id, row.owner, latest, row.status != "running",
                               row.id in used or not in_use.isdisjoint(mine), tuple(mine), sweep=True))
        going, spare = expired(things, self._surveyed)
        self._going, self._spare, self._blobs = deque(chain(orphans, going)), deque(spare), None
        self._aged = self._unnamed = True
        self._used -= used

    def _renew(self, fresh: set[str], used: set[str]) -> None:
        """Write down that runs and blobs are in use now."""
        for column, when, names in ((runs.c.id, runs.c.touched, fresh), (blobs.c.digest, blobs.c.created, used)):
            for some in _portions(sorted(names), 500):
                with self._store.writing() as connection:
                    connection.execute(column.table.update().where(column.in_(some)).values({when: self._surveyed}))

    def _go_on(self, held: Container[str]) -> bool:
        """Delete a little; False when all is done."""
        if self._going:
            self._delete(self._going.popleft(), held)
            return True
        if self._aged:
            self._aged = self._courses.forget(self._surveyed - limits.COURSE_DAYS * DAY, TOGETHER)
            return True
        if self._unnamed:
            self._unnamed = self._drop_unnamed()
            return True
        if self._blobs is None:
            days = limits.SPARE_SERIES_DAYS if self._too_large() else limits.KEPT_SERIES_DAYS
            self._forgotten = self._surveyed - days * DAY
            self._blobs = list(self._unused())
        if self._blobs:
            self._delete_blob(self._blobs.pop())
            return True
        if self._spare and self._too_large():       # blobs that nobody uses have gone before anybody's runs
            self._delete(self._spare.popleft(), held)
            self._unnamed = True                    # what only this one named goes before anybody else's
            return True
        self._spare.clear()
        return self._shrink()

    def _shrink(self) -> bool:
        """Give back what the file does not need; False when it needs what it has."""
        self._shrinking = (self._store.free_bytes() > (FREE_BYTES / 2 if self._shrinking else FREE_BYTES)
                           and self._store.shrink())
        return self._shrinking

    def _rest(self) -> None:
        self._going.clear()
        self._spare.clear()
        self._blobs, self._aged, self._unnamed, self._shrinking = [], False, False, False

    def _too_large(self) -> bool:
        """Tell whether so much is in use that it may soon be too much."""
        return self._store.used_bytes() > CROWDED * limits.KEPT_BYTES

    def _delete(self, thing: Kept, held: Container[str]) -> None:
        """Delete a run or a sweep, unless it has been touched since it was found to be old."""
        if any(name in held or name in self._used for name in (thing.name, *thing.runs)):
            return
        if thing.sweep:
            since = sql.exists().where(runs.c.owner == owner_of_runs(thing.name), runs.c.touched > self._surveyed)
            with self._store.writing() as connection:
                gone = connection.execute(sweep_table.delete().where(sweep_table.c.id == thing.name, ~since)).rowcount
            if not gone:
                return
        for some in _portions(thing.runs, TOGETHER):
            with self._store.writing() as connection:
                connection.execute(runs.delete().where(runs.c.id.in_(some), runs.c.touched <= self._surveyed))

    def _drop_unnamed(self) -> bool:
        """Delete some of what no run names any more; False when that was all."""
        with self._store.reading() as connection:
            some = connection.execute(contents.unnamed(self._surveyed, TOGETHER)).scalars().all()
        if some:
            with self._store.writing() as connection:
                contents.drop(connection, some, self._surveyed)
        return len(some) == TOGETHER

    def _unused(self) -> Iterator[str]:
        """Return the content hashes of what is old and named by no run and no sweep."""
        old = sql.select(blobs.c.digest).where(blobs.c.created < self._forgotten)
        with self._store.reading() as connection:
            unused = set(connection.execute(old).scalars())
            for column in (runs.c.spec, sweep_table.c.spec) if unused else ():
                for spec in connection.execution_options(yield_per=100).execute(sql.select(column)).scalars():
                    unused.difference_update(_DIGEST.findall(spec))
        yield from sorted(unused)

    def _delete_blob(self, digest: str) -> None:
        if digest not in self._used:
            with self._store.writing() as connection:
                connection.execute(blobs.delete().where(
                    blobs.c.digest == digest, blobs.c.created < self._forgotten))


def _before(value: object, now: float) -> bool:
    """Tell whether a column holds a moment in the past; what is none counts as now."""
    known = moment(value)
    return known is not None and known <= now


def _portions(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[first:first + size] for first in range(0, len(names), size))


def expired(things: Iterable[Kept], now: float) -> tuple[list[Kept], list[Kept]]:
    """Return what is to go for its age or its number, and what may follow while the database is too large, in order.

    What is in use stays in any case, as do what is not finished and was touched within a day, and what everybody sees.
    For want of room whoever has most loses their oldest first: one person who fills the database costs no other a run.
    """
    going: list[Kept] = []
    spare: list[tuple[bool, int, float, Kept]] = []
    newer = Counter[tuple[str, bool]]()
    for thing in sorted(things, key=lambda each: -each.touched):
        newer[thing.owner, thing.sweep] += 1
        if thing.in_use or thing.owner == EXAMPLE_OWNER or (not thing.finished and thing.touched > now - DAY):
            continue
        many = newer[thing.owner, thing.sweep] > (limits.KEPT_SWEEPS if thing.sweep else limits.KEPT_RUNS)
        if many or thing.touched < now - limits.KEPT_DAYS * DAY:
            going.append(thing)
        else:
            spare.append((not thing.finished, -newer[thing.owner, thing.sweep], thing.touched, thing))
    return going[::-1], [thing for *_, thing in sorted(spare, key=itemgetter(0, 1, 2))]
