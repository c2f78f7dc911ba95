"""The class as one experiment, as a browser is told of it: everybody's run, and what all of them together say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from lstm_core.charts.predict import baseline_name
from lstm_core.classroom.experiments import SEED, Experiment, groups
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair
from lstm_core.running.run_view import RunView
from lstm_core.running.sweeps import result
from lstm_core.spec import RunSpec
from lstm_core.spec.sweep import Value
from lstm_core.storage.schema import UNFINISHED
from lstm_core.ui.base.server import lab, rooms
from lstm_core.ui.shared import baselines
from lstm_core.ui.shared.setting_table import in_short, name_of
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label

POINTS = 60             # of a small loss curve
APART = 20.0            # results that are so many times as large as others stand on a logarithmic axis


def facts(number: int, tried: Experiment) -> dict[str, Any]:
    """Return what is tried."""
    return {"number": number, "kind": "experiment", "open": tried.open, "setting": tried.setting,
            "title": name_of(tried.setting), "text": in_short(tried.base, without=tried.setting)}


def mine(code: str, owner: str, me: int, number: int, tried: Experiment) -> dict[str, Any]:
    """Return one's own part, and how far it is.

    Args:
        code: of the class.
        owner: who one is.
        me: one's number in the class.
        number: of the experiment.
        tried: what is tried.
    """
    part = pair(name_of(tried.setting), value_name(tried.value_of(me)))
    run = rooms().answer_of(code, owner, number, 1)
    view = _view(run, tried.spec_of(me)) if run else None
    if view is None:
        return {"value": part, "run": None, "status": None, "progress": 0.0, "result": None}
    found = result(view, view.evaluations)
    return {"value": part, "run": view.id, "status": view.status, "progress": _progress(view),
            "result": result_name(tried, found) if math.isfinite(found) else None}


def value_name(value: Value) -> str:
    """Return a value in words."""
    return option_label(value) if isinstance(value, str) else f"{value:g}"


def result_name(tried: Experiment, found: float) -> str:
    """Return a result with its unit."""
    data = session.prepared(tried.base.data, tried.base.model.output)
    return f"{100 * found:.4g}%" if data.score_kind == "share" else f"{found:.3g} {data.unit}".strip()


def results(code: str, number: int, tried: Experiment) -> dict[int, float]:
    """Return the result of each learner whose run has come to its end: the error, or the share right in percent."""
    scale = _scale(tried)
    found = {}
    for who, run in rooms().answered(code, number, 1).answers.items():
        view = _view(run, tried.spec_of(who))
        if view is not None and math.isfinite(error := result(view, view.evaluations)):
            found[who] = scale * error
    return found


NOT_BEGUN: dict[str, Any] = {"status": None, "progress": 0.0, "losses": [], "result": None}


class Runs:
    """The runs of an experiment on a wall: what has ended is looked up once, and only what has gone on is told anew."""

    def __init__(self) -> None:
        self.moving = False             # some of them go on
        self._ended: dict[str, dict[str, Any]] = {}
        self._last: dict[str, tuple[tuple[str, int, int], dict[str, Any]]] = {}     # what was told of a run

    def seen(self, code: str, number: int, tried: Experiment, names: Mapping[int, str]) -> dict[str, Any]:
        """Return everybody's run, and what all results together say.

        Args:
            code: of the class.
            number: of the experiment.
            tried: what is tried.
            names: of the learners, by their numbers, if they may stand on the wall.
        """
        runs, handed_in = [], rooms().answered(code, number, 1).answers
        for learner in rooms().learners(code):
            run = handed_in.get(learner.number)
            told = NOT_BEGUN if run is None else self._ended.get(run) or self._told(
                run, tried, learner.number)
            runs.append({"number": learner.number, "name": names.get(learner.number),
                         "value": _told_value(tried, learner.number)} | told)
        self.moving = any(run["status"] in UNFINISHED for run in runs)
        data = session.prepared(tried.base.data, tried.base.model.output)
        baseline, naive = baselines.best(tried.base.data, tried.base.model.output, "validation")
        share, scale = data.score_kind == "share", _scale(tried)
        results = [run["result"] for run in runs if run["result"] is not None]
        positive = [abs(found) for found in results if found]
        named = any(isinstance(value, str) for value in tried.values)
        return {
            "measure": _("Right in the validation part, %") if share else
            pair(_("Mean absolute error in the validation part"), data.unit) if data.unit else
            _("Mean absolute error in the validation part"),
            "lower": not share, "log": not share and len(positive) > 1 and max(positive) > APART * min(positive),
            "order": [value_name(value) for value in tried.values] if named else None, "runs": runs,
            "groups": _groups(tried, runs),
            "naive": scale * naive if math.isfinite(naive) else None, "naive_name": baseline_name(baseline)}

    def _told(self, run: str, tried: Experiment, who: int) -> dict[str, Any]:
        view = _view(run, tried.spec_of(who))
        if view is None:
            return {"status": "failed", "progress": 0.0, "losses": [], "result": None}
        moment, last = (view.status, view.update, len(view.evaluations)), self._last.get(run)
        if last is not None and last[0] == moment:
            return last[1]
        found = _scale(tried) * result(view, view.evaluations)
        told = {"status": view.status, "progress": _progress(view), "losses": _curve(view.losses),
                "result": found if math.isfinite(found) else None}
        if view.status in UNFINISHED:
            self._last[run] = moment, told
        else:
            self._ended[run] = told
        return told


def _groups(tried: Experiment, runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    seeds = tried.setting == SEED           # which are all one group
    found = groups((0 if seeds else run["value"], run["result"]) for run in runs if run["result"] is not None)
    return [{"value": None if seeds else group.value, "count": group.count, "mean": group.mean,
             "deviation": group.deviation if math.isfinite(group.deviation) else None} for group in found]


def _told_value(tried: Experiment, who: int) -> Value:
    value = tried.value_of(who)
    return value_name(value) if isinstance(value, str) else value


def _view(run: str, part: RunSpec) -> RunView | None:
    """Return a run that was handed in; None: it is not there any more, or it is not one's part of the experiment."""
    with suppress(Refusal):
        view = lab().view(run)
        return view if view.spec.change(lr_changes=()) == part.change(lr_changes=()) else None
    return None


def _progress(view: RunView) -> float:
    return min(1.0, view.epoch / view.spec.train.epochs) if view.status in UNFINISHED else 1.0


def _curve(losses: np.ndarray) -> np.ndarray:
    """Return the means of neighbouring losses, at most POINTS of them, float32; what is not finite is left out."""
    finite = losses[np.isfinite(losses)].astype(np.float64)
    bounds = np.linspace(0, len(finite), min(POINTS, len(finite)) + 1).astype(int)
    means = np.add.reduceat(finite, bounds[:-1]) / np.diff(bounds) if len(finite) else finite
    return means.astype(np.float32)


def _scale(tried: Experiment) -> float:
    """Return by what a score is multiplied to be read: shares are percents."""
    data = session.prepared(tried.base.data, tried.base.model.output)
    return 100.0 if data.score_kind == "share" else 1.0
