"""A question to a class: of a card of the course, or a teacher's own; answered once or twice, closed, then shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lstm_core.errors import Refusal
from lstm_core.lessons import chance
from lstm_core.lessons.asks import Ask, Choice, Curve, Judgement, Number, is_number
from lstm_core.lessons.cards import Predict
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.words import CardWords

VOTES = 2               # times that one question can be asked: alone, and after one has talked about it
LONGEST = 300           # characters of a question of one's own,
LONGEST_OPTION = 80     # of an option and of what an axis is called
OPTIONS = 6             # of a question of one's own

Phase = Literal["open", "closed", "shown"]


@dataclass(frozen=True)
class Question:
    """One question and where it stands.

    An own question has its text and options here. Of a card its words are written down when it is asked, with what
    their fields then stand for, in every language.
    """

    lesson: str = ""                # and card: whose question it is; empty: an own one
    card: str = ""
    text: str = ""
    ask: Choice | Number | Curve | None = None      # of an own question
    truth: Any = None               # what is right, if anything is; of a card what came, None: not known
    words: Mapping[str, CardWords] = field(default_factory=dict)    # of a card, filled in, by language
    known: tuple[float, ...] = ()   # what stands before the curve that a card asks for
    vote: int = 1                   # which is asked now or was asked last, 1 or 2
    phase: Phase = "open"

    @property
    def asked(self) -> Ask:
        """Return what is asked: it checks and judges answers."""
        if self.ask is not None:
            return self.ask
        card = LESSONS[self.lesson].card(self.card)
        assert isinstance(card, Predict)
        return card.ask

    def judge(self, answer: Any) -> Judgement | None:
        """Hold an answer against what is right; None: nothing is, or it is not known."""
        if self.truth is None:
            return None
        if self.ask is not None:
            return self.ask.judge(answer, self.truth)
        lesson = LESSONS[self.lesson]
        card = lesson.card(self.card)
        assert isinstance(card, Predict)
        return chance.judge(lesson, card, answer, self.truth)

    def closed(self) -> Question:
        """Return it with no more answers taken.

        Raises:
            Refusal: it is closed already.
        """
        if self.phase != "open":
            raise Refusal("This question is closed already.")
        return replace(self, phase="closed")

    def again(self) -> Question:
        """Return it open for the next vote.

        Raises:
            Refusal: it is open, everybody has seen the answer, or there was the last vote.
        """
        if self.phase != "closed":
            raise Refusal("Close the question first: a second vote comes before the answer is shown.")
        if self.vote == VOTES:
            raise Refusal("A question has {count} votes at most; both have been taken.", count=VOTES)
        return replace(self, vote=self.vote + 1, phase="open")

    def shown(self, came: Any = None) -> Question:
        """Return it with its answers shown to all, and what is right.

        Args:
            came: of a card what came, as its ask takes it.

        Raises:
            Refusal: it is still open.
        """
        if self.phase == "open":
            raise Refusal("Close the question first: as long as it is open, nobody sees what others answer.")
        return replace(self, phase="shown", truth=self.truth if came is None else came)


def of_card(lesson: str, card: str, words: Mapping[str, CardWords] | None = None,
            known: tuple[float, ...] = ()) -> Question:
    """Return the question of a predict card.

    Args:
        lesson: name of the lesson.
        card: name of the card.
        words: what it says, without fields, by language.
        known: what stands before the curve that it asks for.

    Raises:
        Refusal: there is no such lesson, or no such card that asks for a prediction.
    """
    found = next((one for one in LESSONS[lesson].cards if one.name == card), None) if lesson in LESSONS else None
    if not isinstance(found, Predict):
        raise Refusal("There is no question {lesson!r}, {card!r} in the course.", lesson=lesson[:40], card=card[:40])
    return Question(lesson, card, words=words or {}, known=known)


def own(text: str, ask: Choice | Number | Curve, truth: Any = None) -> Question:
    """Return a question of the teacher's own, its words cleaned.

    Args:
        text: the question.
        ask: what may be answered.
        truth: the right answer; None: nothing is right or wrong.

    Raises:
        Refusal: its text is empty or too long, it has too few or too many options or two that are the same, a scale
            without room, or a right answer that cannot be given.
    """
    said = line(text, LONGEST)
    if not said:
        raise Refusal("Write the question first.")
    match ask:
        case Choice(options):
            named = tuple(line(option, LONGEST_OPTION) for option in options)
            if not 2 <= len(named) <= OPTIONS:
                raise Refusal("A question has from 2 to {most} answers; these are {given}.", most=OPTIONS,
                              given=len(named))
            if not all(named) or len(set(named)) < len(named):
                raise Refusal("Each answer needs words of its own.")
            ask, truth = Choice(named), line(truth, LONGEST_OPTION) if isinstance(truth, str) else truth
        case Number() | Curve() if not ask.low < ask.high:
            raise Refusal("The scale has to go from a smaller to a larger number; it goes from {low:.10g} to "
                          "{high:.10g}.", low=ask.low, high=ask.high)
        case Curve():
            ask = replace(ask, x=line(ask.x, LONGEST_OPTION), y=line(ask.y, LONGEST_OPTION))
    return Question(text=said, ask=ask, truth=None if truth is None else ask.checked(truth))


def line(typed: str, longest: int) -> str:
    """Return words as one line of plain text.

    Raises:
        Refusal: they are longer than that.
    """
    if len(typed) > longest:
        raise Refusal("At most {limit} characters fit here; these are {given:,}.", limit=longest, given=len(typed))
    return " ".join("".join(letter for letter in typed.replace("\n", " ")
                            if unicodedata.category(letter)[0] != "C").split())


def to_plain(question: Question) -> dict[str, Any]:
    """Return a question as JSON has it."""
    plain: dict[str, Any] = {"lesson": question.lesson, "card": question.card, "text": question.text,
                             "truth": question.truth, "vote": question.vote, "phase": question.phase,
                             "known": list(question.known),
                             "words": {language: [told.text, told.options]
                                       for language, told in question.words.items()}}
    match question.ask:
        case Choice(options):
            plain["choice"] = list(options)
        case Number(low=low, high=high, whole=whole):
            plain["number"] = [low, high, whole]
        case Curve(x=x, y=y, first=first, last=last, low=low, high=high):
            plain["curve"] = [x, y, first, last, low, high]
    return plain


def from_plain(plain: Mapping[str, Any]) -> Question | None:
    """Return what :func:`to_plain` was given; None: it is of a lesson that is no longer there, or cannot be read."""
    try:
        known = own(plain["text"], _ask(plain), plain["truth"]) if plain["text"] else _card(plain)
    except (Refusal, KeyError, TypeError, ValueError):
        return None
    vote, phase = plain.get("vote"), plain.get("phase")
    if not isinstance(vote, int) or not 1 <= vote <= VOTES or phase not in ("open", "closed", "shown"):
        return None
    return replace(known, vote=vote, phase=phase)


def _card(plain: Mapping[str, Any]) -> Question:
    words = {language: CardWords(str(text), {str(key): str(name) for key, name in options.items()})
             for language, (text, options) in plain["words"].items()}
    found = of_card(plain["lesson"], plain["card"], words, tuple(float(value) for value in plain["known"]))
    truth = plain["truth"]
    return replace(found, truth=tuple(truth) if isinstance(truth, list) else truth)


def number(low: float, high: float, *, whole: bool) -> Number:
    """Return a number on a scale, where nothing is right or wrong: a tenth of the scale counts as the same."""
    return Number(low, high, within=0.05 * (high - low), near=0.1 * (high - low), whole=whole)


def _ask(plain: Mapping[str, Any]) -> Choice | Number | Curve:
    if "choice" in plain:
        return Choice(tuple(plain["choice"]))
    if "number" in plain:
        low, high, whole = plain["number"]
        if not (is_number(low) and is_number(high)):
            raise ValueError(plain)
        return number(low, high, whole=bool(whole))
    x, y, first, last, low, high = plain["curve"]
    return Curve(x=x, y=y, first=first, last=last, low=low, high=high)
