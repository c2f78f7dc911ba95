"""Start from top to bottom: what this is, a network that is alive, the ways on, the runs of this browser, presets."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lstm_core.ui.start import alive, gallery, recent_runs, ways
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import prose

STYLE = Path(__file__).parents[1] / "static" / "start" / "page.css"


def show() -> None:
    """Show the page below its title; what moves stands first, as it is what a newcomer waits for."""
    st.html(STYLE)
    st.markdown(prose("start"))
    shown = alive.show(session.run(alive.EXAMPLE))
    ways.show()
    recent_runs.show(shown.id)
    gallery.show()
