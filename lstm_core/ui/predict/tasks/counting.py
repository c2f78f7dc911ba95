"""Predict, for counting: how far a network counts, one string closely, and the state that counts."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import cells
from lstm_core.charts.tasks import sequences as drawn
from lstm_core.data.tasks import scoring
from lstm_core.data.tasks.grammars import COUNTED, DOWN, UP, balance, counted, counts_to
from lstm_core.i18n import gettext as _
from lstm_core.records import Weights
from lstm_core.spec import SPLITS, Counting, ModelSpec, RunSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.predict import keys
from lstm_core.ui.predict.tasks.every_step import bars, choose_step, follows, reading, states, told
from lstm_core.ui.shared import query
from lstm_core.ui.shared.query import ANSWERS, PredictQuery
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.navigation import page_link

HEIGHT = 330            # pixels of the bars
BEYOND = 3              # the strings go up to so many times the largest count of the training


def show(asked: PredictQuery) -> None:
    """Let the person choose n, and show how the network reads a^n b^n."""
    spec = asked.spec.data
    assert isinstance(spec, Counting)
    shares, reached = how_far(asked.view.id, asked.update, asked.spec)
    most = min(COUNTED, max(BEYOND * spec.largest_count, reached + 5))
    st.markdown((":material/check_circle: " if reached >= 2 * spec.largest_count else ":material/cancel: ") + (
        _("Trained with up to {trained} of each letter, the network is right with every count up to **{reached}**.")
        if reached < COUNTED else
        _("Trained with up to {trained} of each letter, the network is right with every count up to **{reached}**, and "
          "more were not tried.")).format(trained=spec.largest_count, reached=reached))
    # At another moment the slider may end elsewhere: to Streamlit it is then a new one, which must be told its value.
    st.session_state[keys.COUNT] = min(most, st.session_state.get(keys.COUNT, 2 * spec.largest_count))
    n = int(st.slider(_("n: letters a, and then as many b"), 1, most, key=keys.COUNT))
    live_figure(drawn.counts(shares[:most], trained=spec.largest_count, now=n), key="counts", height=220,
                alt=_("Share of the steps that are right for n from 1 to {most}; all right up to {reached}.").format(
                    most=most, reached=reached))
    found = reading(asked, counted(np.array([n])))
    told(found)
    step = choose_step(found, len(found.x))
    left, right = st.columns([3, 2])
    with left:
        leader = states(found, balance(found.x, UP, DOWN), step, counted=_("a less b"), key="sequence")
    with right:
        bars(found, step)
    st.caption(follows(asked, leader, what=_("the count of a less b")))
    st.caption(_("The cell state of an LSTM has no bound: with its gates open it can add one at every a and take one "
                 "away at every b, as far as is wanted (Gers & Schmidhuber 2001).")
               if asked.spec.model.cell_type.unbounded else
               _("These states stay between -1 and 1, so the steps must become smaller or the counts run out: such a "
                 "cell learns the strings that it was shown, and not to count (Weiss et al. 2018)."))
    _to_cell(asked, n)


def _to_cell(asked: PredictQuery, n: int) -> None:
    """Lead to the page of the cell, where a part has this string."""
    for split in SPLITS:
        x = asked.data.lengths(asked.data.sample_ids[split])
        if x is not None and len(place := np.flatnonzero(x == 2 * n + 1)):
            query.begin_cell_with(split, int(place[0]))
            page_link("cell", _("Every gate while it reads this sequence"))
            return


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def how_far(run: str, update: int, spec: RunSpec) -> tuple[np.ndarray, int]:
    """Return the shares of the steps that are right in a^n b^n for n = 1, 2, ..., (COUNTED,), and how far all are."""
    return measured(spec.model, lab().snapshot(run, update).weights)


def measured(model: ModelSpec, weights: Weights) -> tuple[np.ndarray, int]:
    """Return the same for a network."""
    made = counted(np.arange(1, COUNTED + 1))
    assert made.permitted is not None
    scores = cells.predict(model, weights, made.x)
    asked = made.permitted.any(axis=-1)
    right = scoring.steps_right(scores, made.permitted) & asked
    return right.sum(axis=1) / asked.sum(axis=1), counts_to(scores)
