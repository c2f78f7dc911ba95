"""What breaks around a run: it ends bit-identical all the same, or the person reads what happened and what to do.

Further faults are injected where their part is tested: workers that die or never answer in test_lab and test_engine, a
server that is killed, a page whose tab is closed or whose connection is cut, and a database that is damaged when the
server starts in tests/browser/test_app_recovery, everything Yahoo may answer in data/test_prices.
"""

from __future__ import annotations

import contextlib
import os
import resource
import shutil
import signal
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from lstm_core import limits
from lstm_core.data.sources.yahoo import Downloader
from lstm_core.data.sources.yahoo import Unavailable as NoPrices
from lstm_core.errors import Refusal
from lstm_core.records import Budget
from lstm_core.running import jobs
from lstm_core.running.engine import LocalEngine
from lstm_core.running.lab import Lab
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.spec.sweep import Axis, SweepSpec
from lstm_core.storage import database as databases
from lstm_core.storage.database import Unavailable
from lstm_core.storage.pruning import DAY, Pruning
from lstm_core.storage.store import Store
from tests.unit.data.sources.fake_yahoo import LoopSession
from tests.unit.running import toy_training as toy
from tests.unit.running.waiting import Clock, ended, kill, same, until
from tests.unit.storage.sqlite_faults import every_connection

SPEC = toy.spec(epochs=35, micros=2000)


def whole() -> Any:
    return toy.advance(SPEC, None, Budget())


def begun(lab: Lab) -> str:
    run = lab.start(SPEC, "ada")
    until(lambda: lab.view(run).update > 40)
    return run


def goes_on(lab: Lab, store: Store, clock: Clock, run: str) -> None:
    """What could not be saved is saved, and the run comes by itself to the end of an undisturbed one."""
    assert lab.view(run).held
    clock.ahead += 3
    until(lambda: lab.view(run).status == "done")
    view = ended(lab, run)
    assert (view.held, view.reason) == (False, None)
    same(store, view, whole())


# -- workers ---------------------------------------------------------------------------------------------------------


def test_a_worker_killed_ten_times_in_a_row_changes_nothing(lab: Lab, store: Store, engine: LocalEngine) -> None:
    run, killed = lab.start(SPEC, "ada"), 0
    lab.set_pace(run, "ada", 100.0)         # so that it lives longer than its workers
    while killed < 10:
        update, pid = lab.view(run).update, engine.pids[0]
        until(lambda update=update: (view := lab.view(run)).update > update and view.place == 0)
        kill(engine)
        killed += 1
        until(lambda pid=pid: engine.pids[0] not in (pid, None))
    view = lab.view(run)
    assert (view.outcome, view.reason) == ("training", None)
    lab.set_pace(run, "ada", None)
    same(store, ended(lab, run), whole())


def short_of_memory(room: int = 100_000_000) -> None:
    """Let a worker have no more memory than this beside what it has now."""
    jobs.prepare()
    whole, _resident = memory()
    resource.setrlimit(resource.RLIMIT_AS, (whole + room, resource.RLIM_INFINITY))


def memory() -> tuple[int, int]:
    """Return a worker's addresses and its memory, in bytes."""
    pages = Path("/proc/self/statm").read_text().split()
    return int(pages[0]) * resource.getpagesize(), int(pages[1]) * resource.getpagesize()


def hungry() -> bytes:
    """A question whose answer has no room, asked outside of what tells errors in words."""
    return bytes(1_000_000_000)


def test_a_worker_out_of_memory_says_so_and_the_next_run_trains(store: Store) -> None:
    engine = LocalEngine(1, prepare=short_of_memory)
    lab = Lab(store, engine)
    spec = RunSpec(data=Waves(length=3000, steps=200), model=ModelSpec(layers=(Layer(256), Layer(256))),
                   train=TrainSpec(batch=16))
    _whole, before = engine.submit(memory).result(60)
    run = lab.start(spec, "ada")
    until(lambda: lab.view(run).status == "failed", 60)
    assert str(lab.view(run).reason) == ("There is not enough memory to train this run. Make the network, the batch or "
                                         "the window smaller and start a new run.")
    pid = engine.pids[0]
    _whole, after = engine.submit(memory).result(20)
    assert after < before + 30_000_000          # it took 100 MB
    # A limit in addresses cannot see what was given back: they stay taken in part, sometimes all but 1 MB.
    engine.submit(short_of_memory, 50_000_000).result(20)
    small = RunSpec(data=Waves(length=150)).change(epochs=2)
    expected = engine.submit(jobs.advance, small, None, Budget()).result(20)
    view = ended(lab, lab.start(small, "ada"))
    assert view.losses.tobytes() == expected.records.losses.tobytes()
    assert engine.pids[0] == pid

    with pytest.raises(Refusal, match=r"^There is not enough memory to compute this\. Try it with less data or a "):
        lab.ask(hungry)
    score = lab.ask(jobs.score, small, lab.snapshot(view.id, view.update).weights, "test")
    assert score.value > 0
    lab.close()
    engine.close()


