"""What a network says about whole examples: which class it takes for which, and how its mind changes as it reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import equally_long, figure, real32
from lstm_core.charts.palette import (
    GATES,
    NAIVE,
    NEGATIVE,
    POSITIVE,
    PREDICTED,
    QUIET,
    REAL,
    faded,
    sequential,
    under_words,
)
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, phrases

LINE = 23                           # pixels of one word in the list of words
FRAME = 76                          # pixels above and below the list
NO_BUTTONS: Final = {"remove": ["toImage", "sendChartToCloud", "zoom2d", "pan2d", "resetScale2d"]}
"""Of figures in which there is nothing to zoom into: on a phone the buttons would lie on what is to be read."""


def confusion(counts: np.ndarray, names: Sequence[str]) -> go.Figure:
    """Return how often each class (row) was taken for each (column): ``counts`` (K, K), ``names`` (K,)."""
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    numbers = np.arange(len(names), dtype=np.int32)
    notes = [{"x": column, "y": row, "text": f"{counts[row, column]:,}", "showarrow": False, "font": {"size": 12}}
             for row in numbers.tolist() for column in numbers.tolist() if counts[row, column]]
    ticks = {"tickvals": numbers.tolist(), "ticktext": list(names), "showgrid": False, "zeroline": False}
    return figure(
        _("What was taken for what: right answers lie on the diagonal"),
        [{"type": "heatmap", "x": numbers, "y": numbers, "z": real32(share), "zmin": 0, "zmax": 1, "xgap": 1, "ygap": 1,
          "colorscale": under_words(PREDICTED), "showscale": False, "customdata": real32(counts),
          "hovertemplate": phrases([_("real") + " %{y}", _("predicted") + " %{x}"])
          + "<br><b>%{customdata}</b><extra></extra>"}],
        annotations=notes, hovermode="closest", modebar=NO_BUTTONS, dragmode=False,
        meta=_("How many examples of the class of this row were taken for that of the column."),
        xaxis=ticks | {"title": {"text": _("Predicted")}},
        yaxis=ticks | {"title": {"text": _("Real")}, "autorange": "reversed"})


def scan(image: np.ndarray, probabilities: np.ndarray, names: Sequence[str], *, row: int) -> go.Figure:
    """Return an image read row by row, and beside each row the probabilities of the classes after it.

    ``image`` (T, F) from 0 to 1; ``probabilities`` (T, K); ``names`` (K,); ``row`` the row now read, 1 to T: it is
    outlined, and what follows it is not known yet.
    """
    equally_long(image=image, probabilities=probabilities)
    steps, width = image.shape
    rows, classes = np.arange(1, steps + 1, dtype=np.int32), np.arange(len(names), dtype=np.int32)
    shared: dict[str, Any] = {"type": "heatmap", "y": rows, "zmin": 0, "zmax": 1, "xgap": 1, "ygap": 1,
                              "showscale": False}
    so_far = np.where(rows[:, np.newaxis] <= row, probabilities, np.nan)
    vertical = {"title": {"text": _("Row")}, "autorange": "reversed", "showgrid": False, "zeroline": False, "dtick": 1}
    across = {"showgrid": False, "zeroline": False}
    shapes = [_outline(axis, row, count, start) for axis, count, start in (("x", width, 0.5), ("x2", len(names), -0.5))]
    if row < steps:
        shapes.append({"type": "rect", "xref": "x", "yref": "y", "x0": 0.5, "x1": width + 0.5, "y0": row + 0.55,
                       "y1": steps + 0.5, "fillcolor": faded(QUIET, 0.35), "line": {"width": 0}})
    return figure(
        _("The image so far, and what the network takes it for after each row"),
        [shared | {"x": np.arange(1, width + 1, dtype=np.int32), "z": real32(image), "colorscale": sequential(QUIET),
                   "hovertemplate": "%{z:.4g}<extra></extra>"},
         shared | {"x": classes, "z": real32(so_far), "colorscale": sequential(PREDICTED), "xaxis": "x2",
                   "yaxis": "y2",
                   "hovertemplate": pair(_("after row") + " %{y}", "%{x}") + "<br><b>%{z:.3f}</b><extra></extra>"}],
        hovermode="closest", modebar=NO_BUTTONS, dragmode=False, shapes=shapes,
        meta=_("On the left what has been read so far, on the right how likely the network holds each class by then."),
        xaxis=across | {"domain": [0, 0.4], "title": {"text": _("Image")}, "showticklabels": False},
        xaxis2=across | {"domain": [0.48, 1], "title": {"text": _("Class")}, "anchor": "y2",
                         "tickvals": classes.tolist(), "ticktext": list(names)},
        yaxis=vertical, yaxis2=vertical | {"anchor": "x2", "title": {"text": ""}, "showticklabels": False})


def _outline(axis: str, row: int, count: int, start: float) -> dict[str, Any]:
    return {"type": "rect", "xref": axis, "yref": axis.replace("x", "y"), "x0": start, "x1": start + count,
            "y0": row - 0.5, "y1": row + 0.5, "line": {"width": 2.5, "color": REAL}}


def class_bars(probabilities: np.ndarray, names: Sequence[str], *, actual: int | None, title: str) -> go.Figure:
    """Return the probability of each class: ``probabilities`` (K,), ``names`` (K,); the bar of the real one differs."""
    colours = [REAL if number == actual else PREDICTED for number in range(len(names))]
    numbers = np.arange(len(names), dtype=np.int32)
    return figure(
        title, [{"type": "bar", "x": numbers, "y": real32(probabilities), "marker": {"color": colours},
                 "hovertemplate": "%{x}: <b>%{y:.3f}</b><extra></extra>", "showlegend": False}],
        modebar=NO_BUTTONS, dragmode=False,
        meta=_("How likely the network holds each class; together they are 1."),
        xaxis={"title": {"text": _("Class")}, "tickvals": numbers.tolist(), "ticktext": list(names)},
        yaxis={"title": {"text": _("probability")}, "range": [0, 1]})


def words_read(words: Sequence[str], probability: np.ndarray, gates: dict[str, np.ndarray], kept: np.ndarray | None, *,
               label: str) -> go.Figure:
    """Return a text as a list, a word in each line, with what the network makes of it.

    ``words`` (T,); ``probability`` (T,) of the class ``label`` after each word; ``gates`` by name, (T,) each, the mean
    over the units; ``kept`` (T,) how much of what is in the cell at the end was written at this word, 0 to 1, or None.
    ``layout.height`` is the height at which every word has a line.
    """
    equally_long(words=np.asarray(words, dtype=object), probability=probability, **gates)
    lines = np.arange(1, len(words) + 1, dtype=np.int32)
    colours = [POSITIVE if value >= 0.5 else NEGATIVE for value in probability]
    panels: list[tuple[str, np.ndarray, Any, float]] = [(label, probability, colours, 1.0)]
    panels += [(_gate(name), values, GATES[name], 1.0) for name, values in gates.items()]
    if kept is not None:
        panels.append((_("in the cell at the end"), kept, GATES["c"], max(float(kept.max(initial=0)), 1e-9) * 1.05))
    traces, axes, notes = [], {}, []
    gap = 0.03
    width = (1 - gap * (len(panels) - 1)) / len(panels)
    for number, (title, values, colour, top) in enumerate(panels):
        suffix = "" if number == 0 else str(number + 1)
        start = number * (width + gap)
        traces.append({"type": "bar", "orientation": "h", "x": real32(values), "y": lines, "xaxis": f"x{suffix}",
                       "base": 0, "marker": {"color": colour}, "showlegend": False, "name": title,
                       "hovertemplate": "%{x:.3f}<extra>" + title + "</extra>"})
        ticks = {"tickvals": [0, 1]} if top == 1.0 else {"tickvals": [top / 1.05], "tickformat": ".0%"}
        axes[f"xaxis{suffix}"] = {"domain": [start, start + width], "range": [0, top], "anchor": "y",
                                  "fixedrange": True, "side": "top", **ticks}
        notes.append({"xref": "paper", "yref": "paper", "x": start, "y": 1, "yshift": 22, "xanchor": "left",
                      "yanchor": "bottom", "align": "left", "text": _broken(title), "showarrow": False,
                      "font": {"size": 12}})
    return figure(
        _("How the network's mind changes word by word"), traces, annotations=notes, hovermode="closest", bargap=0.25,
        meta=_("One bar for each word, from 0 to 1: the mean over all units where it is a gate's."),
        modebar=NO_BUTTONS, dragmode=False, height=len(words) * LINE + FRAME, margin={"l": 4, "r": 8, "t": 64, "b": 4},
        shapes=[{"type": "line", "xref": "x", "yref": "paper", "x0": 0.5, "x1": 0.5, "y0": 0, "y1": 1,
                 "line": {"width": 1, "dash": "dot", "color": NAIVE}}],
        yaxis={"range": [len(words) + 0.5, 0.5], "tickvals": lines.tolist(), "showgrid": False, "fixedrange": True,
               "ticktext": [_plain(word) for word in words]}, **axes)


def wave(actual: np.ndarray, predicted: np.ndarray, naive: np.ndarray) -> go.Figure:
    """Return the wave that was asked for, the one the network draws and the naive one: (T,) each."""
    equally_long(actual=actual, predicted=predicted, naive=naive)
    steps = np.arange(1, len(actual) + 1, dtype=np.int32)
    lines = [(_("Naive: mean wave"), naive, {"color": NAIVE, "width": 1.2, "dash": "dot"}, 3),
             (_("Real"), actual, {"color": REAL, "width": 2}, 1),
             (_("Predicted"), predicted, {"color": PREDICTED, "width": 2, "dash": "dash"}, 2)]
    return figure(
        _("One number in, a wave out: the dashed line should lie on the solid one"),
        [{"type": "scatter", "mode": "lines", "name": name, "x": steps, "y": real32(values), "line": line,
          "legendrank": rank} for name, values, line, rank in lines],
        hovermode="x unified", xaxis={"title": {"text": _("Time step")}},
        yaxis={"title": {"text": _("Value")}, "range": [-1.65, 1.65], "hoverformat": ".4f"})


def _gate(name: str) -> str:
    return {"f": _("forget gate"), "i": _("input gate"), "z": _("update gate"), "r": _("reset gate")}[name]


def _broken(title: str) -> str:
    """Return a heading in at most two lines, so that it stays within a narrow panel."""
    space = " " if " " in title else ""             # Chinese is written without
    words = title.split(" ") if space else list(title) if len(title) > 4 else [title]
    half = (len(words) + 1) // 2
    return "<br>".join(space.join(split) for split in (words[:half], words[half:]) if split)


def _plain(word: str) -> str:
    """Return a word so that the chart does not take it for markup."""
    return word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
