"""The person uploads a table and chooses its columns."""

from __future__ import annotations

from contextlib import nullcontext
from copy import copy
from threading import Lock

import streamlit as st

from lstm_core import limits
from lstm_core.data.tables.table import TableDraft, read_table
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.spec import Table
from lstm_core.ui.base import quotas
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.train import keys
from lstm_core.ui.train.columns import choose_columns, report
from lstm_core.ui.widgets import held, setting_boxes
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets.labels import LABELS
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized
from lstm_core.ui.widgets.uploads import held as held_file

_LARGE = 2_000_000          # bytes of a file whose reading takes several times as much memory;
_reading_large = Lock()     # such are read one at a time


def show() -> None:
    """Show the upload and the settings of a table."""
    st.file_uploader(_("CSV file"), key=keys.UPLOAD, on_change=_read_upload,
                     max_upload_size=limits.TABLE_BYTES // 1_000_000,
                     disabled=held.locked(),
                     help=_("Comma, semicolon or tab; decimal point or comma; with a line of column names."))
    draft: TableDraft | None = st.session_state.get(session_keys.DRAFT)
    refusal = st.session_state.get(keys.UPLOAD_REFUSAL)
    if refusal is not None:
        st.error(localized(refusal))
    if draft is None:
        if not st.session_state.get("digest"):
            st.caption(_("Upload a table: one row per moment, the oldest or the newest first."))
        return
    report(draft.notes)
    dates, explanation = LABELS["date"]
    if not held.is_hidden("date"):
        option_box(st.selectbox, _(dates), ["", *draft.names], key="date", persist_state="session",
                   format_func=lambda name: name or _("rows are numbered"), **held.box("date", _(explanation)))
    choose_columns(draft.names, draft.names, str)
    setting_boxes.choice("missing", kind=Table)
    _use_table(draft)


def _read_upload() -> None:
    """Read the uploaded file and begin with a sensible choice of columns."""
    upload = st.session_state[keys.UPLOAD]
    if upload is None:
        return
    try:
        upload = held_file(upload)
        with _reading_large if upload.size > _LARGE else nullcontext():
            draft = read_table(upload.getvalue(), upload.name)
    except Refusal as refusal:
        st.session_state[keys.UPLOAD_REFUSAL] = copy(refusal)     # which holds no frame that holds the file
        return
    suggested = draft.suggested()
    st.session_state.update({keys.UPLOAD_REFUSAL: None, session_keys.DRAFT: draft}, date=suggested.date,
                            features=list(suggested.features), column=suggested.column, horizon=suggested.horizon)
    held.hold_values()


def _use_table(draft: TableDraft) -> None:
    """Keep the chosen columns with the lab, and say what was done to them."""
    made = st.session_state.get(session_keys.TABLE_MADE)
    try:
        spec = Table(date=st.session_state["date"], features=tuple(st.session_state["features"]),
                     column=st.session_state["column"], missing=st.session_state["missing"], horizon=1)
        if made is None or made[0] is not draft or made[1] != spec:
            reading = draft.series(spec)
            digest = quotas.keep(lab(), reading.series, owner())
            st.session_state[session_keys.TABLE_MADE] = made = (draft, spec, digest, reading.notes)
    except Refusal as refusal:
        st.session_state["digest"] = ""
        st.error(localized(refusal))
        return
    st.session_state["digest"] = made[2]
    report(made[3])


def restore() -> None:
    """In a callback: bring a table that was read before back as it was left."""
    made = st.session_state.get(session_keys.TABLE_MADE)
    if made is not None:
        draft, spec, digest, _ = made
        st.session_state.update(date=spec.date, features=list(spec.features), column=spec.column,
                                missing=spec.missing, digest=digest, horizon=draft.suggested().horizon)
