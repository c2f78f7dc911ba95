"""Tasks that only a memory can solve: sequences made by a rule, each with a slider for how far memory must reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lstm_core.spec.data import Answer, DataSpec, Output, Symbol, TaskSpec


class _Distance:
    """What the tasks with one question share: the memory must bridge T time steps."""

    distance: int

    @property
    def gap(self) -> int:
        """Return the distance."""
        return self.distance

    @property
    def usual_steps(self) -> int:
        """Return the time steps of the longest sequence, less the few that the question takes."""
        return self.distance + self.distance // 10


@dataclass(frozen=True, kw_only=True)
class Adding(_Distance, TaskSpec):
    """Two numbers of a long sequence are marked; their sum is asked for at its end (many to one)."""

    source: ClassVar[str] = "adding"
    output: ClassVar[Output | None] = "last"
    symbols: ClassVar[Symbol | None] = None
    answers: ClassVar[Answer] = "number"

    distance: int = 100             # T: a sequence has T to 1.1 T time steps


@dataclass(frozen=True, kw_only=True)
class Order(_Distance, TaskSpec):
    """Two signs stand far apart among noise; which came first and which second is asked for at the end."""

    source: ClassVar[str] = "order"
    output: ClassVar[Output | None] = "last"

    distance: int = 100             # T: a sequence has T to 1.1 T time steps


@dataclass(frozen=True, kw_only=True)
class Recall(_Distance, TaskSpec):
    """One letter, a gap of noise, and the letter is asked for."""

    source: ClassVar[str] = "recall"
    output: ClassVar[Output | None] = "last"

    distance: int = 60              # T: T to 1.1 T time steps lie between the letter and the question


@dataclass(frozen=True, kw_only=True)
class Reber(TaskSpec):
    """Strings of the embedded Reber grammar; the next letter is to be named at every step."""

    source: ClassVar[str] = "reber"
    output: ClassVar[Output | None] = "every"


@dataclass(frozen=True, kw_only=True)
class Counting(TaskSpec):
    """The strings a b, a a b b, ...: as many b as there were a. Training has the short ones, the other parts longer."""

    source: ClassVar[str] = "counting"
    output: ClassVar[Output | None] = "every"

    largest_count: int = 10         # N: training has 1 to N of each letter, validation up to 1.5 N, test up to 2 N


@dataclass(frozen=True, kw_only=True)
class Brackets(TaskSpec):
    """Round and square brackets, nested; the next one is to be named at every step."""

    source: ClassVar[str] = "brackets"
    output: ClassVar[Output | None] = "every"

    depth: int = 4                  # at most so many brackets are open at a time


ALL: tuple[type[DataSpec], ...] = (Adding, Order, Recall, Reber, Counting, Brackets)
"""In the order in which the page offers them."""
