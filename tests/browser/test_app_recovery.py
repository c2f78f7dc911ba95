"""A worker or the whole server dies in mid-run: the run goes on, and ends as if nothing had happened."""

import re
import signal

import numpy as np
import pytest
from playwright.sync_api import expect

# Dropout and shuffling: the random numbers must go on where they stood.
SPEC = {"source": "waves", "length": "400", "steps": "12", "hidden": "12", "dropout": "0.2", "epochs": "20"}
UPDATES = 200


def train_undisturbed(tab):
    """Train the spec in one go and return its id."""
    tab.choose("pace", "full speed")
    run = tab.start()
    tab.wait_until("Done")
    tab.choose("pace", "50 updates/s")
    return run


def assert_bit_identical(server, one, other):
    (kept, last), (again, last_again) = server.stored(one), server.stored(other)
    assert kept.facts.status == again.facts.status == "done"
    assert kept.facts.update == again.facts.update == last.update == last_again.update == UPDATES
    assert kept.facts.spec == again.facts.spec
    assert set(last.weights) == set(last_again.weights)
    assert len(last.weights) >= 6
    for name, weights in last.weights.items():
        assert weights.tobytes() == last_again.weights[name].tobytes(), name
    assert kept.losses.tobytes() == again.losses.tobytes()
    assert np.array_equal(kept.evaluations, again.evaluations)
    assert kept.state == again.state


def test_a_run_whose_worker_is_killed_ends_bit_identically(own_server, visit):
    server = own_server()
    tab = visit(server=server).open(**SPEC)
    whole = train_undisturbed(tab)
    run = tab.start()
    assert run != whole
    tab.wait_for_updates(60)
    workers = server.workers()
    assert workers
    for worker in workers:
        worker.kill()
    assert tab.updates < UPDATES
    tab.wait_until("Done")
    assert {worker.pid for worker in server.workers()}.isdisjoint(worker.pid for worker in workers)
    assert_bit_identical(server, whole, run)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_whose_server_is_started_again_ends_bit_identically(own_server, visit, how):
    server = own_server()
    tab = visit(server=server).open(**SPEC)
    whole = train_undisturbed(tab)
    run = tab.start()
    tab.wait_for_updates(60)
    workers = server.workers()
    server.end(how)
    kept = server.stored(run)[0].facts
    assert 0 < kept.update < UPDATES
    for worker in workers:
        worker.wait(10)                     # no worker outlives its server
    tab.page.goto("about:blank")
    tab.complaints.clear()                  # it rightly complained that there was no server
    server.start()
    tab.open(run=run)
    assert tab.updates >= kept.update
    tab.wait_until("Done")
    assert tab.query["run"] == run
    assert_bit_identical(server, whole, run)


def test_a_page_that_stays_open_finds_the_server_again(own_server, visit):
    server = own_server()
    tab = visit(server=server).open(**SPEC)
    run = tab.start()
    tab.wait_for_updates(40)
    server.end(signal.SIGKILL)
    expect(tab.page.locator("[data-testid=stApp]")).not_to_have_attribute(
        "data-test-connection-state", "CONNECTED")
    server.start()
    expect(tab.progress).to_have_text(re.compile("Done"), timeout=60_000)
    assert tab.query["run"] == run
    assert tab.updates == UPDATES
    tab.complaints.clear()
