"""What all charts share: the frame of a figure, the axis for an index, and fewer points than there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core.charts.palette import CLEAR
from lstm_core.errors import Refusal, listed
from lstm_core.i18n import SOURCE, aside, current
from lstm_core.i18n import gettext as _

POINTS = 200                        # points of one line; more cannot be told apart on a screen and cost bytes

TEMPLATE = go.layout.Template(layout={
    "paper_bgcolor": CLEAR, "plot_bgcolor": CLEAR,
    "margin": {"l": 8, "r": 8, "t": 56, "b": 8},
    "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    "xaxis": {"automargin": True}, "yaxis": {"automargin": True},
})
"""What stays the same from figure to figure; the live figure has its own in JavaScript, so it is not sent."""


def figure(title: str, traces: Sequence[dict[str, Any]], **layout: Any) -> go.Figure:
    """Return the figure with our frame; the title says what to see."""
    # Validation takes plotly three quarters of the time of a picture; that our charts are valid is for the tests.
    return go.Figure(data=list(traces), layout={"template": TEMPLATE, "title": {"text": title}, **layout},
                     _validate=False)


def equally_long(**arrays: np.ndarray) -> None:
    """Refuse arrays of which one would be drawn against the wrong positions of another."""
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) > 1:
        raise Refusal("The parts of a chart must be equally long; received {lengths}.",
                      lengths=listed(f"{name}: {length}" for name, length in lengths.items()))


def real32(values: np.ndarray) -> np.ndarray:
    """Return float32; what is not finite becomes nan, which is drawn as a gap."""
    with np.errstate(over="ignore"):
        values = np.asarray(values, dtype=np.float32)
    return np.where(np.isfinite(values), values, np.float32(np.nan))


def index_axis(index: np.ndarray) -> tuple[np.ndarray, dict[str, Any]]:
    """Return the index as it is drawn (dates, or positions as int32) and the axis that belongs to it."""
    if np.issubdtype(index.dtype, np.datetime64):
        written = {} if current() == SOURCE else _in_digits(index)
        return index, {"type": "date", "title": {"text": _("Date")}, **written}
    return index.astype(np.int32), {"title": {"text": _("Time step")}}


def _in_digits(dates: np.ndarray) -> dict[str, Any]:
    """Return what makes an axis write dates without names of months, which Plotly has in English only."""
    whole = bool((dates == dates.astype("datetime64[D]")).all())
    day = 86_400_000        # milliseconds, in which Plotly counts the distance of ticks; "M1" is a month
    return {"hoverformat": "%Y-%m-%d" if whole else "%Y-%m-%d %H:%M", "tickformatstops": [
        {"dtickrange": [None, day - 1], "value": "%H:%M\n%Y-%m-%d"},
        {"dtickrange": [day, "M1"], "value": "%Y-%m-%d"}, {"dtickrange": ["M1", None], "value": "%Y-%m"}]}


def quantity(name: str, unit: str) -> str:
    """Return the title of an axis: what is measured, and in what unit."""
    return aside(name, unit) if unit else name
