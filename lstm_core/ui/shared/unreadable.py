"""What is missing in a list of runs."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab


def caption() -> None:
    """Say how many runs of this browser are kept and cannot be read."""
    count = lab().unreadable(owner())
    if count:
        st.caption(_("Runs of this browser that are kept but cannot be read, and are left out: {count}. Whoever runs "
                     "this server finds them named in the log.").format(count=count))
