"""The page Inside the cell: the cell view, and below it the sections with more about the network."""

from __future__ import annotations

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.inside.interventions import Intervention
from lstm_core.running.run_view import RunView
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.cell import findings, keeping, keys, scratch, what_if
from lstm_core.ui.cell.sequence import choose_sequence, inside
from lstm_core.ui.cell.view import Link, cell_view
from lstm_core.ui.shared import keys as shared_keys
from lstm_core.ui.shared import place, query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.navigation import show_section
from lstm_core.ui.widgets.text import localized


def show(view: RunView) -> None:
    """Show what the network of a run does inside while it reads the sequence that the person chooses."""
    if session.is_example(view) and view.status == "done":
        query.example_line(view)
    query.await_first_snapshot(view)
    if place.follow_address():
        st.session_state[shared_keys.OPENED] = view.id
    try:
        _inside(view)
    except Refusal as refusal:
        st.warning(localized(refusal))


def _inside(view: RunView) -> None:
    data = session.prepared(view.spec.data, view.spec.model.output)
    sequence = choose_sequence(view.spec.data, data)
    keeping.show(view, sequence)
    changes = what_if.chosen(view.spec.model, data, sequence)
    cell_view(inside(view, data, sequence, changes), key="cell_view", select=place.selected(),
              link=_link(view, changes))
    if not len(view.snapshots):
        return
    show_section("cell", {
        "what_if": lambda: what_if.show(view, data, sequence, changes),
        "units": lambda: findings.units(view, data, sequence.split),
        "weights": lambda: findings.weights(view, data),
        "training": lambda: findings.over_training(view, sequence),
        "scratch": lambda: scratch.show(view, data, sequence),
    }, about_network=True)


def _link(view: RunView, changes: tuple[Intervention, ...]) -> Link:
    """Return what leads back to this run, sequence and section."""
    keys_said = (PAGES["cell"].section_key, shared_keys.FROM_PART, shared_keys.AT)
    said = {key: str(st.session_state[key]) for key in keys_said if key in st.session_state}
    return Link(session.address() | {"run": view.id} | said,
                complete=not changes and not st.session_state.get(keys.BY_HAND))
