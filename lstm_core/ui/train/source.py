"""The person picks a sequence: wave, prices, letters or a table of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from lstm_core import limits
from lstm_core.data import Note
from lstm_core.data.sources.indicators import INDICATORS
from lstm_core.data.tables.table import TableDraft, read_table
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.spec import (
    PRICE_COLUMNS,
    SOURCES,
    Adding,
    Amplitude,
    Brackets,
    Counting,
    DataSpec,
    Digits,
    Letters,
    Numerals,
    Order,
    Prices,
    Reber,
    Recall,
    Reviews,
    Table,
    Waves,
)
from lstm_core.ui.base import quotas
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import downloader, lab
from lstm_core.ui.train import keys
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.labels import LABELS, column_label, option_label
from lstm_core.ui.widgets.text import localized


def choose() -> type[DataSpec]:
    """Show the widgets of the chosen source and return its kind."""
    label, explanation = LABELS["source"]
    st.selectbox(_(label), list(SOURCES), key="source", help=_(explanation), format_func=option_label,
                 on_change=_change_source, persist_state="session")
    kind = SOURCES[st.session_state["source"]]
    _WIDGETS[kind]()
    return kind


def _change_source() -> None:
    """Begin with what suits the source now chosen; a table that was read before comes back as it was left."""
    settings.change_source()
    made = st.session_state.get(session_keys.TABLE_MADE)
    if st.session_state["source"] == Table.source and made is not None:
        draft, spec, digest, _ = made
        st.session_state.update(date=spec.date, features=list(spec.features), column=spec.column,
                                missing=spec.missing, digest=digest, horizon=draft.suggested().horizon)


def _waves() -> None:
    settings.choice("wave", kind=Waves)
    left, right = st.columns(2)
    with left:
        settings.number("period", kind=Waves, step=1.0)
        settings.number("noise", kind=Waves, step=0.05)
    with right:
        if st.session_state["wave"] in ("sum", "product"):
            settings.number("period2", kind=Waves, step=1.0)
        settings.number("length", kind=Waves, step=100)
        if st.session_state["noise"]:
            settings.number("noise_seed", kind=Waves)
    settings.choice("target", kind=Waves)


def _letters() -> None:
    label, explanation = LABELS["text"]
    if not st.session_state.get("text"):
        st.session_state["text"] = Letters.text
    st.text_area(_(label), key="text", max_chars=limits.LETTERS, help=_(explanation), height=80,
                 persist_state="session")
    settings.toggle("cycle", kind=Letters)


def _reviews() -> None:
    settings.choice("language", kind=Reviews)


def _numerals() -> None:
    settings.choice("language", kind=Numerals)
    settings.number("largest", kind=Numerals, step=100)


def _amplitude() -> None:
    left, right = st.columns(2)
    with left:
        settings.number("period", kind=Amplitude, step=1.0)
        settings.number("examples", kind=Amplitude, step=100)
    with right:
        settings.number("steps", kind=Amplitude)


def _columns(readable: Iterable[str], predictable: Iterable[str], called_: Callable[[str], str]) -> None:
    """Let the person choose what the network reads and what it predicts."""
    names, targets = list(readable), list(predictable)
    features, explanation = LABELS["features"]
    st.session_state["features"] = [name for name in st.session_state.get("features") or [] if name in names]
    st.multiselect(_(features), names, key="features", help=_(explanation), max_selections=limits.FEATURES,
                   format_func=called_, persist_state="session")
    session.valid_choice("column", targets, "close" if "close" in targets else targets[-1])
    target, explanation = LABELS["column"]
    st.selectbox(_(target), targets, key="column", help=_(explanation), persist_state="session", format_func=called_)


# -- prices ------------------------------------------------------------------------------------------------


def _prices() -> None:
    settings.choice("market", kind=Prices)
    download = st.session_state["market"] == "ticker"
    if download:
        _text("ticker", Prices, placeholder="AAPL")
    left, right = st.columns(2)
    with left:
        _text("start", Prices, placeholder="2010-01-01" if download else "1999-01-04")
    with right:
        _text("end", Prices, placeholder="2024-01-01" if download else "2019-01-01")
    settings.choice("interval", kind=Prices)
    if download:
        _download()
    else:
        st.session_state["digest"] = ""
    _columns((*PRICE_COLUMNS, *INDICATORS), (*PRICE_COLUMNS, "change"), column_label)
    _explain([name for name in st.session_state["features"] if name in INDICATORS])


def _explain(names: list[str]) -> None:
    """Say what the chosen indicators are."""
    if names:
        with st.expander(_("What these indicators are")):
            st.markdown("\n".join(f"- **{column_label(name)}**: {_(INDICATORS[name].meaning)}" for name in names))


def _text(key: str, kind: type[Any], placeholder: str) -> None:
    label, explanation = LABELS[key]
    st.session_state.setdefault(key, getattr(kind, key))
    st.text_input(_(label), key=key, help=_(explanation), placeholder=placeholder, max_chars=20,
                  persist_state="session")


def _request() -> tuple[str, str, str, str]:
    ticker, start, end, interval = (st.session_state[key] for key in ("ticker", "start", "end", "interval"))
    return ticker, start, end, interval


def _download() -> None:
    """Offer the download; what was downloaded for these choices is used, anything else is asked for again."""
    known: dict[tuple[str, ...], tuple[str, tuple[Note, ...]]] = st.session_state.setdefault(keys.DOWNLOADS, {})
    if st.session_state.get("digest") and not known:
        known[_request()] = (st.session_state["digest"], ())     # an address or a run brought its data along
    st.button(_("Download prices"), key="download", icon=":material/download:", on_click=_fetch, width="stretch")
    refusal = st.session_state.get(keys.DOWNLOAD_REFUSAL)
    if refusal is not None:
        st.error(localized(refusal))
        st.button(_("Use NASDAQ instead"), key="use_offline", on_click=_use_offline, width="stretch")
    digest, notes = known.get(_request(), ("", ()))
    st.session_state["digest"] = digest
    _report(notes)
    if not digest and refusal is None:
        st.caption(_("Press **Download prices** to get them from Yahoo Finance."))


def _fetch() -> None:
    request = _request()
    try:
        quotas.check_download(owner())
        reading = downloader().fetch(*request)
        digest = quotas.keep(lab(), reading.series, owner())
        st.session_state[keys.DOWNLOADS][request] = (digest, reading.notes)
        st.session_state[keys.DOWNLOAD_REFUSAL] = None
    except Refusal as refusal:
        st.session_state[keys.DOWNLOAD_REFUSAL] = refusal


def _use_offline() -> None:
    st.session_state["market"] = "nasdaq"
    st.session_state[keys.DOWNLOAD_REFUSAL] = None
    for key in ("start", "end"):
        st.session_state[key] = ""


# -- table -------------------------------------------------------------------------------------------------


def _table() -> None:
    st.file_uploader(_("CSV file"), key=keys.UPLOAD, on_change=_read_upload,
                     max_upload_size=limits.TABLE_BYTES // 1_000_000,
                     help=_("Comma, semicolon or tab; decimal point or comma; with a line of column names."))
    draft: TableDraft | None = st.session_state.get(session_keys.DRAFT)
    refusal = st.session_state.get(keys.UPLOAD_REFUSAL)
    if refusal is not None:
        st.error(localized(refusal))
    if draft is None:
        if not st.session_state.get("digest"):
            st.caption(_("Upload a table: one row per moment, the oldest or the newest first."))
        return
    _report(draft.notes)
    dates, explanation = LABELS["date"]
    st.selectbox(_(dates), ["", *draft.names], key="date", help=_(explanation), persist_state="session",
                 format_func=lambda name: name or _("rows are numbered"))
    _columns(draft.names, draft.names, str)
    settings.choice("missing", kind=Table)
    _use_table(draft)


def _read_upload() -> None:
    """Read the uploaded file and begin with a sensible choice of columns."""
    upload = st.session_state[keys.UPLOAD]
    if upload is None:
        return
    try:
        draft = read_table(upload.getvalue(), upload.name)
    except Refusal as refusal:
        st.session_state[keys.UPLOAD_REFUSAL] = refusal
        return
    suggested = draft.suggested()
    st.session_state.update({keys.UPLOAD_REFUSAL: None, session_keys.DRAFT: draft}, date=suggested.date,
                            features=list(suggested.features), column=suggested.column, horizon=suggested.horizon)


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
    _report(made[3])


def _report(notes: Iterable[Note]) -> None:
    """Say in small print what had to be done to data from outside."""
    for note in notes:
        st.caption(localized(note))


_WIDGETS: dict[type[DataSpec], Callable[[], None]] = {
    Waves: _waves, Prices: _prices, Letters: _letters, Table: _table, Digits: lambda: None, Reviews: _reviews,
    Numerals: _numerals, Amplitude: _amplitude, Reber: lambda: None,
    Adding: lambda: settings.slider("distance", kind=Adding), Order: lambda: settings.slider("distance", kind=Order),
    Recall: lambda: settings.slider("distance", kind=Recall),
    Counting: lambda: settings.slider("largest_count", kind=Counting),
    Brackets: lambda: settings.slider("depth", kind=Brackets)}
