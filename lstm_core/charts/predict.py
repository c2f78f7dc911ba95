"""A forecast beside what came and beside the baselines: one step ahead, running freely; its likeness to the past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.forecast import part_name
from lstm_core.charts.frame import equally_long, figure, index_axis, quantity, real32
from lstm_core.charts.palette import BASELINES, MARKED, PREDICTED, QUIET, REAL, faded
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair
from lstm_core.spec import Split

DRAWN: Final = 1500                 # rows of a part in one chart; more cannot be told apart
LAGS: Final = 5                     # time steps of delay in the chart of lags

LINES: Final[dict[str, dict[str, Any]]] = {
    name: {"color": BASELINES[name], "width": 1.2, "dash": dash} for name, dash in (
        ("persistence", "dot"), ("mean", "3px,5px"), ("seasonal", "dashdot"), ("autoregression", "longdash"))
}
"""How each baseline is drawn: thin, and different also for those who cannot tell the colours apart."""


def baseline_name(baseline: str) -> str:
    """Return what a forecast without a network is called; ``frequent`` always gives the most frequent answer."""
    return {"persistence": _("Persistence"), "mean": _("Mean of the training part"), "seasonal": _("Seasonal"),
            "autoregression": _("Linear autoregression"), "frequent": _("Always the same")}[baseline]


def compared(index: np.ndarray, actual: np.ndarray, predicted: np.ndarray, baselines: Mapping[str, np.ndarray], *,
             unit: str, name: str, split: Split) -> go.Figure:
    """Return real values (solid), one-step predictions (dashed) and baselines (thin), all rows that are given.

    ``index`` (n,) dates or positions; all values (n,) in ``unit``. Of the baselines only persistence is shown at
    first; a click in the legend shows the others.
    """
    equally_long(index=index, actual=actual, predicted=predicted, **baselines)
    positions, axis = index_axis(np.asarray(index))
    traces = [_line(baseline_name(key), positions, values, LINES[key], rank=3 + number,
                    visible=True if key == "persistence" else "legendonly")
              for number, (key, values) in enumerate(baselines.items())]
    traces += [_line(_("Real"), positions, actual, {"color": REAL, "width": 1.6}, rank=1),
               _line(_("Predicted"), positions, predicted, {"color": PREDICTED, "width": 2, "dash": "dash"}, rank=2)]
    return figure(
        _("{name}, {part}, one step ahead: is the dashed line nearer to the solid one than the dotted?").format(
            name=name, part=part_name(split)),
        traces, hovermode="x unified", xaxis=axis | {"rangeslider": _slider()}, yaxis=_vertical(name, unit))


def free_running(index: np.ndarray, actual: np.ndarray, predicted: np.ndarray, band: np.ndarray,
                 baselines: Mapping[str, np.ndarray], *, start: int, unit: str, name: str) -> go.Figure:
    """Return a free-running forecast with its band, after what was known when it began.

    ``index`` and ``real`` (n,), nan where not known; ``start`` the position of the last known row among them;
    ``predicted`` (m,), ``band`` (m,) half its width, nan where unknown, and each baseline (m,) for the rows after it.
    """
    equally_long(index=index, actual=actual)
    equally_long(predicted=predicted, band=band, **baselines)
    positions, axis = index_axis(np.asarray(index))
    ahead = positions[start:start + len(predicted) + 1]

    def joined(values: np.ndarray) -> np.ndarray:
        """Let a forecast begin where the known values end."""
        return np.concatenate([actual[start:start + 1], values])

    width = np.concatenate([[0.0], band])
    known = np.isfinite(width)
    edges: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": ahead[known], "line": {"width": 0},
                             "hoverinfo": "skip"}
    traces: list[dict[str, Any]] = [
        edges | {"name": "", "y": real32((joined(predicted) - width)[known]), "showlegend": False},
        edges | {"name": _("80% band"), "y": real32((joined(predicted) + width)[known]), "fill": "tonexty",
                 "fillcolor": faded(PREDICTED, 0.24), "legendrank": 3}]
    traces += [_line(baseline_name(key), ahead, joined(values), LINES[key], rank=4 + number,
                     visible=True if key == "persistence" else "legendonly")
               for number, (key, values) in enumerate(baselines.items())]
    traces += [_line(_("Real"), positions, actual, {"color": REAL, "width": 1.6}, rank=1),
               _line(_("Running freely"), ahead, joined(predicted),
                     {"color": PREDICTED, "width": 2, "dash": "dash"}, rank=2)]
    place = str(index[start]) if index.dtype.kind == "M" else int(index[start])
    return figure(
        _("{name}, running freely: where does the forecast leave what really came?").format(name=name), traces,
        hovermode="x unified", xaxis=axis, yaxis=_vertical(name, unit), legend={"traceorder": "normal"},
        shapes=[{"type": "line", "xref": "x", "yref": "paper", "x0": place, "x1": place, "y0": 0, "y1": 1,
                 "line": {"width": 1, "dash": "dot", "color": QUIET}}])


def likeness(lags: np.ndarray, correlation: np.ndarray, *, horizon: int) -> go.Figure:
    """Return how much the predicted changes are like the real ones so many steps earlier.

    ``lags`` (n,) in steps, ``correlation`` (n,) from -1 to 1; nan has no bar, and not all are nan. A copy of the last
    known value comes ``horizon`` steps late.
    """
    equally_long(lags=lags, correlation=correlation)
    usable = np.isfinite(correlation)
    highest = int(np.argmax(np.where(usable, correlation, -np.inf)))
    colours = [MARKED if number == highest else QUIET for number in range(len(lags))]
    return figure(
        _("Are the changes predicted, or copied late? A late copy has its highest bar at {lag}, a good forecast at "
          "0").format(lag=horizon),
        [{"type": "bar", "x": lags.astype(np.int32), "y": real32(correlation), "marker": {"color": colours},
          "hovertemplate": pair(_("shifted by") + " %{x}", "<b>%{y:.3f}</b>") + "<extra></extra>",
          "showlegend": False}],
        meta=_("How much the predicted changes are like the real ones, shifted by so many steps."),
        xaxis={"title": {"text": _("Time steps by which the real changes are shifted")}, "dtick": 1},
        yaxis={"title": {"text": _("Correlation")}, "range": [min(-0.2, 1.1 * float(np.nanmin(correlation))), 1]})


def _line(name: str, x: np.ndarray, y: np.ndarray, line: dict[str, Any], *, rank: int,
          visible: bool | str = True) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "name": name, "x": x, "y": real32(y), "line": line, "legendrank": rank,
            "visible": visible}


def _vertical(name: str, unit: str) -> dict[str, Any]:
    return {"title": {"text": quantity(name, unit)}, "hoverformat": ".6g"}


def _slider() -> dict[str, Any]:
    """Return the small picture of the whole below a chart, whose ends can be dragged to zoom."""
    return {"visible": True, "thickness": 0.09, "bgcolor": faded(QUIET, 0.06)}
