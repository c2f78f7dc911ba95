"""How the words of a lesson are read, and that those of each lesson belong to its cards, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lstm_core import i18n
from lstm_core.errors import Refusal
from lstm_core.lessons import words
from lstm_core.lessons.asks import Choice, Order, OwnWords
from lstm_core.lessons.cards import Lesson, Predict, See, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.words import FOLDER, CardWords, LessonWords, fields, filled, parsed, read, without_praise

LONGEST = 60            # words of a card that says something
JUDGED = {"right", "close", "off"}

TEXT = """# The cell
What a gate
does.

## open
First {kept:.0%}
line.

Second paragraph,
with *marks*.

- forgets: It forgets
  at once.
- keeps: It keeps.

> forgets: Times 1
> it stays.
> keeps: Yes.
> off: No.

## formula
A table:

| a | b |
|---|---|
| 1 | 2 |

## showed
One. Two.
Three.
"""


def of(lesson: Lesson, language: str) -> LessonWords:
    return read(FOLDER / language / f"{lesson.name}.md")


def texts(told: LessonWords) -> Iterator[str]:
    """Yield all texts of a lesson in one language."""
    yield from (told.title, told.about, told.showed)
    for card in told.cards.values():
        yield from card.all()


def replying(lesson: Lesson, card: Predict | Why | Transfer) -> str:
    """Return the name of the card whose words answer what is said on a card."""
    if isinstance(card, Predict):
        return next(other.name for other in lesson.cards if isinstance(other, See) and other.of == card.name)
    return card.name


LANGUAGES = pytest.mark.parametrize("language", i18n.LANGUAGES)
EACH = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS.keys())



# -- reading ------------------------------------------------------------------------------------------------


def test_a_file_is_read_by_its_cards() -> None:
    told = parsed(TEXT, "cell.md")
    assert (told.title, told.about, told.showed) == ("The cell", "What a gate does.", "One. Two. Three.")
    assert told.cards == {
        "open": CardWords("First {kept:.0%} line.\n\nSecond paragraph, with *marks*.",
                          {"forgets": "It forgets at once.", "keeps": "It keeps."},
                          {"forgets": "Times 1 it stays.", "keeps": "Yes.", "off": "No."}),
        "formula": CardWords("A table:\n\n| a | b |\n|---|---|\n| 1 | 2 |")}
    assert list(told.cards["open"].all()) == [
        "First {kept:.0%} line.\n\nSecond paragraph, with *marks*.", "It forgets at once.", "It keeps.",
        "Times 1 it stays.", "Yes.", "No."]


def test_chinese_lines_are_joined_without_a_space() -> None:
    told = parsed("# 细胞\n遗忘门\n做什么。\n\n## open\n值为 1\n时保留，\n为 0 时忘掉。\n\n"
                  "- keeps: 保留\n  一切。\n", "cell.md")
    assert told.about == "遗忘门做什么。"
    assert told.cards["open"].text == "值为 1 时保留，为 0 时忘掉。"
    assert told.cards["open"].options == {"keeps": "保留一切。"}
    assert told.showed == ""


@pytest.mark.parametrize("text", ["", "The cell\nWhat it does.", "# The cell", "# The cell\n\n## open\nIt is open.",
                                  "## open\nIt is open."])
def test_a_file_begins_with_a_heading_and_a_sentence(text: str) -> None:
    with pytest.raises(Refusal, match=r"^cell\.md must begin with a heading and a sentence about the lesson\.$"):
        parsed(text, "cell.md")


def test_a_card_comes_once() -> None:
    with pytest.raises(Refusal, match=r"^cell\.md has the card 'open' twice\.$"):
        parsed(f"{TEXT}\n## open\nAgain.\n", "cell.md")


@pytest.mark.parametrize(("text", "names"), [
    ("", set()), ("None.", set()), ("{a} and {b:.2f}, {a}", {"a", "b"}), (r"$h_{{t}}$ {c:,}", {"c"})])
def test_fields_are_named_once(text: str, names: set[str]) -> None:
    assert fields(text) == names


def test_only_what_stands_in_a_text_is_worked_out() -> None:
    facts = {"share": lambda: 0.123, "never": lambda: pytest.fail("it is not in the text")}
    assert filled("{share:.0%}, {{x}}", facts) == "12%, {x}"


@pytest.mark.parametrize(("reply", "rest"), [
    ("Yes. The two cases look alike.", "The two cases look alike."), ("Yes, about {grown}.", "About {grown}."),
    ("Yes: {full} batches.", "{full} batches."), ("对。两种情况一样。", "两种情况一样。"),
    ("Yesterday's price.", "Yesterday's price."),
    ("对比一下。", "对比一下。")])
def test_who_had_an_answer_shown_is_not_praised_for_it(reply: str, rest: str) -> None:
    assert without_praise(reply) == rest


def test_a_lesson_is_told_in_the_language_in_use() -> None:
    titles = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            titles[language] = words.words("window").title
    assert titles == {language: of(LESSONS["window"], language).title for language in i18n.LANGUAGES}
    assert len(set(titles.values())) == len(i18n.LANGUAGES)


# -- the words of the course --------------------------------------------------------------------------------


@LANGUAGES
def test_each_lesson_has_its_file_and_each_file_its_lesson(language: str) -> None:
    assert {path.stem for path in (FOLDER / language).iterdir()} == set(LESSONS)


@EACH
@LANGUAGES
def test_each_card_has_words_and_all_words_a_card_in_its_order(lesson: Lesson, language: str) -> None:
    told = of(lesson, language)
    assert list(told.cards) == [card.name for card in lesson.cards]
    assert all(told.cards[card.name].text for card in lesson.cards)
    assert told.showed


@EACH
def test_every_language_has_the_same_options_and_replies(lesson: Lesson) -> None:
    english = of(lesson, "en")
    for language in i18n.LANGUAGES:
        for name, card in of(lesson, language).cards.items():
            assert list(card.options) == list(english.cards[name].options), name
            assert set(card.replies) == set(english.cards[name].replies), name


@EACH
def test_every_language_shows_the_same_facts_on_the_same_card(lesson: Lesson) -> None:
    english = of(lesson, "en")
    for language in i18n.LANGUAGES:
        for name, card in of(lesson, language).cards.items():
            assert fields(" ".join(card.all())) == fields(" ".join(english.cards[name].all())), name


@EACH
@LANGUAGES
def test_each_field_is_a_fact(lesson: Lesson, language: str) -> None:
    told = of(lesson, language)
    assert set().union(*map(fields, texts(told))) - set(lesson.facts) == set()
    assert fields(told.title + told.about + told.showed) == set(), "these are shown without a run"


@EACH
@LANGUAGES
def test_each_fact_is_used(lesson: Lesson, language: str) -> None:
    assert set(lesson.facts) - set().union(*map(fields, texts(of(lesson, language)))) == set()


@EACH
@LANGUAGES
def test_each_option_and_each_thing_has_a_name_of_its_own(lesson: Lesson, language: str) -> None:
    told = of(lesson, language)
    for card in lesson.cards:
        ask = getattr(card, "ask", None)
        wanted = ask.options if isinstance(ask, Choice) else ask.items if isinstance(ask, Order) else ()
        options = told.cards[card.name].options
        assert set(options) == set(wanted), card.name
        assert len(set(options.values())) == len(options), card.name


@EACH
@LANGUAGES
def test_each_wrong_option_has_a_reply_of_its_own(lesson: Lesson, language: str) -> None:
    """Only the one that is true may go without: it is answered by ``right`` then; where chance decides none may."""
    told = of(lesson, language)
    for card in lesson.cards:
        if isinstance(card, Predict | Why | Transfer) and isinstance(card.ask, Choice):
            replies = told.cards[replying(lesson, card)].replies
            without = set(card.ask.options) - set(replies)
            assert len(without) <= ("right" in replies and not getattr(card, "chance", False)), (card.name, without)
            assert set(replies) <= {*card.ask.options, "right", "off", "otherwise"}, card.name
            assert len(set(replies.values())) == len(replies), card.name


@EACH
@LANGUAGES
def test_other_answers_have_a_reply_for_each_verdict(lesson: Lesson, language: str) -> None:
    told = of(lesson, language)
    for card in lesson.cards:
        if isinstance(card, Predict | Why | Transfer) and not isinstance(card.ask, Choice):
            wanted = {"ours"} if isinstance(card.ask, OwnWords) else JUDGED
            assert set(told.cards[replying(lesson, card)].replies) - {"otherwise"} == wanted, card.name


@EACH
@LANGUAGES
def test_only_a_card_that_chance_decides_tells_of_a_run_that_came_out_otherwise(lesson: Lesson, language: str) -> None:
    told = of(lesson, language)
    by_chance = {replying(lesson, card) for card in lesson.cards
                 if isinstance(card, Predict | Transfer) and card.chance}
    assert {name for name, card in told.cards.items() if "otherwise" in card.replies} <= by_chance


@EACH
@LANGUAGES
def test_no_card_has_replies_that_nobody_hears(lesson: Lesson, language: str) -> None:
    answering = {replying(lesson, card) for card in lesson.cards if isinstance(card, Predict | Why | Transfer)}
    assert {name for name, card in of(lesson, language).cards.items() if card.replies} == answering


@EACH
def test_what_only_says_something_is_short(lesson: Lesson) -> None:
    for card in lesson.cards:
        if card.kind == "say":
            assert len(of(lesson, "en").cards[card.name].text.split()) <= LONGEST, card.name


@EACH
@LANGUAGES
def test_a_lesson_showed_three_sentences(lesson: Lesson, language: str) -> None:
    showed = of(lesson, language).showed
    ends = re.findall(r"\.(?=\s|$)" if language == "en" else "。", showed)
    assert len(ends) == 3
    assert showed.endswith(ends[-1])


@EACH
@LANGUAGES
def test_no_text_has_a_loose_end(lesson: Lesson, language: str) -> None:
    for text in texts(of(lesson, language)):
        assert text == text.strip()
        assert not re.search(r"  |^[->] |\n[->] |<[^>]+>", text), text
        assert text.count("**") % 2 == text.count("`") % 2 == text.count("$") % 2 == 0, text
        assert not re.search(r"[\u4e00-\u9fff]", text) or language == "zh", text
