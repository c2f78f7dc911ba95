"""What the gates have learned: their weights as heat maps, and the spread of their values over the training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import figure, real32
from lstm_core.charts.palette import DIVERGING, GATES, faded
from lstm_core.i18n import gettext as _
from lstm_core.spec.cell_types import SQUASHING

Kind = Literal["gate", "signed", "state"]
"""How the values lie: in 0..1 (sigmoid), in -1..1 (tanh), or on both sides of 0 without a bound (cell state)."""

KINDS: dict[str, Kind] = {gate: "gate" if function == "sigmoid" else "signed" for gate, function in SQUASHING.items()}
KINDS |= {"h": "signed", "c": "state"}
PANEL = 116                         # pixels of one panel with its heading
_HEADING = 24                       # pixels of the heading
_FRAME = 64                         # pixels of the axis below the last panel


def heading(name: str) -> str:
    """Return what a gate or state is called, with its letter in the equations."""
    return {
        "f": _("Forget gate f"), "i": _("Input gate i"), "g": _("Candidate g"), "o": _("Output gate o"),
        "r": _("Reset gate r"), "z": _("Update gate z"), "n": _("Candidate n"),
        "c": _("Cell state c"), "h": _("Hidden state h"),
    }[name]


QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""The shares of values below the lines of :func:`gate_spread`."""


def weight_maps(gates: Mapping[str, np.ndarray], *, columns: Sequence[str], title: str) -> go.Figure:
    """Return the weights of one layer, a panel for each gate, all on one colour scale.

    ``gates`` name -> (H, C): a row for each unit, a column for each number the gate adds up; ``columns`` (C,) what
    those are called: inputs, hidden units, bias. ``layout.height`` is the height at which the panels have room.
    """
    largest = max((float(np.nanmax(np.abs(_finite(values)), initial=0)) for values in gates.values()), default=0) or 1.0
    units = len(next(iter(gates.values())))
    gap = 1 if len(columns) <= 60 and units <= 20 else 0
    traces = [{
        "type": "heatmap", "name": heading(name), "x": list(columns), "y0": 1, "dy": 1, "z": real32(values),
        "zmin": -largest, "zmax": largest, "colorscale": DIVERGING, "xgap": gap, "ygap": gap,
        "colorbar": {"thickness": 8, "tickvals": [-largest, 0, largest], "tickformat": ".3~g", "xpad": 6, "ypad": 0},
        "hovertemplate": "%{x}<br>" + _("unit") + f" %{{y}}<br><b>%{{z:.6g}}</b><extra>{heading(name)}</extra>"}
        for name, values in gates.items()]
    axis = {"title": {"text": _("unit")}, "range": [units + 0.5, 0.5], "showgrid": False, "zeroline": False,
            "tickvals": sorted({1, units // 2, units} - {0})}
    return _stacked(list(gates), traces, axis, title=title, hovermode="closest",
                    meta=_("The weights with which this gate listens to what stands below: colour says the sign, "
                           "strength the size."),
                    xaxis={"title": {"text": _("What the gate adds up")}, "type": "category", "nticks": 16,
                           "tickangle": 0, "showgrid": False, "zeroline": False})


def gate_spread(updates: np.ndarray, spread: Mapping[str, np.ndarray], *, title: str) -> go.Figure:
    """Return how the values of each gate lie at moments of the training: the middle half, nine tenths, the median.

    ``updates`` (n,); ``spread`` name -> (n, 5), the values below which the shares ``QUANTILES`` lie.
    """
    traces = []
    for name, values in spread.items():
        low, lower, median, upper, high = real32(values).T
        shared = {"type": "scatter", "mode": "lines", "x": updates.astype(np.int32), "showlegend": False,
                  "name": heading(name), "hoverinfo": "skip"}
        traces += [
            shared | {"y": low, "line": {"width": 0}},
            shared | {"y": high, "line": {"width": 0}, "fill": "tonexty", "fillcolor": faded(GATES[name], 0.18)},
            shared | {"y": lower, "line": {"width": 0}},
            shared | {"y": upper, "line": {"width": 0}, "fill": "tonexty", "fillcolor": faded(GATES[name], 0.35)},
            shared | {"y": median, "line": {"width": 2, "color": GATES[name]}, "hoverinfo": "all",
                      "hovertemplate": _("median") + " %{y:.4g}<extra></extra>"}]
    axes = [{"range": [0, 1]} if KINDS[name] == "gate" else {"range": [-1, 1]} if KINDS[name] == "signed" else {}
            for name in spread]
    return _stacked(list(spread), traces, {"title": {"text": _("value")}}, title=title, hovermode="x", ranges=axes,
                    meta=_("Where this gate's values lie, over all units and time steps: the line is the median, half "
                           "of them are in the strong band, nine tenths in the faint one."),
                    xaxis={"title": {"text": _("Updates of the weights")}, "rangemode": "tozero"})


def _stacked(names: list[str], traces: list[dict[str, Any]], axis: dict[str, Any], *, title: str, xaxis: dict[str, Any],
             hovermode: str, meta: str, ranges: Sequence[dict[str, Any]] = ()) -> go.Figure:
    """Return a figure with a panel for each gate, one above the other; its traces come in equal numbers per gate."""
    height, each = len(names) * PANEL, len(traces) // len(names)
    notes, axes = [], {}
    for row, name in enumerate(names):
        top, bottom = 1 - (row * PANEL + _HEADING) / height, 1 - (row + 1) * PANEL / height
        number = "" if row == 0 else str(row + 1)
        for trace in traces[row * each:(row + 1) * each]:
            trace["yaxis"] = f"y{number}"
            if "colorbar" in trace:
                trace["colorbar"] |= {"y": (top + bottom) / 2, "len": top - bottom}
        notes.append({"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "y": top, "yanchor": "bottom",
                      "text": f"<b>{heading(name)}</b>", "showarrow": False, "font": {"color": GATES[name]}})
        axes[f"yaxis{number}"] = axis | (ranges[row] if ranges else {}) | {"domain": [bottom, top]}
    return figure(title, traces, hovermode=hovermode, meta=meta, annotations=notes, height=height + _FRAME,
                  xaxis=xaxis | {"anchor": f"y{len(names)}" if len(names) > 1 else "y"}, **axes)


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, 0)
