"""What a place in the lab is called: every page, section, lesson, card and preset, and nonsense."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest

from lstm_core import i18n
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.presets import PRESETS
from lstm_core.ui.base.pages import FIRST, PAGES
from lstm_core.ui.classroom.places import title


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_place_has_a_name_of_its_own(language: str) -> None:
    asked: list[tuple[str, dict[str, str]]] = [(page.name, {}) for page in PAGES.values()]
    asked += [(page.name, {page.section_key: name}) for page in PAGES.values() for name in page.sections]
    asked += [("learn", {"lesson": lesson.name}) for lesson in LESSONS.values()]
    asked += [("learn", {"lesson": lesson.name, "card": card.name}) for lesson in LESSONS.values()
              for card in lesson.cards]
    asked += [("train", {"preset": name}) for name in PRESETS]
    with i18n.speaking(language):
        named = {title(page, urlencode(query)) for page, query in asked}
    assert len(named) == len(asked)
    assert all(named)
    if language == "zh":
        assert all(re.search("[\u4e00-\u9fff]", name) for name in named)
        assert not any("card" in name for name in named)


def test_places_are_told_in_words() -> None:
    with i18n.speaking("en"):
        assert title("", "") == title(FIRST, "") == "Start"
        assert title("learn", "lesson=gates&card=one") == "Lessons: The cell, gate by gate, card 2"
        assert title("train", f"preset=recall&hidden=4&lang=zh&run={'x' * 40}").endswith(", a run")
        assert title("cell", "section=weights&preset=recall").endswith(", Weights")


@pytest.mark.parametrize("query", [
    "lesson=nothing&card=one", "card=one", "preset=%00", "section=", "=&=&&", "%ff=%fe", "a" * 5000, "run=", "lesson",
    "lesson=<b>", "preset=[x](http://evil.example)"])
def test_nonsense_is_left_out(query: str) -> None:
    with i18n.speaking("en"):
        assert title("learn", query) == "Lessons"
        for page in ("nothing", "../train", "<b>", "learn?", "\0", "class " * 300):
            assert title(page, query) == ""


def test_a_card_of_another_lesson_is_none() -> None:
    with i18n.speaking("en"):
        assert title("learn", "lesson=gates&card=shared") == title("learn", "lesson=gates")
