"""What the stream of a run makes possible: motion, an inside that follows, tabs that rest, hosts without it."""

import re

import pytest
from playwright.sync_api import expect

NOISY = {"source": "waves", "wave": "sum", "noise": "0.3", "length": "300", "steps": "10", "hidden": "8", "batch": "16",
         "epochs": "2000"}
WHERE = ".cv-line-training .cv-where"
LATER = f"moment => parseInt(document.querySelector('{WHERE}').innerText.replaceAll(',', '')) > moment"
# How many different pictures of the prediction are seen within a second and a half.
FRAMES = """() => new Promise(done => {
    const seen = new Set(), began = performance.now();
    const look = now => {
        const lines = [...document.querySelectorAll('.st-key-prediction .trace')].filter(
            node => node.__data__?.[0]?.trace?.meta === 'predicted');
        seen.add(lines.map(node => node.querySelector('.js-line')?.getAttribute('d')).join());
        if (now - began < 1500) requestAnimationFrame(look); else done(seen.size);
    };
    requestAnimationFrame(look);
})"""


def moment(tab):
    """Return the update that the cell view shows as the chosen one."""
    return int(re.sub(r"\D", "", tab.page.locator(WHERE).inner_text().partition("of")[0].partition("is")[0]) or 0)


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_prediction_glides_between_pictures_for_those_who_want_motion(visit, motion):
    tab = visit(reduced_motion=motion).open(**NOISY)
    tab.choose("pace", "20 updates/s")
    tab.start()
    tab.wait_for_updates(60)
    tab.pictures.clear()
    frames = tab.page.evaluate(FRAMES)
    came = len(tab.pictures)
    assert came >= 5
    if motion == "reduce":
        assert frames <= came + 2
    else:
        assert frames > 2 * came
    tab.button("stop").click()
    tab.wait_until("Stopped")


def test_inside_the_cell_follows_a_run_until_one_goes_back(visit):
    tab = visit().open(**NOISY)
    tab.choose("pace", "20 updates/s")
    tab.start()
    tab.wait_for_updates(20)
    tab.page.locator("[data-testid=stTopNavLink]").filter(has_text="Inside the cell").click()
    follow = tab.page.locator(".cv-follow")
    expect(follow).to_have_attribute("aria-pressed", "true")
    first = moment(tab)
    tab.page.wait_for_function(LATER, arg=first + 100)
    tab.page.locator(".cv-line-training [role=slider]").press("Home")   # this moment is kept, others may go
    expect(follow).to_have_attribute("aria-pressed", "false")
    tab.page.wait_for_timeout(1500)
    assert moment(tab) == 0
    follow.click()
    tab.page.wait_for_function(LATER, arg=first)
    tab.turn_to("train", run=tab.query["run"])
    tab.button("stop").click()
    tab.wait_until("Stopped")


def test_a_tab_that_nobody_looks_at_asks_for_nothing(visit):
    tab = visit().open(**NOISY)
    tab.start()
    tab.wait_for_updates(5)
    tab.page.evaluate("""() => {
        window.away = true;
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.away });
        document.dispatchEvent(new Event('visibilitychange'));
    }""")
    tab.page.wait_for_timeout(500)
    tab.pictures.clear()
    seen = tab.updates
    tab.page.wait_for_timeout(1500)
    assert tab.pictures == []           # so that the lease lapses
    tab.page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')); }")
    tab.wait_for_updates(seen + 20)
    tab.page.evaluate("() => delete document.hidden")
    tab.button("stop").click()
    tab.wait_until("Stopped")


@pytest.mark.parametrize("answers", ["nothing", "a page of its own"])
def test_where_only_streamlits_own_paths_get_through_a_run_and_its_inside_are_seen_all_the_same(visit, answers):
    tab = visit(locale="en-GB")             # in a browser of its own: what is routed there stays routed
    tab.page.route_web_socket(re.compile("gatescope/live"), lambda socket: socket.close())
    tab.page.route(re.compile("gatescope/inside/"), lambda route: route.abort() if answers == "nothing" else
                   route.fulfill(status=200, body="<html></html>", content_type="text/html"))
    tab.open(**NOISY)
    tab.choose("pace", "20 updates/s")
    tab.mark_nodes()
    tab.start()
    first = tab.updates
    tab.wait_for_updates(first + 40)
    assert tab.same_nodes()
    tab.button("pause").click()
    tab.wait_until("Paused")
    tab.page.locator("[data-testid=stTopNavLink]").filter(has_text="Inside the cell").click()
    expect(tab.page.locator(".cv-hand:not(.cv-stale) .cv-card").first).to_be_visible()
    assert moment(tab) >= first
    tab.complaints.clear()
