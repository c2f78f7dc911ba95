"""What came of a sweep: a map of two settings, the course over one, and every run as a line through all settings."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.frame import figure, quantity, real32
from lstm_core.charts.palette import NAIVE, PREDICTED, QUIET, RIGHT, WRONG, faded, under_words
from lstm_core.i18n import aside, phrases, powers
from lstm_core.i18n import gettext as _
from lstm_core.spec.sweep import Outcomes

ROOMY = 5               # columns up to which a cell of the map has room for its spread
ROW = 62                # pixels of a row of the map
WIDE = 10               # times that the largest error exceeds the smallest from which they are drawn on a log scale
LEAST = 1e-12           # errors below this are told apart no more
_FRAME = 90             # pixels of the title and the axis


def result_in_words(value: float, *, right: bool) -> str:
    """Return a result in a few digits: an error in real units, or a share right."""
    if math.isnan(value):
        return "–"
    return f"{value:.1%}" if right else powers(f"{value:.3g}")


def spread(found: Outcomes, *, right: bool) -> str:
    """Return the lowest and the highest result over the seeds."""
    low, high = result_in_words(found.low, right=right), result_in_words(found.high, right=right)
    return low if low == high else f"{low} – {high}"


def measure(unit: str, *, right: bool) -> str:
    """Return what is measured, for an axis."""
    return _("Correct answers") if right else quantity(_("Mean absolute error"), unit)


def sweep_map(found: Sequence[Outcomes], rows: Sequence[str], columns: Sequence[str], *, axes: tuple[str, str],
              seeds: int, unit: str, right: bool) -> go.Figure:
    """Return the median over the seeds for each pair of values, with the spread, and how many seeds there are yet.

    ``found`` has an entry for each row and column, the columns changing fastest; ``axes`` says what rows and columns
    are; ``unit`` is that of the error; ``right``: the results are shares right, and higher is better.
    """
    medians = np.array([each.median for each in found], dtype=np.float64).reshape(len(rows), len(columns))
    shades = real32(medians if right else -np.log(np.maximum(medians, LEAST)))
    known = shades[np.isfinite(shades)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    words = [f"<b>{result_in_words(each.median, right=right)}</b>" + "".join(
        f"<br>{line}" for line in _lines(each, seeds, right=right, roomy=len(columns) <= ROOMY)) for each in found]
    hints = [phrases([aside(result_in_words(each.median, right=right), spread(each, right=right)),
             _("{done} of {seeds} seeds").format(done=len(each.errors), seeds=seeds)]) for each in found]
    axis = {"type": "category", "showgrid": False, "zeroline": False}
    return figure(
        _("{measure}: median over the seeds, lowest to highest below it; the stronger the colour, the better").format(
            measure=measure(unit, right=right)),
        [{"type": "heatmap", "x": list(columns), "y": list(rows), "z": shades, "zmin": low,
          "zmax": high if high > low else low + 1, "colorscale": under_words(PREDICTED),
          "showscale": False, "xgap": 2, "ygap": 2, "hoverinfo": "skip"},
         {"type": "scatter", "mode": "text", "x": list(columns) * len(rows),
          "y": [row for row in rows for _column in columns], "text": words, "hovertext": hints,
          "hovertemplate": f"{axes[0]} %{{y}}<br>{axes[1]} %{{x}}<br>%{{hovertext}}<extra></extra>",
          "showlegend": False}],
        hovermode="closest", height=_FRAME + ROW * len(rows),
        meta=_("The middle result of all seeds with these two settings, and below it the lowest and the highest."),
        xaxis=axis | {"title": {"text": axes[1]}, "categoryarray": list(columns)},
        yaxis=axis | {"title": {"text": axes[0]}, "categoryarray": list(rows), "autorange": "reversed"})


def _lines(found: Outcomes, seeds: int, *, right: bool, roomy: bool) -> list[str]:
    lines = [spread(found, right=right)] if roomy and len(found.errors) > 1 else []
    missing = len(found.errors) < seeds
    return [*lines, _("{done} of {seeds}").format(done=len(found.errors), seeds=seeds)] if missing else lines


def sweep_line(found: Sequence[Outcomes], values: Sequence[str], baseline: Sequence[float], *, axis: str, unit: str,
               right: bool) -> go.Figure:
    """Return the results for each value of one setting: every seed, their median and spread, and the best baseline.

    ``found``, ``values`` and ``baseline`` have an entry for each value of the setting.
    """
    places = np.arange(len(values), dtype=np.int32)
    low, median, high = (real32(np.array(column)) for column in zip(
        *((each.low, each.median, each.high) for each in found), strict=True))
    line = {"type": "scatter", "x": places, "hoverinfo": "skip"}
    seeds = [(place, error) for place, each in enumerate(found) for error in each.errors]
    traces: list[dict[str, Any]] = [
        line | {"mode": "lines", "y": low, "line": {"width": 0}, "showlegend": False},
        line | {"mode": "lines", "y": high, "line": {"width": 0}, "fill": "tonexty", "fillcolor": faded(PREDICTED, 0.2),
                "name": _("Lowest to highest")},
        line | {"mode": "lines", "y": real32(np.array(baseline)), "name": _("Best baseline"),
                "line": {"color": NAIVE, "width": 1, "dash": "dot"}},
        line | {"mode": "markers", "name": _("One seed"), "x": np.array([place for place, _e in seeds], dtype=np.int32),
                "y": real32(np.array([error for _p, error in seeds])), "marker": {"color": QUIET, "size": 6}},
        line | {"mode": "lines+markers", "y": median, "name": _("Median"), "line": {"color": PREDICTED, "width": 2},
                "text": [aside(result_in_words(each.median, right=right), spread(each, right=right)) for each
                         in found],
                "hoverinfo": "all", "hovertemplate": "%{text}<extra></extra>"}]
    drawn = np.concatenate([low, high, real32(np.array(baseline))])
    drawn = drawn[np.isfinite(drawn) & (drawn > 0)]
    wide = not right and len(drawn) and drawn.max() > WIDE * drawn.min()
    scale = {"type": "log", "dtick": "D2", "tickformat": "~g"} if wide else {"rangemode": "tozero"}
    return figure(
        _("Every seed, their median and their spread: a step counts when the bands come apart"), traces,
        hovermode="closest", showlegend=True,
        xaxis={"title": {"text": axis}, "tickvals": places, "ticktext": list(values),
               "range": [-0.3, len(values) - 0.7], "showgrid": False, "zeroline": False},
        yaxis={"title": {"text": measure(unit, right=right)}, "tickformat": ".0%" if right else None, **scale})


def sweep_lines(choices: Sequence[tuple[str, Sequence[str], np.ndarray]], errors: np.ndarray, *, unit: str,
                right: bool) -> go.Figure:
    """Return every run as a line through its settings to its result (parallel coordinates); a drag on an axis selects.

    ``choices`` has for each setting its name, its values in words, and which of them each run has (n,); ``errors``
    (n,) are the results, finite.
    """
    axes = [{"label": name, "values": which.astype(np.float32), "range": [-0.2, len(values) - 0.8],
             "tickvals": list(range(len(values))), "ticktext": list(values)} for name, values, which in choices]
    wide = not right and len(errors) > 0 and errors.min() > 0 and errors.max() > WIDE * errors.min()
    heights = np.log10(errors) if wide else errors
    low, high = (float(heights.min()), float(heights.max())) if len(errors) else (0.0, 1.0)
    ticks = _decades(low, high) if wide else _even(low, high)
    result = {"label": measure(unit, right=right), "values": real32(heights),
              "range": [low, high if high > low else low + 1], "tickvals": ticks,
              "ticktext": [result_in_words(10 ** tick if wide else tick, right=right) for tick in ticks]}
    best, worst = (1.0, 0.0) if right else (0.0, 1.0)
    return figure(
        _("Every run as a line: green is better; drag along an axis to keep some of them"),
        [{"type": "parcoords", "dimensions": [*axes, result],
          "line": {"color": real32(heights), "cmin": low, "cmax": high if high > low else low + 1,
                   "colorscale": sorted([(best, RIGHT), (0.5, QUIET), (worst, WRONG)])}}],
        margin={"l": 56, "r": 56, "t": 44, "b": 20})


def _decades(low: float, high: float) -> list[float]:
    """Return the logarithms of 1, 2 and 5 times powers of ten between two logarithms."""
    ticks = [power + math.log10(digit) for power in range(math.floor(low), math.ceil(high)) for digit in (1, 2, 5)]
    return [tick for tick in ticks if low <= tick <= high]


def _even(low: float, high: float) -> list[float]:
    """Return round numbers between two numbers, at most eleven of them."""
    if high <= low:
        return [low]
    size = 10 ** math.floor(math.log10(high - low))
    step = next(size * split for split in (0.1, 0.2, 0.25, 0.5, 1) if high - low <= 10 * size * split)
    return [round(n * step, 12) for n in range(math.ceil(low / step), math.floor(high / step) + 1)]
