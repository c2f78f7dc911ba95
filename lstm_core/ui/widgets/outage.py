"""What a page says when something is wrong with the server, above all with its database."""

from __future__ import annotations

import time
import traceback

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.storage.database import Unavailable
from lstm_core.ui.base.server import lab
from lstm_core.ui.widgets import keys
from lstm_core.ui.widgets.text import localized

FIELDS = "streamlit.elements.widgets."      # where Streamlit has its fields
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
    if _given_to_a_field(error):
        st.error(_("A field of this page has received something that it cannot hold, such as a number that is none. "
                   "Load the page again."), icon=":material/error:")
        return True
    if not isinstance(error, Refusal):
        return False
    if error.template == st.session_state.get(keys.OUTAGE):     # it stands on top of the page already
        return True
    st.error(localized(error), icon=":material/error:")
    if isinstance(error, Unavailable):
        st.caption(_("This page tries again by itself every {seconds} seconds.").format(seconds=f"{RETRY:g}"))
        st.fragment(_again, run_every=RETRY)(time.monotonic())
    return True


def _given_to_a_field(error: Exception) -> bool:
    """Tell whether one of Streamlit's fields has failed over what a browser sent: the page itself never saw it."""
    if isinstance(error, StreamlitAPIException):        # the page has used the field wrongly
        return False
    modules = [frame.f_globals.get("__name__", "") for frame, _line in traceback.walk_tb(error.__traceback__)]
    inner = next((name for name in reversed(modules) if name.startswith((FIELDS, "lstm_core."))), "")
    return inner.startswith(FIELDS)


def _again(failed: float) -> None:
    if time.monotonic() - failed > RETRY / 2:       # not while the page that has failed is drawn
        st.rerun()
