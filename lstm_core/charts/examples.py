"""One example as the network reads it, time step by time step."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import figure, real32
from lstm_core.charts.palette import MARKED, QUIET, REAL, sequential
from lstm_core.i18n import gettext as _


def rows_read(values: np.ndarray, *, answer: str) -> go.Figure:
    """Return an image as it is read: a row at each time step.

    ``values`` (T, F) from 0 to 1; ``answer`` is what it shows.
    """
    steps, columns = (np.arange(1, count + 1, dtype=np.int32) for count in values.shape)
    return figure(
        _("One row at each time step, from top to bottom; to be named: {answer}").format(answer=answer),
        [{"type": "heatmap", "x": columns, "y": steps, "z": real32(values), "zmin": 0, "zmax": 1,
          "colorscale": sequential(REAL), "xgap": 1, "ygap": 1, "showscale": False,
          "hovertemplate": "%{z:.4g}<extra></extra>"}],
        meta=_("The numbers that enter at each time step: the fuller the colour, the closer to 1."),
        xaxis={"title": {"text": _("Feature")}, "showgrid": False, "constrain": "domain", "dtick": 1},
        yaxis={"title": {"text": _("Time step")}, "autorange": "reversed", "scaleanchor": "x", "showgrid": False,
               "constrain": "domain", "dtick": 1})


def drawn_answer(read: np.ndarray, answer: np.ndarray) -> go.Figure:
    """Return what enters, a number at the first step, and the wave that is to be drawn.

    ``read``, ``answer`` (T,).
    """
    steps = np.arange(1, len(read) + 1, dtype=np.int32)
    return figure(
        _("One number enters at the first step; a whole wave of that height is to come out"),
        [{"type": "bar", "name": _("Input"), "x": steps, "y": real32(read), "marker": {"color": QUIET}},
         {"type": "scatter", "mode": "lines", "name": _("Real"), "x": steps, "y": real32(answer),
          "line": {"color": REAL, "width": 2}}],
        xaxis={"title": {"text": _("Time step")}}, yaxis={"title": {"text": _("Value")}})


def marked_numbers(values: np.ndarray, *, answer: float) -> go.Figure:
    """Return the numbers of the adding problem, those that are to be added in a colour of their own.

    ``values`` (T, 2): a number and its marker, 1 where it is to be added; ``answer`` is the target.
    """
    steps, added = np.arange(1, len(values) + 1, dtype=np.int32), values[:, 1] == 1
    return figure(
        _("The marked numbers are to be added; asked for at the end, 0.5 and a quarter of their sum: "
          "{answer:.3f}").format(answer=answer),
        [{"type": "bar", "name": name, "x": steps[chosen], "y": real32(values[chosen, 0]), "width": 0.8,
          "marker": {"color": colour}}
         for name, chosen, colour in ((_("Input"), ~added, QUIET), (_("Marked"), added, MARKED))],
        barmode="overlay", xaxis={"title": {"text": _("Time step")}}, yaxis={"title": {"text": _("Value")}})
