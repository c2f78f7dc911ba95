"""What a page says when it cannot be drawn: something is wrong with the server, above all with its database."""

from __future__ import annotations

import time

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.storage.store import Unavailable
from lstm_core.ui.widgets.text import localized

RETRY = 5.0             # seconds after which a page is drawn anew that could not be drawn


def explain(error: Exception) -> bool:
    """Say what has kept a page, or a part of it, from being drawn; False: nothing is known about this error.

    Once the database answers again, the page is drawn by itself.
    """
    if not isinstance(error, Refusal):
        return False
    st.error(localized(error), icon=":material/error:")
    if isinstance(error, Unavailable):
        st.caption(_("This page tries again by itself every {seconds} seconds.").format(seconds=f"{RETRY:g}"))
        st.fragment(_again, run_every=RETRY)(time.monotonic())
    return True


def _again(failed: float) -> None:
    if time.monotonic() - failed > RETRY / 2:       # not while the page that has failed is drawn
        st.rerun()
