"""What chance decides: the truths of twenty seeds, measured once and kept, and whether a run came out otherwise.

``python -m lstm_core.lessons`` measures them; the figures stand in ``measured.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.errors import Refusal
from lstm_core.lessons.asks import Ask, Choice, Curve, Judgement, Number
from lstm_core.lessons.cards import Lesson, Predict, Transfer, Why

FILE = Path(__file__).with_name("measured.json")
SEEDS = 20


@cache
def measured() -> dict[str, dict[str, list[Any]]]:
    """Return the truths of each card that chance decides, one for each seed: lesson -> card -> truths."""
    found: dict[str, dict[str, list[Any]]] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def judge(lesson: Lesson, card: Predict | Why | Transfer, answer: Any, truth: Any) -> Judgement:
    """Hold an answer against what came; what another seed could have given is right as well.

    That is a number among theirs, or a curve that is no farther from what came than theirs are.
    """
    judged = card.ask.judge(answer, truth)
    seen = measured().get(lesson.name, {}).get(card.name)
    if not seen:
        return judged
    match card.ask:
        case Number():
            allowed = min(seen) <= answer <= max(seen)
        case Curve() as ask:
            allowed = judged.distance <= max(ask.judge(curve, truth).distance for curve in seen)
        case _:
            allowed = False
    return Judgement("right", judged.distance) if allowed else judged


def unusual(lesson: str, card: str, ask: Ask, truth: Any) -> Refusal | None:
    """Return in words how a run came out otherwise than those with other seeds; None: it did not."""
    seen = measured().get(lesson, {}).get(card)
    if not seen:
        return None
    match ask:
        case Number():
            low, high = min(seen), max(seen)
            if not low <= truth <= high:
                return Refusal("Your run came out otherwise than {count} others with the same settings and other "
                               "seeds: those lie between {low:.3g} and {high:.3g}. One run is one throw of the dice.",
                               count=len(seen), low=low, high=high)
        case Curve():
            middle = np.median(np.array(seen), axis=0)
            farthest = max(ask.judge(middle, curve).distance for curve in seen)
            if ask.judge(middle, truth).distance > farthest:
                return Refusal("Your run came out otherwise than {count} others with the same settings and other "
                               "seeds. One run is one throw of the dice.", count=len(seen))
        case Choice():
            same = Counter(seen)[truth]
            if same < len(seen) / 2:
                return Refusal("Your run came out otherwise than most: of {count} runs with other seeds {same} came "
                               "out like it. One run is one throw of the dice.", count=len(seen), same=same)
    return None
