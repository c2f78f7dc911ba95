"""Honest people who come, train and go on a server that is attacked all the time: is anything of theirs lost?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from itertools import cycle
from subprocess import TimeoutExpired

from benchmarks.attack.harness import PREPARING, answer, attacker, attacks
from benchmarks.attack.server import Outside, served
from benchmarks.attack.wire import Target
from benchmarks.load import soak
from lstm_core.storage.store import Store

KINDS = {"messages", "origins", "questions", "memory", "streams", "connections", "uploads"}     # from outside
PEOPLE = 8                      # honest ones, there at any time
ATTACK = 12.0                   # seconds that an attack lasts at most


def attacked(seconds: float, tell: Callable[[object], None]) -> list[str]:
    """Let people come and go for so long, beside one attack after the other; return what did not hold.

    Args:
        seconds: how long.
        tell: is called with each moment of the soak as it comes.
    """
    outside, so_far = Outside(), soak.Visits()
    try:
        with served(KINDS, outside) as (server, target):
            made = asyncio.run(_beside(target, seconds, so_far, tell))
            problems = [f"an honest visitor was told: {error}" for error in dict.fromkeys(so_far.errors)]
            if server.process.poll() is not None:
                problems.append("the server has ended")
            try:
                server.end()            # it saves what it has
            except TimeoutExpired:
                problems.append("the server has not ended within 20 seconds")
            problems += _lost(server.database, so_far.runs)
    finally:
        outside.close()
    tell(f"{made} attacks, {so_far.visits} visits, {len(so_far.runs)} runs; of these {len(problems)} problems")
    return problems


async def _beside(target: Target, seconds: float, so_far: soak.Visits, tell: Callable[[object], None]) -> int:
    """Let people come and go while the server is attacked; return how many attacks have been made."""
    made = 0

    async def attack_on() -> None:
        nonlocal made
        for attack in cycle(attack for attack in attacks() if attack.kind in KINDS):
            with attacker(attack, target) as (line, process):
                if await answer(line, PREPARING) != "ready":
                    continue
                line.send("go")
                with suppress(TimeoutError):
                    async with asyncio.timeout(ATTACK):
                        while process.is_alive() and not line.poll():
                            await asyncio.sleep(0.1)
            made += 1

    attacking = asyncio.create_task(attack_on())
    try:
        await soak.soak(target.address, target.pid, target.folder, seconds, tell, PEOPLE, so_far=so_far)
    finally:
        attacking.cancel()
        with suppress(asyncio.CancelledError):
            await attacking
    return made


def _lost(database: str, runs: dict[str, int]) -> list[str]:
    """Return what the database does not have of the runs that people began and of the updates that they saw."""
    store, lost = Store(database), []
    for run, seen in runs.items():
        kept = store.load(run)
        if kept is None:
            lost.append(f"run {run} is lost")
        elif len(kept.losses) != kept.facts.update or kept.facts.update < seen:
            lost.append(f"of run {run} {seen} updates were seen, and {kept.facts.update} are kept")
    store.close()
    return lost
