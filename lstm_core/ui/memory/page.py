"""The page Memory: its sections, from the arithmetic to what a network really remembers."""

from __future__ import annotations

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.running.run_view import RunView
from lstm_core.ui.memory import adding, arithmetic, clipping, endless, forget_bias, gradients, reach
from lstm_core.ui.widgets.navigation import show_section
from lstm_core.ui.widgets.text import localized


def show(view: RunView) -> None:
    """Show the chosen section for a run."""
    try:
        show_section("memory", {
            "arithmetic": arithmetic.show,
            "gradients": lambda: gradients.show(view),
            "exploding": lambda: clipping.show(view),
            "forget_bias": lambda: forget_bias.show(view),
            "endless": endless.show,
            "reach": lambda: reach.show(view),
            "adding": adding.show,
        })
    except Refusal as refusal:
        st.warning(localized(refusal))
