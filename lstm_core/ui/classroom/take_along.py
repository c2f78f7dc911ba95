"""What a class has answered, counted, as a table to take along before it ends: no names, no single answers."""

from __future__ import annotations

import math
from collections.abc import Iterator

from lstm_core.classroom import votes
from lstm_core.classroom.experiments import SEED, Experiment, groups
from lstm_core.classroom.questions import Question
from lstm_core.errors import Refusal
from lstm_core.export import csv_file
from lstm_core.i18n import gettext as _
from lstm_core.lessons.asks import Curve, OwnWords
from lstm_core.ui.base.server import rooms
from lstm_core.ui.classroom import experiment
from lstm_core.ui.classroom.picture import names_of, text_of
from lstm_core.ui.shared.setting_table import in_short, name_of

Row = tuple[int, str, int, str, int, float]


def table(code: str) -> bytes:
    """Return what was counted in a class as CSV: a row for each answer to each vote, or value of an experiment.

    Raises:
        Refusal: nothing has been asked yet.
    """
    rows = [row for number, item in enumerate(rooms().standing(code).room.items) for row in _rows(code, number, item)]
    if not rows:
        raise Refusal("Nothing has been asked yet.")
    names = (_("Number"), _("Asked or tried"), _("Vote"), _("Answer or value"), _("Count"), _("Mean"))
    return csv_file(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _rows(code: str, number: int, item: Question | Experiment | None) -> Iterator[Row]:
    match item:
        case Question():
            for vote in range(1, item.vote + 1):
                yield from _votes(code, number, item, vote)
        case Experiment():
            title = f"{name_of(item.setting)} · {in_short(item.base, without=item.setting)}"
            found, seeds = experiment.results(code, number, item), item.setting == SEED       # which are one group
            for group in groups((0 if seeds else item.value_of(who), error) for who, error in found.items()):
                value = "" if seeds else experiment.value_name(group.value)
                yield number + 1, title, 1, value, group.count, group.mean


def _votes(code: str, number: int, question: Question, vote: int) -> Iterator[Row]:
    text, names = " ".join(text_of(question).split()), names_of(question)
    found = rooms().answered(code, number, vote)
    if isinstance(question.asked, Curve | OwnWords) or len(found.answers) < found.count:
        yield number + 1, text, vote, "", found.count, math.nan
        return
    for bar in votes.histogram(question.asked, found.answers):
        answer = (" → ".join(names.get(part, part) for part in bar.name.split(" → ")) if bar.name
                  else f"{bar.low:.6g} – {bar.high:.6g}")
        yield number + 1, text, vote, answer, bar.count, math.nan
