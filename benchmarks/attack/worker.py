"""The worker processes: stopped, killed, short of memory."""

from __future__ import annotations

import asyncio
import resource
import signal

import psutil

from benchmarks.attack.harness import Attacker, Wanted, attack
from benchmarks.attack.wire import Tab, Target

USUAL = ("In training", "Waiting")      # how the line about a run begins that trains
SAID = 7                # seconds after which a page must have said that nothing goes on


@attack(Wanted(share=0, first_loss=20))
async def stopped(attacker: Attacker) -> list[str]:
    """Stops the worker for seven seconds (SIGSTOP)."""
    tab = await _training(attacker)
    await attacker.begin()
    for worker in _workers(attacker.target):
        worker.send_signal(signal.SIGSTOP)
    said = False
    try:
        for _second in range(SAID):
            await asyncio.sleep(1)
            await tab.rerun()
            said = said or not tab.page.progress.startswith(USUAL)
    finally:
        for worker in _workers(attacker.target):
            worker.send_signal(signal.SIGCONT)
    return [] if said else [f"the page says {tab.page.progress!r} all the while"]


@attack(Wanted(share=0.1, first_loss=20, quiet=False))
async def killed(attacker: Attacker) -> None:
    """Kills the worker, and the one that takes its place."""
    await attacker.begin()
    for _time in range(2):
        for worker in _workers(attacker.target):
            worker.kill()
        await asyncio.sleep(4)


@attack(Wanted(share=0.1, first_loss=20, quiet=False), most=15)
async def short_of_memory(attacker: Attacker) -> list[str]:
    """Allows the worker 30 MB more than it has (RLIMIT_AS), and trains a large network."""
    tab = Tab(attacker.target, query="source=waves&hidden=512&batch=128&epochs=5")
    await tab.open()
    await attacker.begin()
    for worker in _workers(attacker.target):
        most = worker.memory_info().vms + 30_000_000
        resource.prlimit(worker.pid, resource.RLIMIT_AS, (most, most))
    await tab.rerun(pressed="train")
    said: list[str] = []
    for _second in range(6):
        await asyncio.sleep(1)
        await tab.rerun()
        said.append(tab.page.progress)
    for worker in _workers(attacker.target):
        worker.kill()
    await asyncio.sleep(4)
    told = any("memory" in sentence for sentence in (*said, *tab.page.errors))
    return [] if told or tab.page.updates else [f"the page says only {said[-1]!r}"]


async def _training(attacker: Attacker) -> Tab:
    tab = Tab(attacker.target, query="epochs=5000")
    await tab.open()
    await tab.rerun(pressed="train")
    await tab.until(lambda: bool(tab.page.followed))
    await asyncio.sleep(1)
    await tab.rerun()
    return tab


def _workers(target: Target) -> list[psutil.Process]:
    """Return the processes that have torch in memory."""
    return [child for child in psutil.Process(target.pid).children(recursive=True)
            if any("libtorch" in area.path for area in child.memory_maps())]
