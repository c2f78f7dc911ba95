# ruff: noqa: T201 (printing is what it is for)
"""What a person at a browser waits for, and what a server holds and sends: ``python -m benchmarks.live_page``.

Prints: a cold start, from the command to the page and from the first click to the first loss; click to first loss on
a warm server; memory of server and worker; bytes of one picture of a training run at several lengths of the run.
Times are taken inside the page. Needs requirements-dev.txt and a Chromium, and a machine that has nothing else to do.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import QUIET, Server, Visit

COLD, WARM = 3, 20              # servers started, clicks on a warm one
LONG = {"source": "waves", "length": "300", "steps": "10", "hidden": "8", "batch": "16", "epochs": "2000"}
LENGTHS = ((50, "50 updates/s"), (500, "50 updates/s"), (5000, "full speed"))    # updates, and how to get there


def main() -> None:
    """Measure everything and print it."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    load = psutil.getloadavg()[0]
    print(f"{psutil.cpu_count()} cores, load {load:.1f}{' (busy: times are too long)' if load > 1 else ''}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        cold_start(browser)
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder))
            try:
                warm(browser, server)
                pictures(browser, server)
            finally:
                server.end()
        browser.close()


def visit(browser: Browser, server: Server) -> Visit:
    """Open a tab of a new browser, English, on the server."""
    return Visit(server, browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US").new_page())


def cold_start(browser: Browser) -> None:
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
    for what, seconds in (("command to first answer", answers), ("command to a button Train", usable),
                          ("command to charts", drawn), ("click to first loss, cold", losses)):
        print(f"{what}: {statistics.median(seconds):.2f} s (median of {COLD}; worst {max(seconds):.2f})")


def warm(browser: Browser, server: Server) -> None:
    """Measure clicks on Train on a warm server, and its memory before and after."""
    tab = visit(browser, server).open()
    tab.wait_until("Done")
    tab.still()
    memory(server, "one page open, nothing trained but the example")
    seconds = []
    for _click in range(WARM):
        seconds.append(tab.click_and_time_the_first_loss())
        tab.wait_for_updates(20)
        tab.button("stop").click()
        tab.wait_until("Stopped")
        tab.still()
    median, late = statistics.median(seconds), statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    print(f"click to first loss, warm: p50 {median:.3f} s, p95 {late:.3f} s ({WARM} clicks)")
    memory(server, f"after {WARM} runs")
    tab.page.context.close()


def memory(server: Server, when: str) -> None:
    """Print the resident memory of server and workers."""
    held = psutil.Process(server.process.pid).memory_info().rss / 1e6
    workers = [worker.memory_info().rss / 1e6 for worker in server.workers()]
    print(f"memory, {when}: server {held:.0f} MB, worker {', '.join(f'{size:.0f}' for size in workers)} MB")


def pictures(browser: Browser, server: Server) -> None:
    """Measure what a live page receives, at 5 updates per second."""
    tab = visit(browser, server).open(**LONG)
    tab.start()
    for updates, pace in LENGTHS:
        tab.choose("pace", pace)
        tab.wait_for_updates(updates, timeout=120)
        tab.choose("pace", "5 updates/s")
        tab.page.wait_for_timeout(500)
        size, count = tab.bytes_per_picture(5)
        print(f"bytes per picture after {tab.updates} updates: {size:.0f} ({count / 5:.1f} pictures a second)")
    memory(server, f"after {tab.updates} updates of one run")
    tab.button("stop").click()
    tab.wait_until("Stopped")
    tab.page.context.close()


if __name__ == "__main__":
    main()
