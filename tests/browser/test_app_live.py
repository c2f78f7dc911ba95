"""A run while people look at it: pictures that cost little, reloads, several tabs, other people."""

import time

from playwright.sync_api import expect

LONG = {"source": "waves", "length": "300", "steps": "10", "hidden": "8", "batch": "16", "epochs": "2000"}
LIMIT = 3_000                   # bytes per picture


def test_a_live_page_costs_little_and_keeps_its_charts_however_long_the_run(visit):
    tab = visit().open(**LONG)
    marked = tab.mark_nodes()
    assert marked >= 6          # two figures: frame, plot, at least one drawing
    tab.choose("pace", "5 updates/s")
    tab.start()
    tab.wait_for_updates(2)
    early = tab.bytes_per_picture(10)
    assert tab.same_nodes()
    tab.choose("pace", "full speed")
    tab.wait_for_updates(2000, timeout=60)
    tab.choose("pace", "5 updates/s")
    late = tab.bytes_per_picture(10)
    print(f"bytes per picture: {early:.0f} at the start, {late:.0f} after {tab.updates} updates")
    tab.button("stop").click()
    tab.wait_until("Stopped")
    assert tab.same_nodes()
    assert 200 < early <= LIMIT
    assert 200 < late <= LIMIT


def test_clicks_that_meet_a_picture_lose_neither_charts_nor_controls(visit):
    tab = visit().open(**LONG)
    tab.start()
    tab.mark_nodes()
    scales = tab.page.locator(".st-key-loss_scale button")
    for click in range(21):                 # at ever other moments between two pictures
        scales.nth(click % 3).click(timeout=5_000)
        tab.page.wait_for_timeout(200 + click % 7 * 23)
        assert tab.same_nodes(), f"the charts were made anew after click {click + 1}"
    expect(scales.first).to_be_visible()
    tab.button("stop").click()
    tab.wait_until("Stopped")


def test_a_page_that_is_loaded_again_in_mid_run_carries_on(visit):
    tab = visit().open(source="waves", epochs="24")         # 600 updates at the usual 50 a second
    run = tab.start()
    tab.wait_for_updates(30)
    tab.page.reload()
    tab.settled()
    tab.wait_until("In training")
    seen = tab.updates
    assert 30 <= seen < 600
    tab.wait_for_updates(seen + 20)
    tab.wait_until("Done")
    tab.wait_for_updates(600)       # the parts of a picture come one after the other
    assert tab.updates == 600
    assert tab.query["run"] == run


def test_two_tabs_follow_one_run_and_another_person_watches_it(visit, person):
    tab = visit().open(**LONG)
    run = tab.start()
    tab.wait_for_updates(20)
    tab.button("pause").click()
    tab.wait_until("Paused")
    second = visit().open(run=run)
    other = visit(person()).open(run=run)
    for one in (second, other):
        one.wait_until("Paused")
        assert one.updates >= 20
    second.button("pause").click()          # now named Resume
    for one in (second, other, tab):
        one.wait_until("In training")
        one.wait_for_updates(one.updates + 20)
    expect(second.button("pause")).to_be_enabled()
    expect(other.page.get_by_text("You are watching a run of another browser.")).to_be_visible()
    for key in ("pause", "stop", "reset"):
        expect(other.button(key)).to_be_disabled()

    other.button("copy").click()            # Make it mine
    other.wait_until("Paused")
    expect(other.page.get_by_text("You are watching a run of another browser.")).to_have_count(0)
    other.page.wait_for_function("run => new URLSearchParams(location.search).get('run') !== run", arg=run)
    taken = other.updates
    assert taken >= 20
    other.button("pause").click()           # now named Resume
    other.wait_for_updates(taken + 20)
    other.button("stop").click()
    other.wait_until("Stopped")

    second.button("stop").click()           # what one tab commands, the other shows
    tab.wait_until("Stopped")
    expect(tab.button("stop")).to_be_disabled()
    deadline = time.monotonic() + 20        # a slice that was under way lands after the click, and is shown as well
    while not tab.updates == second.updates == tab.server.stored(run)[0].facts.update:
        assert time.monotonic() < deadline, (tab.updates, second.updates)
        tab.page.wait_for_timeout(100)
