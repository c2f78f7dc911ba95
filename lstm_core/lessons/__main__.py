# ruff: noqa: T201 (printing is what it is for)
"""Measure what chance decides: ``python -m lstm_core.lessons``, or with the names of lessons.

Trains the runs of each lesson with twenty seeds, and writes the truths of the cards that chance decides to
``measured.json`` (see :mod:`lstm_core.lessons.chance`).
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any

import numpy as np

from lstm_core.lessons import chance, offline
from lstm_core.lessons.cards import Lesson, Predict, See, Transfer
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.moment import Moment
from lstm_core.spec import RunSpec

DIGITS = 5              # of the numbers that are kept


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
    text = json.dumps({name: found[name] for name in LESSONS if name in found}, ensure_ascii=False)
    chance.FILE.write_text(text.replace("]],", "]],\n").replace("}, ", "},\n ") + "\n", encoding="utf-8")


def by_chance(lesson: Lesson) -> dict[str, Predict | Transfer]:
    """Return the cards of a lesson that chance decides, by name."""
    return {card.name: card for card in lesson.cards if isinstance(card, Predict | Transfer) and card.chance}


def truths(name: str, seed: int) -> dict[str, Any]:
    """Return what came of each such card with one seed."""
    lesson, found = LESSONS[name], {}
    for card in by_chance(lesson).values():
        shown = next((other.name for other in lesson.cards if isinstance(other, See) and other.of == card.name),
                     card.name)
        found[card.name] = _plain(card.truth(seeded(lesson.stage(shown).spec, seed)))
    return found


def seeded(spec: RunSpec, seed: int) -> Moment:
    """Return the run with other initial weights, and with them those that it is compared with."""
    return replace(offline.trained(spec.change(seed=seed)), others=lambda other: seeded(other, seed))


def _plain(value: Any) -> Any:
    """Return a truth as JSON has it, with no more digits than matter."""
    if isinstance(value, tuple | list | np.ndarray):
        return [_plain(one) for one in value]
    return float(f"{float(value):.{DIGITS}g}") if isinstance(value, float | np.floating) else value


if __name__ == "__main__":
    main(sys.argv[1:])
