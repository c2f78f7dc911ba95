"""Predict: what the run amounts to, in words, with the numbers each sentence rests on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from lstm_core import cells
from lstm_core.charts import predict as charts
from lstm_core.charts.forecast import part_name
from lstm_core.charts.frame import evenly
from lstm_core.data import ShownRows
from lstm_core.evaluation.metrics import ClassMetrics, Metrics, lag_profile
from lstm_core.evaluation.verdicts import Evidence, gate_saturation, verdicts
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import listing, pair, powers
from lstm_core.spec import RunSpec, Split
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared.baselines import number
from lstm_core.ui.shared.query import PredictQuery
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure

HEADINGS: dict[str, tuple[str, str]] = {
    "diverged": ("heart_broken", N_("Diverged")), "lagged": ("content_copy", N_("A late copy")),
    "loses": ("trending_down", N_("Loses to a baseline")), "ties": ("drag_handle", N_("No better than a baseline")),
    "beats": ("trending_up", N_("Beats the baselines")), "overfitted": ("menu_book", N_("Over-fitted")),
    "underfitted": ("horizontal_rule", N_("Under-fitted")), "learning": ("school", N_("Still learning")),
    "saturated": ("door_front", N_("Saturated gates")),
}
"""Icon and heading of each kind of verdict."""

TIME_STEPS = 2000       # time steps over which the gates are watched
HEIGHT = 280            # pixels of the chart of lags


def show(asked: PredictQuery, split: Split, network: Metrics | ClassMetrics, training: Metrics | ClassMetrics | None,
         baselines: Mapping[str, Metrics], horizon: int = 0, rows: ShownRows | None = None,
         predicted: np.ndarray | None = None) -> None:
    """Tell what can be said about the network on a part.

    ``network`` and ``baselines`` are measured on the part, ``training`` on the training part; ``rows`` and
    ``predicted`` (n,) are given for consecutive rows of a series.
    """
    st.subheader(_("Verdict on the {part}").format(part=part_name(split)), anchor=False)
    view, end = asked.view, asked.update == session.final_update(asked.view)
    seen = view.evaluations if end else view.evaluations[view.evaluations["update"] <= asked.update]
    kept = end and asked.update < view.update and view.best is not None
    series = {} if rows is None or predicted is None else {
        "actual": rows.actual, "predicted": predicted, "persistence": rows.naive}
    found = verdicts(Evidence(
        outcome=view.outcome if end else "training", updates=seen["update"], epochs=seen["epoch"],
        train_loss=seen["train_loss"], validation_loss=seen["validation_loss"],
        best_epoch=float(view.best["epoch"]) if kept and view.best is not None else None, network=network,
        baselines=baselines, training=training, horizon=horizon, unit=asked.data.unit,
        saturation=_saturation(view.id, asked.update, asked.spec, split), **series))
    for verdict in found:
        icon, heading = HEADINGS[verdict.kind]
        with st.container(border=True, gap="xsmall"):
            st.markdown(f":material/{icon}: " + _("**{heading}.** {sentence}").format(
                heading=_(heading), sentence=powers(verdict.told())))
            st.caption(" · ".join(pair(_(name), number(value)) for name, value in verdict.numbers.items()))
    if not found:
        st.caption(_("Nothing stands out."))
    if horizon and rows is not None and predicted is not None:
        _lags(rows.actual, predicted, horizon)


def _lags(actual: np.ndarray, predicted: np.ndarray, horizon: int) -> None:
    with st.expander(_("Cross-correlation of predicted and real changes")):
        profile = lag_profile(actual, predicted, max(charts.LAGS, horizon))
        if np.isnan(profile).all():
            st.caption(_("There are too few changes in this part to compare, or the prediction never changes."))
            return
        lags = np.arange(len(profile))
        live_figure(charts.likeness(lags, profile, horizon=horizon), key="lags", height=HEIGHT,
                    alt=_("Correlation of the predicted changes with the real ones: {values}.").format(
                        values=listing(pair(f"{lag}", f"{value:.2f}")
                                       for lag, value in zip(lags, profile, strict=True))))


@st.cache_data(max_entries=100, show_spinner=False)
def _saturation(run: str, update: int, spec: RunSpec, split: Split) -> dict[str, float]:
    """Return how far each gate is saturated over some examples of a part."""
    data, weights = session.prepared(spec.data, spec.model.output), lab().snapshot(run, update).weights
    sample_ids = data.sample_ids[split]
    sample_ids = sample_ids[evenly(len(sample_ids), max(4, TIME_STEPS // data.steps))]
    traces = [cells.trace(spec.model, weights, data.sample(int(end))) for end in sample_ids]
    return gate_saturation(layer.gates for trace in traces for layer in trace.layers)
