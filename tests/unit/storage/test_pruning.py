"""What is forgotten in time, and above all what is not."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sql

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.records import Records, Slice, Snapshot
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.running.scheduling import LEASE
from lstm_core.spec import RunSpec, Table
from lstm_core.spec.sweep import Axis, SweepSpec
from lstm_core.storage import pruning
from lstm_core.storage.courses import CourseStore
from lstm_core.storage.pruning import DAY, PRUNE_EVERY, Pruning
from lstm_core.storage.schema import (
    EXAMPLE_OWNER,
    Measures,
    Status,
    blobs,
    courses,
    metadata,
    runs,
    sweep_runs,
    sweep_table,
    version,
)
from lstm_core.storage.store import Store
from lstm_core.storage.sweeps import SweepStore, owner_of_runs
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import Clock, ended, until


class Keeper:
    """A store whose runs are as old as one likes, and what prunes it."""

    def __init__(self, store: Store) -> None:
        self.store, self.sweeps, self.pruning, self.now = store, SweepStore(store), Pruning(store), 0.0

    def run(self, owner: str = "ada", days: float = 0, status: Status = "done", spec: RunSpec | None = None,
            kilobytes: int = 0) -> str:
        facts = self.store.create(owner, spec or RunSpec())
        weights = {"w": np.zeros(kilobytes * 250, np.float32)}
        piece = Slice(b"state", 1, 1.0, "done", Records(0, np.zeros(1, np.float32), (), (Snapshot(1, weights),), None))
        assert self.store.save(replace(facts, status=status, update=1), [piece]) is not None
        self.touched(facts.id, days)
        return facts.id

    def sweep(self, days: float = 0, status: str = "done", owner: str = "ada", spec: RunSpec | None = None
              ) -> tuple[str, list[str]]:
        """A sweep of two runs, the second of which has not begun, last touched so many days ago."""
        whole = SweepSpec(spec or RunSpec(), (Axis("hidden", (4, 8)),), seeds=1)
        name = self.sweeps.create(owner, whole, [Measures(40, 10)] * 2)
        begun = self.sweeps.begin(name, 0, whole.points[0].spec)
        assert begun is not None
        self.sweeps.end(name, 0, replace(begun, status="done"), 0.1)
        self.put(sweep_table, name, status=status, created=time.time() - days * DAY)
        self.put(runs, begun.id, status="done")
        self.touched(begun.id, days)
        return name, [begun.id]

    def touched(self, run: str, days: float) -> None:
        self.put(runs, run, touched=time.time() - days * DAY)

    def put(self, table: sql.Table, name: str, **values: object) -> None:
        with self.store.writing() as connection:
            connection.execute(table.update().where(table.primary_key.columns[0] == name).values(values))

    def prune(self, held: Container[str] = ()) -> None:
        for _ in range(8):      # more than once round
            self.now += PRUNE_EVERY + 1
            self.pruning.tend(self.now, held)

    def left(self, table: sql.Table = runs) -> set[str]:
        with self.store.reading() as connection:
            return set(connection.execute(sql.select(table.primary_key.columns[0])).scalars())

    def rows(self) -> int:
        with self.store.reading() as connection:
            return sum(connection.execute(sql.select(sql.func.count()).select_from(table)).scalar_one()
                       for table in metadata.tables.values() if table is not version)


@pytest.fixture
def keeper(store: Store) -> Keeper:
    return Keeper(store)


def test_runs_go_when_nobody_has_touched_them_for_thirty_days(keeper: Keeper) -> None:
    statuses: tuple[Status, ...] = ("done", "stopped", "failed", "paused", "training", "queued")
    for status in statuses:
        keeper.run(days=31, status=status)
    kept = {keeper.run(days=29, status=status) for status in statuses}
    keeper.prune()
    assert keeper.left() == kept
    assert keeper.rows() == 4 * len(kept)       # and nothing stays of the others: row, state, history, snapshot


def test_of_many_runs_of_one_person_the_newest_stay(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_RUNS", 3)
    training = keeper.run(days=0.9, status="training")
    forsaken = keeper.run(days=1.1, status="training")
    ada = [keeper.run(days=day / 10) for day in range(6)]
    bob = {keeper.run("bob", days=day) for day in range(3)}
    keeper.prune()
    assert keeper.left() == {*ada[:3], training} | bob
    assert forsaken not in keeper.left()


def test_when_the_database_is_too_large_the_oldest_go_finished_ones_first(keeper: Keeper,
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    forsaken = keeper.run(days=9, status="paused", kilobytes=100)
    training = keeper.run(days=0.5, status="training", kilobytes=100)
    example = keeper.run(EXAMPLE_OWNER, days=400, kilobytes=100)
    done = [keeper.run("bob", days=day, kilobytes=100) for day in (5, 4, 3, 2, 1)]
    monkeypatch.setattr(limits, "KEPT_BYTES", 800_000)          # of the 8 runs 5 or 6 find room beside the empty tables
    keeper.prune()
    assert keeper.left() in ({forsaken, training, example, *done[2:]}, {forsaken, training, example, *done[3:]})
    monkeypatch.setattr(limits, "KEPT_BYTES", 0)
    keeper.prune()
    assert keeper.left() == {training, example}


def test_who_fills_the_database_loses_their_own(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = {keeper.run("ada", days=20 + day, kilobytes=100) for day in range(2)}
    for hour in range(6):
        keeper.run("eve", days=hour / 24, kilobytes=100)
    series = {name: f"{number:032x}" for number, name in enumerate(("ours", "unused", "new"))}
    for digest in series.values():
        keeper.store.keep_blob(digest, "x", bytes(300_000))
        keeper.put(blobs, digest, created=time.time() - DAY / 12)
    keeper.run("bob", spec=RunSpec(data=Table(digest=series["ours"], features=("x",), column="x")))
    keeper.put(blobs, series["new"], created=time.time())
    monkeypatch.setattr(limits, "KEPT_BYTES", 1_900_000)
    keeper.prune()
    assert keeper.left(blobs) == {series["ours"], series["new"]}
    eve, everybody = keeper.store.recent("eve", 9), keeper.left()
    assert len(everybody) == len(eve) + 3       # what nobody uses made room enough
    assert len(eve) == 6
    monkeypatch.setattr(limits, "KEPT_BYTES", 1_340_000)
    keeper.prune()
    assert ada <= keeper.left()
    assert 2 <= len(keeper.store.recent("eve", 9)) < 6


def test_what_is_in_use_stays_and_is_as_good_as_new(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    held, looked_at, _other = (keeper.run(days=99) for _ in range(3))
    keeper.pruning.use(looked_at)
    keeper.prune(held={held})
    assert keeper.left() == {held, looked_at}
    keeper.prune()
    assert keeper.left() == {held, looked_at}
    monkeypatch.setattr(limits, "KEPT_BYTES", 0)
    keeper.pruning.use(looked_at)
    keeper.prune(held={held})
    assert keeper.left() == {held}              # looked at before the first of these rounds, and not since


def test_a_run_looked_at_between_the_survey_and_its_turn_stays(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "BURST", 0.0)
    old = [keeper.run(days=day) for day in (44, 43, 42, 41)]
    keeper.pruning.tend(0, ())              # surveys, and has not begun
    keeper.pruning.use(old[1])
    keeper.touched(old[2], 0)               # by another server
    monkeypatch.undo()
    keeper.put(runs, old[2], touched=time.time() + 1)
    keeper.pruning.tend(1, {old[3]})
    assert keeper.left() == {old[1], old[2], old[3]}


def test_the_example_stays(keeper: Keeper) -> None:
    example = keeper.run(EXAMPLE_OWNER, days=400)
    keeper.prune()
    assert keeper.left() == {example}


def test_a_sweep_goes_as_a_whole_and_not_while_it_runs(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    keeper.sweep(days=31)
    keeper.sweep(days=31, status="running")     # forsaken
    running, looked_at, recent = keeper.sweep(days=0.5, status="running"), keeper.sweep(days=50), keeper.sweep(days=2)
    keeper.put(sweep_table, recent[0], created=time.time() - 60 * DAY)      # begun long ago, its run is of late
    keeper.pruning.use(looked_at[0])
    keeper.prune()
    assert keeper.left(sweep_table) == keeper.left(sweep_runs) == {running[0], looked_at[0], recent[0]}
    assert keeper.left() == {*running[1], *looked_at[1], *recent[1]}
    monkeypatch.setattr(limits, "KEPT_BYTES", 0)
    keeper.prune(held=set(recent[1]))
    assert keeper.left(sweep_table) == {running[0], recent[0]}


def test_sweeps_are_counted_for_themselves(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_RUNS", 1)
    monkeypatch.setattr(limits, "KEPT_SWEEPS", 2)
    run = keeper.run(days=5)
    sweeps = [keeper.sweep(days=day) for day in (1, 2, 3)]
    keeper.prune()
    assert keeper.left(sweep_table) == {name for name, _ in sweeps[:2]}
    assert keeper.left() == {run, *sweeps[0][1], *sweeps[1][1]}


def test_runs_whose_sweep_went_without_them_follow(keeper: Keeper) -> None:
    name, (run,) = keeper.sweep()
    with keeper.store.writing() as connection:      # and then the server was killed
        connection.execute(sweep_table.delete().where(sweep_table.c.id == name))
    assert keeper.left() == {run}
    keeper.prune()
    assert keeper.rows() == 0


def test_series_go_when_no_run_and_no_sweep_names_them(keeper: Keeper) -> None:
    names = {name: f"{number:032x}" for number, name in enumerate(
        ("run", "sweep", "checkpoint", "unused", "new", "looked at", "kept again"))}
    for digest in names.values():
        keeper.store.keep_blob(digest, "x", b"series")
        keeper.put(blobs, digest, created=time.time() - 2 * DAY)
    data = Table(digest=names["run"], features=("x",), column="x")
    run = keeper.run(spec=RunSpec(data=data))
    keeper.sweep(spec=RunSpec(data=replace(data, digest=names["sweep"])))
    keeper.run(spec=RunSpec().change(checkpoint=names["checkpoint"]))
    keeper.put(blobs, names["new"], created=time.time() - 0.9 * DAY)
    keeper.pruning.use(names["looked at"])
    keeper.store.keep_blob(names["kept again"], "y", b"series")
    keeper.prune()
    assert keeper.left(blobs) == set(names.values()) - {names["unused"]}
    keeper.touched(run, 31)
    keeper.prune()
    assert names["run"] not in keeper.left(blobs)      # with the last run that needs it
    assert names["sweep"] in keeper.left(blobs)


def courses_of(keeper: Keeper, *days: float, kilobytes: int = 1) -> list[str]:
    """Keep a course for each number of days since it was touched last; return their owners."""
    owners = [f"owner {number}" for number in range(len(days))]
    for owner, since in zip(owners, days, strict=True):
        assert CourseStore(keeper.store).keep(owner, "x" * kilobytes * 1000, 0)
        keeper.put(courses, owner, touched=time.time() - since * DAY)
    return owners


def test_a_course_goes_when_nobody_has_touched_it_for_a_year(keeper: Keeper) -> None:
    owners = courses_of(keeper, 364, *[366] * 9, 0, 31)
    run = keeper.run(days=29)
    keeper.prune()
    assert keeper.left(courses) == {owners[0], *owners[-2:]}
    assert keeper.left() == {run}


def test_of_many_courses_those_touched_last_stay(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COURSES", 3)
    owners = courses_of(keeper, 5, 1, 9, 2, 8, 7, 3, 6)
    keeper.prune()
    assert keeper.left(courses) == {owners[1], owners[3], owners[6]}


def test_a_course_looked_at_between_the_survey_and_its_turn_stays(keeper: Keeper, monkeypatch: pytest.MonkeyPatch
                                                                  ) -> None:
    monkeypatch.setattr(pruning, "BURST", 0.0)
    owners = courses_of(keeper, 400, 401)
    keeper.pruning.tend(0, ())              # surveys, and has not begun
    CourseStore(keeper.store).load(owners[1])
    monkeypatch.undo()
    keeper.pruning.tend(1, ())
    assert keeper.left(courses) == {owners[1]}


def test_for_want_of_room_runs_go_and_no_course(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    owners = courses_of(keeper, 1, 300, 20)
    keeper.run(days=2, kilobytes=100)
    monkeypatch.setattr(limits, "KEPT_BYTES", 0)
    keeper.prune()
    assert (keeper.left(courses), keeper.left()) == (set(owners), set())


def test_courses_beyond_their_number_go_before_any_run(keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    run = keeper.run(days=20, kilobytes=100)
    owners = courses_of(keeper, *range(20), kilobytes=100)
    monkeypatch.setattr(limits, "COURSES", 2)
    monkeypatch.setattr(limits, "KEPT_BYTES", 1_000_000)
    keeper.prune()
    assert (keeper.left(courses), keeper.left()) == (set(owners[:2]), {run})


def test_all_courses_leave_room_for_runs() -> None:
    assert limits.COURSES * limits.COURSE_BYTES <= limits.KEPT_BYTES / 4 < pruning.CROWDED * limits.KEPT_BYTES


def test_the_file_does_not_grow_while_runs_come_and_go(keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                                       ) -> None:
    monkeypatch.setattr(limits, "KEPT_RUNS", 10)
    sizes = []
    for number in range(300):
        keeper.run(kilobytes=20)
        if number % 5 == 0:
            keeper.prune()
            sizes.append(sum(file.stat().st_size for file in tmp_path.iterdir()))
    assert len(keeper.left()) <= 15
    assert max(sizes) < 1.2 * max(sizes[:10])       # 300 runs would be 6 MB and more
    assert sizes[-1] < 6_000_000


def test_a_survey_reads_no_spec_and_deleting_scans_nothing(keeper: Keeper) -> None:
    with keeper.store.reading() as connection:
        def plan(query: str) -> str:
            return " ".join(str(row[-1]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
        assert "USING COVERING INDEX runs_in_use" in plan("SELECT id, owner, touched, status FROM runs")
        assert "USING COVERING INDEX courses_by_age" in plan(
            "SELECT touched FROM courses ORDER BY touched DESC LIMIT 1 OFFSET 5000")
        assert "USING COVERING INDEX courses_by_age" in plan(
            "SELECT owner FROM courses WHERE touched <= 1 ORDER BY touched LIMIT 4")
        assert "USING COVERING INDEX sweep_runs_by_run" in plan("SELECT 1 FROM sweep_runs WHERE run = 'x'")


def test_a_database_of_an_earlier_version_gets_the_indexes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    Store(url).close()
    database = sql.create_engine(url)
    with database.begin() as connection:
        connection.exec_driver_sql("DROP INDEX runs_in_use")
    Store(url).close()
    assert "runs_in_use" in {index["name"] for index in sql.inspect(database).get_indexes("runs")}
    database.dispose()


def test_a_save_waits_for_a_few_deletions_at_most(keeper: Keeper) -> None:
    for _ in range(40):
        keeper.run(days=99, kilobytes=500)
    keeper.pruning.tend(0, ())
    took, turns, now = [], 0, 0.0
    while keeper.left():
        now, turns = now + pruning.SHORTEST_REST + 10, turns + 1
        started = time.perf_counter()
        keeper.pruning.tend(now, ())
        took.append(time.perf_counter() - started)
        assert turns < 100
    assert np.median(took or [0.0]) < 0.3       # measured: 0.05 s


@pytest.fixture
def crowded(store: Store, engine: LocalEngine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    monkeypatch.setattr(limits, "KEPT_RUNS", 2)
    lab = Lab(store, engine, toy.advance, clock)
    yield lab
    lab.close()


def rounds(lab: Lab, clock: Clock, condition: Callable[[], bool]) -> None:
    """Nobody looks at anything for as many rounds of pruning as it takes."""
    for _ in range(4):
        clock.ahead += PRUNE_EVERY + 1
        until(lambda: lab._dispatcher.pruning._due > clock())
    until(condition)


def test_the_lab_prunes_by_itself_and_says_what_has_gone(crowded: Lab, store: Store, clock: Clock) -> None:
    blob, data = toy.table()
    old = [crowded.start(replace(toy.spec(epochs=1), data=data), "ada", blob) for _ in range(4)]
    for run in old:
        ended(crowded, run)
    until(lambda: all((facts := store.facts(run)) is not None and facts.status == "done" for run in old))
    rounds(crowded, clock, lambda: len(store.recent("ada", 9)) == 2)
    gone = set(old) - {facts.id for facts in store.recent("ada", 9)}
    for run in gone:
        with pytest.raises(Refusal, match=rf"There is no run '{run}' \(any more\)"):
            crowded.view(run)
    for facts in store.recent("ada", 9):
        assert crowded.view(facts.id).status == "done"
        assert crowded.snapshots(facts.id).tolist() == [20]
    assert crowded.blob(data.digest) == blob


def test_the_lab_never_prunes_what_somebody_looks_at(crowded: Lab, store: Store, clock: Clock) -> None:
    watched = [crowded.start(toy.spec(epochs=1), "ada") for _ in range(5)]
    for run in watched:
        ended(crowded, run)
    for _ in range(3):
        clock.ahead += 60
        for run in watched:
            crowded.view(run)
    crowded._dispatcher.pruning._due = 0.0
    time.sleep(0.7)
    assert {crowded.view(run).id for run in watched} == {facts.id for facts in store.recent("ada", 9)} == set(watched)


def test_a_run_looked_at_once_since_the_last_survey_stays(crowded: Lab, store: Store, clock: Clock,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    run = crowded.start(toy.spec(epochs=1), "ada")
    ended(crowded, run)
    clock.ahead += LEASE + 1
    until(lambda: not crowded._dispatcher.runs)     # its lease has lapsed
    monkeypatch.setattr(limits, "KEPT_BYTES", 0)
    for kept in (1, 0):
        crowded._dispatcher.pruning._due = 0.0
        until(lambda: crowded._dispatcher.pruning._due > clock() + PRUNE_EVERY / 2)
        assert len(store.recent("ada", 9)) == kept


def test_a_sweep_that_is_looked_at_stays(crowded: Lab, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "KEPT_BYTES", 0)
    spec = SweepSpec(toy.spec(epochs=1), (Axis("hidden", (4, 8)),), seeds=1)
    name = crowded.start_sweep(spec, "ada")
    until(lambda: crowded.sweep(name).status == "done")
    for _ in range(3):
        crowded.sweep(name)
        crowded._dispatcher.pruning._due = 0.0
        time.sleep(0.6)
    assert crowded.sweep(name).ended == 2
    assert owner_of_runs(name) == crowded.view(crowded.sweep(name).runs[0].run or "").owner
    rounds(crowded, clock, lambda: not crowded.sweeps("ada"))
