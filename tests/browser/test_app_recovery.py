"""A worker or the whole server dies in mid-run: the run goes on, and ends as if nothing had happened."""

import signal
import time

import pytest
from playwright.sync_api import expect

from lstm_core import work
from lstm_core.engine import LocalEngine
from lstm_core.notation import from_query
from lstm_core.records import Budget
from lstm_core.schema import curve

# Dropout and shuffling: the random numbers must go on where they stood.
SPEC = {"source": "waves", "length": "400", "steps": "12", "hidden": "12", "dropout": "0.2", "epochs": "30"}
UPDATES = 300


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


def test_a_run_whose_worker_is_killed_ends_bit_identically(app, visit, whole):
    tab = visit().open(**SPEC)
    run = tab.start()
    tab.wait_for_updates(60)
    workers = app.workers()
    assert workers
    for worker in workers:
        worker.kill()
    assert tab.updates < UPDATES
    tab.wait_until("Done")
    assert {worker.pid for worker in app.workers()}.isdisjoint(worker.pid for worker in workers)
    assert_bit_identical(app.stored(run), whole)


def end_in_mid_run(server, run, how):
    """End the server; return how many updates it leaves in the database. No worker outlives its server."""
    while not server.stored(run)[0].facts.update:
        time.sleep(0.05)
    workers = server.workers()
    server.end(how)
    for worker in workers:
        worker.wait(10)
    kept = server.stored(run)[0].facts.update
    assert 0 < kept < UPDATES
    return kept


def test_a_run_whose_server_is_killed_and_started_again_ends_bit_identically(own_server, visit, whole):
    server = own_server()
    tab = visit(server=server).open(**SPEC)
    run = tab.start()
    kept = end_in_mid_run(server, run, signal.SIGKILL)
    expect(tab.page.locator("[data-test-connection-state=CONNECTED]")).to_have_count(0)
    server.start()                          # the page that stayed open finds its server and its run by itself
    tab.page.locator("[data-test-connection-state=CONNECTED]").wait_for(timeout=60_000)
    tab.wait_for_updates(kept + 20)
    tab.shows(run)

    kept = end_in_mid_run(server, run, signal.SIGTERM)
    tab.page.goto("about:blank")
    tab.complaints.clear()                  # it rightly complained that there was no server
    server.start()
    tab.open(run=run)                       # as does one that is opened later
    assert tab.updates >= kept
    tab.wait_until("Done")
    assert tab.updates == UPDATES
    assert_bit_identical(server.stored(run), whole)
