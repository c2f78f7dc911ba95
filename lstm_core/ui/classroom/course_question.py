"""The question of a predict card for a class: its words in every language, and what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from lstm_core import i18n
from lstm_core.classroom.questions import Question, of_card
from lstm_core.errors import Refusal
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Choice, Curve, Number
from lstm_core.lessons.cards import Lesson, Predict, See
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.chance import measured
from lstm_core.lessons.words import CardWords
from lstm_core.ui.shared import lesson_moment


def asked(lesson: str, card: str) -> Question:
    """Return the question of a card, its fields filled in from the run that the lesson speaks of.

    Raises:
        Refusal: a field needs a run that nobody has trained yet.
    """
    found = LESSONS[lesson]
    told = {}
    for language in i18n.LANGUAGES:
        with i18n.speaking(language):
            moment = lesson_moment.of_stage(found.stage(card))
            try:
                told[language] = _filled(lesson_words.words(lesson).cards[card], found.facts_of(moment))
            except Refusal:
                if moment.trained:
                    raise
                raise Refusal("This question tells numbers of a network that you have not trained yet. Train it in "
                              "the lesson, then ask it.") from None
    asking = found.card(card)
    assert isinstance(asking, Predict)
    known = () if asking.known is None else tuple(map(float, asking.known(
        lesson_moment.of_stage(found.stage(card)))))
    return of_card(lesson, card, told, known)


def _filled(written: CardWords, facts: Mapping[str, Callable[[], Any]]) -> CardWords:
    """Return what is asked of a card's words, with what their fields stand for."""
    return CardWords(lesson_words.filled(written.text, facts), {
        key: lesson_words.filled(text, facts) for key, text in written.options.items()})


def came(question: Question) -> Any:
    """Return what came of a card, as its ask takes it; None: its run has not been trained.

    That is the teacher's own run of the lesson, else the example. Where seeds decide it has come to its end, else it is
    the middle of twenty.
    """
    lesson = LESSONS[question.lesson]
    card = lesson.card(question.card)
    assert isinstance(card, Predict)
    moment = lesson_moment.of_stage(lesson.stage(_shown_on(lesson, card)))
    if card.chance and not moment.ended:
        return _middle(lesson.name, card)
    try:
        return card.ask.checked(_plain(card.truth(moment)))
    except Refusal:
        return _middle(lesson.name, card)


def _shown_on(lesson: Lesson, card: Predict) -> str:
    """Return the card beside whose picture one sees what came."""
    return next((other.name for other in lesson.cards if isinstance(other, See) and other.of == card.name), card.name)


def _middle(lesson: str, card: Predict) -> Any:
    seen = measured().get(lesson, {}).get(card.name)
    if not seen:
        return None
    match card.ask:
        case Number(whole=whole):
            return round(float(np.median(seen))) if whole else float(np.median(seen))
        case Curve():
            return tuple(np.median(np.array(seen), axis=0).tolist())
        case Choice():
            return Counter(seen).most_common(1)[0][0]
    return None


def _plain(truth: Any) -> Any:
    if isinstance(truth, tuple | list | np.ndarray):
        return tuple(_plain(one) for one in truth)
    return truth.item() if isinstance(truth, np.generic) else truth
