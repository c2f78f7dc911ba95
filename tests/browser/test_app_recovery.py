"""A worker or the whole server dies in mid-run: the run goes on, and ends as if nothing had happened."""

import signal

import pytest
from playwright.sync_api import expect

from lstm_core import work
from lstm_core.engine import LocalEngine
from lstm_core.notation import from_query
from lstm_core.records import Budget
from lstm_core.schema import curve

# Dropout and shuffling: the random numbers must go on where they stood.
SPEC = {"source": "waves", "length": "400", "steps": "12", "hidden": "12", "dropout": "0.2", "epochs": "20"}
UPDATES = 200


@pytest.fixture(scope="module")
def whole():
    """What training the spec in one go brings, without a server and in a single slice."""
    engine = LocalEngine(workers=1)
    yield engine.submit(work.advance, from_query(SPEC), None, Budget()).result(60)
    engine.close()


def assert_bit_identical(stored, whole):
    kept, last = stored
    assert kept.facts.status == whole.outcome == "done"
    assert kept.facts.spec == from_query(SPEC)
    final = whole.records.snapshots[-1]
    assert kept.facts.update == last.update == final.update == UPDATES
    assert last.weights.keys() == final.weights.keys()
    assert len(last.weights) >= 6
    for name, weights in last.weights.items():
        assert weights.tobytes() == final.weights[name].tobytes(), name
    assert kept.losses.tobytes() == whole.records.losses.tobytes()
    assert kept.evaluations.tobytes() == curve(whole.records.evaluations).tobytes()
    assert kept.state == whole.state


def test_a_run_whose_worker_is_killed_ends_bit_identically(own_server, visit, whole):
    server = own_server()
    tab = visit(server=server).open(**SPEC)
    run = tab.start()
    tab.wait_for_updates(60)
    workers = server.workers()
    assert workers
    for worker in workers:
        worker.kill()
    assert tab.updates < UPDATES
    tab.wait_until("Done")
    assert {worker.pid for worker in server.workers()}.isdisjoint(worker.pid for worker in workers)
    assert_bit_identical(server.stored(run), whole)


def train_until_stored(tab):
    """Start a run and wait until a part of it is in the database, all that will be left of it; return its id."""
    run = tab.start()
    while not tab.server.stored(run)[0].facts.update:
        tab.page.wait_for_timeout(50)
    return run


def test_a_run_whose_server_is_started_again_ends_bit_identically(own_server, visit, whole):
    server = own_server()
    tab = visit(server=server).open(**SPEC)
    run = train_until_stored(tab)
    workers = server.workers()
    server.end()
    kept = server.stored(run)[0].facts
    assert 0 < kept.update < UPDATES
    for worker in workers:
        worker.wait(10)                     # no worker outlives its server
    tab.page.goto("about:blank")
    tab.complaints.clear()                  # it rightly complained that there was no server
    server.start()
    tab.open(run=run)
    assert tab.query["run"] == run
    assert tab.updates >= kept.update
    tab.wait_until("Done")
    assert_bit_identical(server.stored(run), whole)


def test_a_page_that_stays_open_sees_its_run_go_on_after_the_server_was_killed(own_server, visit, whole):
    server = own_server()
    tab = visit(server=server).open(**SPEC)
    run = train_until_stored(tab)
    workers = server.workers()
    server.end(signal.SIGKILL)
    assert 0 < server.stored(run)[0].facts.update < UPDATES
    for worker in workers:
        worker.wait(10)
    expect(tab.page.locator("[data-test-connection-state=CONNECTED]")).to_have_count(0)
    server.start()
    tab.wait_until("Done", timeout=60)
    assert tab.query["run"] == run
    assert tab.updates == UPDATES
    assert_bit_identical(server.stored(run), whole)
    tab.complaints.clear()                  # it rightly complained that there was no server
