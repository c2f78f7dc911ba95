# ruff: noqa: T201 (printing is what it is for)
"""Measure what chance decides: ``python -m lstm_core.lessons``, or with the names of lessons.

Trains the runs of each lesson with twenty seeds, and writes the truths of the cards that chance decides to
``measured.json`` (see :mod:`lstm_core.lessons.chance`).
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from lstm_core.lessons import chance
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.measuring import by_chance, truths


def main(names: list[str]) -> None:
    """Measure these lessons, or all; what was measured of the others stays."""
    found = {name: cards for name, cards in chance.measured().items() if name in LESSONS}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        for name in names or list(LESSONS):
            cards = by_chance(LESSONS[name])
            if not cards:
                found.pop(name, None)
                continue
            of_seeds = list(pool.map(truths, [name] * chance.SEEDS, range(chance.SEEDS)))
            found[name] = {card: [told[card] for told in of_seeds] for card in cards}
            print(name, {card: values if not isinstance(values[0], list) else "curves"
                         for card, values in found[name].items()}, flush=True)
            write(found)


def write(found: dict[str, dict[str, list[Any]]]) -> None:
    """Write what was measured, a line for each card."""
    text = json.dumps({name: found[name] for name in LESSONS if name in found}, ensure_ascii=False)
    chance.FILE.write_text(text.replace("]],", "]],\n").replace("}, ", "},\n ") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
