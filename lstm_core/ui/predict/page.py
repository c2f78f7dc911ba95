"""Predict: what is shown for each kind of task."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.charts.forecast import part_name
from lstm_core.data import Generated
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.spec import Split
from lstm_core.ui.predict import amplitude, classes, numbers
from lstm_core.ui.predict.tasks import page as tasks_page
from lstm_core.ui.shared.query import PredictQuery, asked, choose_moment, choose_part, one_step_predictions, way_on
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.navigation import page_link


def show(view: RunView) -> None:
    """Show what fits the run.

    Raises:
        Refusal: it cannot be predicted; the sentence says why.
    """
    data = session.prepared(view.spec.data, view.spec.model.output)
    if data.contiguous and not data.classes:
        numbers.show(view)
        return
    split = choose_part(data)
    found = asked(view, choose_moment(view), view.spec)
    if data.score_kind == "error":
        amplitude.show(found, split)
    elif not np.isfinite(one_step_predictions(found, split)).all():
        st.warning(_("What this network puts out is no longer a number: it has diverged. Choose an earlier moment of "
                     "the training, or train it with a smaller learning rate."))
        way_on(view)
    elif isinstance(data, Generated):
        tasks_page.show(found, split)
    elif data.output == "last" and not data.contiguous:
        classes.show(found, split)
    else:
        _symbols(found, split)


def _symbols(asked: PredictQuery, split: Split) -> None:
    """Show how many letters or signs are named right, and where more is to be seen."""
    right = (one_step_predictions(asked, split).argmax(axis=1) == asked.data.targets_of(split).actual).mean()
    st.metric(_("Correct answers"), f"{right:.1%}", width=240, delta_color="off", delta_arrow="off",
              delta=_("always guessing the same: {share:.1%}").format(share=asked.data.naive_error(split)),
              help=_("On the {part}. Always guessing the same: the most frequent one of the training part.").format(
                  part=part_name(split)))
    page_link("letters", _("Ask this network for the next letter, or for a number in words"))
