# ruff: noqa: T201 (printing is what it is for)
"""Attacks on a server: ``python -m benchmarks.attack`` (or ``make attack``); ``--only NAMES``, ``--list``,
``--soak MINUTES``.

Starts the real server on a free port of this machine, with a proxy into nothing between it and the world, and makes one
attack after the other from a process and an address of their own, while honest people train, move sliders, look inside
a cell, and come anew. Prints for each attack what they waited for before, during and after it and what the server held.
What does not hold (``harness.Wanted``) is done once more: what the rest of a busy machine does passes, what an attack
does comes again. Fails when something does not hold twice. Needs requirements-dev.txt; takes ten minutes on a quiet
machine.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time

import psutil

from benchmarks.attack.harness import BUSY, Attack, Result, Wanted, attacks, judge
from benchmarks.attack.server import Outside
from benchmarks.attack.soak import attacked
from benchmarks.load.soak import HEAD

COLUMNS = {"attack": 20, "slider ms": 17, "first loss s": 17, "updates/s": 11, "cell view ms": 17, "server MB": 12,
           "worker MB": 12, "holds": 5}


def main() -> None:
    """Attack, print, and fail when something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description="Attacks on a server")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these attacks, or all of these kinds")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="attack for so long, while people come and go")
    parser.add_argument("--list", action="store_true", help="say what there is, and make none")
    asked, known = parser.parse_args(), attacks()
    if unknown := set(asked.only or ()) - {one.name for one in known} - {one.kind for one in known}:
        parser.error(f"there is no attack {', '.join(sorted(unknown))}; --list names all")
    chosen = [one for one in known if not asked.only or {one.name, one.kind} & set(asked.only)]
    if asked.list:
        print("\n".join(f"{one.kind:<12} {one.name:<22} {one.does}" for one in chosen))
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))     # and the server with it
    if asked.soak is not None:
        print(HEAD, flush=True)
        if problems := attacked(asked.soak * 60, lambda told: print(told, flush=True)):
            sys.exit("\n".join(problems))
        return
    outside = Outside()
    began, usual = time.monotonic(), Wanted()
    print(f"{psutil.cpu_count()} cores, load {os.getloadavg()[0]:.1f}. Before/during/after each attack; most memory.\n"
          f"What must hold: slider p95 {1000 * usual.slider:.0f} ms, first loss {usual.first_loss:g} s, cell view p95 "
          f"{1000 * usual.cell:.0f} ms (or {BUSY:g} times as\nlong as without the attack, on a busy machine), "
          f"{usual.share:.0%} of the updates, server {usual.server:.0f} MB, worker {usual.worker:.0f} MB,\n"
          "no error on a page or in the log, no question to other hosts.\n")
    print(" ".join(f"{name:<{width}}" for name, width in COLUMNS.items()), flush=True)
    failed = _make(chosen, outside)
    if failed:
        print("Once more:", flush=True)
        failed = _make(failed, outside)
    outside.close()
    print(f"\n{len(chosen) - len(failed)} of {len(chosen)} attacks do no harm "
          f"({(time.monotonic() - began) / 60:.1f} minutes)")
    sys.exit(min(len(failed), 1))


def _make(chosen: list[Attack], outside: Outside) -> list[Attack]:
    """Make attacks and print what they did; return those with which something did not hold."""
    failed = []
    for result in judge(chosen, outside):
        print(line(result), *(f"    {problem}" for problem in result.problems), sep="\n", flush=True)
        if result.problems:
            failed.append(result.attack)
    return failed


def line(result: Result) -> str:
    """Return one line of the table."""
    moments = (result.before, result.during, result.after)
    values = (
        result.attack.name, *("/".join(values) for values in (
            [f"{1000 * seen.slider:.0f}" for seen in moments], [f"{seen.first_loss:.1f}" for seen in moments],
            [f"{seen.rate:.0f}" for seen in moments], [f"{1000 * seen.cell:.0f}" for seen in moments],
            [f"{seen.server:.0f}" for seen in moments], [f"{seen.worker:.0f}" for seen in moments])),
        "NO" if result.problems else "yes")
    return " ".join(f"{value:<{width}}" for value, width in zip(values, COLUMNS.values(), strict=True))


if __name__ == "__main__":
    main()
