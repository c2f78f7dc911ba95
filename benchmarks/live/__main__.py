# ruff: noqa: T201 (printing is what it is for)
"""A page that shows a run in training: ``python -m benchmarks.live`` (or ``make live``).

Prints what one picture of the run costs the server and takes on the wire, what a person waits for and sees, and what
the dispatcher needs for a turn, and how the first minute of a newcomer goes; fails when a figure is not as wanted.
``--only server`` leaves the browser out, ``--only browser`` all else, ``--only first`` measures the first minute alone.
Needs requirements-dev.txt, a Chromium, and a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from itertools import chain

import psutil
from playwright.sync_api import sync_playwright

from benchmarks import dispatcher
from benchmarks.live import browser, first_minute, server
from benchmarks.live.figure import Figure
from benchmarks.load.__main__ import served
from tests.browser.conftest import QUIET


def main() -> None:
    """Measure everything, print it, and fail when something is not as wanted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live", description="A run in training")
    parser.add_argument("--only", choices=("server", "browser", "first"))
    only = parser.parse_args().only
    load = os.getloadavg()[0]
    print(f"{psutil.cpu_count()} cores, load {load:.1f}"
          f"{' (the machine is busy: the times and shares are too high)' if load > 1 else ''}")
    missed = []
    for figure in chain(on_the_server() if only in (None, "server") else (),
                        in_a_browser(only) if only != "server" else ()):
        print(figure, flush=True)
        if not figure.good:
            missed.append(figure)
    if missed:
        sys.exit("\n".join(["", "Not as wanted:", *map(str, missed)]))


def on_the_server() -> Iterator[Figure]:
    """Measure what needs no browser."""
    for row in (rows := dispatcher.rows()):
        yield Figure(f"a turn of the dispatcher with {row.runs} runs", row.turn_ms, "ms", most=dispatcher.LIMIT)
    yield Figure("sizes at which a turn costs more than in proportion", len(dispatcher.problems(rows)), "", most=0)
    yield from server.in_process()
    with served() as (started, _folder):
        yield from asyncio.run(server.cost(started))
        yield from asyncio.run(server.sizes(started))


def in_a_browser(only: str | None) -> Iterator[Figure]:
    """Measure what a person at a browser waits for and sees; the first minute alone where only that is wanted."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        if only != "first":
            yield from browser.cold(opened)
        with served() as (started, _folder):
            if only != "first":
                yield from browser.warm(opened, started)
                yield from browser.motion(opened, started)
            yield from first_minute.measured(opened, chromium, started)
        opened.close()


if __name__ == "__main__":
    main()
