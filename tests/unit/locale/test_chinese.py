"""The Chinese words: one term each as the glossary has it, full-width marks, no italics, no broken lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lstm_core import i18n
from lstm_core.lessons import words as lesson_words
from lstm_core.locale.catalogue import ROOT, translations
from lstm_core.ui.cell import scratch
from lstm_core.ui.widgets.text import PROSE
from tests.chinese import half_width

ELSEWHERE = re.compile("教程中也叫：[^。]*。")      # what others call it, so that their readers find it
CODE = re.compile(r"`[^`]*`|\$[^$]*\$")
ITALICS = re.compile(r"(?<![*\w\\])\*(?![*\s])[^*\n]+(?<![\s*])\*(?!\*)|(?<!\w)_[^_\n]*[\u4e00-\u9fff][^_\n]*_(?!\w)")


def parts(lesson: lesson_words.LessonWords) -> Iterator[tuple[str, str]]:
    """Yield each text of a lesson with what it is."""
    yield "title", lesson.title
    yield "about", lesson.about
    yield "showed", lesson.showed
    for card, told in lesson.cards.items():
        yield card, told.text
        for key, text in (told.options | {f"> {key}": text for key, text in told.replies.items()}).items():
            yield f"{card} {key}", text


MESSAGES = {f"zh.po: {message.id}": str(message.string) for message in translations("zh") if message.id}
PAGES = {str(path.relative_to(PROSE)): path.read_text(encoding="utf-8") for path in (PROSE / "zh").rglob("*.md")}
LESSONS = {f"{path.stem}: {name}": text for path in (lesson_words.FOLDER / "zh").glob("*.md")
           for name, text in parts(lesson_words.read(path))}
TEXTS = MESSAGES | PAGES | LESSONS


def glossary() -> list[list[str]]:
    """Return the rows of the glossary: English, Chinese, what else it is called, what is not used, meaning."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines
            if line.startswith("| ") and not line.startswith("| English")]


def unused() -> list[tuple[str, str]]:
    """Return each word that the glossary rules out, with the term that stands for it."""
    return [(word, chinese) for _english, chinese, _also, ruled_out, _meaning in glossary()
            for word in ruled_out.split(", ") if word]


def ours(text: str) -> str:
    """Return a text without what others call things, and without code."""
    return CODE.sub("`", ELSEWHERE.sub("", text))


def test_the_glossary_rules_out_words() -> None:
    assert len(unused()) > 30
    assert ("训练部分", "训练集") in unused()
    assert ours("窗口数。教程中也叫：批次大小。") == "窗口数。"


@pytest.mark.parametrize(("word", "term"), unused())
def test_there_is_one_term_for_each_thing(word: str, term: str) -> None:
    assert [where for where, text in TEXTS.items() if word in ours(text)] == [], f"use {term}"


def test_every_other_name_of_a_setting_is_found_in_its_help() -> None:
    said = "\n".join(found for text in TEXTS.values() for found in ELSEWHERE.findall(text))
    for word in ("units", "rnn_unit", "记忆体个数", "batch_size", "批次大小", "epochs", "早停法", "标准化", "忘记门",
                 "记忆门", "总线", "长短期记忆", "return_sequences", "独热码", "正确率", "BPTT"):
        assert word in said, word


def test_marks_beside_chinese_are_full_width() -> None:
    assert {where: half_width(ours(text)) for where, text in TEXTS.items() if half_width(ours(text))} == {}


def test_chinese_has_no_italics() -> None:
    assert {where: ITALICS.findall(ours(text)) for where, text in TEXTS.items() if ITALICS.search(ours(text))} == {}


def test_a_percent_sign_follows_its_number() -> None:
    assert [where for where, text in TEXTS.items() if re.search(r"[\d}] %(?!K|D|R|b)", ours(text))] == []


def test_no_line_is_broken_within_a_sentence() -> None:
    """A break would be shown as a space; a note of what a step does is not shown."""
    broken = re.compile(r"[^\n]\n(?![\n#-]|\d\. |\|| *<!--)")
    assert [where for where, text in PAGES.items() if broken.search(text.strip())] == []


def test_lessons_have_no_spaces_beside_chinese_marks() -> None:
    spaced = re.compile(r".{0,6} [，。：；！？、“”（）]|[，。：；！？、“”（）] .{0,6}")
    assert {where: found for where, text in LESSONS.items() if (found := spaced.findall(text))} == {}


def test_lessons_call_buttons_and_settings_as_the_pages_do() -> None:
    """What stands in quotes after a word of doing is what is written there."""
    called = re.compile(r"(?:按下?|按一次|选择?|选择|打开|关掉|展开)“([^”{]+)”")
    on_pages = {*MESSAGES.values(), "return_sequences"}
    assert {where: named for where, text in LESSONS.items() if (named := {*called.findall(text)} - on_pages)} == {}


def test_bold_words_end_where_markdown_lets_them_end() -> None:
    """Two asterisks after a mark and before a letter end nothing: ``**粗体。**正文`` shows the asterisks."""
    unclosed = re.compile(r"[，。：；！？、）”]\*\*(?=\w)|(?<=\w)\*\*[（“](?=[^*]+\*\*)")
    stray: dict[str, list[str]] = {}
    for where, text in TEXTS.items():
        for found in re.finditer(r"\*\*([^*\n]+)\*\*", text):
            before, after = text[:found.start()][-1:], text[found.end():][:1]
            begins_badly = found[1][0] in "，。：；！？、" or (found[1][0] in "（“" and re.match(r"\w", before))
            if begins_badly or unclosed.search(f"{found[0][-3:]}{after}"):
                stray.setdefault(where, []).append(found[0])
    assert stray == {}


def test_the_code_that_is_shown_has_chinese_remarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "_current", lambda: "zh")
    code = scratch.in_language(scratch.shown_code())
    remarks = [*re.findall(r"  # (.*)", code), *re.findall(r'"""(.*?)"""', code, re.DOTALL)]
    assert len(remarks) > 10
    assert [said for said in remarks if not re.search(r"[\u4e00-\u9fff]|^\(B, ", said)] == []
    monkeypatch.setattr(i18n, "_current", lambda: "en")
    assert scratch.in_language(scratch.shown_code()) == scratch.shown_code()
