"""A class with its teacher and its learners, who do at once what a test asks of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import Question
from lstm_core.records import Budget, Slice
from lstm_core.spec import RunSpec
from lstm_core.ui.base.server import rooms
from lstm_core.ui.base.wire import pack
from lstm_core.ui.classroom import picture
from lstm_core.ui.classroom.experiment import Runs
from tests.unit.running import toy_training as toy

TEACHER = "teacher"


def advance(run: RunSpec, state: bytes | None, budget: Budget, blob: bytes | None = None) -> Slice:
    """Train a toy that is judged, too: its error in the validation part is a hundredth of its loss there."""
    piece = toy.advance(run, state, budget, blob)
    judged = tuple(replace(one, score=one.validation_loss / 100) for one in piece.records.evaluations)
    return replace(piece, records=replace(piece.records, evaluations=judged))


class Members:
    """A class; of each learner the name is who they are as well."""

    def __init__(self, *names: str) -> None:
        opened = rooms().open(TEACHER)
        self.code, self.key = opened.code, opened.key
        for name in names:
            self.join(name)

    def join(self, name: str) -> None:
        rooms().join(self.code, name, "en", name)

    def step(self, step: Callable[[Classroom], Classroom]) -> Classroom:
        return rooms().change(self.code, TEACHER, step)

    def ask(self, question: Question) -> None:
        self.step(lambda room: room.asking(question))

    def attempt(self, experiment: Experiment) -> None:
        self.step(lambda room: room.trying(experiment))

    def say(self, **answers: Any) -> None:
        """Answer what is on: by name."""
        number = len(rooms().standing(self.code).room.items) - 1
        for name, answer in answers.items():
            rooms().answer(self.code, name, number, answer)

    def close(self) -> None:
        self.step(Classroom.closing)

    def again(self) -> None:
        self.step(Classroom.again)

    def show(self, came: Any = None) -> None:
        self.step(lambda room: room.showing(came))

    def learner(self, name: str) -> dict[str, Any]:
        """Return what a learner's tab is told, which can be sent."""
        told = picture.of_learner(self.code, name)
        assert pack(told)
        return told

    def wall(self, runs: Runs | None = None) -> dict[str, Any]:
        """Return what the wall is told, which can be sent."""
        told = picture.of_wall(self.code, runs or Runs())
        assert pack(told)
        return told
