"""Each misconception is met by a card, and the documentation says by which."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lstm_core.lessons.catalogue import LESSONS, meeting
from lstm_core.lessons.misconceptions import MISCONCEPTIONS

PAGE = Path(__file__).parents[3] / "docs" / "misconceptions.md"


def lines() -> list[str]:
    """Return the rows of the page's table, as they should be: a misconception no card meets yet has an ellipsis."""
    rows = []
    for key, found in MISCONCEPTIONS.items():
        met = ", ".join(f"{lesson.name}: {card.name}" for lesson, card in meeting(key)) or "…"
        rows.append(f"| `{key}` | {found.claim} | {found.truth} | {met} | {found.source} |")
    return rows


def test_there_are_the_nineteen() -> None:
    assert len(MISCONCEPTIONS) == 19
    assert all(key == found.key for key, found in MISCONCEPTIONS.items())


@pytest.mark.parametrize("key", MISCONCEPTIONS)
def test_a_card_meets_it(key: str) -> None:
    assert meeting(key) != []


def test_cards_name_only_what_is_listed() -> None:
    named = {(lesson.name, card.name, key) for lesson in LESSONS.values() for card in lesson.cards
             for key in getattr(card, "meets", ())}
    assert [name for name in sorted(named) if name[2] not in MISCONCEPTIONS] == []


@pytest.mark.parametrize("key", MISCONCEPTIONS)
def test_its_words_are_sentences_and_its_source_an_address(key: str) -> None:
    found = MISCONCEPTIONS[key]
    for words in (found.claim, found.truth):
        assert re.fullmatch(r"[^|\n]+[.]", words), words
    assert re.fullmatch(r"\[[^\]|]+\]\(https://[^\s)|]+\)", found.source), found.source


def test_the_page_has_the_rows() -> None:
    told = re.findall(r"^\| `.*\|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert told == lines(), "\n".join(["The rows of docs/misconceptions.md should be:", *lines()])
