"""My course on paper: self-contained, without a script, and with everything from outside shown as it is."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from lstm_core import i18n
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.cards import Predict, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import CardRecord, LessonRecord, Progress, passed
from lstm_core.ui.learn import looking_back, printable
from lstm_core.ui.learn.overview import minutes
from tests.unit.hostile_corpus import STRANGE

HOSTILE = '<script>alert(1)</script> "><img src=x onerror=y> *a* `b` $c$ [d](https://e) &amp; _f_'
ASKED = [(lesson, card) for lesson in LESSONS.values() for card in lesson.cards
         if isinstance(card, Predict | Why | Transfer)]


def given(ask: object, *, first: bool) -> object:
    """Return an answer that an ask takes: one of its ends."""
    match ask:
        case Choice(options):
            return options[0 if first else -1]
        case Number():
            return ask.checked(int(ask.low if first else ask.high) if ask.whole else ask.low if first else ask.high)
        case Order(items):
            return items if first else items[::-1]
        case Curve():
            return (ask.low if first else ask.high,) * ask.points
    return HOSTILE


def record(card: Predict | Why | Transfer, *, right: bool, **known: object) -> CardRecord:
    own = isinstance(card.ask, OwnWords)
    return CardRecord(answer=given(card.ask, first=True), truth=None if own else given(card.ask, first=right),
                      verdict="right" if right or own else "off", shown=card.kind != "predict", tries=2,
                      **known)


@pytest.fixture(scope="module")
def full() -> Progress:
    """Everything answered, each second card right, and every lesson but the last at its end."""
    found = Progress()
    for number, (lesson, card) in enumerate(ASKED):
        found.lesson(lesson.name).cards[card.name] = record(card, right=number % 2 == 0, confidence=3)
    for name in list(LESSONS)[:-1]:
        found.lesson(name).ended = 1.0
    return found


class Tags(HTMLParser):
    """What elements a page has, and the attributes of them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in ("meta", "br", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != "path":
            assert self.open.pop() == tag


def words(page: str) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", page.partition("</style>")[2]))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_page_needs_nothing_and_runs_nothing(full: Progress, language: str) -> None:
    with i18n.speaking(language):
        page = printable.page(full, HOSTILE, "2026-01-02")
    found = Tags(page)
    assert not found.open
    assert {tag for tag, _attrs in found.seen} <= {
        "html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "p", "section", "article", "b", "i",
        "br", "svg", "path"}
    names = {name for _tag, attrs in found.seen for name in attrs}
    assert not names & {"src", "href", "style"}
    assert not any(name.startswith("on") for name in names)
    assert "url(" not in page
    assert "@import" not in page
    assert found.seen[0] == ("html", {"lang": language})
    assert "size: A4" in page


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_each_lesson_says_what_it_showed_and_each_card_what_was_said_and_came(full: Progress, language: str) -> None:
    with i18n.speaking(language):
        page = printable.page(full, "", "2026-01-02")
        told = [lesson_words.words(name) for name in LESSONS]
        shown = words(page)
    assert "2026-01-02" in shown
    assert page.count("<section>") == len(LESSONS)
    assert page.count("<article") == len(ASKED)
    assert page.count("<svg") == sum(isinstance(card.ask, Curve) for _lesson, card in ASKED)
    for lesson in told:
        assert re.sub(r"[*`$]", "", lesson.title) in shown
    assert re.sub(r"[*`]", "", told[0].showed) in shown
    assert re.sub(r"[*`]", "", told[-1].showed) not in shown         # one has not been at its end
    assert "{" not in shown


def test_a_name_and_own_words_stand_there_as_they_were_typed(full: Progress) -> None:
    shown = words(printable.page(full, HOSTILE, "2026-01-02"))
    own = sum(isinstance(card.ask, OwnWords) for _lesson, card in ASKED)
    assert own
    assert shown.count(HOSTILE) == 1 + own


@pytest.mark.parametrize("text", [text for text in STRANGE if isinstance(text, str)])
def test_strange_words_break_no_page(text: str) -> None:
    lesson, card = next(one for one in ASKED if isinstance(one[1].ask, OwnWords))
    known = Progress({lesson.name: LessonRecord(cards={card.name: CardRecord(answer=text or "x", verdict="right")})})
    assert not Tags(printable.page(known, text, "2026-01-02")).open


def test_nothing_begun_is_an_empty_page() -> None:
    page = printable.page(Progress(), " ", "2026-01-02")
    assert "<section>" not in page
    assert 'class="name"' not in page
    assert f"0 of {len(LESSONS)} lessons done" in page


def test_how_many_predictions_came_about_is_counted() -> None:
    for name, lesson in LESSONS.items():
        asked = [card for card in lesson.cards if isinstance(card, Predict)]
        known = LessonRecord(cards={card.name: record(card, right=False) for card in asked})
        known.cards[asked[0].name].verdict = "close"
        cards = looking_back.answered(lesson, known)
        assert looking_back.predictions(cards) == (len(asked), 1)
        assert f"Of your {len(asked)} predictions 1 came about." in printable.page(Progress({name: known}), "", "")


# -- what both the page of the app and the printed one look back at ------------------------------------------


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(("lesson", "card"), ASKED, ids=lambda one: one.name)
def test_words_have_no_field_left_and_no_number_of_a_run(lesson: object, card: Predict, language: str) -> None:
    with i18n.speaking(language):
        found = looking_back._answered(lesson, card, record(card, right=False, confidence=3))
    assert not re.search(r"[{}]", found.question + found.said + found.came)
    assert found.question
    assert bool(found.distance) == isinstance(card.ask, Curve)
    assert bool(found.verdict) != isinstance(card.ask, OwnWords)
    assert found.sure_and_wrong != isinstance(card.ask, OwnWords)


def test_an_answer_that_may_be_tried_again_is_not_given_away() -> None:
    for lesson, card in ASKED:
        if card.kind == "predict" or isinstance(card.ask, OwnWords):
            continue
        known = record(card, right=False)
        known.shown = False
        assert not passed(card, known)
        (found,) = looking_back.answered(lesson, LessonRecord(cards={card.name: known}))
        assert (found.came, found.truth, found.distance) == ("", None, "")


def test_what_is_not_answered_is_left_out() -> None:
    lesson, card = ASKED[0]
    assert looking_back.answered(lesson, LessonRecord(cards={card.name: CardRecord(shown=True)})) == []
    assert not looking_back.begun(Progress(), lesson)
    assert not looking_back.begun(Progress({lesson.name: LessonRecord()}), lesson)
    assert looking_back.begun(Progress({lesson.name: LessonRecord(at=card.name)}), lesson)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_lesson_takes_some_minutes(language: str) -> None:
    with i18n.speaking(language):
        assert all(2 <= minutes(lesson) <= 10 for lesson in LESSONS.values())
