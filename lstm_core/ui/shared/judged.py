"""A run held against the rules of a challenge, and what the judge says of it in the language in use."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

from lstm_core.challenges import Challenge, judge
from lstm_core.data import Note
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.records import Outcome
from lstm_core.spec import DataSpec, ModelSpec, RunSpec
from lstm_core.spec.plan import plan_network
from lstm_core.storage.schema import Status
from lstm_core.ui.shared.scores import SCORES
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import OPTIONS, column_label, option_label, setting_label
from lstm_core.ui.widgets.text import escape_markdown


class Trained(Protocol):
    """What is known of a run before its network is measured."""

    @property
    def spec(self) -> RunSpec:
        """All that decides it."""

    @property
    def status(self) -> Status:
        """Where it stands, and"""

    @property
    def outcome(self) -> Outcome:
        """how its training ended."""

    @property
    def epoch(self) -> float:
        """Epochs done."""


def attempt(challenge: Challenge, facts: Trained) -> judge.Attempt:
    """Return what the judge needs to know of a run; with another sequence than asked for nothing is counted."""
    spec = facts.spec
    count = _parameters(spec.data, spec.model) if judge.fits(challenge, spec) else 0
    return judge.Attempt(spec=spec, parameters=count, epoch=facts.epoch, ended=facts.status == "done",
                         outcome=facts.outcome)


@lru_cache(maxsize=SCORES)
def _parameters(data: DataSpec, model: ModelSpec) -> int:
    return plan_network(model, session.prepared(data, model.output).io_shape).parameters


def unit(challenge: Challenge) -> str:
    """Return the unit of what a challenge asks for; only errors have one."""
    if challenge.measure != "error":
        return ""
    return session.prepared(challenge.data, challenge.start.model.output).unit


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
