"""Several runs in one chart: their losses, and what they predict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.forecast import part_name
from lstm_core.charts.frame import equally_long, figure, index_axis, quantity, real32
from lstm_core.charts.loss import binned
from lstm_core.charts.palette import NAIVE, NETWORKS, QUIET, REAL, faded
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.spec import Split

Axis = Literal["updates", "epochs", "seconds"]

MARKS: Final = ("circle", "square", "diamond", "triangle-up", "x", "star", "cross", "triangle-down")
"""How each run's validation losses are marked, for those who cannot tell the colours apart."""

DASHES: Final = ("7px,3px", "9px,3px,2px,3px", "12px,3px", "4px,3px", "9px,3px,2px,3px,2px,3px", "12px,3px,4px,3px",
                 "7px,6px", "14px,6px")
"""How each run's predictions are dashed; so short that the legend shows it."""

NAIVE_DASHES: Final = ("dot", "1px,5px", "3px,5px")
"""How naive forecasts are dotted, where there are several because the runs look ahead differently far."""

VALIDATED: Final = 40               # validation losses of one run that are marked


@dataclass(frozen=True, eq=False)
class Curve:
    """The losses of one run so far."""

    name: str
    place: int                      # 0, 1 ...: decides the colour
    losses: np.ndarray              # (n,) of each update's batch
    evaluated: np.ndarray           # (m,) updates done at each evaluation
    validation: np.ndarray          # (m,) loss on the validation part; nan without one
    epochs: float                   # that the n updates took
    seconds: float                  # of a worker that they took

    def along(self, updates: np.ndarray, axis: Axis) -> np.ndarray:
        """Return where numbers of updates done lie on an axis: epochs and seconds are spread evenly over them."""
        if axis == "updates":
            return updates.astype(np.int32)
        total = self.epochs if axis == "epochs" else self.seconds
        return (updates * (total / max(1, len(self.losses)))).astype(np.float32)


def axis_name(axis: Axis) -> str:
    """Return what stands below the chart of losses."""
    return {"updates": _("Updates of the weights"), "epochs": _("Epochs"),
            "seconds": _("Seconds spent on updates")}[axis]


def losses(curves: Sequence[Curve], *, axis: Axis, log: bool, unit: str) -> go.Figure:
    """Return training losses (thin lines) and validation losses (marks, dotted) of runs in the same ``unit``.

    A click on a run in the legend hides both of its curves.
    """
    traces: list[dict[str, Any]] = []
    for curve in curves:
        colour, mark = NETWORKS[curve.place], MARKS[curve.place]
        updates, means = binned(curve.losses)
        traces.append({
            "type": "scatter", "mode": "lines" if len(means) > 1 else "markers", "name": curve.name,
            "legendgroup": curve.name, "x": curve.along(updates, axis), "y": means,
            "line": {"color": faded(colour, 0.7), "width": 1.2}, "marker": {"color": colour, "symbol": mark},
            "hovertemplate": _("{run} training").format(run=curve.name) + " <b>%{y:.4g}</b><extra></extra>"})
        known = np.flatnonzero(np.isfinite(curve.validation))
        if len(known):
            shown = known[evenly(len(known), VALIDATED)]
            traces.append({
                "type": "scatter", "mode": "lines+markers", "name": curve.name, "legendgroup": curve.name,
                "showlegend": False, "x": curve.along(curve.evaluated[shown], axis),
                "y": real32(curve.validation[shown]), "line": {"color": colour, "width": 1.6, "dash": "dot"},
                "marker": {"color": colour, "symbol": mark, "size": 7},
                "hovertemplate": _("{run} validation").format(run=curve.name) + " <b>%{y:.4g}</b><extra></extra>"})
    lines = list(traces)
    traces += [_explained(_("thin line: training"), {"mode": "lines", "line": {"color": QUIET, "width": 1.2}}),
               _explained(_("marks: validation"), {"mode": "lines+markers", "marker": {"color": QUIET, "size": 7},
                                                   "line": {"color": QUIET, "width": 1.4, "dash": "dot"}})]
    scale = {"type": "log", "tickformat": "~g", **_ticks(lines)} if log else {"rangemode": "tozero"}
    title = _("Losses of {runs}: which falls faster, which ends lower?") if len(curves) > 1 else _(
        "Losses of {runs}: lower is better")
    return figure(
        title.format(runs=listing(curve.name for curve in curves)),
        traces, hovermode="x unified", showlegend=True,
        meta=_("The losses of this run: of its batches as a line, on its validation part as marks."),
        xaxis={"title": {"text": axis_name(axis)}, "rangemode": "tozero", "hoverformat": ".4~g"},
        yaxis={"title": {"text": quantity(_("Loss"), unit)}, "hoverformat": ".4g", **scale})


def predictions(index: np.ndarray, actual: np.ndarray, predicted: Mapping[str, np.ndarray], places: Mapping[str, int],
                naive: Mapping[str, np.ndarray], *, unit: str, name: str, split: Split) -> go.Figure:
    """Return real values once (solid), each run's predictions (dashed) and naive forecasts (dotted) over the same rows.

    ``index`` (n,) dates or positions; all values (n,) in ``unit``; ``places`` gives each run's place, which decides its
    colour.
    """
    equally_long(index=index, actual=actual, **predicted, **{f"naive {key}": values for key, values in naive.items()})
    positions, axis = index_axis(np.asarray(index))
    lines = [(label, values, {"color": NAIVE, "width": 1.2, "dash": NAIVE_DASHES[number % len(NAIVE_DASHES)]}, 100)
             for number, (label, values) in enumerate(naive.items())]
    lines.append((_("Real"), actual, {"color": REAL, "width": 2}, 1))
    lines += [(run, values, {"color": NETWORKS[place], "width": 1.6, "dash": DASHES[place]}, 2 + place)
              for run, values in predicted.items() for place in [places[run]]]
    return figure(
        _("{name}, {part}: whose dashed line stays nearest to the solid one?").format(name=name, part=part_name(split)),
        [{"type": "scatter", "mode": "lines", "name": label, "x": positions, "y": real32(values), "line": line,
          "legendrank": rank} for label, values, line, rank in lines],
        hovermode="x unified", xaxis=axis, showlegend=True,
        meta=_("What this run predicts, one step after the other, or the best that can be said without it."),
        yaxis={"title": {"text": quantity(name, unit)}, "hoverformat": ".6g"})


def _ticks(lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return ticks for a logarithmic axis: powers of ten; more where losses span less than two, fewer from ten on."""
    values = np.concatenate([line["y"] for line in lines] or [np.zeros(0)])
    positive = values[values > 0].astype(np.float64)
    span = np.log10(positive.max() / positive.min()) if len(positive) else 0.0
    return {"dtick": "D2"} if span < 2 else {"dtick": 1} if span < 10 else {"nticks": 8}


def _explained(words: str, look: dict[str, Any]) -> dict[str, Any]:
    """Return an entry of the legend that has nothing in the chart."""
    return {"type": "scatter", "name": words, "x": [None], "y": [None], "hoverinfo": "skip", "legendrank": 2000} | look
