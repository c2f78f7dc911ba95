"""Every page of the lab and of the tools names the lessons that explain it, and Start leads to the course."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest

from lstm_core import i18n
from lstm_core.lessons.catalogue import LESSONS, of_page
from lstm_core.lessons.words import FOLDER, read
from lstm_core.ui.base.pages import FIRST, PAGES
from tests.app.conftest import Visit
from tests.app.visitor import SMALL, Visitor


def named(visitor: Visitor) -> list[tuple[str, str]]:
    """Return the lessons that a page names at its end: address and label."""
    links = [link.proto for link in visitor.at.get("page_link") if link.proto.page == "learn"]
    return [(parse_qs(link.query_string)["lesson"][0], link.label) for link in links if "lesson=" in link.query_string]


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_its_lessons_and_no_others(visit: Visit, page: str, lang: str) -> None:
    expected = [] if page in (FIRST, "learn") else [
        (lesson.name, f"{lesson.number} {read(Path(FOLDER, lang, f'{lesson.name}.md')).title}")
        for lesson in of_page(page)]
    assert named(visit(page, lang=lang)) == expected


@pytest.mark.parametrize("page", ["train", "cell", "predict", "letters", "memory", "shapes"])
def test_a_page_of_the_lab_has_a_lesson(page: str) -> None:
    assert of_page(page) != []


def test_they_stand_there_once_with_a_run_and_below_all_else(visit: Visit) -> None:
    visitor = visit(**SMALL).click("train").rest()
    assert [name for name, _label in named(visitor)] == [lesson.name for lesson in of_page("train")]
    last = list(visitor.at.main.children.values())[-1]
    assert [link.proto.page for link in last.get("page_link")] == ["learn"] * len(of_page("train"))


def test_they_stand_there_while_a_page_waits_for_its_network(visit: Visit) -> None:
    visitor = visit("train", source="waves", epochs="5000").click("train").open("predict")
    assert [name for name, _label in named(visitor)] == [lesson.name for lesson in of_page("predict")]


def test_a_link_opens_its_lesson(visit: Visit) -> None:
    name, _label = named(visit("memory"))[0]
    visitor = visit("learn", lesson=name)
    assert visitor.at.query_params["lesson"] == name
    assert not visitor.errors


def test_start_leads_to_the_course_first(visit: Visit) -> None:
    links = [link.proto for link in visit("start").at.get("page_link")]
    first = next(link for link in links if link.label in ("Take the course", "Explore freely"))
    assert (first.page, first.label) == ("learn", "Take the course")
    assert "lesson" not in first.query_string
    assert f"{len(LESSONS)} lessons" in visit("start").captions
