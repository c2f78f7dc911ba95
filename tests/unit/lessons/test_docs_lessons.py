"""The table of lessons in docs/lessons.md is that of the catalogue.

``python -m tests.unit.lessons.test_docs_lessons`` writes it.
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path

from lstm_core.i18n import SOURCE
from lstm_core.lessons.asks import Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.cards import Lesson, Predict, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.words import FOLDER, read
from lstm_core.presets import PRESETS

PAGE = Path(__file__).parents[3] / "docs" / "lessons.md"
ROW = re.compile(r"^\| \d+ \| .*\|\n", re.MULTILINE)
ASKS = {Choice: "choice", Number: "number", Order: "order", Curve: "curve", OwnWords: "own words"}


def row(lesson: Lesson) -> str:
    """Return the row of a lesson, with a line end."""
    told = read(FOLDER / SOURCE / f"{lesson.name}.md")
    asks = ", ".join(f"{card.kind} *{card.name}* ({ASKS[type(card.ask)]})" for card in lesson.cards
                     if isinstance(card, Predict | Why | Transfer))
    systems = "; ".join(f"{group}: {', '.join(f'`{name}`' for name in names)}" for group, names in groupby(
        sorted(lesson.presets, key=_group), _group))
    return f"| {lesson.number} | {told.title} | {told.about} | {asks} | {systems} |\n"


def _group(preset: str) -> str:
    return PRESETS[preset].group


def written(text: str) -> str:
    """Return the page with the rows that it should have."""
    head, line = text.split("|---|---|---|---|---|\n", 1)
    return f"{head}|---|---|---|---|---|\n{''.join(map(row, LESSONS.values()))}{ROW.sub('', line)}"


def test_the_table_is_that_of_the_catalogue() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert ROW.findall(text) == [row(lesson) for lesson in LESSONS.values()]
    assert written(text) == text


def test_the_lessons_are_numbered_and_fourteen_as_the_page_says() -> None:
    assert [lesson.number for lesson in LESSONS.values()] == list(range(1, 15))
    assert PAGE.read_text(encoding="utf-8").startswith("# The course\n\nFourteen lessons")


def test_every_system_of_the_tutorials_is_reached_from_a_lesson() -> None:
    reached = {name for lesson in LESSONS.values() for name in lesson.presets}
    assert reached <= PRESETS.keys()
    assert {name for name, preset in PRESETS.items() if preset.group != "memory"} - reached == set()


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
