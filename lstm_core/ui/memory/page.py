"""The page Memory: its sections, from the arithmetic to what a network really remembers."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.ui.memory import adding, arithmetic, clipping, forget_bias, gradients, reach
from lstm_core.ui.widgets.text import localized


def show(view: RunView) -> None:
    """Show the chosen section for a run."""
    sections: dict[str, tuple[str, Callable[[], None]]] = {
        "arithmetic": (_("The arithmetic"), arithmetic.show),
        "gradients": (_("Gradients through time"), lambda: gradients.show(view)),
        "exploding": (_("Exploding gradients"), lambda: clipping.show(view)),
        "forget_bias": (_("Forget bias"), lambda: forget_bias.show(view)),
        "reach": (_("How far back matters"), lambda: reach.show(view)),
        "adding": (_("Adding problem"), adding.show),
    }
    if st.session_state.get("memory_section") not in sections:
        st.session_state["memory_section"] = "arithmetic"
    st.segmented_control(_("What is shown"), list(sections), key="memory_section", required=True,
                         format_func=lambda name: sections[name][0], label_visibility="collapsed", wrap=True,
                         persist_state="session")
    try:
        sections[st.session_state["memory_section"]][1]()
    except Refusal as refusal:
        st.warning(localized(refusal))
