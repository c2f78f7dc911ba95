"""What a network predicts, beside what was real."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import POINTS, equally_long, figure, index_axis, quantity, real32
from lstm_core.charts.palette import NAIVE, PREDICTED, REAL, sequential
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.spec import Split

CELLS = 1_200           # class probabilities in one picture: its bytes, beside what the network does inside


def part_name(split: Split) -> str:
    """Return the name of a part of the data in words."""
    return {"train": _("training part"), "validation": _("validation part"), "test": _("test part")}[split]


def prediction(index: np.ndarray, actual: np.ndarray, predicted: np.ndarray, naive: np.ndarray, *, naive_name: str,
               unit: str, name: str, split: Split) -> go.Figure:
    """Return real values (solid), predicted ones (dashed) and the naive baseline (dotted), at most 200 points.

    ``index`` (n,) dates or positions; ``real``, ``predicted``, ``naive`` (n,) in ``unit``. ``naive_name`` is what the
    baseline is called.
    """
    equally_long(index=index, actual=actual, predicted=predicted, naive=naive)
    shown = evenly(len(index), POINTS)
    positions, axis = index_axis(np.asarray(index)[shown])
    lines = [(naive_name, naive, {"color": NAIVE, "width": 1, "dash": "dot"}),
             (_("Real"), actual, {"color": REAL, "width": 2}),
             (_("Predicted"), predicted, {"color": PREDICTED, "width": 2, "dash": "dash"})]
    return figure(
        _("{name}, {part}: the closer the dashed line is to the solid one, the better").format(
            name=name, part=part_name(split)),
        [{"type": "scatter", "mode": "lines", "name": label, "x": positions, "y": real32(np.asarray(values)[shown]),
          "line": line, "legendrank": rank, **({"meta": "predicted"} if values is predicted else {})}
         for (label, values, line), rank in zip(lines, (3, 1, 2), strict=True)],
        hovermode="x unified", xaxis=axis,
        yaxis={"title": {"text": quantity(name, unit)}, "hoverformat": ".6g"})


def answers(actual: np.ndarray, predicted: np.ndarray, naive: np.ndarray, *, naive_name: str, unit: str, name: str,
            split: Split) -> go.Figure:
    """Return one number for each of n examples: a ring where it really is, a point where it is predicted.

    ``real``, ``predicted``, ``naive`` (n,) in ``unit``. ``naive_name`` is what the baseline is called.
    """
    equally_long(actual=actual, predicted=predicted, naive=naive)
    across = np.arange(1, len(actual) + 1, dtype=np.int32)
    return figure(
        _("{name}, {part}: the nearer a point is to the middle of its ring, the better").format(
            name=name, part=part_name(split)),
        [{"type": "scatter", "mode": "lines", "name": naive_name, "x": across, "y": real32(naive),
          "line": {"color": NAIVE, "width": 1, "dash": "dot"}},
         {"type": "scatter", "mode": "markers", "name": _("Real"), "x": across, "y": real32(actual),
          "marker": {"symbol": "circle-open", "size": 11, "color": REAL, "line": {"width": 2}}},
         {"type": "scatter", "mode": "markers", "name": _("Predicted"), "meta": "predicted", "x": across,
          "y": real32(predicted), "marker": {"size": 5, "color": PREDICTED}}],
        hovermode="x unified", xaxis={"title": {"text": _("Example")}},
        yaxis={"title": {"text": quantity(name, unit)}, "hoverformat": ".6g"})


def class_probabilities(probabilities: np.ndarray, actual: np.ndarray, names: Sequence[str], *, split: Split,
                        places: Literal["letters", "symbols", "examples"]) -> go.Figure:
    """Return the predicted probability of each class at each place, the real class marked.

    ``probabilities`` (n, K); ``real`` (n,) the number of the real class; ``names`` (K,). The last places only, see
    :func:`drawn_from`. ``places`` says what they are: positions in a text, steps of several answers, or examples.
    """
    equally_long(probabilities=probabilities, actual=actual)
    first = drawn_from(len(actual), len(names))
    positions = np.arange(first + 1, len(actual) + 1, dtype=np.int32)
    rows = [visible(name) for name in names]
    titles = {
        "letters": _("Next letter, {part}: full colour where the network is sure, a ring around the real letter"),
        "symbols": _("Answers, {part}: full colour where the network is sure, a ring around the real sign"),
        "examples": _("Class, {part}: full colour where the network is sure, a ring around the real class")}
    axes = {"letters": (_("Position in the text"), _("Letter")), "symbols": (_("Steps of the answers"), _("Sign")),
            "examples": (_("Example"), _("Class"))}
    across, down = axes[places]
    return figure(
        titles[places].format(part=part_name(split)),
        [{"type": "heatmap", "meta": "predicted", "x": positions, "y": rows,
          "z": real32(np.asarray(probabilities)[first:].T),
          "zmin": 0, "zmax": 1, "colorscale": sequential(PREDICTED), "xgap": 1, "ygap": 1,
          "colorbar": {"title": {"text": _("probability"), "side": "right"}, "thickness": 10, "tickvals": [0, 0.5, 1]},
          "hovertemplate": f"{across} %{{x}}<br>%{{y}}<br><b>%{{z:.6g}}</b><extra></extra>"},
         {"type": "scatter", "mode": "markers", "name": _("Real"), "x": positions,
          "y": [rows[number] for number in np.asarray(actual)[first:]], "hoverinfo": "skip", "showlegend": True,
          "marker": {"symbol": "circle-open", "size": 10, "color": REAL, "line": {"width": 2}}}],
        hovermode="closest", meta=_("How likely the network holds each answer: full colour is certain."),
        xaxis={"title": {"text": across}, "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": down}, "type": "category", "autorange": "reversed", "showgrid": False})


def drawn_from(count: int, classes: int) -> int:
    """Return the first of the places whose class probabilities are drawn: of many classes fewer can be told apart."""
    return max(0, count - min(POINTS, CELLS // max(1, classes)))


def visible(letter: str) -> str:
    """Return a letter as it can be seen on an axis: blanks and line ends get their usual signs."""
    return {" ": "␣", "\n": "↵", "\t": "⇥"}.get(letter, letter)
