"""What a person sees of a run: how it is going, its loss and its predictions, which move while it trains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.charts.forecast import part_name
from lstm_core.charts.loss import LINEAR, log_scale, spans_decades
from lstm_core.charts.predict import baseline_name
from lstm_core.data import Dataset, Generated, Windows
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, phrases, powers
from lstm_core.records import Evaluation
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS, DataSpec, RunSpec, Split
from lstm_core.ui.base.server import lab
from lstm_core.ui.live import words
from lstm_core.ui.live.picture import last_shown, structure
from lstm_core.ui.live.status import Number, followed, run_status
from lstm_core.ui.shared import baselines, trained_on
from lstm_core.ui.train import keys
from lstm_core.ui.train.one_update import one_update
from lstm_core.ui.train.strip import looked_at, strip
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.labels import class_label, option_label
from lstm_core.ui.widgets.live_figure import live_figure, redraw

HEIGHT = 340            # pixels of a live chart
SCALES = ("auto", "linear", "log")


def show(view: RunView) -> None:
    """Show the run; as long as it trains, the stream keeps it up to date in the browser."""
    shown = [split for split in SPLITS if len(session.prepared(view.spec.data,
                                                               view.spec.model.output).sample_ids[split])]
    if st.session_state.get(keys.PARTS) not in (None, shown):   # what was shown of other data was nobody's choice
        st.session_state.pop(keys.PART, None)
    st.session_state[keys.PARTS] = shown
    session.valid_choice(keys.PART, shown, "validation" if "validation" in shown else "train")
    session.valid_choice(keys.SCALE, SCALES)
    st.fragment(_live, key="live")(view.id or view.spec, structure(view))
    if settings.all_shown():
        st.fragment(_what_is_drawn)(shown)
    with st.container(key="trained_on"):    # always there, so that nothing below is drawn anew when it is known
        if details := trained_on.details(view):
            st.caption(details)


def _what_is_drawn(shown: Sequence[Split]) -> None:
    names = {"auto": _("automatic"), "linear": _("linear"), "log": _("logarithmic")}
    with st.container(horizontal=True, key="what_is_drawn", vertical_alignment="bottom"):
        st.segmented_control(_("Prediction on"), shown, key=keys.PART, required=True, persist_state="session",
                             format_func=option_label, on_change=redraw, args=("live",))
        st.segmented_control(_("Scale of the loss"), SCALES, key=keys.SCALE, required=True, persist_state="session",
                             format_func=lambda scale: names[scale],
                             help=_("Automatic: logarithmic as soon as the loss spans two powers of ten."),
                             on_change=redraw, args=("live",))


def _live(run: str | RunSpec, drawn_as: str) -> None:
    """Draw the run as it is now; when other controls belong to it than are on the page, draw the whole page anew."""
    split: Split = st.session_state[keys.PART]
    scale: str = st.session_state[keys.SCALE]
    view = RunView.untrained(run) if isinstance(run, RunSpec) else lab().view(run, (split, looked_at()))
    if structure(view) != drawn_as:
        st.rerun()
    data = session.prepared(view.spec.data, view.spec.model.output)
    run_status(view, data, _numbers(view, data), key="status")
    left, right = st.columns(2)
    best = int(view.best["update"]) if view.best is not None else None
    with left:      # on a phone the upper one: what is learned shows first in the prediction
        _prediction(view, data, split)
    with right:
        live_figure(
            charts.loss_curve(view.losses, evaluations_of(view),
                              log=scale == "log" or (scale == "auto" and spans_decades(view.losses)),
                              last_update=last_shown(view), best=best,
                              rate_changes=view.spec.train.lr_changes,
                              right=data.score_kind == "share",
                              to_validate=view.moving and bool(len(data.sample_ids["validation"])),
                              stopped=round(view.epoch) if view.outcome == "early" else None,
                              unit=_("cross entropy, nats") if data.classes else _("mean squared error, scaled"),
                              noise=noise_loss(view.spec.data, data)),
            key="loss", height=HEIGHT, alt=words.loss(view), toolbar=settings.all_shown(),
            live=followed(view.id) | {"role": "loss", "scale": scale, "axes": {
                "linear": LINEAR, "log": log_scale(narrow=False)}} if view.moving else None)
    with st.container(key="update_and_strip", gap=None):      # no gap where nothing is told of an update
        one_update(view, data, key="one_update")
        strip(view, data)


def noise_loss(spec: DataSpec, data: Dataset) -> float:
    """Return the loss, the mean squared error of scaled numbers, of a forecast that only misses the noise; 0: none."""
    return (spec.unpredictable / float(np.ptp(data.unscale(np.array([0.0, 1.0]))))) ** 2 if spec.unpredictable else 0.0


def evaluations_of(view: RunView) -> Sequence[Evaluation]:
    """Return the evaluations as records."""
    return cast(Sequence[Evaluation], view.evaluations.view(np.recarray))


def _prediction(view: RunView, data: Dataset, split: Split) -> None:
    shown = data.shown(split)
    predicted = view.predictions.get(split)
    if data.classes:
        if predicted is None:
            predicted = np.full((len(shown.actual), data.classes), np.nan)
        figure = charts.class_probabilities(
            predicted, shown.actual, [class_label(name) for name in data.labels], split=split,
            places="letters" if data.contiguous else "symbols" if data.output == "every" else "examples")
        told = _("Probability of every class at each place, with the real one marked.")
    else:
        if predicted is None:
            predicted = np.full(len(shown.actual), np.nan)
        name = session.target_name(view.spec.data, data)
        naive = baseline_name("persistence" if isinstance(data, Windows) else "mean")
        if data.output == "last" and not data.contiguous:
            figure = charts.answers(shown.actual, predicted, shown.naive, naive_name=naive, unit=data.unit, name=name,
                                    split=split)
        else:
            figure = charts.prediction(shown.index, shown.actual, predicted, shown.naive, naive_name=naive,
                                       unit=data.unit, name=name, split=split)
        distance = float(np.abs(predicted - shown.actual).mean())
        told = _("No prediction yet.") if math.isnan(distance) else _(
            "Predicted against real values; mean distance {distance}.").format(
                distance=f"{powers(f'{distance:.4g}')} {data.unit}".strip())
    figure.update_layout(uirevision=f"{view.id}{split}")
    live_figure(figure, key="prediction", height=HEIGHT, alt=told, toolbar=settings.all_shown(),
                live=followed(view.id) | {"role": "prediction", "split": split}
                if view.id and (view.moving or math.isnan(float(np.sum(predicted)))) else None)


def _of_noise(spec: DataSpec) -> list[str]:
    """Return what the mean absolute error of a forecast would be that only misses the noise, where that is known."""
    error = spec.unpredictable * math.sqrt(2 / math.pi)         # the mean of a normal distribution without its sign
    return [pair(_("noise alone"), words.number(error))] if error else []


def _numbers(view: RunView, data: Dataset) -> list[Number]:
    """Return what stands around the current numbers, each error beside its naive baseline."""
    judged: Split = "validation" if len(data.sample_ids["validation"]) else "train"
    name, naive = baselines.best(view.spec.data, view.spec.model.output, judged)
    if data.score_kind == "share":
        score = Number(
            3, _("Correct answers"), _("always guessing the same: {share:.1%}").format(share=naive),
            _("Share of whole sequences processed right. Guessing the same: always the mean, or the most frequent "
              "class.") if isinstance(data, Generated) else
            _("Share of letters or classes named right; of a text every letter counts once, as the window "
              "that ends just before it predicts it. The same number stands on the page Predict. Guessing the same: "
              "always the most frequent one."))
    else:
        score = Number(
            3, _("Mean absolute error"),
            phrases([pair(baseline_name(name), f"{words.number(naive)} {data.unit}".strip()),
                     *_of_noise(view.spec.data)]),
            (_("On the {part}, in real units; every row counts once, as the window that ends just "
               "before it predicts it. The same number stands on the page Predict. Below it: the best "
               "forecast without a network on these rows, by RMSE.")
             if data.contiguous
             else _("On the {part}, in real units, over all time steps. The same number stands on the "
                    "page Predict. Below it: the mean of the training part.")).format(part=part_name(judged)))
    if not settings.all_shown():
        score = replace(score, help="")
    return [Number(0, _("Updates")), Number(1, _("Training loss")),
            *([Number(2, _("Validation loss"))] if judged == "validation" else []), score,
            Number(4, _("Learning rate"))]
