"""What prices and tables share: the person chooses columns, and reads what was done to data from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from lstm_core import limits
from lstm_core.data import Note
from lstm_core.i18n import gettext as _
from lstm_core.ui.widgets import held, session
from lstm_core.ui.widgets.labels import LABELS
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized


def choose_columns(readable: Iterable[str], predictable: Iterable[str], name: Callable[[str], str]) -> None:
    """Let the person choose what the network reads and what it predicts."""
    names, targets = list(readable), list(predictable)
    features, explanation = LABELS["features"]
    st.session_state["features"] = [name for name in st.session_state.get("features") or [] if name in names]
    if not held.is_hidden("features"):
        option_box(st.multiselect, _(features), names, key="features", max_selections=limits.FEATURES,
                   format_func=name, persist_state="session", **held.box("features", _(explanation)))
    session.valid_choice("column", targets, "close" if "close" in targets else targets[-1])
    target, explanation = LABELS["column"]
    if not held.is_hidden("column"):
        option_box(st.selectbox, _(target), targets, key="column", persist_state="session", format_func=name,
                   **held.box("column", _(explanation)))


def report(notes: Iterable[Note]) -> None:
    """Say in small print what had to be done to data from outside."""
    for note in notes:
        st.caption(localized(note))
