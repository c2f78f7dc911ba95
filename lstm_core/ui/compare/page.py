"""The page Compare: its two sections, and the runs side by side."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.compare import errors as compare_errors
from lstm_core.ui.compare import keys, losses, predictions, settings
from lstm_core.ui.compare import runs as compare_runs
from lstm_core.ui.shared import beside
from lstm_core.ui.widgets.navigation import show_section

STYLE = Path(__file__).parents[1] / "static" / "compare.css"


def show(sweep: Callable[[], None]) -> None:
    """Show the chosen section: the runs side by side, or what ``sweep`` shows."""
    compare_runs.read_address()
    show_section("compare", {"runs": runs, "sweep": sweep})


def runs() -> None:
    """Show the chosen runs side by side: settings, losses, numbers, predictions."""
    st.html(STYLE)
    chosen = compare_runs.choose()
    compare_runs.introduce(chosen)
    if chosen:
        settings.show(chosen)
        losses.show(chosen)
        compare_errors.show(chosen)
        _one_draw()
        predictions.show(chosen)
    beside.show("compare")


def _one_draw() -> None:
    """Say what a single seed is worth, and where several are tried."""
    st.info(_("One seed is one draw: with another one the same settings may do better or worse. Before you believe a "
              "small difference, train each setting with several seeds."), icon=":material/casino:")
    st.button(_("Several seeds: to the sweep"), key="to_sweep", icon=":material/grid_view:", on_click=_to_sweep)


def _to_sweep() -> None:
    st.session_state[keys.SECTION] = "sweep"