def nap(seconds: float, word: str) -> str:
    time.sleep(seconds)
    return word


def fatal(times: int, tried: Path) -> str:
    """A question that kills its worker so many times."""
    with tried.open("a") as file:
        file.write(".")
    if tried.stat().st_size <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "well"


def test_a_question_that_kills_its_worker_is_asked_again_and_at_last_refused(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"ended 3 times in a row over this; .* less data or a smaller network\.$"):
        lab.ask(fatal, 4, tmp_path / "tried")
    assert lab.ask(fatal, 4, tmp_path / "tried") == "well"      # at its second attempt


def test_a_question_that_never_ends_is_given_up_and_a_run_beside_it_goes_on(lab: Lab, store: Store,
                                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_core.limits.ANSWER_SECONDS", 0.5)
    run = begun(lab)
    with pytest.raises(Refusal, match=r"^This took longer than 0\.5 seconds and was given up\. Try it with less data "):
        lab.ask(nap, 60, "never")
    monkeypatch.undo()
    assert lab.ask(nap, 0, "well") == "well"
    same(store, ended(lab, run), whole())


def test_a_worker_that_stands_still_is_replaced_and_nobody_loses_anything(lab: Lab, store: Store, engine: LocalEngine,
                                                                         clock: Clock) -> None:
    runs = {owner: lab.start(SPEC, owner) for owner in ("ada", "bob")}
    until(lambda: all(lab.view(run).update > 40 for run in runs.values()))
    until(lambda: lab.view(runs["ada"]).place == 0)
    pid = engine.pids[0]
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    time.sleep(0.3)
    seen = [lab.view(run).update for run in runs.values()]
    time.sleep(0.3)
    assert [lab.view(run).update for run in runs.values()] == seen
    clock.ahead += limits.SLICE_TIMEOUT + 1
    until(lambda: all(lab.view(run).update > before for run, before in zip(runs.values(), seen, strict=True)))
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    for run in runs.values():
        same(store, ended(lab, run), whole())


# -- the database ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("pragma", "words"), [
    ("max_page_count=1", "The disk with the database is full (database or disk is full). Nothing is lost"),
    ("query_only=ON", "The database can only be read (attempt to write a readonly database). Nothing is lost"),
])
def test_a_full_or_read_only_disk_pauses_the_run_and_loses_nothing(lab: Lab, store: Store, clock: Clock, pragma: str,
                                                                 words: str) -> None:
    before = lab.start(toy.spec(), "ada")
    ended(lab, before)
    until(lambda: (facts := store.facts(before)) is not None and facts.status == "done")
    run = begun(lab)
    with every_connection(store, pragma):       # max_page_count: as many pages as there are, and not one more
        reason = str(ended(lab, run, "paused").reason)
        assert words in reason
        assert reason.endswith("Then try again.")
        with pytest.raises(Unavailable, match="whoever runs this server"):
            lab.start(RunSpec(data=Letters(text="full up " * 2000)), "bob")
        assert lab.view(before).status == "done"
        assert len(lab.snapshots(before)) == 10
        assert lab.snapshot(before, 200).update == 200
        assert {facts.id for facts in lab.recent("ada")} == {before, run}
    goes_on(lab, store, clock, run)


def test_a_read_only_file_still_shows_what_there_is(store: Store, engine: LocalEngine, tmp_path: Path) -> None:
    lab = Lab(store, engine, toy.advance)
    run = lab.start(toy.spec(), "ada")
    ended(lab, run)
    lab.close()
    store.close()
    reader = Store(f"sqlite:///file:{tmp_path / 'lab.db'}?mode=ro&uri=true")
    lab = Lab(reader, engine, toy.advance)
    view = lab.view(run)
    assert (view.status, len(view.losses), len(view.snapshots)) == ("done", 200, 10)
    with pytest.raises(Unavailable, match="can only be read"):
        lab.start(toy.spec(), "ada")
    lab.close()
    reader.close()


