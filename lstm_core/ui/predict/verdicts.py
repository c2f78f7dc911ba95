"""Predict: what the run amounts to, in words, with the numbers each sentence rests on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from lstm_core.charts import predict as charts
from lstm_core.charts.forecast import part_name, prediction
from lstm_core.evaluation.baselines import Baselines
from lstm_core.evaluation.evidence import Course, gather, saturation
from lstm_core.evaluation.metrics import lag_profile
from lstm_core.evaluation.verdicts import verdicts
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import listing, pair, powers
from lstm_core.spec import RunSpec, Split
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared.baselines import number
from lstm_core.ui.shared.query import PredictQuery, one_step_predictions
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure

HEADINGS: dict[str, tuple[str, str]] = {
    "diverged": ("heart_broken", N_("Diverged")), "lagged": ("content_copy", N_("A late copy")),
    "loses": ("trending_down", N_("Loses to a baseline")),
    "ties": ("drag_handle", N_("No clear difference from a baseline")),
    "beats": ("trending_up", N_("Beats the baselines")),
    "beats_persistence": ("trending_flat", N_("Better than persistence, but not than every baseline")),
    "overfitted": ("menu_book", N_("Over-fitted")),
    "underfitted": ("horizontal_rule", N_("Under-fitted")), "learning": ("school", N_("Still learning")),
    "saturated": ("door_front", N_("Saturated gates")),
}
"""Icon and heading of each kind of verdict."""

HEIGHT = 280            # pixels of a chart
CLOSE = 60              # rows that are looked at closely: on more of them one step more or less is not to be seen


def show(asked: PredictQuery, split: Split, baselines: Baselines | None = None,
         company: Mapping[str, np.ndarray] | None = None) -> None:
    """Tell what can be said about the network on a part.

    ``baselines`` are those of a series, ``company`` what simpler models name where classes are told apart.
    """
    st.subheader(_("Verdict on the {part}").format(part=part_name(split)), anchor=False)
    predicted: dict[Split, np.ndarray] = {each: one_step_predictions(asked, each)
                                          for each in dict.fromkeys((split, "train"))}
    evidence = gather(course(asked), asked.data, split, predicted,
                      _saturation(asked.view.id, asked.update, asked.spec, split), baselines, company)
    found = verdicts(evidence)
    for verdict in found:
        icon, heading = HEADINGS[verdict.kind]
        with st.container(border=True, gap="xsmall"):
            st.markdown(f":material/{icon}: " + _("**{heading}.** {sentence}").format(
                heading=_(heading), sentence=powers(verdict.told())))
            st.caption(" · ".join(pair(_(name), number(value)) for name, value in verdict.numbers.items()))
    if not found:
        st.caption(_("Nothing stands out."))
    if evidence.horizon and len(evidence.actual):
        with st.expander(_("Cross-correlation of predicted and real changes"),
                         expanded=any(verdict.kind == "lagged" for verdict in found)):      # which it proves
            _lags(evidence.actual, evidence.predicted, evidence.horizon)
            _move_back(asked, split, evidence.actual, evidence.predicted, evidence.horizon)


def course(asked: PredictQuery) -> Course:
    """Return how the training went up to the moment that is asked."""
    view, end = asked.view, asked.update == session.final_update(asked.view)
    seen = view.evaluations if end else view.evaluations[view.evaluations["update"] <= asked.update]
    kept = end and asked.update < view.update and view.best is not None
    return Course(
        outcome=view.outcome if end else "training", updates=seen["update"], epochs=seen["epoch"],
        train_loss=seen["train_loss"], validation_loss=seen["validation_loss"],
        best_epoch=float(view.best["epoch"]) if kept and view.best is not None else None)


def _lags(actual: np.ndarray, predicted: np.ndarray, horizon: int) -> None:
    profile = lag_profile(actual, predicted, max(charts.LAGS, horizon))
    if np.isnan(profile).all():
        st.caption(_("There are too few changes in this part to compare, or the prediction never changes."))
        return
    lags = np.arange(len(profile))
    live_figure(charts.likeness(lags, profile, horizon=horizon), key="lags", height=HEIGHT,
                alt=_("Correlation of the predicted changes with the real ones: {values}.").format(
                    values=listing(pair(f"{lag}", f"{value:.2f}")
                                   for lag, value in zip(lags, profile, strict=True))))


def _move_back(asked: PredictQuery, split: Split, actual: np.ndarray, predicted: np.ndarray, horizon: int) -> None:
    """Let the person lay the prediction over the values that were known when it was made, and say how near it then is.

    ``actual`` and ``predicted`` (n,) are those of all rows of the part, in order.
    """
    if len(actual) <= horizon:
        return
    steps = horizon if st.toggle(_("Move the prediction back by one time step") if horizon == 1 else
                                 _("Move the prediction back by {steps} time steps").format(steps=horizon),
                                 key="move_back", persist_state="session") else 0
    ends = len(actual) - steps
    as_it_is, moved = (float(np.abs(predicted[by:] - actual[:len(actual) - by]).mean()) for by in (0, horizon))
    unit = asked.data.unit
    st.caption(_("Mean distance from the real line: {as_it_is} as it is, {moved} when it is moved back. A prediction "
                 "that fits better then tells what is known already.").format(
                     as_it_is=f"{number(as_it_is)} {unit}".strip(), moved=f"{number(moved)} {unit}".strip()))
    shown, rows = slice(max(0, ends - CLOSE), ends), asked.data.targets_of(split)
    live_figure(prediction(rows.index[shown], actual[shown], predicted[steps:][shown], rows.naive[shown],
                           naive_name=charts.baseline_name("persistence"), unit=unit,
                           name=session.target_name(asked.spec.data, asked.data), split=split),
                key="moved_back", height=HEIGHT,
                alt=_("The last {rows} rows of the part, predicted and real.").format(rows=len(rows.index[shown])))


@st.cache_data(max_entries=100, show_spinner=False)
def _saturation(run: str, update: int, spec: RunSpec, split: Split) -> dict[str, float]:
    """Return how far each gate is saturated over some examples of a part."""
    data, weights = session.prepared(spec.data, spec.model.output), lab().snapshot(run, update).weights
    return saturation(spec.model, weights, data, split)
