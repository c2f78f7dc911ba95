"""What one has answered on the cards of a lesson, and what came: in words that need no run."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import listing, powers
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Ask, Choice, Curve, Number, Order
from lstm_core.lessons.cards import Lesson, Predict, Transfer, Why
from lstm_core.lessons.moment import Moment
from lstm_core.lessons.progress import CardRecord, LessonRecord, Progress, passed
from lstm_core.ui.shared.asked import told
from lstm_core.ui.widgets.text import escape_markdown

SURE = 3                # the confidence of who was sure
LEFT_OUT = "…"          # in the place of what only a run tells

_CAME = {"right": N_("came about"), "close": N_("nearly"), "off": N_("otherwise")}
_JUDGED = {"right": N_("right"), "close": N_("nearly"), "off": N_("not right")}


@dataclass(frozen=True)
class Answered:
    """A card that one has answered. Words are Markdown."""

    card: Predict | Why | Transfer
    record: CardRecord
    question: str           # with LEFT_OUT for what only a run tells
    said: str               # empty: a curve, or what only a run tells
    came: str               # the same, or just what one said, or not seen yet
    truth: Any              # what came; None: not seen yet

    @property
    def verdict(self) -> str:
        """Return in words whether it came so; empty: nobody judges it, or what came has not been seen."""
        if isinstance(self.card.ask, Choice | Number | Order | Curve) and self.record.verdict:
            return _((_CAME if self.card.kind == "predict" else _JUDGED)[self.record.verdict])
        return ""

    @property
    def sure_and_wrong(self) -> bool:
        """Tell whether one was sure, and it came otherwise."""
        return self.record.confidence == SURE and self.record.verdict == "off"

    @property
    def distance(self) -> str:
        """Return how far a curve was from the one that came, in words; empty: there are none to compare."""
        ask = self.card.ask
        if not isinstance(ask, Curve) or self.truth is None:
            return ""
        return _("{share:.0%} of the height of the box, on average").format(
            share=ask.judge(self.record.answer, self.truth).distance)


class _NoRun:
    """In place of a moment: whatever is asked of it cannot be told."""

    def __getattr__(self, name: str) -> Any:
        raise Refusal("There is no trained network yet: press Train first.")


class _LeftOut:
    """Stands for a fact that cannot be told, however a sentence's field asks for it."""

    def __format__(self, form: str) -> str:
        return LEFT_OUT


def answered(lesson: Lesson, known: LessonRecord) -> list[Answered]:
    """Return the cards of a lesson that one has answered, in their order."""
    return [_answered(lesson, card, record) for card in lesson.cards if isinstance(card, Predict | Why | Transfer)
            and (record := known.cards.get(card.name)) is not None and record.answer is not None]


def begun(known: Progress, lesson: Lesson) -> bool:
    """Tell whether one has begun a lesson."""
    found = known.lessons.get(lesson.name)
    return found is not None and bool(found.at or found.cards or found.ended)


def predictions(cards: Sequence[Answered]) -> tuple[int, int]:
    """Return how many predictions were held against what came, and how many of them came about, or nearly."""
    judged = [one for one in cards if one.card.kind == "predict" and one.record.verdict]
    return len(judged), sum(one.record.verdict != "off" for one in judged)


def _answered(lesson: Lesson, card: Predict | Why | Transfer, record: CardRecord) -> Answered:
    words = lesson_words.words(lesson.name).cards[card.name]

    def filled(text: str) -> str:
        return lesson_words.filled(text, {name: partial(_fact, fact) for name, fact in lesson.facts.items()})

    names = {key: filled(text) for key, text in words.options.items()}
    truth = record.truth if passed(card, record) else None
    said, came = ("" if value is None else _value(card.ask, names, value) for value in (record.answer, truth))
    return Answered(card, record, filled(words.text), said, came if came != said else "", truth)


def _fact(fact: Callable[[Moment], Any]) -> Any:
    """Return a fact that holds without a run, as Markdown shows it."""
    try:
        value = fact(cast("Moment", _NoRun()))
    except Refusal:
        return _LeftOut()
    return escape_markdown(value) if isinstance(value, str) else value


def _value(ask: Ask, names: dict[str, str], value: Any) -> str:
    """Return an answer, or what came, as Markdown; nothing for a curve."""
    match ask:
        case Choice():
            return _known(names[value])
        case Number():
            return powers(told(ask, value))
        case Order():
            return listing(names[item] for item in value) if all(map(_known, names.values())) else ""
        case Curve():
            return ""
    return escape_markdown(value)


def _known(text: str) -> str:
    """Return a text, unless nothing stays of it but what was left out."""
    return text if re.search(r"\w", text) else ""