LOCKER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_database_locked_for_too_long_pauses_the_run_and_loses_nothing(engine: LocalEngine, clock: Clock,
                                                                        tmp_path: Path, monkeypatch: pytest.MonkeyPatch
                                                                        ) -> None:
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.2)
    store = Store(f"sqlite:///{tmp_path / 'lab.db'}")
    lab = Lab(store, engine, toy.advance, clock)
    stepped, stopped = (lab.start(SPEC, "ada", command="step") for _ in range(2))
    for each in (stepped, stopped):
        ended(lab, each, "paused")
    lab.set_pace(stopped, "ada", 20.0)
    lab.command(stopped, "ada", "resume")
    run = begun(lab)
    with subprocess.Popen([sys.executable, "-c", LOCKER, str(tmp_path / "lab.db")], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdin is not None
        assert other.stdout.readline() == "locked\n"
        reason = str(ended(lab, run, "paused").reason)
        assert reason == ("The database cannot be used now (database is locked). Nothing is lost; try again in a "
                          "while.")
        assert {facts.id for facts in lab.recent("ada")} == {run, stopped, stepped}     # reading goes on
        until(lambda: lab.view(stopped).held)
        lab.command(stopped, "ada", "stop")
        lab.command(stepped, "ada", "step")
        until(lambda: lab.view(stepped).update == 2)
        until(lambda: str(lab.view(stepped).reason) == reason)
        other.stdin.close()
    goes_on(lab, store, clock, run)
    assert lab.view(stopped).status == "stopped"
    assert (lab.view(stepped).status, lab.view(stepped).update) == ("paused", 2)
    lab.close()
    store.close()


def spoil(file: Path) -> None:
    """Fill all of a database but its first page with rubbish."""
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file.open("r+b") as content:
        content.seek(4096)
        content.write(b"rubbish!" * ((file.stat().st_size - 4096) // 8))


def test_a_file_damaged_in_mid_run_is_told_and_a_copy_put_back_goes_on(store: Store, engine: LocalEngine, clock: Clock,
                                                                     tmp_path: Path) -> None:
    lab = Lab(store, engine, toy.advance, clock)
    run = begun(lab)
    lab.command(run, "ada", "pause")
    ended(lab, run, "paused")
    until(lambda: (facts := store.facts(run)) is not None and facts.status == "paused")
    with closing(sqlite3.connect(tmp_path / "lab.db")) as database:
        database.execute("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    lab.command(run, "ada", "resume")
    store._database.dispose()
    spoil(tmp_path / "lab.db")
    reason = str(ended(lab, run, "paused").reason)
    assert reason.startswith("The file of the database is damaged (database disk image is malformed). What is in ")
    view = lab.view(run)
    assert len(view.losses) == view.update > 40         # all that it has learned is still on show
    with pytest.raises(Unavailable, match="put a copy of the file in its place"):
        lab.start(SPEC, "bob")
    lab.close()
    store.close()
    for file in tmp_path.glob("lab.db*"):
        file.unlink()
    shutil.copy(tmp_path / "copy.db", tmp_path / "lab.db")
    lab = Lab(store, engine, toy.advance, clock)
    lab.command(run, "ada", "resume")
    same(store, ended(lab, run), whole())
    lab.close()


@pytest.mark.parametrize("damage", [lambda file: file.write_bytes(b"no database" * 1000), spoil],
                         ids=["something else", "rubbish"])
def test_a_file_damaged_at_start_is_told_before_anything_is_written_to_it(tmp_path: Path, damage: Callable[[Path], None]
                                                                        ) -> None:
    file = tmp_path / "lab.db"
    store = Store(f"sqlite:///{file}")
    run = store.create("ada", RunSpec()).id
    store.close()
    damage(file)
    content = file.read_bytes()
    with pytest.raises(Unavailable, match=r"The file of the database is damaged \(.*move the file away"):
        Store(f"sqlite:///{file}").load(run)
    assert file.read_bytes() == content


# -- the clock -------------------------------------------------------------------------------------------------------


def test_a_clock_set_back_by_a_day_changes_nothing(lab: Lab, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    true = time.time
    first = begun(lab)
    sweep = SweepSpec(toy.spec(epochs=1), (Axis("hidden", (4, 8)),), seeds=1)
    sweeps = [lab.start_sweep(sweep, "ada")]
    until(lambda: lab.sweep(sweeps[0]).status == "done")
    monkeypatch.setattr(time, "time", lambda: true() - DAY)
    runs = [first, *(lab.start(toy.spec(seed=seed), "ada") for seed in range(3))]
    same(store, ended(lab, first), whole())
    for run in runs:
        assert ended(lab, run).status == "done"
    runs.append(lab.copy(first, "ada"))
    assert [facts.id for facts in lab.recent("ada")] == runs[::-1]       # the newest first, as they were made
    sweeps.append(lab.start_sweep(sweep, "ada"))
    until(lambda: lab.sweep(sweeps[1]).status == "done")
    assert [facts.id for facts in lab.sweeps("ada")] == sweeps[::-1]
    assert lab.view(first).seconds > 0


def test_after_the_clock_is_set_back_the_newest_runs_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lstm_core.limits.KEPT_RUNS", 3)
    true = time.time

    def done() -> str:
        facts = store.create("ada", RunSpec())
        with store.writing() as connection:
            connection.exec_driver_sql(f"UPDATE runs SET status = 'done' WHERE id = '{facts.id}'")
        return facts.id

    for _ in range(3):
        done()
    monkeypatch.setattr(time, "time", lambda: true() - DAY)
    pruning = Pruning(store)
    pruning.tend(0, ())             # those of tomorrow are from now on as old as today
    time.sleep(0.01)
    new = [done() for _ in range(3)]
    for moment in (700, 1400):
        pruning.tend(moment, ())
    assert {facts.id for facts in store.recent("ada", 9)} == set(new)


# -- prices from elsewhere -------------------------------------------------------------------------------------------


def chart(prices: str) -> bytes:
    """A well-formed answer whose prices are not."""
    meta = '"meta": {"currency": "USD", "symbol": "X", "exchangeTimezoneName": "America/New_York", "instrumentType": ' \
           '"EQUITY", "priceHint": 2, "dataGranularity": "1d", "validRanges": []}'
    quote = ", ".join(f'"{name}": {prices}' for name in ("open", "high", "low", "close", "volume"))
    body = (f'{{"chart": {{"error": null, "result": [{{{meta}, "timestamp": [1641220200, 1641306600], "indicators": '
            f'{{"quote": [{{{quote}}}], "adjclose": [{{"adjclose": {prices}}}]}}}}]}}}}').encode()
    return HEAD + b"Content-Length: %d\r\n\r\n" % len(body) + body


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"


@contextmanager
def answering(answer: bytes, pause: float = 0.0) -> Iterator[str]:
    """A server that answers every request with these bytes, the last hundred one by one, so many seconds apart."""
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(65_536)
            with contextlib.suppress(OSError):      # the client has had enough
                self.request.sendall(answer[:-100] if pause else answer)
                for byte in answer[-100:] if pause else b"":
                    self.request.sendall(bytes([byte]))
                    time.sleep(pause)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning", "ignore::RuntimeWarning")
@pytest.mark.parametrize(("answer", "pause"), [
    (chart("[1.0, 2.0]"), 0.1),
    (HEAD + b"Content-Length: 100000\r\n\r\n{", 0.0),
    (bytes(range(256)) * 40, 0.0),
    (b"", 0.0),
    (chart('["a", "b"]'), 0.0),
    (chart("[1e999, NaN]"), 0.0),
    (chart("[-1, 0]"), 0.0),
    (chart("[[1], {}]"), 0.0),
    (chart("[1]"), 0.0),
], ids=["a byte at a time", "cut off", "not HTTP", "nothing", "words", "not finite", "below zero", "nested", "too few"])
def test_a_strange_answer_to_a_request_for_prices_has_its_sentence(tmp_path: Path, answer: bytes, pause: float) -> None:
    with answering(answer, pause) as address:
        downloader = Downloader(tmp_path, LoopSession(address, longest=1.0), timeout=0.5)
        started = time.monotonic()
        with pytest.raises(NoPrices, match=r"X.* The bundled NASDAQ and S&P 500 need no network\.$"):
            downloader.fetch("X", "2022-01-01", "2022-02-01")
        assert time.monotonic() - started < 6
