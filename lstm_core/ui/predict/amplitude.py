"""Predict, for one number in and a wave out: how near the drawn waves are, and one for a number the person chooses."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import cells
from lstm_core.charts import classes as charts
from lstm_core.charts.forecast import part_name
from lstm_core.data.sources.amplitude import amplitudes
from lstm_core.evaluation.evidence import numbers
from lstm_core.i18n import gettext as _
from lstm_core.spec import Amplitude, Split
from lstm_core.ui.predict import downloads, verdicts
from lstm_core.ui.shared.baselines import number
from lstm_core.ui.shared.query import PredictQuery, one_step_predictions
from lstm_core.ui.widgets.live_figure import live_figure

HEIGHT = 420            # pixels of the chart


def show(asked: PredictQuery, split: Split) -> None:
    """Show how near the waves of a part are drawn, and one wave closely."""
    measured = numbers(asked.data, asked.data.targets_of(split), one_step_predictions(asked, split))
    with st.container(horizontal=True, key="numbers"):
        for label, key in ((_("Mean absolute error"), "mae"), (_("RMSE"), "rmse")):
            st.metric(label, number(getattr(measured.network, key)), width=150, delta_color="off", delta_arrow="off",
                      delta=_("Naive: {error}").format(error=number(getattr(measured.baselines["mean"], key))),
                      help=_("On the {part}, over all time steps. Naive: the mean wave of the training part.").format(
                          part=part_name(split)))
    if isinstance(asked.spec.data, Amplitude):
        st.subheader(_("One number in, a wave out"), anchor=False)
        st.fragment(_one, key="one_wave")(asked)
    verdicts.show(asked, split)
    shown = asked.data.targets_of(split)
    st.subheader(_("Take it along"), anchor=False)
    downloads.show(asked, {split: (_("Forecasts (CSV)"), {
        "example": shown.rows + 1, "step": shown.step + 1, "real": shown.actual,
        "predicted": one_step_predictions(asked, split),
        "mean wave": shown.naive})}, "wave")


def _one(asked: PredictQuery) -> None:
    """Let the person choose the number that enters, and draw what comes out."""
    spec, data = asked.spec.data, asked.data
    assert isinstance(spec, Amplitude)
    height = st.slider(_("The number that enters"), -1.5, 1.5, 0.7, 0.05, key="entering",
                       help=_("The network was trained with numbers from -1 to 1; beyond them it has seen nothing."))
    x = np.zeros((1, spec.steps, 1), dtype=np.float32)
    x[0, 0, 0] = height
    drawn = data.unscale(cells.predict(asked.spec.model, asked.weights, x)[0, :, 0])
    heights, waves = amplitudes(1, spec.steps, spec.period, spec.split_seed)
    actual = waves[0] / heights[0] * height
    shown = data.targets_of("train")
    naive = shown.naive[shown.window == 0]
    error, without = (float(np.abs(values - actual).mean()) for values in (drawn, naive))
    live_figure(charts.wave(actual, drawn, naive), key="amplitude_wave", height=HEIGHT,
                alt=_("The wave of height {height:g} and the one the network draws; mean distance {error}.").format(
                    height=height, error=number(error)))
    st.markdown(_("Mean distance from the real wave: **{error}**; of the mean wave: {naive}.").format(
        error=number(error), naive=number(without)))
