"""A window that slides over a short series, value by value."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import figure, real32
from lstm_core.charts.palette import MARKED, QUIET, REAL
from lstm_core.i18n import gettext as _


def sliding(values: np.ndarray, *, start: int, steps: int) -> go.Figure:
    """Return a series (n,), the window of so many steps that begins at ``start``, and the value after it."""
    places = np.arange(1, len(values) + 1, dtype=np.int32)
    inside, after = slice(start, start + steps), slice(start + steps, start + steps + 1)
    return figure(
        _("{steps} values go in, the one after them is to come out").format(steps=steps),
        [{"type": "scatter", "mode": "lines+markers", "name": _("Series"), "x": places, "y": real32(values),
          "line": {"color": QUIET, "width": 1}, "marker": {"size": 4}},
         {"type": "scatter", "mode": "markers", "name": _("Inputs"), "x": places[inside], "y": real32(values[inside]),
          "marker": {"color": REAL, "size": 8}},
         {"type": "scatter", "mode": "markers", "name": _("Target"), "x": places[after], "y": real32(values[after]),
          "marker": {"symbol": "diamond-open", "size": 12, "color": MARKED, "line": {"width": 2}}}],
        hovermode="closest", xaxis={"title": {"text": _("Time step")}}, yaxis={"title": {"text": _("Value")}})
