"""The run on the page as a lesson sees it: what truths and the fields of its words are worked out from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, cast

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.inside.interventions import Intervention
from lstm_core.lessons.cards import Stage
from lstm_core.lessons.moment import Moment
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec
from lstm_core.ui.base import examples
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import query
from lstm_core.ui.shared.scores import score
from lstm_core.ui.widgets import session


def newest_own(fits: Callable[[RunSpec], bool]) -> RunView | None:
    """Return this browser's newest run whose settings fit."""
    with suppress(Refusal):
        for facts in lab().recent(owner(), session.REMEMBERED):
            if facts.status != "failed" and fits(facts.spec):
                return lab().view(facts.id)
    return None


def of_stage(stage: Stage) -> Moment:
    """Return the run of a stage: this browser's newest that fits, else the example, else an untrained one."""
    own = newest_own(stage.fits)
    return _other(stage.spec) if own is None else moment(own)


def moment(view: RunView, changes: tuple[Intervention, ...] = ()) -> Moment:
    """Return a run as a lesson sees it."""
    final = session.final_update(view) if len(view.snapshots) else 0
    return Moment(
        spec=view.spec, run=view.id, own=bool(view.id) and session.is_mine(view), update=view.update,
        ended=view.status == "done", outcome=view.outcome, known_losses=view.losses,
        known_evaluations=view.evaluations,
        snapshots=view.snapshots, final=final,
        prepared=lambda spec: session.prepared(spec.data, spec.model.output),
        weights_of=lambda update: lab().snapshot(view.id, update).weights,
        scored=lambda update, split: score(view.id, update, view.spec, split),
        predicted=lambda update, split: query.one_step_predictions(query.asked(view, update, view.spec), split),
        free=lambda update, starts, count: query.free_running(query.asked(view, update, view.spec), starts, count),
        others=_other, widgets=cast("Mapping[str, Any]", st.session_state), changes=changes)


def _other(spec: RunSpec) -> Moment:
    own = newest_own(lambda theirs: theirs.change(lr_changes=()) == spec)
    if own is not None and len(own.snapshots):
        return moment(own)
    example = examples.matching(spec)
    return moment(RunView.untrained(spec) if example is None else lab().view(example))

