"""What a page says when something is wrong with the server, above all with its database."""

from __future__ import annotations

import time

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.storage.database import Unavailable
from lstm_core.ui.base.server import lab
from lstm_core.ui.widgets import keys
from lstm_core.ui.widgets.text import localized

RETRY = 5.0             # seconds after which a page is drawn anew that could not be drawn


def warn() -> None:
    """Say on top of a page that nothing can be kept now; the page itself shows what is in memory.

    Once that is over, the page is drawn anew by itself.
    """
    st.session_state[keys.OUTAGE] = ""
    trouble = lab().trouble()
    if trouble is not None:
        st.session_state[keys.OUTAGE] = trouble.template
        st.error(localized(trouble), icon=":material/error:")
        st.fragment(_over, run_every=RETRY)()


def _over() -> None:
    if lab().trouble() is None:
        st.rerun()


def explain(error: Exception) -> bool:
    """Say what has kept a page, or a part of it, from being drawn; False: nothing is known about this error.

    Once the database answers again, the page is drawn by itself.
    """
    if not isinstance(error, Refusal):
        return False
    if error.template == st.session_state.get(keys.OUTAGE):     # it stands on top of the page already
        return True
    st.error(localized(error), icon=":material/error:")
    if isinstance(error, Unavailable):
        st.caption(_("This page tries again by itself every {seconds} seconds.").format(seconds=f"{RETRY:g}"))
        st.fragment(_again, run_every=RETRY)(time.monotonic())
    return True


def _again(failed: float) -> None:
    if time.monotonic() - failed > RETRY / 2:       # not while the page that has failed is drawn
        st.rerun()
