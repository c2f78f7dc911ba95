"""A class as a browser is told of it: what is asked, and, as far as it may be seen, what was answered.

A wall is told of everybody, a learner of nobody else. ``static/class/`` draws what is told here.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from lstm_core import i18n
from lstm_core.classroom import votes
from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.experiments import Experiment
from lstm_core.classroom.questions import Question
from lstm_core.classroom.rooms import Standing
from lstm_core.errors import Refusal
from lstm_core.i18n import listing
from lstm_core.lessons.asks import Ask, Choice, Curve, Number, Order
from lstm_core.ui.base.server import rooms
from lstm_core.ui.classroom import experiment, places
from lstm_core.ui.shared import asked, curve_box


def of_learner(code: str, owner: str) -> dict[str, Any]:
    """Return a class as one of its learners may see it.

    Raises:
        Refusal: there is no such class (any more), or one is not in it.
    """
    standing, me = rooms().standing(code), rooms().learner(code, owner)
    if me is None:
        raise Refusal("You are not in this class any more. Join it again.")
    room, number = standing.room, len(standing.room.items) - 1
    item: dict[str, Any] | None = None
    match room.now:
        case Question() as question:
            item = _question(standing, number, question) | _mine(code, owner, number, question)
        case Experiment() as tried:
            item = experiment.facts(number, tried) | {"mine": experiment.mine(code, owner, me.number, number, tried)}
    return _room(standing) | {"me": {"number": me.number, "name": me.name}, "item": item}


def of_wall(code: str, wall: experiment.Runs) -> dict[str, Any]:
    """Return a class as its teacher may see it.

    Args:
        code: of the class.
        wall: what is known of the runs of its experiment.
    """
    standing, learners = rooms().standing(code), rooms().learners(code)
    room, number = standing.room, len(standing.room.items) - 1
    names = {learner.number: learner.name for learner in learners} if room.named else {}
    item: dict[str, Any] | None = None
    match room.now:
        case Question() as question:
            item = _question(standing, number, question) | _answers(code, number, question, names)
        case Experiment() as tried:
            item = experiment.facts(number, tried) | wall.seen(code, number, tried, names)
    return _room(standing) | {"learners": len(learners), "named": room.named, "full": room.full, "item": item}


def _room(standing: Standing) -> dict[str, Any]:
    room = standing.room
    return {"code": standing.code, "ends": standing.ends, "held": room.held, "brought": room.brought,
            "place": _place(room)}


def _place(room: Classroom) -> dict[str, str] | None:
    if room.place is None:
        return None
    return {"page": room.place.page, "query": room.place.query,
            "title": places.title(room.place.page, room.place.query)}


# -- questions ----------------------------------------------------------------------------------------------


def _question(standing: Standing, number: int, question: Question) -> dict[str, Any]:
    """Return what is asked, and how many have answered."""
    counts = [rooms().count(standing.code, number, vote) for vote in range(1, question.vote + 1)]
    return {"number": number, "kind": "question", "phase": question.phase, "vote": question.vote, "counts": counts,
            "text": text_of(question), "ask": _ask(question)}


def text_of(question: Question) -> str:
    """Return the words of a question in the language now in use, Markdown."""
    told = question.words.get(i18n.current())
    return question.text if told is None else told.text


def names_of(question: Question) -> Mapping[str, str]:
    """Return what the options and things of a question are called, by their keys; of an own one they are words."""
    told = question.words.get(i18n.current())
    return {} if told is None else told.options


def _ask(question: Question) -> dict[str, Any]:
    names = names_of(question)

    def called(keys: Iterable[str]) -> list[dict[str, str]]:
        return [{"key": key, "text": names.get(key, key)} for key in keys]

    match question.asked:
        case Choice(options):
            return {"kind": "choice", "options": called(options)}
        case Number() as ask:
            return {"kind": "number", "low": ask.low, "high": ask.high, "log": ask.log, "whole": ask.whole,
                    "unit": i18n.gettext(ask.unit) if ask.unit else "",
                    "ends": [asked.told(ask, ask.low), asked.told(ask, ask.high)]}
        case Order(items):
            return {"kind": "order", "items": called(items)}
        case Curve() as ask:
            return {"kind": "curve", "frame": curve_box.around(asked.frame(ask, question.known))}
    return {"kind": "words"}


def _mine(code: str, owner: str, number: int, question: Question) -> dict[str, Any]:
    """Return what one has answered oneself, and what is right once that may be seen."""
    mine = rooms().answer_of(code, owner, number, question.vote)
    earlier = rooms().answer_of(code, owner, number, 1) if question.vote > 1 else None
    judged = None if mine is None or question.phase != "shown" else question.judge(mine)
    return {"mine": _plain(mine), "earlier": _plain(earlier), "truth": _truth(question),
            "verdict": None if judged is None else judged.verdict}


def _answers(code: str, number: int, question: Question, names: Mapping[int, str]) -> dict[str, Any]:
    """Return the votes on a question as they may be seen, and what came of the second one."""
    known = [rooms().answered(code, number, vote) for vote in range(1, question.vote + 1)]
    shown = question.phase == "shown" and question.truth is not None
    change = votes.change(question, [one.answers for one in known]) if shown and len(known) > 1 else None
    return {
        "votes": [{"count": one.count} if question.phase == "open" and vote == question.vote else
                  _vote(question, one.answers, names, shown=shown) for vote, one in enumerate(known, 1)],
        "truth": _truth(question), "truth_text": _said(question) if shown else None,
        "change": None if change is None else {
            "both": change.both, "to_right": change.to_right, "from_right": change.from_right,
            "stayed_right": change.stayed_right}}


def _vote(question: Question, answers: Mapping[int, Any], names: Mapping[int, str], *, shown: bool) -> dict[str, Any]:
    ask, called = question.asked, names_of(question)
    told: dict[str, Any] = {"count": len(answers), "bars": [], "curves": [], "middle": [], "said": [],
                            "right": votes.rights(question, answers) if shown else None}
    match ask:
        case Curve():
            told["curves"] = [list(curve) for curve in answers.values()]
            told["middle"] = votes.middle(answers).tolist()
        case Choice() | Number() | Order():
            told["bars"] = [_bar(ask, bar, answers, called, names, question.truth if shown else None)
                            for bar in votes.histogram(ask, answers)]
        case _:
            told["said"] = list(answers.values())
    return told


def _bar(ask: Ask, bar: votes.Bar, answers: Mapping[int, Any], called: Mapping[str, str], names: Mapping[int, str],
         truth: Any) -> dict[str, Any]:
    key = bar.name if isinstance(ask, Choice) else None
    name = " → ".join(called.get(part, part) for part in bar.name.split(" → ")) if bar.name else ""
    told = {"name": name, "key": key, "low": bar.low, "high": bar.high, "count": bar.count,
            "right": None if truth is None else _holds(ask, bar, truth)}
    return told | ({"names": [names[who] for who, answer in answers.items() if who in names
                              and _holds(ask, bar, answer)]} if names else {})


def _holds(ask: Ask, bar: votes.Bar, answer: Any) -> bool:
    """Tell whether an answer is one of those that a bar stands for."""
    match ask:
        case Number():
            return bool(bar.low <= answer < bar.high or answer == bar.high == ask.high)
        case Order():
            return " → ".join(answer) == bar.name
    return bool(answer == bar.name)


def _truth(question: Question) -> Any:
    return _plain(question.truth) if question.phase == "shown" else None


def _said(question: Question) -> str:
    """Return what is right in words; of a curve nothing, as it is drawn."""
    names = names_of(question)
    match question.asked:
        case Choice():
            return names.get(question.truth, question.truth)
        case Number() as ask:
            return asked.told(ask, question.truth)
        case Order():
            return listing(names.get(item, item) for item in question.truth)
    return ""


def _plain(value: Any) -> Any:
    """Return an answer as JSON has it: what is not finite is null."""
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
