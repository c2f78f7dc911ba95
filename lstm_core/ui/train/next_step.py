"""Where to go on from a run that has come to its end."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.spec import DataSpec, Letters, Numerals, TaskSpec
from lstm_core.ui.shared import hand_in
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.navigation import page_link


def show(view: RunView) -> None:
    """Show links to what a run of one's own can now be asked; nothing as long as it trains, or when it has failed."""
    if not session.is_mine(view) or view.status not in ("done", "stopped") or view.outcome == "diverged":
        return
    with st.container(horizontal=True, key="next_step_links", vertical_alignment="center"):
        st.markdown(_("What next?"), width="content")
        page_link("cell", _("See what its gates do"))
        page_link(*_question(type(view.spec.data)))
        page_link("compare", _("Compare it with another run"))
        hand_in.button(view.id, "hand_in")


def _question(source: type[DataSpec]) -> tuple[str, str]:
    """Return the page that says most about networks on a source, and what is to be found there."""
    if issubclass(source, Letters | Numerals):
        return "letters", _("Let it write")
    if issubclass(source, TaskSpec):
        return "memory", _("See how far back it remembers")
    return "predict", _("Judge its forecast")
