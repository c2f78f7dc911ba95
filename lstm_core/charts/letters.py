"""Letters: what comes next, what was written, what follows what, where an embedding puts each letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.forecast import visible
from lstm_core.charts.frame import equally_long, figure, real32
from lstm_core.charts.palette import CLEAR, INK, NETWORKS, PREDICTED, QUIET, REAL, faded, sequential
from lstm_core.i18n import gettext as _

_CAMERA = {"eye": {"x": 1.5, "y": 1.5, "z": 0.9}, "center": {"x": 0, "y": 0, "z": -0.15}}  # so that all axes are seen
LETTERED = 60           # bars that are narrow enough to be missed without their letter, and wide enough to carry it


def next_letter(probabilities: np.ndarray, names: Sequence[str], *, shares: np.ndarray | None) -> go.Figure:
    """Return the probability of each letter to come next, the likeliest in full colour.

    ``probabilities`` (K,); ``names`` (K,); ``shares`` (K,) how often each letter follows in the text, 0..1, a ring at
    each that does; None where the text has no such place.
    """
    equally_long(probabilities=probabilities, names=np.array([*names]))
    letters = [visible(name) for name in names]
    likeliest = int(np.argmax(probabilities))
    traces: list[dict[str, Any]] = [{
        "type": "bar", "name": _("Network"), "x": letters, "y": real32(probabilities),
        "marker": {"color": [PREDICTED if number == likeliest else faded(PREDICTED, 0.45)
                             for number in range(len(letters))]},
        "hovertemplate": "%{x}<br><b>%{y:.6g}</b><extra></extra>"}]
    if shares is not None:
        traces.append({
            "type": "scatter", "mode": "markers", "name": _("In the text"), "x": letters,
            "y": real32(np.where(np.asarray(shares) > 0, shares, np.nan)),
            "cliponaxis": False,
            "marker": {"symbol": "circle-open", "size": 10, "color": REAL, "line": {"width": 2}},
            "hovertemplate": "%{x}<br><b>%{y:.6g}</b><extra></extra>"})
    return figure(
        _("Which letter comes next: the likeliest in full colour"), traces, hovermode="closest", showlegend=True,
        bargap=0.25, xaxis={"title": {"text": _("Next letter")}, "type": "category", "tickangle": 0},
        yaxis={"title": {"text": _("probability")}, "range": [0, 1.04], "tickvals": [0, 0.5, 1]})


def written_letters(probabilities: Sequence[float], letters: Sequence[str]) -> go.Figure:
    """Return how likely the network held each letter that it wrote: ``probabilities`` (n,), ``letters`` (n,)."""
    equally_long(probabilities=np.asarray(probabilities), letters=np.array([*letters]))
    names = [visible(letter) for letter in letters]
    positions = np.arange(1, len(names) + 1, dtype=np.int32)
    ticks: dict[str, Any] = {"tickvals": positions, "ticktext": names, "tickangle": 0} if len(names) <= LETTERED else {}
    return figure(
        _("How likely the network held each letter it wrote"),
        [{"type": "bar", "x": positions, "y": real32(np.asarray(probabilities)), "hovertext": names,
          "marker": {"color": PREDICTED}, "hovertemplate": "%{hovertext}<br><b>%{y:.6g}</b><extra></extra>"}],
        hovermode="closest", bargap=0.2, showlegend=False,
        meta=_("The probability that the network gave to the letter which was then drawn."),
        xaxis={"title": {"text": _("Letters in the order in which they were written")}, "showgrid": False, **ticks},
        yaxis={"title": {"text": _("probability")}, "range": [0, 1.04], "tickvals": [0, 0.5, 1]})


def transitions(shares: np.ndarray, names: Sequence[str], *, counts: np.ndarray | None, title: str) -> go.Figure:
    """Return what follows each letter: a row for the letter read, a column for the next one.

    ``shares`` (K, K) 0..1, nan where nothing is known; ``counts`` (K, K) how often it is so in the text; None for what
    a network holds likely.
    """
    equally_long(shares=shares, names=np.array([*names]))
    letters = [visible(name) for name in names]
    gap = 1 if len(letters) <= 40 else 0
    hover = _("after %{y}: %{x}") + "<br><b>%{z:.6g}</b>" + ("<br>%{text} ×" if counts is not None else "")
    return figure(
        title,
        [{"type": "heatmap", "x": letters, "y": letters, "z": real32(shares), "zmin": 0, "zmax": 1,
          "colorscale": sequential(PREDICTED if counts is None else REAL), "xgap": gap, "ygap": gap,
          "colorbar": {"thickness": 10, "tickvals": [0, 0.5, 1]}, "hovertemplate": hover + "<extra></extra>",
          **({} if counts is None else {"text": counts.astype(np.int32)})}],
        hovermode="closest",
        meta=_("The fuller the colour, the more often this letter follows that one; a row adds up to 1."),
        xaxis={"title": {"text": _("Next letter")}, "type": "category", "showgrid": False, "tickangle": 0},
        yaxis={"title": {"text": _("Letter read")}, "type": "category", "autorange": "reversed", "showgrid": False,
               "ticklabelstandoff": 4})


def letter_map(places: np.ndarray, names: Sequence[str], *, axes: Sequence[str]) -> go.Figure:
    """Return where each letter lies now, in 2 or 3 dimensions, and faintly the way it has come.

    ``places`` (M, K, D): K letters at M moments of the training, the last one now; ``axes`` (D,) what the coordinates
    are called. With one coordinate the letters lie on a line.
    """
    equally_long(axes=np.array([*axes]), coordinates=places[0, 0])
    moments, count, dimensions = places.shape
    if dimensions == 1:
        places = np.concatenate([places, np.zeros_like(places)], axis=2)
    # each way is a line of its own: a gap, which is nan, ends it
    ways = np.concatenate([places, np.full((1, *places.shape[1:]), np.nan)]).swapaxes(0, 1)     # (K, M + 1, D)
    ways = ways.reshape(count * (moments + 1), -1)
    kind = "scatter3d" if dimensions == 3 else "scatter"
    colours = [NETWORKS[number % len(NETWORKS)] for number in range(count)]
    letters = [visible(name) for name in names]
    traces: list[dict[str, Any]] = [
        {"type": kind, "mode": "lines", "hoverinfo": "skip", **_coordinates(ways),
         "line": {"color": QUIET if dimensions == 3 else faded(QUIET, 0.5), "width": 1}},
        {"type": kind, "mode": "markers+text", **_coordinates(places[-1]), "text": letters,
         "textposition": "top center", "textfont": {"size": 15},
         "marker": {"size": 5 if dimensions == 3 else 9, "color": colours},
         "hovertemplate": "%{text}<br>" + "<br>".join(
             f"{name} %{{{axis}:.4g}}" for name, axis in zip(axes, "xyz", strict=False)) + "<extra></extra>"}]
    title = _("Where the embedding puts each letter, and the way it came")
    what = _("Each letter is a point: the numbers by which the network knows it. Letters that are followed by the same "
             "ones come to lie close together.")
    if dimensions == 3:
        plain = {"showbackground": False, "gridcolor": faded(QUIET, 0.4), "zerolinecolor": faded(QUIET, 0.8),
                 "tickfont": {"size": 10}}
        scene = {f"{axis}axis": plain | {"title": {"text": name}} for name, axis in zip(axes, "xyz", strict=True)}
        return figure(title, traces, showlegend=False, hovermode="closest", dragmode="orbit", meta=what,
                      scene=scene | {"bgcolor": CLEAR, "aspectmode": "data", "camera": _CAMERA})
    low, high = places.min(axis=(0, 1)), places.max(axis=(0, 1))
    room = 0.12 * max(float((high - low).max()), 1e-9)
    across, up = ([float(edge[axis]) + side * room for edge, side in ((low, -1), (high, 1))] for axis in (0, 1))
    return figure(
        title, traces, showlegend=False, hovermode="closest", meta=what,
        xaxis={"title": {"text": axes[0]}, "range": across},
        yaxis={"title": {"text": axes[1]}, "range": up, "scaleanchor": "x"} if dimensions == 2 else {
            "title": {"text": _("one coordinate only")}, "showticklabels": False, "range": [-1, 1]})


def _coordinates(points: np.ndarray) -> dict[str, np.ndarray]:
    return {axis: real32(column) for axis, column in zip("xyz", points.T, strict=False)}


def letter_distances(apart: np.ndarray, names: Sequence[str]) -> go.Figure:
    """Return how far each letter lies from each other one: ``apart`` (K, K), ``names`` (K,)."""
    equally_long(apart=apart, names=np.array([*names]))
    letters = [visible(name) for name in names]
    gap = 1 if len(letters) <= 40 else 0
    return figure(
        _("How far the letters lie apart: full colour is far"),
        [{"type": "heatmap", "x": letters, "y": letters, "z": real32(apart), "zmin": 0,
          "zmax": float(np.nanmax(apart, initial=0)) or 1.0, "colorscale": sequential(INK), "xgap": gap, "ygap": gap,
          "colorbar": {"thickness": 10, "nticks": 4},
          "hovertemplate": "%{y} – %{x}<br><b>%{z:.6g}</b><extra></extra>"}],
        hovermode="closest", meta=_("The distance between the numbers of two letters: none is the same point."),
        xaxis={"title": {"text": _("Letter")}, "type": "category", "showgrid": False, "tickangle": 0},
        yaxis={"title": {"text": _("Letter")}, "type": "category", "autorange": "reversed", "showgrid": False,
               "ticklabelstandoff": 4})


def answer_steps(probabilities: np.ndarray, read: Sequence[str], right: np.ndarray, names: Sequence[str], *,
                 title: str) -> go.Figure:
    """Return what a decoder held likely at each of its T steps, a ring around the right sign as far as it is known.

    ``probabilities`` (T, K); ``read`` (T,) what it read; ``right`` (R,) the right signs by number, which may be fewer
    or more than T; ``names`` (K,).
    """
    equally_long(probabilities=probabilities, read=np.array([*read]))
    steps = np.arange(1, len(read) + 1, dtype=np.int32)
    rows = [visible(name) for name in names]
    right = right[:len(steps)]
    return figure(
        title,
        [{"type": "heatmap", "x": steps, "y": rows, "z": real32(probabilities.T), "zmin": 0, "zmax": 1,
          "colorscale": sequential(PREDICTED), "xgap": 1, "ygap": 1,
          "colorbar": {"thickness": 10, "tickvals": [0, 0.5, 1]},
          "hovertemplate": "%{y}<br><b>%{z:.6g}</b><extra></extra>"},
         {"type": "scatter", "mode": "markers", "name": _("Right"), "x": steps[:len(right)],
          "y": [rows[number] for number in right], "hoverinfo": "skip",
          "marker": {"symbol": "circle-open", "size": 11, "color": REAL, "line": {"width": 2}}}],
        hovermode="closest", showlegend=True,
        meta=_("How likely the network holds each sign at each step: full colour is certain."),
        xaxis={"title": {"text": _("What the decoder reads at each step")}, "tickvals": steps,
               "ticktext": [visible(sign) for sign in read], "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": _("What it says")}, "type": "category", "autorange": "reversed", "showgrid": False,
               "ticklabelstandoff": 4, "dtick": 1})
