"""Gates and states over time: time along x, hidden units along y, colour for the value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.forecast import visible
from lstm_core.charts.frame import equally_long, figure, real32
from lstm_core.charts.palette import CLEAR, DIVERGING, GATES, sequential
from lstm_core.language import gettext as _
from lstm_core.records import LayerTrace

Kind = Literal["gate", "signed", "state"]
"""How the values lie: in 0..1 (sigmoid), in -1..1 (tanh), or on both sides of 0 without a bound (cell state)."""

KINDS: dict[str, Kind] = {"f": "gate", "i": "gate", "o": "gate", "r": "gate", "z": "gate",
                          "g": "signed", "n": "signed", "h": "signed", "c": "state"}
ORDER = "figorznch"                 # from top to bottom: gates in the order of the equations, then the states
PANEL = 116                         # pixels of one panel with its heading
_HEADING = 24                       # pixels of the heading
_FRAME = 64                         # pixels of the time axis


def heading(name: str) -> str:
    """Return what a gate or state is called, with its letter in the equations."""
    return {
        "f": _("Forget gate f"), "i": _("Input gate i"), "g": _("Candidate g"), "o": _("Output gate o"),
        "r": _("Reset gate r"), "z": _("Update gate z"), "n": _("Candidate n"),
        "c": _("Cell state c"), "h": _("Hidden state h"),
    }[name]


def gate_map(values: np.ndarray, *, name: str, kind: Kind, marked_step: int, labels: Sequence[Any] | np.ndarray,
             title: str) -> go.Figure:
    """Return one gate or state as a heat map.

    ``values`` (T, H); ``name`` its letter in the equations; ``marked_step`` counted from 0; ``labels`` (T,) of the
    time axis: dates, positions or letters.
    """
    equally_long(values=values, labels=np.asarray(labels))
    trace, note = _panel(values, name, kind, _names(labels))
    return figure(title, [trace], hovermode="closest", shapes=[] if note else [_marked(marked_step, labels, "y")],
                  annotations=[note] if note else [], xaxis=_time_axis(labels), yaxis=_unit_axis(values.shape[1]))


def gate_maps(layer: LayerTrace, *, marked_step: int, labels: Sequence[Any] | np.ndarray, title: str) -> go.Figure:
    """Return all gates and states of a layer, one above the other along one time axis.

    ``layout.height`` is the height in pixels at which the panels have room.
    """
    panels = {**layer.gates, "h": layer.h} | ({} if layer.c is None else {"c": layer.c})
    names = sorted(panels, key=ORDER.index)
    equally_long(values=layer.h, labels=np.asarray(labels))
    height = len(names) * PANEL
    traces, notes, shapes, axes, x = [], [], [], {}, _names(labels)
    for row, name in enumerate(names):
        top = 1 - (row * PANEL + _HEADING) / height
        bottom = 1 - (row + 1) * PANEL / height
        number = "" if row == 0 else str(row + 1)
        trace, note = _panel(panels[name], name, KINDS[name], x)
        trace["yaxis"] = f"y{number}"
        trace["colorbar"] |= {"y": (top + bottom) / 2, "len": top - bottom}
        traces.append(trace)
        notes.append({"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left", "y": top, "yanchor": "bottom",
                      "text": f"<b>{heading(name)}</b>", "showarrow": False, "font": {"color": GATES[name]}})
        if note:
            notes.append(note | {"y": (top + bottom) / 2})
        else:
            shapes.append(_marked(marked_step, labels, f"y{number}"))
        axes[f"yaxis{number}"] = _unit_axis(panels[name].shape[1]) | {"domain": [bottom, top]}
    return figure(title, traces, hovermode="closest", shapes=shapes, annotations=notes,
                  height=height + _FRAME, xaxis=_time_axis(labels) | {"anchor": f"y{len(names)}"}, **axes)


def _panel(values: np.ndarray, name: str, kind: Kind, x: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return the heat map, and a note for values of which not one is a number."""
    steps, units = values.shape
    low, high = _bounds(values, kind)
    gap = 1 if steps <= 60 and units <= 20 else 0
    trace = {
        "type": "heatmap", "name": heading(name), "x": x, "y0": 1, "dy": 1,
        "z": real32(np.ascontiguousarray(values.T)), "zmin": low, "zmax": high,
        "colorscale": sequential(GATES[name]) if kind == "gate" else DIVERGING, "xgap": gap, "ygap": gap,
        "colorbar": {"thickness": 8, "tickvals": [low, high] if kind == "gate" else [low, 0, high],
                     "tickformat": ".3~g", "xpad": 6, "ypad": 0},
        "hovertemplate": _("time step") + " %{x}<br>" + _("unit") + " %{y}<br><b>%{z:.6g}</b>"
                         f"<extra>{heading(name)}</extra>"}
    if np.isfinite(values).any() or not values.size:
        return trace, None
    return trace, {"xref": "paper", "yref": "paper", "x": 0.5, "y": 0.5, "showarrow": False,
                   "text": _("no numbers here: the training diverged")}


def _bounds(values: np.ndarray, kind: Kind) -> tuple[float, float]:
    if kind == "gate":
        return 0.0, 1.0
    if kind == "signed":
        return -1.0, 1.0
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    return -largest, largest


def _names(labels: Sequence[Any] | np.ndarray) -> np.ndarray | list[str]:
    """Return the labels as places on an axis: numbers as they are, anything else as names that occur once each."""
    array = np.asarray(labels)
    if np.issubdtype(array.dtype, np.integer):
        return array.astype(np.int32)
    if np.issubdtype(array.dtype, np.datetime64):
        days = array.astype("datetime64[D]")
        return list((days if (days == array).all() else array.astype("datetime64[s]")).astype(str))
    names = [visible(str(label)) for label in array]
    if len(set(names)) == len(names):
        return names
    return [f"{name}<sub>{position}</sub>" for position, name in enumerate(names, start=1)]


def _time_axis(labels: Sequence[Any] | np.ndarray) -> dict[str, Any]:
    array = np.asarray(labels)
    bare = {"showgrid": False, "zeroline": False, "range": [_place(array, 0) - 0.5, _place(array, -1) + 0.5]}
    if np.issubdtype(array.dtype, np.integer):
        return {"title": {"text": _("Time step")}, **bare}
    if np.issubdtype(array.dtype, np.datetime64):
        return {"title": {"text": _("Date")}, "type": "category", "nticks": 3, "tickangle": 0, **bare}
    return {"title": {"text": _("Letter at each time step")}, "type": "category", "nticks": 16, "tickangle": 0, **bare}


def _unit_axis(units: int) -> dict[str, Any]:
    return {"title": {"text": _("unit")}, "range": [units + 0.5, 0.5], "showgrid": False, "zeroline": False,
            "tickvals": sorted({1, units // 2, units} - {0})}


def _place(labels: np.ndarray, step: int) -> int:
    """Return where a time step lies on the axis: numbers at themselves, names at their place in the order."""
    return int(labels[step]) if np.issubdtype(labels.dtype, np.integer) else range(len(labels))[step]


def _marked(step: int, labels: Sequence[Any] | np.ndarray, panel: str) -> dict[str, Any]:
    """Return the frame around the chosen time step in one panel, in the colour the theme has for shapes."""
    at = _place(np.asarray(labels), step)
    return {"type": "rect", "xref": "x", "yref": f"{panel} domain", "x0": at - 0.5, "x1": at + 0.5, "y0": 0, "y1": 1,
            "line": {"width": 2}, "fillcolor": CLEAR}
