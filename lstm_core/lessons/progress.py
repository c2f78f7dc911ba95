"""What one has done in the course: where one is, what one predicted, what came. Kept as JSON, taken along as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from lstm_core.errors import Refusal
from lstm_core.lessons.asks import is_number
from lstm_core.lessons.cards import AnyCard, Do, Lesson, Predict, Transfer, Why

VERSION = 1
SHOW_AFTER = 2          # tries after which *Show me* is offered
LONGEST_FILE = 100_000  # characters of a file that is read back


@dataclass
class CardRecord:
    """What one did on a card."""

    answer: Any = None              # as the ask takes it; None: not answered
    confidence: int = 0             # 1 a guess, 2 fairly sure, 3 sure; 0: not asked
    tries: int = 0                  # answers given; of a card that waits how often *Show me* was pressed
    shown: bool = False             # one had it shown
    done: bool = False              # a card that waits has got what it waited for
    truth: Any = None               # what came, as the ask takes it; None: not seen yet
    verdict: str = ""               # right, close, off; empty: not judged yet
    run: str = ""                   # id of the run that decided it
    when: float = 0.0               # of the answer, seconds since 1970


@dataclass
class LessonRecord:
    """How far one is in a lesson."""

    at: str = ""                    # the card one was at last
    cards: dict[str, CardRecord] = field(default_factory=dict)
    ended: float = 0.0              # when one reached its end first, seconds since 1970; 0: not yet
    led: str = ""                   # the card to which a class was brought: it is open, whatever came before


@dataclass
class Progress:
    """Everything one has done in the course."""

    lessons: dict[str, LessonRecord] = field(default_factory=dict)

    def lesson(self, name: str) -> LessonRecord:
        """Return the record of a lesson, which is an empty one at first."""
        return self.lessons.setdefault(name, LessonRecord())

    def card(self, lesson: str, card: str) -> CardRecord:
        """Return the record of a card, which is an empty one at first."""
        return self.lesson(lesson).cards.setdefault(card, CardRecord())

    def to_json(self) -> str:
        """Return it as JSON."""
        return json.dumps({"gatescope_course": VERSION, "lessons": {
            name: asdict(record) for name, record in self.lessons.items()}}, ensure_ascii=False)


def passed(card: AnyCard, record: CardRecord) -> bool:
    """Tell whether one may go on from a card: one has committed, it has happened, or one had it shown."""
    match card:
        case Predict():
            return record.answer is not None
        case Do():
            return record.done or record.shown
        case Why() | Transfer():
            return record.shown or record.verdict in ("right", "close")
    return True


def open_until(lesson: Lesson, record: LessonRecord) -> int:
    """Return the number (from 0) of the last card that is open; as many as there are cards: the end is."""
    names = [card.name for card in lesson.cards]
    led = names.index(record.led) if record.led in names else 0
    for number, card in enumerate(lesson.cards):
        if number >= led and not passed(card, record.cards.get(card.name, CardRecord())):
            return number
    return len(lesson.cards)


def may_be_shown(record: CardRecord) -> bool:
    """Tell whether *Show me* is offered: nothing is locked for good."""
    return record.tries >= SHOW_AFTER


def from_json(text: str, lessons: Mapping[str, Lesson]) -> Progress:
    """Return what was kept or taken along; lessons and cards that are no longer there are left out.

    Raises:
        Refusal: it is no such file, or was written by a newer version.
    """
    if len(text) > LONGEST_FILE:
        raise Refusal("A course file has at most {limit:,} characters; this one has {given:,}.", limit=LONGEST_FILE,
                      given=len(text))
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("This is no course file: it cannot be read as JSON. Choose the file that My course has "
                      "saved.") from None
    version = raw.get("gatescope_course") if isinstance(raw, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or not isinstance(raw.get("lessons"), dict):
        raise Refusal("This is no course file. Choose the file that My course has saved.")
    if version > VERSION:
        raise Refusal("This course file was saved by a newer version of Gatescope ({found}; this one reads up to "
                      "{known}).", found=version, known=VERSION)
    return Progress({name: _lesson(lessons[name], record) for name, record in raw["lessons"].items()
                     if name in lessons and isinstance(record, dict)})


def merged(mine: Progress, theirs: Progress) -> Progress:
    """Return both together: of each card the newer answer, of each lesson the place where more is open."""
    both = Progress()
    for name in {**mine.lessons, **theirs.lessons}:
        one, other = mine.lessons.get(name, LessonRecord()), theirs.lessons.get(name, LessonRecord())
        known = {card: max((record.cards[card] for record in (one, other) if card in record.cards),
                           key=lambda found: (found.when, found.done, found.shown))
                 for card in {**one.cards, **other.cards}}
        farther = max(one, other, key=lambda record: len(record.cards))
        ended = [when for when in (one.ended, other.ended) if when]
        both.lessons[name] = LessonRecord(farther.at, known, min(ended, default=0.0), one.led or other.led)
    return both


def _lesson(lesson: Lesson, raw: Mapping[str, Any]) -> LessonRecord:
    names = [card.name for card in lesson.cards]
    given, at = raw.get("cards"), raw.get("at")
    records = given if isinstance(given, dict) else {}
    cards = {name: _card(lesson.card(name), records[name]) for name in names if isinstance(records.get(name), dict)}
    led = raw.get("led")
    return LessonRecord(at if at in (*names, "end") else "", cards, _time(raw.get("ended")),
                        led if led in names else "")


def _card(card: AnyCard, raw: Mapping[str, Any]) -> CardRecord:
    """Return the record of a card; what its ask would not take counts as not answered."""
    ask = getattr(card, "ask", None)
    answer, truth = _taken(ask, raw.get("answer")), _taken(ask, raw.get("truth"))
    verdict, run = raw.get("verdict"), raw.get("run")
    known = answer is not None
    return CardRecord(
        answer=answer, confidence=_count(raw.get("confidence"), 3), tries=_count(raw.get("tries"), 1000),
        shown=raw.get("shown") is True, done=raw.get("done") is True, truth=truth,
        verdict=verdict if known and verdict in ("right", "close", "off") else "",
        run=run if isinstance(run, str) and len(run) <= 40 else "", when=_time(raw.get("when")))


def _taken(ask: Any, raw: object) -> Any:
    if ask is None or raw is None:
        return None
    try:
        return ask.checked(raw)
    except Refusal:
        return None


def _count(raw: object, most: int) -> int:
    return min(max(raw, 0), most) if isinstance(raw, int) and not isinstance(raw, bool) else 0


def _time(raw: object) -> float:
    return float(raw) if is_number(raw) else 0.0
