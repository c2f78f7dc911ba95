"""The solutions of the challenges as experiments, so that sentences can quote what they reach.

:mod:`lstm_core.presets.figures` says how; ``python -m lstm_core.challenges --measure`` measures them.
"""

from __future__ import annotations

from lstm_core.challenges import CHALLENGES, Challenge
from lstm_core.presets.experiments import Experiment


def _measure(challenge: Challenge) -> str:
    if challenge.split == "train":
        return "all_right"
    return {"skill": "skill", "error": "test_error", "right": "test_accuracy"}[challenge.measure]


SOLUTIONS: dict[str, Experiment] = {
    f"challenge_{name}": Experiment(name, challenge.solution, (_measure(challenge),))
    for name, challenge in CHALLENGES.items()}
