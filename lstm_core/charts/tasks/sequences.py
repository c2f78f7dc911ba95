"""The memory tasks: what a network says while it reads a sequence, and what its states do meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.classes import NO_BUTTONS
from lstm_core.charts.frame import POINTS, equally_long, figure, real32
from lstm_core.charts.palette import (
    GATES,
    MARKED,
    NAIVE,
    NETWORKS,
    PREDICTED,
    QUIET,
    REAL,
    RIGHT,
    WRONG,
    faded,
    sequential,
)
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair

PERMITTED: Final = RIGHT            # what may come next
FORBIDDEN: Final = QUIET
LINES = 16                          # units that are drawn beside the one that stands out
BARS = 60                           # bars that are wide enough to be told apart by their gaps


def answer_so_far(said: np.ndarray, known: np.ndarray, marked: Sequence[int], *, close: float) -> go.Figure:
    """Return what a network of the adding problem would answer after each step.

    ``said`` (T,) its answers; ``known`` (T,) the best answer to what was marked so far, at the end the target;
    ``marked`` the steps, counted from 1, of the numbers to be added; ``close`` how far off the last one may be.
    """
    equally_long(said=said, known=known)
    steps, target = np.arange(1, len(said) + 1, dtype=np.int32), float(known[-1])
    lines = [{"type": "line", "xref": "x", "yref": "paper", "x0": step, "x1": step, "y0": 0, "y1": 1,
              "line": {"width": 1.5, "dash": "dot", "color": MARKED}} for step in marked]
    band = {"type": "rect", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": target - close, "y1": target + close,
            "fillcolor": faded(REAL, 0.14), "line": {"width": 0}}
    return figure(
        _("The answer after each step: at the end the dashed line must lie within the band"),
        [{"type": "scatter", "mode": "lines", "name": _("Best answer so far"), "x": steps, "y": real32(known),
          "line": {"color": REAL, "width": 2, "shape": "hv"}},
         {"type": "scatter", "mode": "lines", "name": _("Predicted"), "x": steps, "y": real32(said),
          "line": {"color": PREDICTED, "width": 2, "dash": "dash"}},
         {"type": "scatter", "mode": "markers", "name": _("Answer"), "x": steps[-1:], "y": real32(said[-1:]),
          "marker": {"color": PREDICTED, "size": 11}, "cliponaxis": False}],
        shapes=[band, *lines], hovermode="x unified", modebar=NO_BUTTONS, dragmode=False, showlegend=True,
        xaxis={"title": {"text": _("Time step")}, "range": [0.5, len(said) + 0.5]},
        yaxis={"title": {"text": _("Value")}, "hoverformat": ".4f"})


def classes_so_far(probabilities: np.ndarray, names: Sequence[str], signs: Mapping[int, str], *,
                   actual: int) -> go.Figure:
    """Return the probability of each class after each step, a ring around the real one at the end.

    ``probabilities`` (T, K); ``names`` (K,); ``signs`` what is to be remembered, by step counted from 1.
    """
    steps = np.arange(1, len(probabilities) + 1, dtype=np.int32)
    notes = [{"x": step, "y": 0.91, "xref": "x", "yref": "paper", "yanchor": "bottom", "text": f"<b>{sign}</b>",
              "showarrow": False, "font": {"size": 14, "color": MARKED}} for step, sign in signs.items()]
    lines = [{"type": "line", "xref": "x", "yref": "paper", "x0": step, "x1": step, "y0": 0, "y1": 0.91,
              "line": {"width": 1.5, "dash": "dot", "color": MARKED}} for step in signs]
    return figure(
        _("What the network would name after each step; asked for is the last one, ringed the real one"),
        [{"type": "heatmap", "x": steps, "y": list(names), "z": real32(probabilities.T), "zmin": 0, "zmax": 1,
          "colorscale": sequential(PREDICTED), "colorbar": {"thickness": 10, "tickvals": [0, 0.5, 1]},
          "hovertemplate": pair(_("after step") + " %{x}", "%{y}") + "<br><b>%{z:.3f}</b><extra></extra>"},
         {"type": "scatter", "mode": "markers", "x": steps[-1:], "y": [names[actual]], "hoverinfo": "skip",
          "showlegend": False, "cliponaxis": False,
          "marker": {"symbol": "circle-open", "size": 14, "color": REAL, "line": {"width": 2.5}}}],
        annotations=notes, shapes=lines, hovermode="closest", modebar=NO_BUTTONS, dragmode=False,
        meta=_("How likely the network holds each answer after each step. It does not know yet what comes."),
        xaxis={"title": {"text": _("Time step")}, "range": [0.5, len(steps) + 0.5], "showgrid": False,
               "zeroline": False},
        yaxis={"title": {"text": _("Class")}, "type": "category", "autorange": "reversed", "showgrid": False,
               "domain": [0, 0.9]})


def next_symbols(probabilities: np.ndarray, names: Sequence[str], permitted: np.ndarray, *, following: int | None,
                 right: bool | None) -> go.Figure:
    """Return the probability of each symbol to come next, those that may come in a colour of their own.

    ``probabilities``, ``permitted``, ``names`` (K,); ``following`` the symbol that really comes; ``right`` whether
    every permitted symbol stands above every other one; None where nothing is asked.
    """
    numbers = np.arange(len(names), dtype=np.int32)
    titles = {True: _("Right: every permitted symbol stands above all others"),
              False: _("Wrong: another symbol stands above a permitted one"),
              None: _("Nothing is asked here: nobody can know what comes next")}
    traces: list[dict[str, Any]] = [
        {"type": "bar", "name": name, "x": numbers[chosen], "y": real32(probabilities[chosen]), "width": 0.75,
         "marker": {"color": colour}, "customdata": [names[int(number)] for number in numbers[chosen]],
         "hovertemplate": "%{customdata}<br><b>%{y:.4f}</b><extra></extra>"}
        for name, chosen, colour in ((_("Permitted"), permitted, PERMITTED),
                                     (_("Not permitted"), ~permitted, FORBIDDEN))
        if chosen.any()]
    if following is not None:
        traces.append({
            "type": "scatter", "mode": "markers", "name": _("Comes next"), "x": numbers[following:following + 1],
            "y": real32(probabilities[following:following + 1]), "hoverinfo": "skip", "cliponaxis": False,
            "marker": {"symbol": "circle-open", "size": 13, "color": REAL, "line": {"width": 2.5}}})
    shapes = [] if right is None else [
        {"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": lowest, "y1": lowest,
         "line": {"width": 1, "dash": "dot", "color": PERMITTED}}
        for lowest in [float(probabilities[permitted].min())]]
    return figure(
        titles[right], traces, hovermode="closest", showlegend=True, shapes=shapes, modebar=NO_BUTTONS, dragmode=False,
        xaxis={"title": {"text": _("Next symbol")}, "tickvals": numbers.tolist(), "ticktext": list(names),
               "range": [-0.5, len(names) - 0.5], "showgrid": False, "tickangle": 0},
        yaxis={"title": {"text": _("probability")}, "range": [0, 1.06], "tickvals": [0, 0.5, 1]})


def followed(symbols: Sequence[str], count: np.ndarray, states: np.ndarray, *, unit: int, state: str, counted: str,
             step: int) -> go.Figure:
    """Return what is counted over a sequence, and below it the states of a layer, one of them standing out.

    ``symbols``, ``count`` (T,); ``states`` (T, H); ``unit`` the one that stands out, counted from 0; ``state`` "c" or
    "h"; ``counted`` what is counted, in words; ``step`` the one that is looked at, counted from 1.
    """
    equally_long(symbols=np.array([*symbols]), count=count, states=states)
    steps = np.arange(1, len(symbols) + 1, dtype=np.int32)
    others = [number for number in range(states.shape[1]) if number != unit]
    others = [others[place] for place in evenly(len(others), LINES)]
    names = [_("unit {number}").format(number=number) for number in range(1, states.shape[1] + 1)]
    hover = "%{customdata} <b>%{y:.4g}</b><extra>"
    shared: dict[str, Any] = {"type": "scatter", "mode": "lines", "x": steps, "customdata": list(symbols)}
    traces = [shared | {
        "y": real32(count), "yaxis": "y2", "fill": "tozeroy", "fillcolor": faded(QUIET, 0.2), "showlegend": False,
        "line": {"color": QUIET, "width": 2, "shape": "hv"},
        "hovertemplate": "%{customdata} <b>%{y}</b><extra></extra>"}]
    traces += [shared | {
        "y": real32(states[:, number]), "line": {"color": faded(QUIET, 0.55), "width": 1}, "name": _("other units"),
        "legendgroup": "others", "showlegend": place == 0, "hovertemplate": f"{hover}{names[number]}</extra>"}
        for place, number in enumerate(others)]
    traces.append(shared | {
        "y": real32(states[:, unit]), "line": {"color": GATES[state], "width": 3}, "name": names[unit],
        "hovertemplate": f"{hover}{names[unit]}</extra>"})
    values = {"c": _("Cell state c"), "h": _("Hidden state h")}
    lowest, highest = float(states[:, unit].min()), float(states[:, unit].max())
    room = 0.4 * max(highest - lowest, 1e-3)            # the other units may leave the picture
    return figure(
        _("Does a state go up and down with the count?"), traces, hovermode="closest", showlegend=True,
        modebar=NO_BUTTONS, dragmode=False,
        meta=_("The state that follows the count most closely; above it the count."),
        shapes=[{"type": "line", "xref": "x", "yref": "paper", "x0": step, "x1": step, "y0": 0, "y1": 1,
                 "line": {"width": 1.5, "dash": "dot", "color": MARKED}}],
        xaxis={"title": {"text": _("Time step")}, "range": [0.5, len(symbols) + 0.5]},
        yaxis={"title": {"text": values[state]}, "domain": [0, 0.64], "range": [lowest - room, highest + room]},
        yaxis2={"title": {"text": counted}, "domain": [0.72, 1], "anchor": "x", "rangemode": "tozero", "nticks": 4})


def counts(right: np.ndarray, *, trained: int, now: int) -> go.Figure:
    """Return for each n how many of the steps that are asked for in a^n b^n are right.

    ``right`` (N,) shares for n = 1, 2, ...; ``trained`` the largest n of the training; ``now`` the n that is shown.
    """
    n = np.arange(1, len(right) + 1, dtype=np.int32)
    colours = [RIGHT if share == 1 else WRONG for share in right]
    lines = [(trained + 0.5, "dash", QUIET), (now, "dot", MARKED)]
    return figure(
        _("How far it counts: full green bars are strings that are right throughout"),
        [{"type": "bar", "x": n, "y": real32(right), "marker": {"color": colours},
          "hovertemplate": "n = %{x}<br><b>%{y:.1%}</b><extra></extra>", "showlegend": False}],
        meta=_("How many steps of the string with this n are right; full bars are right throughout."),
        hovermode="closest", modebar=NO_BUTTONS, dragmode=False, bargap=0.15 if len(right) <= BARS else 0,
        shapes=[{"type": "line", "xref": "x", "yref": "paper", "x0": place, "x1": place, "y0": 0, "y1": 1,
                 "line": {"width": 1.5, "dash": dash, "color": colour}} for place, dash, colour in lines],
        annotations=[{"x": trained + 0.5, "y": 1.06, "xref": "x", "yref": "y", "xanchor": "left", "yanchor": "bottom",
                      "showarrow": False, "text": " " + _("longer than in training") + " →"}],
        xaxis={"title": {"text": "n"}, "range": [0.5, len(right) + 0.5], "showgrid": False},
        yaxis={"title": {"text": _("steps right")}, "range": [0, 1.32], "tickformat": ".0%", "tickvals": [0, 0.5, 1]})


def shares_beside(curves: Mapping[str, tuple[np.ndarray, np.ndarray]], *, naive: float, most: int) -> go.Figure:
    """Return the shares of sequences right while several networks learn.

    ``curves`` gives for each network's name the training sequences read (n,) and the shares right (n,) of the
    validation part; ``naive`` is the share right when always the same is said, ``most`` as many sequences as are read.
    """
    traces: list[dict[str, Any]] = []
    for (name, (read, shares)), colour in zip(curves.items(), NETWORKS, strict=False):
        shown = evenly(len(read), POINTS)
        traces.append({"type": "scatter", "mode": "lines+markers", "name": name, "x": read[shown].astype(np.int32),
                       "y": real32(shares[shown]), "line": {"color": colour, "width": 2}, "marker": {"size": 4},
                       "hovertemplate": "%{y:.1%}"})
    return figure(
        _("Share of the sequences that are right: on the dotted line nothing has been learned"), traces,
        hovermode="x unified", showlegend=True, meta=_("The share of sequences that this network gets right."),
        shapes=[{"type": "line", "xref": "paper", "yref": "y", "x0": 0, "x1": 1, "y0": naive, "y1": naive,
                 "line": {"width": 1.5, "dash": "dot", "color": NAIVE}}],
        xaxis={"title": {"text": _("Training sequences read")}, "range": [-0.01 * most, 1.02 * most]},
        yaxis={"title": {"text": _("Correct answers")}, "range": [0, 1.02], "tickformat": ".0%",
               "tickvals": [0, 0.5, 1]})
