"""The person chooses prices: a bundled market, or a ticker to download."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from lstm_core.data import Note
from lstm_core.data.sources.indicators import INDICATORS
from lstm_core.data.sources.yahoo import LONGEST_NAME
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair
from lstm_core.spec import PRICE_COLUMNS, Prices
from lstm_core.ui.base import quotas
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import downloader, lab
from lstm_core.ui.train import keys
from lstm_core.ui.train.columns import choose_columns, report
from lstm_core.ui.widgets import held, setting_boxes
from lstm_core.ui.widgets.labels import LABELS, column_label
from lstm_core.ui.widgets.text import localized


def show() -> None:
    """Let the person choose which prices."""
    setting_boxes.choice("market", kind=Prices)
    download = st.session_state["market"] == "ticker"
    if download:
        _text("ticker", Prices, placeholder="AAPL", longest=LONGEST_NAME)
        _span("2010-01-01", "2024-01-01")
        _download()
    else:
        st.session_state["digest"] = ""


def _span(start: str, end: str) -> None:
    """Let the person choose from when to when; what is asked is written as in the examples."""
    setting_boxes.side_by_side(start=partial(_text, "start", Prices, placeholder=start),
                               end=partial(_text, "end", Prices, placeholder=end))
    setting_boxes.choice("interval", kind=Prices)


def show_more() -> None:
    """Show the other settings of prices."""
    if st.session_state["market"] != "ticker":      # for a download they stand above it
        _span("1999-01-04", "2019-01-01")
    choose_columns((*PRICE_COLUMNS, *INDICATORS), (*PRICE_COLUMNS, "change"), column_label)
    _explain([name for name in st.session_state["features"] if name in INDICATORS])


def _explain(names: list[str]) -> None:
    """Say what the chosen indicators are."""
    if names:
        with st.expander(_("What these indicators are")):
            st.markdown("\n".join(f"- **{column_label(name)}**: {_(INDICATORS[name].meaning)}" for name in names))


def _text(key: str, kind: type[Any], placeholder: str, longest: int = 20) -> None:
    label, explanation = LABELS[key]
    st.session_state.setdefault(key, getattr(kind, key))
    if not held.is_hidden(key):
        st.text_input(_(label), key=key, placeholder=placeholder, max_chars=longest, persist_state="session",
                      **held.box(key, _(explanation)))


def _request() -> tuple[str, str, str, str]:
    ticker, start, end, interval = (st.session_state[key] for key in ("ticker", "start", "end", "interval"))
    return ticker, start, end, interval


def _download() -> None:
    """Offer the download; what was downloaded for these choices is used, anything else is asked for again."""
    known: dict[tuple[str, ...], tuple[str, tuple[Note, ...]]] = st.session_state.setdefault(keys.DOWNLOADS, {})
    if st.session_state.get("digest") and not known:
        known[_request()] = (st.session_state["digest"], ())     # an address or a run brought its data along
    st.button(_("Download prices"), key="download", icon=":material/download:", on_click=_fetch, width="stretch",
              disabled=held.locked())
    refusal = st.session_state.get(keys.DOWNLOAD_REFUSAL)
    if refusal is not None:
        st.error(localized(refusal))
        for place, (ticker, name) in enumerate(refusal.values.get("found", {}).items()):
            label = pair(ticker, name) if name else ticker
            st.button(label, key=f"{keys.OFFER}{place}", on_click=_take, args=(ticker,),
                      icon=":material/search:", width="stretch", disabled=held.is_held("ticker"))
        st.button(_("Use NASDAQ instead"), key="use_offline", on_click=_use_offline, width="stretch",
                  disabled=held.is_held("market"))
    digest, notes = known.get(_request(), ("", ()))
    st.session_state["digest"] = digest
    report(notes)
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


def _take(ticker: str) -> None:
    """Download a ticker that was offered."""
    st.session_state["ticker"] = ticker
    _fetch()


def _use_offline() -> None:
    st.session_state["market"] = "nasdaq"
    st.session_state[keys.DOWNLOAD_REFUSAL] = None
    for key in ("start", "end"):
        st.session_state[key] = ""
