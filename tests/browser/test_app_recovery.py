"""A worker, the whole server, the tab or the connection is gone in mid-run: it ends as if nothing had happened."""

import signal
import time
from functools import cache

import pytest
from playwright.sync_api import expect

from lstm_core.records import Budget
from lstm_core.running import jobs
from lstm_core.running.engine import LocalEngine
from lstm_core.spec.serialization import from_query
from lstm_core.storage.schema import ACTIVE, curve
from tests.browser.conftest import PATIENCE, SCREEN, Visit, show_all_settings
from tests.browser.line import Line

# Dropout and shuffling: the random numbers must go on where they stood.
SPEC = {"source": "waves", "length": "400", "steps": "12", "hidden": "12", "dropout": "0.2", "epochs": "30"}
UPDATES = 300
LONGER = "120"          # epochs: at 20 updates a second, a minute
CUT = 30                # seconds for which a line is cut


@pytest.fixture(scope="module")
def in_one_go():
    """Returns what training a spec in one go brings, without a server and in a single slice."""
    engine = LocalEngine(workers=1)

    @cache
    def train(epochs):
        return engine.submit(jobs.advance, from_query(SPEC | {"epochs": epochs}), None, Budget()).result(60)

    yield train
    engine.close()


@pytest.fixture
def whole(in_one_go):
    return in_one_go(SPEC["epochs"])


def ended(server, run):
    """Return what the database has of a run once it knows that it has come to its end: the page may know earlier."""
    end = time.monotonic() + PATIENCE / 1000
    while (kept := server.stored(run))[0].facts.status in ACTIVE and time.monotonic() < end:
        time.sleep(0.1)
    return kept


def assert_bit_identical(stored, whole, epochs=SPEC["epochs"]):
    kept, last, state = stored
    assert kept.facts.status == whole.outcome == "done"
    assert kept.facts.spec == from_query(SPEC | {"epochs": epochs})
    final = whole.records.snapshots[-1]
    assert kept.facts.update == last.update == final.update == int(epochs) * 10
    assert last.weights.keys() == final.weights.keys()
    assert len(last.weights) >= 6
    for name, weights in last.weights.items():
        assert weights.tobytes() == final.weights[name].tobytes(), name
    assert kept.losses.tobytes() == whole.records.losses.tobytes()
    assert kept.evaluations.tobytes() == curve(whole.records.evaluations).tobytes()
    assert state == whole.state


@pytest.fixture(scope="module", autouse=True)
def cut_off(app, browser):
    """A tab that trains, with settings changed since, and whose line is cut while the other tests run."""
    line = Line(app)
    context = browser.new_context(**SCREEN)
    show_all_settings(context)
    context.set_default_timeout(PATIENCE)
    tab = Visit(line, context.new_page()).open(**SPEC | {"epochs": LONGER})
    tab.choose("pace", "20 updates/s")
    tab.run = tab.start()
    tab.write("hidden", 17)
    tab.page.wait_for_url("**hidden=17**")      # and the notice that it has changed moves what is below no more
    tab.page.locator(".st-key-loss_scale button").last.click()
    expect(tab.page.locator(".st-key-loss_scale button").last).to_have_attribute("aria-checked", "true")
    tab.wait_for_updates(20)
    tab.cut, tab.seen = time.monotonic(), tab.updates
    line.cut()
    yield tab
    context.close()
    line.close()


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
    assert_bit_identical(ended(app, run), whole)


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
    assert_bit_identical(ended(server, run), whole)


def test_a_run_whose_tab_is_closed_and_opened_again_by_its_address_ends_bit_identically(app, visit, person, whole):
    one, another = person(), person()
    tab = visit(one).open(**SPEC)
    tab.choose("pace", "5 updates/s")
    run = tab.start()
    tab.write("batch", 64)                  # not that of the run: it needs a new one
    tab.page.wait_for_url("**batch=64**")
    address = tab.page.url
    tab.page.close()

    for browser, mine in ((another, False), (one, True)):       # another person's, and one's own
        tab = visit(browser)
        tab.page.goto(address)
        tab.settled()
        tab.shows(run)
        assert 0 < tab.updates < UPDATES
        assert [tab.value(key) for key in ("hidden", "batch", "epochs")] == ["12", "64", "30"]
        expect(tab.page.get_by_text("You are watching a run of another browser.")).to_have_count(0 if mine else 1)
        expect(tab.button("stop")).to_be_enabled(enabled=mine)
    expect(tab.page.locator(".st-key-pace input")).to_have_value("5 updates/s")
    tab.choose("pace", "full speed")
    tab.wait_until("Done")
    assert_bit_identical(ended(app, run), whole)


def test_a_server_with_a_damaged_database_says_so_and_goes_on_when_it_is_moved_away(own_server, visit, tmp_path):
    file = tmp_path / "lab.db"
    file.write_bytes(b"no database " * 1000)
    tab = visit(server=(server := own_server()))
    for language, words in (("zh", "数据库文件已损坏"), ("en", "The file of the database is damaged (file is not a ")):
        tab.page.goto(f"{server.address}/train?source=waves&hidden=17&lang={language}")
        expect(tab.page.get_by_test_id("stAlert")).to_contain_text(words)
    assert file.read_bytes() == b"no database " * 1000
    file.rename(tmp_path / "moved_away.db")
    tab.settled()                           # by itself, and with the settings of its address
    assert tab.value("hidden") == "17"
    tab.start()


# At the end, so that the time of the cut is spent on the other tests.
def test_a_page_cut_off_for_30_seconds_finds_its_run_and_its_settings_again(app, cut_off, in_one_go):
    tab, run = cut_off, cut_off.run
    tab.page.wait_for_timeout(max(0.0, CUT - (time.monotonic() - tab.cut)) * 1000)
    expect(tab.page.get_by_role("dialog")).to_contain_text("Connection error")
    assert tab.updates <= tab.seen + 20
    tab.server.mend()
    tab.wait_for_updates(tab.seen + 200)    # it was trained on all the time
    expect(tab.page.get_by_role("dialog")).to_have_count(0)
    tab.shows(run)
    assert tab.value("hidden") == "17"
    expect(tab.page.locator(".st-key-loss_scale button").last).to_have_attribute("aria-checked", "true")
    expect(tab.page.get_by_text("Changed since this run began: Hidden units.")).to_be_visible()
    tab.choose("pace", "full speed")
    tab.wait_until("Done")
    assert_bit_identical(ended(app, run), in_one_go(LONGER), LONGER)
