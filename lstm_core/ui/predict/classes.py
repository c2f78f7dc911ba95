"""Predict, for networks that name the class of a whole example: how often they are right, and one example closely."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.charts import classes as charts
from lstm_core.charts.forecast import part_name
from lstm_core.evaluation import evidence
from lstm_core.evaluation.metrics import ClassMetrics
from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers
from lstm_core.spec import DataSpec, Digits, Reviews, Split
from lstm_core.ui.predict import company, digits, downloads, reviews, verdicts
from lstm_core.ui.predict.pick import pick
from lstm_core.ui.shared import query
from lstm_core.ui.shared.query import PredictQuery, one_step_predictions
from lstm_core.ui.widgets.labels import class_label
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.navigation import page_link

HEIGHT = 430            # pixels of the confusion matrix

CLOSELY: dict[type[DataSpec], Any] = {Digits: digits, Reviews: reviews}
"""Modules that show one example of a source closely, and one of the person's own."""


def show(asked: PredictQuery, split: Split) -> None:
    """Show how the classes of a part are told apart, one example closely, and one of the person's own."""
    probabilities, shown = one_step_predictions(asked, split), asked.data.targets_of(split)
    named = probabilities.argmax(axis=1)
    labels = [class_label(name) for name in asked.data.labels]
    measured = evidence.classes(asked.data, split, probabilities)
    _measured(split, measured, labels)
    simpler = company.predictions(asked.spec.data, split)
    company.show(asked, split, named, shown.actual, simpler)
    verdicts.show(asked, split, company=simpler)
    st.subheader(_("One example"), anchor=False)
    st.fragment(_one, key="one_example")(asked, split, named, shown.actual)
    if closely := CLOSELY.get(type(asked.spec.data)):
        closely.own(asked)
    st.subheader(_("Take it along"), anchor=False)
    columns: downloads.Columns = {
        "example": shown.rows + 1, "real": [labels[number] for number in shown.actual],
        "predicted": [labels[number] for number in named]}
    columns |= {f"p({label})": probabilities[:, number] for number, label in enumerate(labels)}
    downloads.show(asked, {split: (_("Predictions (CSV)"), columns)}, "confusion")


def _measured(split: Split, measured: ClassMetrics, labels: list[str]) -> None:
    """Show the share right beside the naive one, what was taken for what, and precision and recall of each class."""
    right = int(np.diag(measured.confusion).sum())
    with st.container(horizontal=True, key="numbers"):
        st.metric(_("Correct answers"), f"{measured.accuracy:.1%}", width=260,
                  delta=_("always guessing the same: {share:.1%}").format(share=measured.naive), delta_color="off",
                  delta_arrow="off", help=_("On the {part}. Always guessing the same: the most frequent class of the "
                                            "training part.").format(part=part_name(split)))
        st.metric(_("Named right"), _("{right:,} of {count:,}").format(right=right, count=measured.count), width=150)
        st.metric(_("Cross entropy"), powers(f"{measured.cross_entropy:.3g}"), width=150,
                  help=_("Mean of -ln(probability of the real class), in nats: what training makes small."))
    left, middle = st.columns(2)
    with left:
        live_figure(charts.confusion(measured.confusion, labels), key="confusion", height=HEIGHT,
                    alt=_("Confusion matrix: {right} of {count} examples lie on its diagonal.").format(
                        right=right, count=measured.count))
    with middle:
        st.table(pd.DataFrame({
            _("Examples"): [f"{count:,}" for count in measured.confusion.sum(axis=1)],
            _("Precision"): [_share(value) for value in measured.precision],
            _("Recall"): [_share(value) for value in measured.recall]}, index=labels), width="stretch")
        st.caption(_("Precision: how many of those named so are so. Recall: how many of those that are so were named "
                     "so."))


def _share(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:.1%}"


def _one(asked: PredictQuery, split: Split, named: np.ndarray, actual: np.ndarray) -> None:
    """Let the person pick an example of the part, and show how the network reads it."""
    right = named == actual
    place = pick(right, _("Example"))
    if place is None:
        return
    labels = [class_label(name) for name in asked.data.labels]
    words = _("Correct: {real}. The network says {named}.").format(real=f"**{labels[int(actual[place])]}**",
                                                                named=f"**{labels[int(named[place])]}**")
    st.markdown((":material/check_circle: " if right[place] else ":material/cancel: ") + words)
    end = int(asked.data.sample_ids[split][place])
    if closely := CLOSELY.get(type(asked.spec.data)):
        closely.example(asked, end, int(actual[place]))
    query.begin_cell_with(split, place)
    page_link("cell", _("Every gate while it reads this example"))
