"""The lessons there are, found by their files, in the order of the course."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from lstm_core.lessons import course
from lstm_core.lessons.cards import Lesson, Predict, Why


def _found() -> dict[str, Lesson]:
    lessons = [import_module(f"{course.__name__}.{module.name}").LESSON for module in iter_modules(course.__path__)]
    return {lesson.name: lesson for lesson in sorted(lessons, key=lambda lesson: int(lesson.number))}


LESSONS: dict[str, Lesson] = _found()
"""By name, in the order of the course."""


def of_page(page: str) -> list[Lesson]:
    """Return the lessons that explain a page of the lab."""
    return [lesson for lesson in LESSONS.values()
            if page in (*lesson.pages, *(stage.page for stage in lesson.stages()))]


def meeting(misconception: str) -> list[tuple[Lesson, Predict | Why]]:
    """Return the cards that meet a misconception, with their lessons."""
    return [(lesson, card) for lesson in LESSONS.values() for card in lesson.cards
            if isinstance(card, Predict | Why) and misconception in card.meets]
