"""My course: what one predicted and what came, to look back at, to take along, and to bring back."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.learn import lesson


def show() -> None:
    """Show what this browser has done in the course."""
    st.button(_("All lessons"), key="all_lessons", icon=":material/list:", on_click=lesson.leave)
