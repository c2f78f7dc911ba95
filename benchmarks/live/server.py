"""What one picture of a run costs the server, and how large it is on the wire."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections import defaultdict
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from benchmarks.live import runs
from benchmarks.live.figure import Figure
from benchmarks.streamed import LOOKS, Follower, head, new_cookie
from lstm_core import data
from lstm_core.running.lab import Lab
from lstm_core.storage.store import Store
from lstm_core.ui.base.wire import pack
from lstm_core.ui.live.picture import Sent, picture
from tests.browser.conftest import Server

PICTURE_MS = 1.0                # of the server's processor, for one picture
PICTURE_BYTES = 3_000
LENGTHS = (1, 500, 5_000, 100_000)      # updates a run has done when it is looked at
RUNS, WATCHERS = 5, 4           # of each run: what makes as many pictures as a class does
ROUNDS, SECONDS = 3, 4.0        # with these tabs and without them, in turns
TRIES = 200


class Idle:
    """An engine whose only worker never answers."""

    workers = 1

    def submit(self, *_work: Any) -> Future[Any]:
        """Return what is never done."""
        return Future()

    def abandon(self, future: Future[Any]) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


def in_process() -> list[Figure]:
    """Measure a look at a run, the picture of five updates with all predictions, and its bytes, in this process."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'lab.db'}")
        lab = Lab(store, Idle())
        for updates in LENGTHS[1:]:
            run = runs.put(store, runs.WAVES, updates)
            view = lab.view(run, LOOKS)
            prepared = data.dataset(view.spec.data, view.spec.model.output)
            sent = Sent()
            picture(view, prepared, LOOKS, sent)
            before = [replace(sent, losses=updates - 5, evaluations=len(view.evaluations) - 1, update=updates - 5,
                              drawn=(), inside=()) for _try in range(TRIES)]
            began = time.thread_time()
            for known in before:
                pack(picture(lab.view(run, LOOKS), prepared, LOOKS, known))
            found.append(Figure(f"one picture in this process, after {updates:,} updates",
                                1000 * (time.thread_time() - began) / TRIES, "ms", most=PICTURE_MS))
        lab.close()
        store.close()
    return found


async def cost(server: Server) -> list[Figure]:
    """Measure what the server's process computes with tabs that watch runs, and without them, per picture."""
    store = Store(server.database)
    watched = [runs.put(store, runs.WAVES, 500) for _run in range(RUNS)]
    store.close()
    page = f"{server.address}/train"
    cookies = [await asyncio.to_thread(new_cookie, page) for _watcher in range(RUNS * WATCHERS)]
    process = psutil.Process(server.process.pid)
    took = {True: 0.0, False: 0.0}
    seen, pictures = 0, list[bytes]()
    for number in range(2 * ROUNDS):
        there = number % 2 == 0
        pictures.clear()
        tabs = [Follower(server.address, cookie, pictures.append)
                for cookie in (cookies if there else ())]
        for tab, run in zip(tabs, watched * WATCHERS, strict=False):
            tab.follow(run)
        await asyncio.sleep(1)
        pictures.clear()
        before, began = _seconds(process), time.perf_counter()
        await asyncio.sleep(SECONDS)
        took[there] += (_seconds(process) - before) / (time.perf_counter() - began)
        seen += len(pictures)
        for tab in tabs:
            await tab.close()
    rate = seen / SECONDS / ROUNDS
    return [Figure(f"pictures of {RUNS * WATCHERS} tabs", rate, "a second", least=RUNS * WATCHERS),
            Figure("the server with these tabs", 100 * took[True] / ROUNDS, "% of a core"),
            Figure("  without them, while the runs go on", 100 * took[False] / ROUNDS, "% of a core"),
            Figure("the server's processor time per picture", 1000 * (took[True] - took[False]) / ROUNDS / rate, "ms",
                   most=PICTURE_MS)]


async def sizes(server: Server) -> list[Figure]:
    """Measure the pictures of runs of all kinds and lengths while they go on."""
    store = Store(server.database)
    watched = {runs.put(store, spec, updates): (kind, updates) for kind, spec in runs.KINDS.items()
               for updates in LENGTHS}
    store.close()
    page = f"{server.address}/train"
    seen: dict[tuple[str, int], list[int]] = defaultdict(list)

    def picture_came(content: bytes) -> None:
        seen[watched[head(content)["run"]]].append(len(content))

    tabs = [Follower(server.address, await asyncio.to_thread(new_cookie, page), picture_came) for _run in watched]
    for tab, run in zip(tabs, watched, strict=True):
        tab.follow(run)
    await asyncio.sleep(2 * SECONDS)
    for tab in tabs:
        await tab.close()
    found = []
    for kind, updates in watched.values():
        first, *later = seen[kind, updates]
        found.append(Figure(f"{kind} from {updates:,} updates on: the first picture, of all there was", first,
                            "bytes"))
        found.append(Figure("  the largest one after it", max(later), "bytes", most=PICTURE_BYTES))
        found.append(Figure("  their mean", statistics.mean(later), "bytes"))
    return found


def _seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
