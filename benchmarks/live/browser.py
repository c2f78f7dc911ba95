"""What a person at a browser waits for and sees. Times are taken inside the page."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser

from benchmarks.live.figure import Figure
from tests.browser.conftest import Server, Visit, show_all_settings

COLD, WARM = 2, 20              # servers started, clicks on a warm one
FIRST_LOSS = 0.3                # seconds from the click, p95
FRAMES = 25                     # different ones of the prediction in a second
BUSY = 60                       # percent of the main thread's time
WATCHED = 10.0                  # seconds
NOISY = {"source": "waves", "wave": "sum", "noise": "0.3", "epochs": "5000"}       # its prediction never stands still

COUNT = """seconds => new Promise(done => {
    const line = () => [...document.querySelectorAll('.st-key-prediction .scatterlayer .trace')].find(
        node => node.__data__?.[0]?.trace?.meta === 'predicted')?.querySelector('.js-line')?.getAttribute('d');
    const began = performance.now();
    let [before, drawn, asked] = [line(), 0, 0];
    const look = now => {
        const path = line();
        asked += 1;
        if (path !== before) drawn += 1;
        before = path;
        if (now - began < seconds * 1000) requestAnimationFrame(look);
        else done([drawn / (now - began) * 1000, asked / (now - began) * 1000]);
    };
    requestAnimationFrame(look);
})"""


def visit(browser: Browser, server: Server) -> Visit:
    """Open a tab of a new browser, English, on the server; its page Train shows all settings."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    show_all_settings(context)
    return Visit(server, context.new_page())


def cold(browser: Browser) -> list[Figure]:
    """Measure servers that have just been started, each on an empty database, by a browser that knows no file."""
    answers, usable, drawn, losses = [], [], [], []
    for _server in range(COLD):
        with tempfile.TemporaryDirectory() as folder:
            began = time.perf_counter()
            server = Server(Path(folder))
            answers.append(time.perf_counter() - began)
            try:
                tab = visit(browser, server)
                tab.page.goto(f"{server.address}/train")
                tab.button("train").wait_for()
                usable.append(time.perf_counter() - began)
                tab.settled()
                drawn.append(time.perf_counter() - began)
                losses.append(tab.click_and_time_the_first_loss())
                tab.page.context.close()
            finally:
                server.end()
    return [Figure(f"{what} (median of {COLD})", statistics.median(seconds), "s") for what, seconds in (
        ("command to the first answer", answers), ("command to a button Train", usable), ("command to charts", drawn),
        ("click to the first loss, cold", losses))]


def warm(browser: Browser, server: Server) -> list[Figure]:
    """Measure clicks on Train on a warm server, and its memory before and after."""
    tab = visit(browser, server).open()
    tab.wait_until("Done")
    tab.still()
    before = _memory(server, "one page open, nothing trained but the example")
    seconds = []
    for _click in range(WARM):
        seconds.append(tab.click_and_time_the_first_loss())
        tab.wait_for_updates(20)
        tab.button("stop").click()
        tab.wait_until("Stopped")
        tab.still()
    tab.page.context.close()
    return [Figure(f"click to the first loss, warm, median of {WARM}", statistics.median(seconds), "s"),
            Figure("  p95", statistics.quantiles(seconds, n=20, method="inclusive")[-1], "s", most=FIRST_LOSS),
            *before, *_memory(server, f"after {WARM} runs")]


def motion(browser: Browser, server: Server) -> list[Figure]:
    """Measure what is seen while a run trains, and what the browser's main thread has to do for it."""
    tab = visit(browser, server).open(**NOISY)
    tab.still()
    tab.choose("pace", "full speed")
    tab.still()
    tab.start()
    tab.wait_for_updates(300)
    tab.mark_nodes()
    devtools = tab.page.context.new_cdp_session(tab.page)
    devtools.send("Performance.enable")
    began, busy = _main_thread(devtools)
    tab.pictures.clear()
    frames, asked = tab.page.evaluate(COUNT, WATCHED)
    ended, busy_then = _main_thread(devtools)
    pictures = len(tab.pictures) / (ended - began)
    new = tab.page.evaluate("() => chartNodes().filter(node => !marked.includes(node)).length")
    tab.button("stop").click()
    tab.wait_until("Stopped")
    tab.page.context.close()
    return [Figure("pictures a tab gets", pictures, "a second"),
            Figure("frames the browser draws", asked, "a second"),
            Figure("different frames of the prediction", frames, "a second", least=FRAMES),
            Figure("the main thread is busy", 100 * (busy_then - busy) / (ended - began), "%", most=BUSY),
            Figure(f"chart nodes created anew in {WATCHED:g} s", new, "", most=0)]


def _main_thread(devtools: object) -> tuple[float, float]:
    """Return the time now, and for how long the main thread has been busy; both in seconds."""
    told = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}  # type: ignore[attr-defined]
    return told["Timestamp"], told["TaskDuration"]


def _memory(server: Server, when: str) -> list[Figure]:
    """Return the resident memory of server and workers."""
    held = psutil.Process(server.process.pid).memory_info().rss / 1e6
    workers = sum(worker.memory_info().rss for worker in server.workers()) / 1e6
    return [Figure(f"memory of the server, {when}", held, "MB"), Figure("  of its worker", workers, "MB")]
