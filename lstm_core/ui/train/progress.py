"""What a person sees while a network trains: progress, numbers, loss and prediction, redrawn as they change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import cast

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.charts.forecast import part_name
from lstm_core.charts.predict import baseline_name
from lstm_core.data import Dataset, Generated
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, powers
from lstm_core.records import Evaluation
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS, Split
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import baselines, trained_on
from lstm_core.ui.train import keys
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import class_label, option_label
from lstm_core.ui.widgets.live_figure import live_figure, redraw

INTERVAL = 0.2          # seconds between two pictures of a run that has the machine to itself
CROWD = 0.05            # seconds more for every further run, so that a full class does not crowd out the training
RESTING = 2.0           # seconds between two looks at a run that is paused
HEIGHT = 340            # pixels of a live chart


def show(view: RunView) -> None:
    """Show the run, live as long as it trains."""
    shown = [split for split in SPLITS if len(session.prepared(view.spec.data,
                                                               view.spec.model.output).sample_ids[split])]
    moving = _moving(view, session.valid_choice(keys.PART, shown, "validation" if "validation" in shown else "train"))
    every = min(2.0, INTERVAL + CROWD * max(0, view.waiting - 1)) if moving else None
    st.fragment(_live, run_every=every, key="live")(view.id, moving, view.held)
    if view.status == "paused" and not moving:
        st.fragment(_look_again, run_every=RESTING, key="resting")(view.id, view.update)
    st.fragment(_what_is_drawn)(shown)
    with st.container(key="trained_on"):    # always there, so that nothing below is drawn anew when it is known
        if details := trained_on.details(view):
            st.caption(details)


def _what_is_drawn(shown: Sequence[Split]) -> None:
    with st.container(horizontal=True, key="what_is_drawn", vertical_alignment="bottom"):
        st.segmented_control(_("Prediction on"), shown, key=keys.PART, required=True, persist_state="session",
                             format_func=option_label, on_change=redraw, args=("live",))
        st.toggle(_("Loss on a log scale"), key=keys.LOG, persist_state="session", on_change=redraw, args=("live",))


def _live(run: str, moving: bool, held: bool) -> None:
    """Draw one picture of the run; when it has begun to move or to rest, the whole page is drawn anew."""
    split: Split = st.session_state[keys.PART]
    view = lab().view(run, (split,))
    data = session.prepared(view.spec.data, view.spec.model.output)
    st.progress(min(1.0, view.epoch / view.spec.train.epochs), text=_progress(view))
    _numbers(view, data)
    left, right = st.columns(2)
    best = int(view.best["update"]) if view.best is not None else None
    with left:
        live_figure(
            charts.loss_curve(view.losses, evaluations_of(view), log=bool(st.session_state.get(keys.LOG)),
                              updates_total=_updates_total(view), best=best,
                              rate_changes=view.spec.train.lr_changes,
                              right=data.score_kind == "share",
                              stopped=round(view.epoch) if view.outcome == "early" else None,
                              unit=_("cross entropy, nats") if data.classes else _("mean squared error, scaled")),
            key="loss", height=HEIGHT, alt=_loss_in_words(view))
    with right:
        _prediction(view, data, split)
    if (_moving(view, split), view.held) != (moving, held):
        st.rerun()


def _look_again(run: str, update: int) -> None:
    """Draw the whole page anew when a paused run goes on, because another tab of its owner has said so."""
    view = lab().view(run)
    if (view.status, view.update) != ("paused", update):
        st.rerun()


def evaluations_of(view: RunView) -> Sequence[Evaluation]:
    """Return the evaluations as records."""
    return cast(Sequence[Evaluation], view.evaluations.view(np.recarray))


def _moving(view: RunView, split: Split) -> bool:
    """Tell whether the next picture will differ: the run trains, or its predictions for the part are on their way."""
    drawn = view.predictions_update == view.update and split in view.predictions
    return view.active or view.held or (view.update > 0 and view.status != "failed" and not drawn)


def _prediction(view: RunView, data: Dataset, split: Split) -> None:
    shown = data.shown(split)
    predicted = view.predictions.get(split)
    if data.classes:
        if predicted is None:
            predicted = np.full((len(shown.actual), data.classes), np.nan)
        figure = charts.class_probabilities(
            predicted, shown.actual, [class_label(name) for name in data.labels], split=split,
            places="letters" if data.contiguous else "symbols" if data.output == "every" else "examples")
        words = _("Probability of every class at each place, with the real one marked.")
    else:
        if predicted is None:
            predicted = np.full(len(shown.actual), np.nan)
        name = session.target_name(view.spec.data, data)
        if data.output == "last" and not data.contiguous:
            figure = charts.answers(shown.actual, predicted, shown.naive, unit=data.unit, name=name, split=split)
        else:
            figure = charts.prediction(shown.index, shown.actual, predicted, shown.naive, unit=data.unit, name=name,
                                       split=split)
        distance = float(np.abs(predicted - shown.actual).mean())
        words = _("No prediction yet.") if math.isnan(distance) else _(
            "Predicted against real values; mean distance {distance}.").format(
                distance=f"{powers(f'{distance:.4g}')} {data.unit}".strip())
    figure.update_layout(uirevision=f"{view.id}{split}")
    live_figure(figure, key="prediction", height=HEIGHT, alt=words)


def _progress(view: RunView) -> str:
    """Return one line: what the run does, how far it is, how long it will take."""
    states = {
        "queued": _("Waiting for its turn"), "training": _("In training"), "paused": _("Paused"),
        "stopped": _("Stopped"), "failed": _("Failed"),
    }
    ends = {"done": _("Done"), "early": _("Stopped early: the validation loss no longer fell"),
            "enough": _("Enough answers are right"),
            "diverged": _("Diverged: the loss is no longer a number. Try a smaller learning rate or clipping."),
            "training": _("Done")}
    words = [ends[view.outcome] if view.status == "done" else states[view.status],
             _("epoch {epoch:.4g} of {epochs}").format(epoch=math.floor(view.epoch * 10) / 10,
                                                       epochs=view.spec.train.epochs)]
    if view.active:
        if view.waiting > 1 and view.place:
            words.append(_("place {place} in the queue of {waiting} runs").format(place=view.place,
                                                                                  waiting=view.waiting))
        if view.rate:
            words.append(_("{rate:.0f} updates/s").format(rate=view.rate))
        if view.seconds_left is not None:
            words.append(_("{seconds:.0f} s left").format(seconds=view.seconds_left))
    return " · ".join(words)


def _numbers(view: RunView, data: Dataset) -> None:
    """Show the current numbers, each error beside its naive baseline."""
    last = view.evaluations[-1] if len(view.evaluations) else None
    judged: Split = "validation" if len(data.sample_ids["validation"]) else "train"
    name, naive = baselines.best(view.spec.data, view.spec.model.output, judged)
    with st.container(horizontal=True, key="numbers"):
        st.metric(_("Updates"), f"{view.update:,}", width=95)
        st.metric(_("Training loss"), _number(view.losses[-1] if len(view.losses) else math.nan), width=115)
        if judged == "validation":
            st.metric(_("Validation loss"), _number(last["validation_loss"] if last is not None else math.nan),
                      width=115)
        error = last["score"] if last is not None else math.nan
        if data.score_kind == "share":
            st.metric(_("Share right"), "–" if math.isnan(error) else f"{error:.1%}", width=140,
                      delta=_("Naive: {share:.1%}").format(share=naive), delta_color="off", delta_arrow="off",
                      help=_("Share of whole sequences processed right. Naive: always the mean, or the most frequent "
                             "class.") if isinstance(data, Generated) else
                      _("Share of letters or classes named right; of a text every letter counts once, as the window "
                        "that ends just before it predicts it. The same number stands on the page Predict. Naive: "
                        "always the most frequent one."))
        else:
            st.metric(_("Mean absolute error"), f"{_number(error)} {data.unit}", width=260,
                      delta=pair(baseline_name(name), f"{_number(naive)} {data.unit}".strip()), delta_color="off",
                      delta_arrow="off",
                      help=(_("On the {part}, in real units; every row counts once, as the window that ends just "
                              "before it predicts it. The same number stands on the page Predict. Below it: the best "
                              "forecast without a network on these rows, by RMSE.")
                            if data.contiguous
                            else _("On the {part}, in real units, over all time steps. The same number stands on the "
                                   "page Predict. Below it: the mean of the training part.")).format(
                          part=part_name(judged)))
        st.metric(_("Learning rate"), powers(f"{view.lr:g}"), width=105)


def _number(value: float) -> str:
    return "–" if math.isnan(value) else powers(f"{value:.3g}")


def _updates_total(view: RunView) -> int | None:
    return round(view.update / view.epoch * view.spec.train.epochs) if view.epoch else None


def _loss_in_words(view: RunView) -> str:
    if not len(view.losses):
        return _("No loss yet.")
    return _("Training loss {first} at first, {last} after {updates} updates.").format(
        first=powers(f"{view.losses[0]:.4g}"), last=powers(f"{view.losses[-1]:.4g}"), updates=view.update)
