"""The look for a room: larger type, thick lines, the full width, no settings at the side, until it is switched off.

What it changes is said in one place, ``static/page.css``, which knows it by the switch: the browser needs no answer.
Only that figures are taller is said here.
"""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.widgets import keys, sent_address

PROJECTOR = "projector"     # in the session and in an address, ``?view=projector``; else the session has ""

_TALLER = 1.5               # a figure, as its words are larger


def choose_view() -> None:
    """Settle how the pages look: from the address, else as before."""
    sent_address.settle("view", st.session_state.setdefault(keys.VIEW, ""))
    if st.query_params.get("view") == PROJECTOR:
        st.session_state[keys.VIEW] = PROJECTOR


def is_on() -> bool:
    """Tell whether the pages look as for a room."""
    return bool(st.session_state.get(keys.VIEW) == PROJECTOR)


def carried() -> dict[str, str]:
    """Return the part of an address that keeps the look."""
    return {"view": PROJECTOR} if is_on() else {}


def height(pixels: int) -> int:
    """Return how tall a figure is that has so many pixels on a desk."""
    return round(pixels * _TALLER) if is_on() else pixels


def switch() -> None:
    """Show the switch between the two looks."""
    st.session_state[keys.CHOSEN_VIEW] = is_on()
    st.toggle(_("Projector"), key=keys.CHOSEN_VIEW, on_change=_switched)


def _switched() -> None:
    chosen = PROJECTOR if st.session_state[keys.CHOSEN_VIEW] else ""
    sent_address.put("view", chosen)
    st.session_state[keys.VIEW] = chosen
