"""The first minute of somebody who has never been here: until something moves, what is in view, until it can be used.

Times are taken inside the page, from the moment at which its address was asked for.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.live.figure import Figure
from lstm_core.ui.base.pages import FIRST, PAGES
from lstm_core.ui.base.pages import Page as OurPage
from tests.browser.conftest import DRAWN, IN_VIEW, QUIET, Server

CLICKS, MOTION = 1, 2.0         # from opening Start until what one has started moves, on a warm server: clicks, seconds
LEARNED = 30.0                  # seconds from there until all answers are right, at most
WORDS, CONTROLS = 120, 21       # in view on Train before anything is opened; ten of the controls are the pages
COLD, WARM = 3.0, 1.0           # seconds until a page can be used
TRIES = 5
WIDTH, HEIGHT = 1440, 900
SCREEN: dict[str, Any] = {"viewport": {"width": WIDTH, "height": HEIGHT}, "locale": "en-US"}
STILL = 1_500                   # milliseconds after which nothing more comes of a page that has been drawn

# Presses the large button as soon as it can be pressed, and tells when its run is seen to move, and to have learned.
PRESS = """() => {
    const read = () => [...document.querySelectorAll('.alive-numbers dd')].map(node => node.textContent);
    const button = () => document.querySelector('.st-key-train_here button:not(:disabled)');
    let before = null, pressed = false;
    window.clicks = 0;
    const look = () => {
        if (!pressed && button() && read().length) {
            pressed = true;
            before = new URLSearchParams(location.search).get('run');
            window.pressedAt = performance.now() / 1000;
            window.clicks += 1;
            button().click();
        } else if (pressed && new URLSearchParams(location.search).get('run') !== before) {
            const [updates, right] = read();
            const now = performance.now() / 1000;
            if (/^[1-9][0-9]?$/.test(updates)) window.movedAt ??= now;
            if (window.movedAt && parseFloat(right) > 99) {
                window.learnedAt = now;
                return;
            }
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""

# Tells when what a page shows stands there and its script has come to its end.
USABLE = """drawn => {
    const look = () => {
        const there = [...document.querySelectorAll(drawn)].some(node => node.checkVisibility());
        const state = document.querySelector('[data-test-script-state]')?.dataset.testScriptState;
        if (there && state === 'notRunning') window.usableAt = performance.now() / 1000;
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


def measured(browser: Browser, chromium: str | None, server: Server) -> Iterator[Figure]:
    """Measure everything; only what is cold needs servers of its own.

    Args:
        browser: one that is open.
        chromium: where it lies; None: where Playwright keeps its own.
        server: one that is warm.
    """
    with tempfile.TemporaryDirectory() as profile:
        # People come back with the browser they had: it keeps files and compiled scripts, which a private one forgets.
        known = browser.browser_type.launch_persistent_context(profile, executable_path=chromium, args=QUIET, **SCREEN)
        yield from motion(known, server)
        yield from warm(known, server)
        known.close()
    yield from in_view(browser, server)
    yield from cold(browser)


def motion(context: BrowserContext, server: Server) -> Iterator[Figure]:
    """Measure how soon a run moves that somebody starts on Start, and when it has learned."""
    _opened(context, server, PAGES[FIRST]).close()           # the browser knows the files
    clicks, seconds, answered, learned = [], [], [], []
    for _try in range(TRIES):
        page = context.new_page()
        page.add_init_script(f"({PRESS})()")
        page.goto(f"{server.address}/")
        page.wait_for_function("window.learnedAt", timeout=60_000)
        at = page.evaluate("[clicks, pressedAt, movedAt, learnedAt]")
        clicks.append(at[0])
        seconds.append(at[2])
        answered.append(at[2] - at[1])
        learned.append(at[3] - at[2])
        page.close()
    yield Figure("open Start -> motion: clicks", max(clicks), "", most=CLICKS)
    yield Figure(f"open Start -> motion: seconds, median of {TRIES}", statistics.median(seconds), "s", most=MOTION)
    yield Figure("  of these from the click on", statistics.median(answered), "s")
    yield Figure("  from there until its answers are right", statistics.median(learned), "s", most=LEARNED)


def in_view(browser: Browser, server: Server) -> Iterator[Figure]:
    """Count the words and the controls in view on every page, as a newcomer finds it."""
    for ours in PAGES.values():
        context = _context(browser)
        page = _opened(context, server, ours)
        page.wait_for_timeout(STILL)
        found = page.evaluate(IN_VIEW)
        limited = ours.name == "train"
        yield Figure(f"{ours.title}: words in view at {WIDTH} x {HEIGHT}", len(found["words"]), "",
                     most=WORDS if limited else None)
        yield Figure("  controls in view", len(found["controls"]), "", most=CONTROLS if limited else None)
        context.close()


def warm(context: BrowserContext, server: Server) -> Iterator[Figure]:
    """Measure when a page can be used by a browser that knows it, on a server that has shown it before."""
    for ours in PAGES.values():
        for _visit in range(2):         # a browser keeps a compiled script when it has come a second time
            _opened(context, server, ours).close()
        seconds = []
        for _try in range(TRIES):
            page = _opened(context, server, ours)
            seconds.append(page.evaluate("usableAt"))
            page.close()
        yield Figure(f"{ours.title}: until it can be used, warm, median of {TRIES}", statistics.median(seconds), "s",
                     most=WARM)


def cold(browser: Browser) -> Iterator[Figure]:
    """Measure the same of the first page of a server that has just begun to answer, by a browser that knows no file."""
    for ours in PAGES.values():
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder))
            try:
                context = _context(browser)
                seconds = _opened(context, server, ours).evaluate("usableAt")
                context.close()
            finally:
                server.end()
        yield Figure(f"{ours.title}: until it can be used, cold", seconds, "s", most=COLD)


def _context(browser: Browser) -> BrowserContext:
    return browser.new_context(**SCREEN)


def _opened(context: BrowserContext, server: Server, ours: OurPage) -> Page:
    """Open a page in a new tab, and wait until it can be used."""
    page = context.new_page()
    page.add_init_script(f"({USABLE})({DRAWN!r})")
    page.goto(f"{server.address}/{ours.url_path}")
    page.wait_for_function("window.usableAt", timeout=60_000)
    return page
