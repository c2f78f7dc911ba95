# ruff: noqa: T201 (printing is what it is for)
"""A class on one server: ``python -m benchmarks.load`` (or ``make load``); ``--soak MINUTES`` lets it come and go.

Starts the real server, each time on a free port of this machine and with an empty database, and simulated browsers that
speak Streamlit's own websocket protocol and follow their run over its stream: each opens the page Train, presses Train
within the same second as the others, and then moves a slider every second while its run trains. Prints what they wait
for, what each run gets, and what the server, its worker and the browsers use; fails when something does, or is over its
limit (``crowd.LIMITS``). ``--people 10 30`` measures these classes alone, ``--class 60`` one in which a teacher asks,
brings all to a page and begins an experiment (``class_hour.PROMISES``). Needs requirements-dev.txt, and a machine that
has nothing else to do.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from benchmarks.load import class_hour, crowd, soak
from tests.browser.conftest import Server

PACE = "50 updates/s"
SIZES = ((1, PACE), (10, PACE), (30, PACE), (60, PACE), (30, "full speed"))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description="A class on one server")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="let people come and go for so long")
    parser.add_argument("--people", type=int, nargs="+", metavar="N", help="measure classes of so many alone")
    parser.add_argument("--class", type=int, metavar="N", dest="learners",
                        help="measure so many in a class with a teacher")
    minutes, people = (arguments := parser.parse_args()).soak, arguments.people
    load = os.getloadavg()[0]
    print(f"{psutil.cpu_count()} cores, load {load:.1f}{' (busy: times are too long)' if load > 1 else ''}", flush=True)
    if minutes is not None:
        with served() as (server, folder):
            print(soak.HEAD, flush=True)
            asyncio.run(soak.soak(server.address, server.process.pid, folder, minutes * 60,
                                  tell=lambda moment: print(moment, flush=True)))
        return
    if arguments.learners is not None:
        print(class_hour.HEAD, flush=True)
        with served() as (server, folder):
            hour = asyncio.run(class_hour.measure(server.address, server.process.pid, folder, arguments.learners))
        print(hour, flush=True)
        _end(hour.problems)
        return
    print(crowd.HEAD, flush=True)
    problems: list[str] = []
    for size, pace in ((number, PACE) for number in people) if people else SIZES:
        with served() as (server, folder):
            seen = asyncio.run(crowd.measure(server.address, server.process.pid, folder, size, pace))
        print(seen, flush=True)
        problems += seen.problems
    _end(problems)


def _end(problems: list[str]) -> None:
    """End with an error that says what was not as it should be, if anything was not."""
    if problems:
        sys.exit("\n".join(["", *problems]))


@contextmanager
def served() -> Iterator[tuple[Server, Path]]:
    """Start a server with an empty database in a folder of its own; both are gone in the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server = Server(folder)
        try:
            server.wait_for_examples()
            yield server, folder
        finally:
            server.end()
        log = (folder / "server.log").read_text()
        if "Traceback" in log:
            print(f"The server has complained:\n{log[-2000:]}")


if __name__ == "__main__":
    main()
