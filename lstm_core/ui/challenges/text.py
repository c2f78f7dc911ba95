"""What the judge of the challenges says, in the language in use."""

from __future__ import annotations

from typing import Any

from lstm_core.challenges import Challenge, judge
from lstm_core.charts.predict import baseline_name
from lstm_core.data import Note
from lstm_core.i18n import aside, listing
from lstm_core.i18n import gettext as _
from lstm_core.ui.challenges.attempts import Tried, unit
from lstm_core.ui.widgets.labels import OPTIONS, column_label, option_label, setting_label
from lstm_core.ui.widgets.text import escape_markdown


def told(note: Note) -> str:
    """Return a sentence of the judge in the language in use, with settings and options called as on the pages."""
    values = dict(note.values)
    for name in ("wanted", "received"):
        if name in values:
            values[name] = _written(values[name], str(values["setting"]))
    if "setting" in values:
        values["setting"] = setting_label(str(values["setting"]))
    if "settings" in values:
        values["settings"] = listing(setting_label(name) for name in note.values["settings"])  # type: ignore[attr-defined]
    if "part" in values:
        values["part"] = {"train": _("training"), "test": _("test")}[str(values["part"])]
    return _(note.template).format(**values)


def _written(value: Any, setting: str) -> str:
    """Return the value of a setting as it is called on the pages."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, tuple):
        return listing(map(column_label, value))
    if isinstance(value, int | float):
        return f"{value:,.6g}"
    if setting == "column":
        return column_label(value)
    return option_label(value) if value in OPTIONS else escape_markdown(value) or "–"


def value(challenge: Challenge, tried: Tried) -> str:
    """Return what a measured run reaches."""
    assert tried.score is not None
    return _amount(challenge, judge.measured(challenge, tried.score))


def bound(challenge: Challenge) -> str:
    """Return what is asked for."""
    return _amount(challenge, challenge.bound)


def without_network(challenge: Challenge, tried: Tried) -> str:
    """Return what the best forecast without a network reaches on the same part, and which one that is."""
    assert tried.score is not None
    reached = _amount(challenge, judge.without_network(challenge, tried.score))
    return aside(reached, baseline_name(tried.score.baseline))


def _amount(challenge: Challenge, value: float) -> str:
    number = judge.written(challenge, value, unit(challenge))
    return _("skill {number} against persistence").format(number=number) if challenge.measure == "skill" else (
        _("{number} right").format(number=number) if challenge.measure == "right" else
        _("mean error {number}").format(number=number))
