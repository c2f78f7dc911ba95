"""The plan of a lesson for teachers names buttons, questions and addresses that are there, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from benchmarks.classroom.teacher import BEFORE
from lstm_core.i18n import speaking
from lstm_core.lessons import words
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.misconceptions import MISCONCEPTIONS
from lstm_core.locale.catalogue import translations
from lstm_core.spec.serialization import from_query

DOCS = Path(__file__).parents[2] / "docs"
PLANS = {"en": DOCS / "why-lstm.md", "zh": DOCS / "why-lstm.zh.md"}
NAMES = {"en": r"(?<!\*)\*([^*\n]{2,}?)\*(?!\*)", "zh": r"\*\*([^*\n]+)\*\*"}       # as each language writes them
LEAST = 30              # different names of the page in each plan


def text_of(language: str) -> str:
    """Return a plan as running text: a line may end within a name."""
    between = " " if language == "en" else ""
    return re.sub(r"(?<!\n)\n(?![\n|#\d-])\s*", between, PLANS[language].read_text(encoding="utf-8"))


def sentences(language: str) -> set[str]:
    """Return what may stand on a page, without marks of Markdown."""
    known = [message.id if language == "en" else message.string for message in translations("zh")]
    return {str(sentence).replace("*", "") for sentence in known}


@pytest.mark.parametrize("language", PLANS)
def test_every_name_stands_on_a_page(language: str) -> None:
    named = set(re.findall(NAMES[language], text_of(language)))
    assert len(named) >= LEAST
    assert named - sentences(language) == set()


@pytest.mark.parametrize("language", PLANS)
def test_lessons_are_called_so(language: str) -> None:
    with speaking(language):
        titles = [f"{LESSONS[name].number} · {words.words(name).title}" for name in ("forgetting", "gates")]
    assert [title for title in titles if title not in text_of(language)] == []


@pytest.mark.parametrize("language", PLANS)
def test_what_is_opened_before_the_class_sets_what_the_plan_says(language: str) -> None:
    assert f"`{BEFORE}`" in text_of(language)
    spec = from_query(dict(parse_qsl(urlsplit(BEFORE).query)))
    assert (spec.data.gap, spec.model.cell) == (20, "rnn")


def test_both_plans_have_the_same_parts() -> None:
    def parts(language: str) -> list[str]:
        text = PLANS[language].read_text(encoding="utf-8")
        return [found for what in (r"^#+ ", r"`[a-z_]+`", r"`\d+(?:, \d+)+`")
                for found in re.findall(what, text, re.MULTILINE)]

    assert parts("en") == parts("zh")


def test_the_misconceptions_are_among_those_of_the_course() -> None:
    named = re.findall(r"\| `([a-z_]+)`", text_of("en"))
    assert len(named) == 3
    assert set(named) <= MISCONCEPTIONS.keys()
