"""A grid of 8 x 8 cells on which a person draws a digit."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.base.static_files import address
from lstm_core.ui.widgets import keys

SIDE = 8
FULL = 16               # dots in a cell; as many of them are black as its value says

# As in live.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('digit_grid.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("digit_grid", js=_SCRIPT, isolate_styles=False)


def digit_grid() -> np.ndarray:
    """Show the grid; return what is drawn on it: (8, 8) float32 from 0 (nothing) to 1."""
    ink = st.session_state.setdefault(keys.GRID_INK, [0] * SIDE**2)
    _component(key=keys.GRID, height="content", on_ink_change=_drawn, data={
        "ink": ink, "turn": st.session_state.get(keys.GRID_TURN, 0),
        "words": {"clear": _("Clear"), "erase": _("Eraser"), "board": _("Grid to draw a digit on"),
                  "cell": _("row {row}, column {column}: {value}"),
                  "hint": _("Draw with mouse or finger, as tall as the grid. Keyboard: arrow keys, then the space "
                            "bar.")}})
    return (np.array(ink, dtype=np.float32) / FULL).reshape(SIDE, SIDE)


def put(image: np.ndarray) -> None:
    """Put an image, (8, 8) from 0 to 1, on the grid of this session."""
    st.session_state[keys.GRID_INK] = np.rint(image.ravel() * FULL).astype(int).tolist()
    st.session_state[keys.GRID_TURN] = st.session_state.get(keys.GRID_TURN, 0) + 1


def _drawn() -> None:
    received = st.session_state[keys.GRID]["ink"]
    if _is_drawing(received):
        st.session_state[keys.GRID_INK] = received


def _is_drawing(received: Any) -> bool:
    """Tell whether this is what the grid sends: anybody can send anything."""
    return (isinstance(received, list) and len(received) == SIDE**2
            and all(type(count) is int and 0 <= count <= FULL for count in received))
