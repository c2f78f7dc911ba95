"""The person picks a source of data; most have plain settings, a few have widgets of their own."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lstm_core import limits
from lstm_core.i18n import gettext as _
from lstm_core.spec import SOURCES, DataSpec, Letters, Prices, Table
from lstm_core.ui.base.static_files import address
from lstm_core.ui.train import keys, prices, table
from lstm_core.ui.widgets import held, session, setting_boxes, settings
from lstm_core.ui.widgets.labels import LABELS, option_label
from lstm_core.ui.widgets.option_box import option_box

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('kept_text.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

PASTED = 100_000        # letters that may be pasted, so that a text that is too long can be refused in words;
                        # static/typing.js cuts what is longer still

_kept_text = st.components.v2.component("kept_text", js=_SCRIPT, isolate_styles=False)


def choose() -> type[DataSpec]:
    """Let the person choose a source, and what says which sequence it is; return its kind."""
    label, explanation = LABELS["source"]
    if not held.is_hidden("source"):
        option_box(st.selectbox, _(label), list(SOURCES), key="source", format_func=option_label,
                   persist_state="session", **held.box(
                       "source", _(explanation) if settings.all_shown() else None, change=_change_source))
    kind = SOURCES[st.session_state["source"]]
    if kind in FIRST_WIDGETS:
        FIRST_WIDGETS[kind]()
    return kind


def show_more(kind: type[DataSpec]) -> None:
    """Show the other settings of a source."""
    if kind is Prices:
        prices.show_more()
    else:
        setting_boxes.source_settings(kind)


def _change_source() -> None:
    """Begin with what suits the source now chosen; a table that was read before comes back as it was left."""
    settings.change_source()
    if st.session_state["source"] == Table.source:
        table.restore()


def _letters() -> None:
    label, explanation = LABELS["text"]
    if not st.session_state.get("text"):
        st.session_state["text"] = Letters.text
    _keep_text()
    if not held.is_hidden("text"):
        st.text_area(_(label), key="text", max_chars=PASTED, height=80, persist_state="session",
                     **held.box("text", _(explanation)))
    if len(st.session_state["text"]) > limits.LETTERS and not held.is_held("text"):
        st.button(_("Keep the first {limit:,} letters").format(limit=limits.LETTERS), key="cut_text", on_click=_cut)
    setting_boxes.toggle("cycle", kind=Letters)


def _keep_text() -> None:
    """Have the browser keep a text that its address cannot hold, and after a reload give it back."""
    st.session_state.setdefault(keys.ASKS_TEXT, session.KEPT in st.query_params)
    text: str = st.session_state["text"]
    long = len(text) > session.LONGEST_ADDRESS
    _kept_text(key=keys.KEPT_TEXT, on_text_change=_take_back, data={
        "text": text if long else "", "asks": st.session_state[keys.ASKS_TEXT] and not long})


def _take_back() -> None:
    st.session_state[keys.ASKS_TEXT] = False
    kept = st.session_state[keys.KEPT_TEXT].get("text")
    if isinstance(kept, str) and kept:
        st.session_state["text"] = kept[:PASTED]
        held.hold_values()


def _cut() -> None:
    st.session_state["text"] = st.session_state["text"][:limits.LETTERS]


FIRST_WIDGETS: dict[type[DataSpec], Callable[[], None]] = {
    Letters: _letters, Prices: prices.show, Table: table.show}
"""Sources of which there are many sequences: which one it is has widgets of its own."""
