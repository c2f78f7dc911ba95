"""What stands on the page for settings that nobody has trained: their data, and no run of another task."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec
from lstm_core.ui.base.examples import BEGINNING, EXAMPLES
from lstm_core.ui.train import progress
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.live_figure import live_figure


def example_name() -> str:
    """Return the example with these settings, else the one that the page begins with."""
    spec = _read()
    return next((name for name, known in EXAMPLES.items() if known == spec), BEGINNING)


def elsewhere(view: RunView) -> bool:
    """Tell whether a run is an example that has learned other data than those that are set."""
    spec = _read()
    return spec is not None and session.is_example(view) and view.spec.data != spec.data


def show() -> None:
    """Say so, with the frame of the curve to come."""
    st.info(_("**Not trained yet.** Press **Train**, and watch it being learned here."),
            icon=":material/hourglass_empty:")
    live_figure(charts.loss_curve(np.empty(0, np.float32), (), log=False), key="loss", height=progress.HEIGHT,
                alt=_("No loss yet."))


def _read() -> RunSpec | None:
    try:
        return settings.read()
    except Refusal:             # which is told where it stands
        return None
