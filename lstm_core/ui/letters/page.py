"""The page Letters: the run it is about, the next letter it names, and the sections with more about the network."""

from __future__ import annotations

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.spec import Letters, Numerals, TaskSpec
from lstm_core.ui.base.examples import example
from lstm_core.ui.base.server import lab
from lstm_core.ui.letters import maps, numerals, writing
from lstm_core.ui.letters.moment import refused, ways_on
from lstm_core.ui.letters.next_letter import ask
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.navigation import page_link, show_section


def show() -> None:
    """Show what the network of the run this session looks at has learned of its letters, or of its numbers."""
    view = _chosen()
    _introduce(view)
    query.await_first_snapshot(view)
    try:
        if not len(view.snapshots):
            _nothing_yet(view)
        elif isinstance(view.spec.data, Numerals):
            numerals.show(view)
        elif isinstance(view.spec.data, Letters):
            _letters(view, view.spec.data)
    except Refusal as refusal:
        refused(refusal)


def _letters(view: RunView, data: Letters) -> None:
    asked = ask(view)
    show_section("letters", {
        "write": lambda: writing.show(asked, data, carried=view.spec.train.stateful != "off"),
        "transitions": lambda: maps.transitions(asked, data),
        "places": lambda: maps.places(asked, view.spec.model, len(set(data.text))),
        "beside": lambda: maps.side_by_side(view),
    }, about_network=True)


def _chosen() -> RunView:
    """Return the run this session looks at if it reads letters or numbers, else the example."""
    view = session.run("letters")
    if isinstance(view.spec.data, Letters | Numerals):
        return view
    if isinstance(view.spec.data, TaskSpec):
        st.info(_("The run you look at has a memory task: {task}. What it says, symbol by symbol, stands on the page "
                  "Predict.").format(task=option_label(view.spec.data.source)), icon=":material/query_stats:")
        page_link("predict", _("To its answers"), icon=":material/arrow_forward:")
    return lab().view(example("letters"))


def _introduce(view: RunView) -> None:
    """Say that this is an example, where it is one, and how to get a network of one's own."""
    if session.is_example(view):
        st.info(_("Example run: {cell} on “{task}”, not yours. Train a network on letters or on numbers, and it is "
                  "shown here:").format(cell=_(view.spec.model.cell_type.name),
                                        task=option_label(view.spec.data.source)), icon=":material/school:")
        ways_on()


def _nothing_yet(view: RunView) -> None:
    """Say that a run has no moment to look at, and what to do."""
    if view.active:
        st.info(_("This run has only just begun: there is no network to ask yet."), icon=":material/hourglass_empty:")
    else:
        st.info(_("Nothing is recorded of this run, so there is no network to ask. Train it on the page Train, or "
                  "begin with one of these:"), icon=":material/hourglass_empty:")
        ways_on()
