"""Predict, for numbers of a series: one step ahead beside the baselines, how good that is, and a verdict in words."""

from __future__ import annotations

import streamlit as st

from lstm_core import limits
from lstm_core.charts import predict as charts
from lstm_core.data import ShownRows, Windows
from lstm_core.evaluation import evidence
from lstm_core.evaluation.beside import Beside
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec, Split
from lstm_core.ui.predict import downloads, free_running, keys, verdicts
from lstm_core.ui.shared import baselines
from lstm_core.ui.shared import keys as shared_keys
from lstm_core.ui.shared.query import (
    PredictQuery,
    asked,
    choose_moment,
    choose_part,
    moment,
    one_step_predictions,
)
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.option_box import option_box

HEIGHT = 440            # pixels of the chart


def show(view: RunView) -> None:
    """Let the person choose what is predicted from what, and show it.

    Raises:
        Refusal: this cannot be predicted with these time steps; the sentence says why.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", key="asked_for"):
        split = choose_part(session.prepared(view.spec.data, view.spec.model.output))
        ways = {"ahead": _("One step ahead"), "free": _("Running freely")}
        st.session_state.setdefault(keys.WAY, "ahead")
        st.segmented_control(_("How"), list(ways), key=keys.WAY, required=True, format_func=ways.__getitem__,
                             persist_state="session",
                             help=_("One step ahead: the network always reads what really came. Running freely: it "
                                    "reads its own predictions."))
        spec = _choose_steps(view)
    found = asked(view, choose_moment(view), spec)
    assert isinstance(found.data, Windows)
    if st.session_state[keys.WAY] == "free":
        free_running.show(found, found.data, split, session.target_name(found.spec.data, found.data))
    else:
        _one_ahead(found, found.data, split)


def _choose_steps(view: RunView) -> RunSpec:
    """Let the person choose how many time steps are read; return the spec for that."""
    trained = view.spec.data.steps  # type: ignore[attr-defined]
    if view.spec.model.conv:            # it reads windows of one length only
        return view.spec
    if st.session_state.get(shared_keys.STEPS_READ_OF) != view.id:
        st.session_state[shared_keys.STEPS_READ_OF], st.session_state[keys.STEPS_READ] = view.id, trained
    low, high = limits.NUMBERS["steps"]
    steps = int(st.number_input(_("Time steps read"), int(low), int(high), key=keys.STEPS_READ, width=150,
                                persist_state="session",
                                help=_("The network was trained with {steps}. The same weights can read more or "
                                       "fewer.").format(steps=trained)))
    return view.spec if steps == trained else view.spec.change(steps=steps)


def _one_ahead(asked: PredictQuery, data: Windows, split: Split) -> None:
    shown, predicted = data.targets_of(split), one_step_predictions(asked, split)
    found = baselines.fitted(asked.spec.data, asked.spec.model.output)
    beside = found.one_ahead(data, shown.rows)
    rows = _choose_rows(shown)
    figure = charts.compared(shown.index[rows], shown.actual[rows], predicted[rows],
                             {name: values[rows] for name, values in beside.items()}, unit=data.unit,
                             name=session.target_name(asked.spec.data, asked.data), split=split)
    figure.update_layout(uirevision=f"{asked.view.id}{split}{rows.start}")
    measured = evidence.numbers(data, shown, predicted, found)
    live_figure(figure, key="predicted", height=HEIGHT, alt=_in_words(measured, data.unit))
    baselines.show(measured, found, data)
    st.caption(sentences(
        _("Over all {count:,} rows of this part, each predicted by the window that ends just before it.").format(
            count=measured.network.count), baselines.skill_explained(measured)))
    verdicts.show(asked, split, found)
    st.subheader(_("Take it along"), anchor=False)
    forecasts: downloads.Columns = {"index": shown.index, "real": shown.actual, "predicted": predicted, **beside}
    downloads.show(asked, {
        split: (_("Forecasts (CSV)"), forecasts),
        f"{split}_metrics": (_("Metrics (CSV)"), baselines.columns(measured, data.unit)),
    }, "predicted")


def _choose_rows(shown: ShownRows) -> slice:
    """Return the rows that are drawn: all, or of many the last ones unless the person moves back."""
    count = len(shown.rows)
    if count <= charts.DRAWN:
        return slice(0, count)
    firsts = [*range(count - charts.DRAWN, 0, -charts.DRAWN // 2), 0][::-1]
    session.valid_choice(keys.DRAWN_FROM, firsts, firsts[-1])
    first = int(option_box(
        st.select_slider, _("Rows drawn"), firsts, key=keys.DRAWN_FROM,
        format_func=lambda at: f"{moment(shown.index[at])} – {moment(shown.index[at + charts.DRAWN - 1])}"))
    return slice(first, first + charts.DRAWN)


def _in_words(measured: Beside, unit: str) -> str:
    network, naive = (f"{baselines.number(measured.each[name].mae)} {unit}".strip()
                      for name in ("network", "persistence"))
    return _("Predicted against real values, one step ahead: mean absolute error {network}; of persistence "
             "{naive}.").format(network=network, naive=naive)
