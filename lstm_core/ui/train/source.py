"""The person picks a source of data; most have plain settings, a few have widgets of their own."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lstm_core import limits
from lstm_core.i18n import gettext as _
from lstm_core.spec import SOURCES, DataSpec, Letters, Prices, Table
from lstm_core.ui.train import prices, table
from lstm_core.ui.widgets import settings
from lstm_core.ui.widgets.labels import LABELS, option_label
from lstm_core.ui.widgets.option_box import option_box


def choose() -> type[DataSpec]:
    """Show the widgets of the chosen source and return its kind."""
    label, explanation = LABELS["source"]
    option_box(st.selectbox, _(label), list(SOURCES), key="source", help=_(explanation), format_func=option_label,
               on_change=_change_source, persist_state="session")
    kind = SOURCES[st.session_state["source"]]
    OWN_WIDGETS.get(kind, lambda: settings.source_settings(kind))()
    return kind


def _change_source() -> None:
    """Begin with what suits the source now chosen; a table that was read before comes back as it was left."""
    settings.change_source()
    if st.session_state["source"] == Table.source:
        table.restore()


def _letters() -> None:
    label, explanation = LABELS["text"]
    if not st.session_state.get("text"):
        st.session_state["text"] = Letters.text
    st.text_area(_(label), key="text", max_chars=limits.LETTERS, help=_(explanation), height=80,
                 persist_state="session")
    settings.toggle("cycle", kind=Letters)


OWN_WIDGETS: dict[type[DataSpec], Callable[[], None]] = {
    Letters: _letters, Prices: prices.show, Table: table.show}
"""Sources whose settings need more than the widgets that follow from their types."""
