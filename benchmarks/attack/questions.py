"""Work for the worker and the threads of the cell view: questions, traces, runs, sweeps."""

from __future__ import annotations

import asyncio
import json

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.attack.harness import Attacker, Wanted, attack
from benchmarks.attack.wire import TOKEN, Tab, Target, forged, http, stream
from benchmarks.streamed import LOOKS
from lstm_core import limits
from lstm_core.ui.base.static_files import PREFIX
from lstm_core.ui.cell.api import FOLDER


@attack()
async def compare_tabs(attacker: Attacker) -> None:
    """Opens Compare four times with the same eight large runs, and closes the tabs at once."""
    await attacker.begin()
    for _tab in range(4):
        tab = Tab(attacker.target, "compare", "runs=" + ",".join(attacker.target.runs["long"]))
        await tab.connect()
        await tab.socket.send(tab.page.rerun())
        await asyncio.sleep(0.4)
        await tab.close()
    await asyncio.sleep(6)


@attack()
async def compare(attacker: Attacker) -> None:
    """Opens Compare once with eight large runs, and waits for it as an honest person does."""
    tab = Tab(attacker.target, "compare", "runs=" + ",".join(attacker.target.runs["long"]))
    await attacker.begin()
    await tab.open()


@attack()
async def traces(attacker: Attacker) -> None:
    """Asks with 25 cookies for three traces each of a deep network that reads 400 time steps."""
    run = attacker.target.runs["deep"][0]

    async def token(delay: float) -> str:
        await asyncio.sleep(delay)
        tab = Tab(attacker.target, "cell", f"run={run}")
        await tab.open()
        return tab.find(TOKEN)

    opened = await asyncio.gather(*(token(number * 0.3) for number in range(25)), return_exceptions=True)
    tokens = [found for found in opened if isinstance(found, str) and found]
    if not tokens:
        raise RuntimeError(f"no trace to ask for: {opened[0]!r}")
    await attacker.begin()
    await asyncio.gather(*(_trace(attacker.target, found, which) for found in tokens
                           for which in ("changed", "original", "changed&again")), return_exceptions=True)


@attack()
async def many_runs(attacker: Attacker) -> None:
    """Watches 120 runs at full speed of 15 people over streams of as many cookies, so that all of them are trained."""
    cookies = [forged() for _ in range(15)]
    waiting = attacker.target.runs["waiting"]
    await attacker.begin()
    await asyncio.gather(*(_watch(attacker.target, run, cookies[number % 15]) for number, run in enumerate(waiting)),
                         return_exceptions=True)


@attack(Wanted(database=120))       # its state and snapshots, in the file and in its journal
async def largest(attacker: Attacker) -> None:
    """Makes one update of the largest network that is allowed, with as much data as is allowed."""
    batch = limits.UPDATE_NUMBERS // (7 * (512 + 256) * 25)
    tab = Tab(attacker.target, "train",
              f"source=waves&length=30000&steps=25&layers=2&hidden=512&hidden2=256&batch={batch}")
    await tab.open()
    await attacker.begin()
    await tab.rerun(pressed="step_once")
    if tab.page.errors:
        raise RuntimeError(tab.page.errors[0])
    await _watch(attacker.target, tab.page.run, tab.cookie)


@attack(Wanted(database=200))       # three such
async def widest(attacker: Attacker) -> None:
    """Trains the network with most numbers in one update, at full speed, in three tabs with cookies of their own."""
    batch = limits.UPDATE_NUMBERS // (7 * 256 * 25)
    tabs = [Tab(attacker.target, "train", f"source=waves&length=100000&steps=25&hidden=256&batch={batch}")
            for _tab in range(3)]
    await asyncio.gather(*(tab.open() for tab in tabs))
    await attacker.begin()
    await asyncio.gather(*(tab.rerun(pressed="train") for tab in tabs))
    if errors := [error for tab in tabs for error in tab.page.errors]:
        raise RuntimeError(errors[0])
    await asyncio.gather(*(_watch(attacker.target, tab.page.run, tab.cookie) for tab in tabs), return_exceptions=True)


@attack()
async def sweeps(attacker: Attacker) -> None:
    """Starts the largest sweep there may be, 120 runs, with five cookies at the same time."""
    tabs = [Tab(attacker.target, "compare", "compare_section=sweep&epochs=10&hidden=64") for _tab in range(5)]
    await asyncio.gather(*(tab.open() for tab in tabs))
    for tab in tabs:
        await tab.rerun(WidgetState(id=tab.widget("sweep_hidden"), string_value="60, 61, 62, 63"),
                        WidgetState(id=tab.widget("sweep_steps"), string_value="20, 21, 22"),
                        WidgetState(id=tab.widget("sweep_seeds"), double_value=limits.SWEEP_SEEDS))
    await attacker.begin()
    await asyncio.gather(*(tab.rerun(pressed="sweep_start") for tab in tabs))
    if not all("sweep=" in tab.page.query for tab in tabs):
        raise RuntimeError(f"no sweep has begun: {tabs[0].page.errors or tabs[0].page.query}")
    for _second in range(5):
        await asyncio.sleep(1)
        await asyncio.gather(*(tab.rerun() for tab in tabs))


@attack()
async def free_running(attacker: Attacker) -> None:
    """Opens Predict for eight large runs with eight cookies at once: each asks for forecasts over all the data."""
    await attacker.begin()
    await asyncio.gather(*(Tab(attacker.target, "predict", f"run={run}").open()
                           for run in attacker.target.runs["long"]), return_exceptions=True)


async def _trace(target: Target, token: str, which: str) -> None:
    await http(target, f"/{PREFIX}/{FOLDER}/{token}/1?which={which}", headers={"Accept-Encoding": "gzip"})


async def _watch(target: Target, run: str, cookie: str) -> None:
    """Ask for picture after picture of a run."""
    socket = await stream(target, cookie)
    async with asyncio.timeout(6):
        while True:
            await socket.send(json.dumps({"run": run, "looks": LOOKS}))
            await socket.recv()
