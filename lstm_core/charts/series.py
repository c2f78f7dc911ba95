"""A series, how it is split, and the window that slides over it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import equally_long, figure, index_axis, quantity, real32
from lstm_core.charts.palette import MARKED, QUIET, REAL, SPLITS, faded
from lstm_core.i18n import gettext as _
from lstm_core.spec import Split

OVERVIEW = 600                      # points of the whole series; the window itself is drawn in full


@dataclass(frozen=True)
class Window:
    """A window on a series: the positions of its inputs, and of what is to be predicted from them."""

    start: int                      # position of the first input
    steps: int
    horizon: int                    # from an input to its target
    every: bool = False             # a target for each input instead of one for the last

    @property
    def inputs(self) -> np.ndarray:
        """Return the positions of the inputs, (steps,)."""
        return np.arange(self.start, self.start + self.steps)

    @property
    def targets(self) -> np.ndarray:
        """Return the positions of the targets; they may lie behind the end of the series."""
        return (self.inputs if self.every else self.inputs[-1:]) + self.horizon


def windows(index: np.ndarray, values: np.ndarray, window: Window, *, boundaries: tuple[int, int], name: str,
            unit: str, targets: np.ndarray | None = None) -> go.Figure:
    """Return the whole series with its parts shaded, and below it one window: its inputs and what is to be predicted.

    ``index``, ``values`` (n,); ``boundaries`` where the validation and the test part begin; ``targets`` (n,): the
    series the targets are taken from, where that is another one.
    """
    index, values = np.asarray(index), np.asarray(values)
    aims = values if targets is None else np.asarray(targets)
    equally_long(index=index, values=values, targets=aims)
    shown = _envelope(values)
    whole, axis = index_axis(index[shown])
    inside, aimed = window.inputs, window.targets[window.targets < len(index)]
    traces: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": whole, "y": real32(values[shown]), "name": _("Series"),
         "line": {"color": REAL, "width": 1}, "showlegend": False},
        {"type": "scatter", "mode": "lines+markers", "x": index_axis(index[inside])[0], "y": real32(values[inside]),
         "name": _("Inputs"), "line": {"color": REAL, "width": 2}, "marker": {"size": 5}, "xaxis": "x2",
         "yaxis": "y2"},
        {"type": "scatter", "mode": "markers", "x": index_axis(index[aimed])[0], "y": real32(aims[aimed]),
         "name": _("Targets") if window.every else _("Target"), "xaxis": "x2", "yaxis": "y2",
         "marker": {"symbol": "diamond-open", "size": 8 if window.every else 11, "color": MARKED,
                    "line": {"width": 2}}}]
    vertical = {"title": {"text": quantity(name, unit)}, "hoverformat": ".6g"}
    last = min(max(inside[-1], aimed[-1] if len(aimed) else 0), len(index) - 1)
    shapes, notes = _parts(index, boundaries)
    title = (_("The window slides over the series: {steps} inputs, and what follows them is the target")
             if window.horizon else
             _("The window slides over the series: {steps} inputs, each target at the time step of its input"))
    return figure(
        title.format(steps=window.steps),
        traces, hovermode="closest", shapes=[*shapes, _window(index, window.start, int(last))], annotations=notes,
        margin={"l": 4, "r": 8, "t": 24, "b": 4}, legend={"y": 0.4},
        xaxis={**axis, "title": {"text": ""}, "anchor": "y", "domain": [0, 1]},
        yaxis={**vertical, "domain": [0.6, 1]},
        xaxis2={**axis, "anchor": "y2", "domain": [0, 1]},
        yaxis2={**vertical, "domain": [0, 0.39]})


def _envelope(values: np.ndarray) -> np.ndarray:
    """Return positions that keep the outline of a long series: the lowest and the highest of each short stretch."""
    if len(values) <= OVERVIEW:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), OVERVIEW // 2 + 1).astype(np.int64)
    finite = np.nan_to_num(values)
    ends = [low + int(pick(finite[low:high])) for low, high in pairwise(edges)
            for pick in (np.argmin, np.argmax)]
    return np.unique([0, *ends, len(values) - 1])


def _at(index: np.ndarray, position: int) -> Any:
    """Return the place of a position on the axis, in JSON's terms."""
    value = index[min(position, len(index) - 1)]
    return str(value) if np.issubdtype(index.dtype, np.datetime64) else int(value)


def _parts(index: np.ndarray, boundaries: tuple[int, int]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return a band for each part that is not empty, and its name at the top of the band."""
    edges = (0, *boundaries, len(index))
    shapes, notes = [], []
    for (split, colour), (low, high) in zip(SPLITS.items(), pairwise(edges), strict=True):
        if high > low:
            shapes.append({"type": "rect", "xref": "x", "yref": "y domain", "x0": _at(index, low),
                           "x1": _at(index, high), "y0": 0, "y1": 1, "layer": "below",
                           "fillcolor": faded(colour, 0.14), "line": {"width": 0}})
            notes.append(_note(index, split, low if split == "train" else high))
    return shapes, notes


def _note(index: np.ndarray, split: Split, position: int) -> dict[str, Any]:
    """Return the name of a part over its outer edge: there neighbours do not meet, however narrow they are."""
    names = {"train": _("training"), "validation": _("validation"), "test": _("test")}
    return {"xref": "x", "yref": "y domain", "x": _at(index, position), "y": 1, "yanchor": "bottom",
            "xanchor": "left" if split == "train" else "right", "text": names[split], "showarrow": False,
            "font": {"color": SPLITS[split]}}


def _window(index: np.ndarray, start: int, last: int) -> dict[str, Any]:
    return {"type": "rect", "xref": "x", "yref": "y domain", "x0": _at(index, start), "x1": _at(index, last),
            "y0": 0, "y1": 1, "fillcolor": faded(QUIET, 0.3), "line": {"width": 1.5}}
