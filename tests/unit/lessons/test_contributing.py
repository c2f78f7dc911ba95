"""The lesson in CONTRIBUTING.md is one: its three files load, its fields are filled, its truths fit what is asked."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from lstm_core.lessons import offline, words
from lstm_core.lessons.asks import Choice
from lstm_core.lessons.cards import Do, Lesson, Predict, See, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.conditions import Seen
from lstm_core.lessons.words import LessonWords
from lstm_core.ui.base.pages import PAGES

PAGE = Path(__file__).parents[3] / "CONTRIBUTING.md"
PACKAGE = "lesson_of_contributing"


def blocks() -> list[str]:
    """Return the three files of the example, in the order of the page: Python, English, Chinese."""
    _, _, rest = PAGE.read_text(encoding="utf-8").partition("\n### ... a lesson of four cards")
    part = rest.partition("\n### ")[0]
    found = re.findall(r"^```(python|markdown)\n(.*?)^```$", part, re.DOTALL | re.MULTILINE)
    assert [kind for kind, _text in found] == ["python", "markdown", "markdown"]
    return [text for _kind, text in found]


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Lesson, dict[str, LessonWords]]]:
    """The lesson, and its words in each language, read from a package of its own."""
    code, *texts = blocks()
    (tmp_path / PACKAGE).mkdir()
    (tmp_path / PACKAGE / "__init__.py").touch()
    name = re.search(r'name="(\w+)", number', code)
    assert name is not None
    (tmp_path / PACKAGE / f"{name[1]}.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    lesson = import_module(f"{PACKAGE}.{name[1]}").LESSON
    assert isinstance(lesson, Lesson)
    assert lesson.name == name[1]
    told = {}
    for lang, text in zip(("en", "zh"), texts, strict=True):
        (tmp_path / PACKAGE / lang).mkdir()
        file = tmp_path / PACKAGE / lang / f"{lesson.name}.md"
        file.write_text(text, encoding="utf-8")
        told[lang] = words.read(file)
    yield lesson, told
    for module in [module for module in sys.modules if module.startswith(PACKAGE)]:
        del sys.modules[module]


Example = tuple[Lesson, dict[str, LessonWords]]


def test_it_has_four_cards_and_a_place_of_its_own(example: Example) -> None:
    lesson, _told = example
    assert len(lesson.cards) == 4
    assert lesson.name not in LESSONS
    assert lesson.number not in {other.number for other in LESSONS.values()}
    assert all(stage.section in PAGES[stage.page].sections for stage in lesson.stages())


def test_every_field_is_filled_with_nothing_trained(example: Example) -> None:
    lesson, told = example
    used: dict[str, set[str]] = {}
    for lang, of_lesson in told.items():
        assert list(of_lesson.cards) == [card.name for card in lesson.cards]
        texts = [of_lesson.title, of_lesson.about, of_lesson.showed]
        for card in lesson.cards:
            moment = offline.untrained(lesson.stage(card.name).spec)
            facts = {name: lambda fact=fact, moment=moment: fact(moment) for name, fact in lesson.facts.items()}
            for text in of_lesson.cards[card.name].all():
                assert "{" not in words.filled(text, facts)
                texts.append(text)
        used[lang] = set().union(*map(words.fields, texts))
    assert used["en"] == used["zh"] == set(lesson.facts)


def test_each_truth_fits_its_ask_and_each_option_has_a_reply(example: Example) -> None:
    lesson, told = example
    for card in lesson.cards:
        if not isinstance(card, Predict | Why | Transfer):
            continue
        truth = card.truth(offline.untrained(lesson.stage(card.name).spec))
        assert card.ask.checked(truth) == truth
        assert card.ask.judge(truth, truth).verdict == "right"
        assert isinstance(card.ask, Choice)
        replying = next((other.name for other in lesson.cards if isinstance(other, See) and other.of == card.name),
                        card.name)
        for of_lesson in told.values():
            assert set(of_lesson.cards[card.name].options) == set(card.ask.options)
            assert set(of_lesson.cards[replying].replies) == {*card.ask.options, "right"} - {truth}


def test_what_it_waits_for_is_what_show_me_does(example: Example) -> None:
    lesson, _told = example
    for card in lesson.cards:
        if isinstance(card, Do):
            moment = offline.untrained(lesson.stage(card.name).spec)
            verb, key, value = card.does.split()
            assert verb == "set"
            assert not card.waits(Seen(moment, {key: moment.spec.model.layers[0].hidden}))
            assert card.waits(Seen(moment, {key: int(value)}))
