"""One more language: its line in the table of languages, its catalogue and its prose, and all pages speak it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from lstm_core import i18n
from lstm_core.lessons import words as lesson_words
from lstm_core.locale import catalogue
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.widgets import text
from tests.app.conftest import Visit


@pytest.fixture
def esperanto(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Esperanto, whose words are the English ones in guillemets."""
    monkeypatch.setitem(i18n.LANGUAGES, "eo", "Esperanto")
    locales = shutil.copytree(i18n.LOCALES, tmp_path / "locale")
    for module in (i18n, catalogue):
        monkeypatch.setattr(module, "LOCALES", locales)
    catalogue.update()
    words = catalogue.translations("eo")
    assert len(words) > 250
    for message in words:
        if message.id:
            message.string = f"«{message.id}»"
    with (locales / "eo.po").open("wb") as target:
        write_po(target, words)
    monkeypatch.setattr(text, "PROSE", shutil.copytree(text.PROSE, tmp_path / "prose"))
    shutil.copytree(text.PROSE / i18n.SOURCE, text.PROSE / "eo")
    for file in (text.PROSE / "eo").rglob("*.md"):
        file.write_text(f"Esperante. {file.read_text(encoding='utf-8')}", encoding="utf-8")
    monkeypatch.setattr(lesson_words, "FOLDER", shutil.copytree(lesson_words.FOLDER, tmp_path / "course"))
    shutil.copytree(lesson_words.FOLDER / i18n.SOURCE, lesson_words.FOLDER / "eo")
    for file in (lesson_words.FOLDER / "eo").glob("*.md"):
        heading, _line, rest = file.read_text(encoding="utf-8").partition("\n")
        file.write_text(f"{heading}\nEsperante. {rest}", encoding="utf-8")
    i18n._catalogue.cache_clear()
    yield "eo"
    i18n._catalogue.cache_clear()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_speaks_one_more_language(visit: Visit, esperanto: str, page: str) -> None:
    visitor = visit(page, lang=esperanto)
    assert visitor.at.query_params["lang"] == esperanto
    title = PAGES[page].heading or PAGES[page].title
    assert visitor.at.title[0].value in (f"«{title}»", PAGES[page].heading)
    assert page == "class" or any("Esperante. " in words for words in visitor.texts)    # which has no prose


def test_one_more_language_can_be_chosen(visit: Visit, esperanto: str) -> None:
    visitor = visit("train", lang="zh")
    switch = visitor.widget("chosen_lang")
    assert switch.label == "Language / 语言 / «Language»"
    assert list(switch.options)[-1] == "Esperanto"
    visitor.put("chosen_lang", esperanto)
    assert visitor.widget("train").label == "«Train»"


@pytest.mark.usefixtures("esperanto")
def test_a_browser_finds_its_language() -> None:
    asked = ["eo", "eo-XX", "EO_xx", "eon", "zh-Hans-CN", "zh_TW", "zh", "en-GB", "tlh", ""]
    assert [i18n.preferred(locale) for locale in asked] == ["eo", "eo", "eo", "en", "zh", "zh", "zh", "en", "en", "en"]
