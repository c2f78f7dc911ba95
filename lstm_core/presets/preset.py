"""What a preset is: settings as data, and what they should reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

import numpy as np

from lstm_core.spec import Prices, RunSpec

COST_EVERY = 20         # updates between two costs that a tutorial prints

Group = Literal["S1", "S2", "S3", "S4", "S5", "memory"]
"""A tutorial, or the tasks that only a memory can solve."""


@dataclass(frozen=True)
class Goal:
    """What a preset should reach, over several seeds."""

    measure: str                        # name of a function of lstm_core.presets.measures
    bound: float                        # a measure below it is good, or above it
    better: Literal["below", "above"] = "below"
    least: float | Literal["median"] = 1.0      # this share of the seeds must be good, or their median

    def met(self, values: Sequence[float]) -> bool:
        """Tell whether enough seeds, or their median, came far enough."""
        if self.least == "median":
            return self.good(median(values))
        return sum(map(self.good, values)) >= self.least * len(values)

    def good(self, value: float) -> bool:
        """Tell whether a seed came far enough."""
        return value <= self.bound if self.better == "below" else value >= self.bound


@dataclass(frozen=True)
class Preset:
    """One system of the tutorials, or one memory task."""

    name: str                           # in the address
    group: Group
    title: str
    shows: str                          # one sentence
    spec: RunSpec
    goals: tuple[Goal, ...]
    page: str = "train"                 # where its result is looked at
    section: str = ""                   # of that page
    quick: bool = True                  # trained by the tests
    ticker: Prices | None = None        # the tutorial's own prices, which need the network
    printed_costs: tuple[float, ...] = ()   # what the tutorial printed at its first update and every COST_EVERY after


def costs(losses: np.ndarray, steps: int) -> np.ndarray:
    """Return the losses of a run as S5 prints them: of its first update and every COST_EVERY after, summed over steps.

    Args:
        losses: (updates,) squared errors of each update's batch, their mean.
        steps: time steps of a sequence.
    """
    printed: np.ndarray = losses[::COST_EVERY] * np.float32(steps)
    return printed
