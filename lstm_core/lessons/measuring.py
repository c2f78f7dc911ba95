"""Work out what came of the cards that chance decides, with one seed after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lstm_core.lessons import offline
from lstm_core.lessons.cards import Lesson, Predict, See, Transfer
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.moment import Moment
from lstm_core.spec import RunSpec

DIGITS = 5              # of the numbers that are kept


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
