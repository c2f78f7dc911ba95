"""How the robot takes a lesson, and what the lesson was like."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

WORDS_A_MINUTE = 200


@dataclass(frozen=True)
class Way:
    """How the robot takes a lesson."""

    answers: Literal["right", "wrong"] = "right"
    option: int = 0                 # of several wrong ones which
    keyboard: bool = False          # nothing but the keyboard is used
    leaves: bool = False            # in mid-lesson the page is left, and opened again in a new tab

    @property
    def name(self) -> str:
        """Return what it is called in the report."""
        return " ".join(filter(None, (self.answers, f"#{self.option + 1}" if self.answers == "wrong" else "",
                                      "keyboard" if self.keyboard else "", "leaving" if self.leaves else "")))


@dataclass
class Report:
    """What a lesson was like."""

    cards: int = 0
    predictions: int = 0
    of_cards: list[int] = field(default_factory=list)       # words of each card and of the end
    training: float = 0.0           # seconds
    numbers: int = 0                # that were compared
    problems: list[str] = field(default_factory=list)

    @property
    def words(self) -> int:
        """Return how many words a learner reads."""
        return sum(self.of_cards)

    @property
    def minutes(self) -> float:
        """Return how long it takes a learner."""
        return self.words / WORDS_A_MINUTE + self.training / 60


def counted(text: str) -> int:
    """Return how many words a text has; of Chinese two characters count as one."""
    chinese = len(re.findall(r"[\u4e00-\u9fff]", text))
    return len(re.findall(r"[A-Za-z0-9.,%]+", text)) + chinese // 2
