"""The page Memory: its sections, from the arithmetic to what a network really remembers."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.runs import RunView
from lstm_core.ui import (
    memory_adding,
    memory_arithmetic,
    memory_bias,
    memory_exploding,
    memory_gradients,
    memory_reach,
)
from lstm_core.ui.words import told


def show(view: RunView) -> None:
    """Show the chosen section for a run."""
    sections: dict[str, tuple[str, Callable[[], None]]] = {
        "arithmetic": (_("The arithmetic"), memory_arithmetic.show),
        "gradients": (_("Gradients through time"), lambda: memory_gradients.show(view)),
        "exploding": (_("Exploding gradients"), lambda: memory_exploding.show(view)),
        "forget_bias": (_("Forget bias"), lambda: memory_bias.show(view)),
        "reach": (_("How far back matters"), lambda: memory_reach.show(view)),
        "adding": (_("Adding problem"), memory_adding.show),
    }
    if st.session_state.get("memory_section") not in sections:
        st.session_state["memory_section"] = "arithmetic"
    st.segmented_control(_("What is shown"), list(sections), key="memory_section", required=True,
                         format_func=lambda name: sections[name][0], label_visibility="collapsed", wrap=True,
                         persist_state="session")
    try:
        sections[st.session_state["memory_section"]][1]()
    except Refusal as refusal:
        st.warning(told(refusal))
