"""How a gradient fares on its way back through time, and how far back the past matters: mostly on log scales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import POINTS, figure, quantity, real32
from lstm_core.charts.palette import INK, MARKED, PREDICTED, QUIET, WRONG, faded
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _

FLOOR = 1e-20                       # what is smaller is not drawn on a log scale: neither 0 nor underflow has a place
FACTORS = (0.9, 1.1)                # drawn beside the chosen one


@dataclass(frozen=True, eq=False)
class Curve:
    """One line, and how it looks."""

    name: str
    values: np.ndarray              # (K,) or, with ``updates``, (n,)
    colour: str
    dash: str = "solid"
    updates: np.ndarray | None = None


def powers(factor: float, count: int) -> go.Figure:
    """Return factor^n for n from 0 to count on a log scale, beside 0.9^n and 1.1^n."""
    n = np.arange(count + 1)
    shown = evenly(len(n), POINTS)
    lines = [(f"{other:g}ⁿ", other, {"color": QUIET, "width": 1, "dash": dash})
             for other, dash in zip(FACTORS, ("dash", "dot"), strict=True) if other != factor]
    lines.append((f"{factor:g}ⁿ", factor, {"color": INK if factor <= 1 else WRONG, "width": 3}))
    return figure(
        _("The same factor n times: a little below 1 it vanishes, a little above 1 it explodes"),
        [{"type": "scatter", "mode": "lines", "name": name, "x": n[shown].astype(np.int32),
          "y": np.power(base, n[shown].astype(np.float64)), "line": line} for name, base, line in lines],
        hovermode="x unified", meta=_("This factor multiplied by itself, again and again."),
        xaxis={"title": {"text": _("n, times multiplied")}},
        yaxis={"title": {"text": _("factorⁿ")}, "hoverformat": ".3g",
               **_log([np.power(base, [0.0, float(count)]) for _name, base, _line in lines], floor=0)})


def steps_back(curves: Sequence[Curve], *, title: str, measure: str) -> go.Figure:
    """Return curves against the time steps back from the loss, on a log scale; what is below FLOOR is left out."""
    traces: list[dict[str, Any]] = []
    for curve in curves:
        shown = evenly(len(curve.values), POINTS)
        traces.append(_line(curve, shown.astype(np.int32), curve.values[shown]))
    return figure(
        title, traces, hovermode="x unified", showlegend=True,
        meta=_("How strongly each step back is pulled by the loss in this network. Where the line has fallen to a "
               "thousandth, nothing is learned from that step any more."),
        xaxis={"title": {"text": _("Time steps back from the loss")}},
        yaxis={"title": {"text": measure}, "hoverformat": ".3g", **_log([curve.values for curve in curves])})


def norms_over_training(curves: Sequence[Curve], clip: float) -> go.Figure:
    """Return the norm of the whole gradient at recorded updates, on a log scale, and where clipping begins."""
    last = max((float(curve.updates[-1]) for curve in curves if curve.updates is not None and len(curve.updates)),
               default=1.0)
    traces = [{"type": "scatter", "mode": "lines", "name": _("Limit {clip:g}").format(clip=clip),
               "x": np.array([0, last]), "y": np.array([clip, clip]),
               "line": {"color": QUIET, "width": 1, "dash": "dash"}, "hoverinfo": "skip"}]
    traces += [_line(curve, curve.updates, curve.values) | {"mode": "lines+markers", "marker": {"size": 4}}
               for curve in curves if curve.updates is not None]
    return figure(
        _("Norm of the whole gradient before clipping: above the dashed line it is cut down to it"),
        traces, hovermode="x unified", showlegend=True,
        meta=_("The length of this network's gradient at recorded updates, before it is cut."),
        xaxis={"title": {"text": _("Updates of the weights")}, "rangemode": "tozero"},
        yaxis={"title": {"text": _("Norm")}, "hoverformat": ".3g",
               **_log([np.array([clip]), *(curve.values for curve in curves)])})


def gate_over_training(curves: Sequence[Curve], *, title: str, gate: str) -> go.Figure:
    """Return the mean of a gate at moments of the training, from 0 to 1."""
    return figure(
        title, [_line(curve, curve.updates, curve.values) for curve in curves if curve.updates is not None],
        hovermode="x unified", showlegend=True, meta=_("The mean over all units and time steps in this network."),
        xaxis={"title": {"text": _("Updates of the weights")}, "rangemode": "tozero"},
        yaxis={"title": {"text": gate}, "range": [0, 1], "hoverformat": ".3f"})


def along_stream(curves: Sequence[Curve], *, piece: int, title: str, measure: str) -> go.Figure:
    """Return curves along a stream of time steps, whose values are the means of pieces of so many steps."""
    return figure(
        title, [_line(curve, piece * np.arange(1, len(curve.values) + 1), curve.values) for curve in curves],
        hovermode="x unified", showlegend=True, meta=_("The mean over pieces of the stream, read by this network."),
        xaxis={"title": {"text": _("Time step of the stream")}, "rangemode": "tozero"},
        yaxis={"title": {"text": measure}, "rangemode": "tozero", "hoverformat": ".3g"})


def nudges(back: np.ndarray, changes: np.ndarray, *, unit: str, reach: int | None) -> go.Figure:
    """Return how much the prediction changes with the input so many steps before it, and how far back most of it lies.

    ``back`` (N,) steps before the answer; ``changes`` (N,) in ``unit``; ``reach`` the step up to which it lies. Where
    steps were left out a line takes the place of the bars, whose gaps would look like nothing.
    """
    whole = len(back) == back.max(initial=0) + 1
    look: dict[str, Any] = {"type": "bar", "marker": {"color": PREDICTED}} if whole else {
        "type": "scatter", "mode": "lines+markers", "fill": "tozeroy", "fillcolor": faded(PREDICTED, 0.2),
        "line": {"color": PREDICTED, "width": 2}, "marker": {"size": 4}}
    marks: dict[str, Any] = {}
    if reach is not None:
        marks = {"shapes": [{"type": "line", "xref": "x", "yref": "paper", "x0": reach + 0.5, "x1": reach + 0.5,
                             "y0": 0, "y1": 1, "line": {"color": MARKED, "width": 2, "dash": "dot"}}],
                 "annotations": [{"xref": "x", "yref": "paper", "x": reach + 0.5, "y": 1, "yanchor": "top",
                                  "xanchor": "left" if reach < back.max(initial=1) / 2 else "right",
                                  "text": _("90% up to here"), "showarrow": False, "font": {"color": MARKED}}]}
    return figure(
        _("Change of the prediction when one input is nudged: the higher, the more that step matters"),
        [look | {"name": _("Change"), "x": back.astype(np.int32), "y": real32(changes),
                 "hovertemplate": "%{x}: <b>%{y:.3g}</b><extra></extra>"}],
        hovermode="closest", showlegend=False, bargap=0.15, **marks,
        xaxis={"title": {"text": _("Time steps back from the last input")}},
        yaxis={"title": {"text": quantity(_("Mean change"), unit)}, "rangemode": "tozero"})


def too_small(curves: Sequence[Curve]) -> bool:
    """Tell whether a log scale leaves something out because it is too small."""
    return any(bool((curve.values < FLOOR).any()) for curve in curves)


def _line(curve: Curve, x: np.ndarray | None, values: np.ndarray) -> dict[str, Any]:
    assert x is not None
    with np.errstate(invalid="ignore"):
        drawn = np.where(np.isfinite(values) & (values >= FLOOR), values, np.nan)
    return {"type": "scatter", "mode": "lines" if len(drawn) > 1 else "markers", "name": curve.name,
            "x": x.astype(np.int32), "y": drawn,        # float64: what has exploded is beyond float32
            "line": {"color": curve.colour, "width": 2, "dash": curve.dash}}


def _log(values: Sequence[np.ndarray], floor: float = FLOOR) -> dict[str, Any]:
    """Return a log axis around values, with ticks at as many powers of ten as there is room for."""
    flat = np.concatenate([np.ravel(part) for part in values]) if values else np.ones(1)
    drawn = flat[np.isfinite(flat) & (flat > 0) & (flat >= floor)]
    low, high = (np.log10([drawn.min(), drawn.max()]) if len(drawn) else (-1.0, 0.0))
    room = max(0.04 * (high - low), 0.15)
    decades = max(1, int(np.ceil((high - low) / 7)))
    narrow = high - low < 1.5
    return {"type": "log", "range": [float(low - room), float(high + room)], "exponentformat": "power",
            "dtick": "D2" if narrow else decades, **({"tickformat": "~g"} if narrow else {})}   # else 0.5 is called 5
