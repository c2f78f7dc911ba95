"""The loss while a network learns."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from lstm_core import limits
from lstm_core.charts.frame import POINTS, figure, quantity, real32
from lstm_core.charts.palette import NETWORKS, QUIET, SCORE, SPLITS
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.records import Evaluation

EVALUATIONS = 100                   # points of the validation curve
FIRST_SHOWN = 64                    # updates that the axis shows at least
LABELS = 8                          # decades that are written on a log axis


def loss_curve(losses: np.ndarray, evaluations: Sequence[Evaluation], *, log: bool, last_update: int | None = None,
               best: int | None = None, rate_changes: Sequence[tuple[int, float]] = (), unit: str = "",
               right: bool = False, stopped: int | None = None, to_validate: bool = False,
               noise: float = 0.0) -> go.Figure:
    """Return training loss by update and validation loss at each evaluation, the best one marked.

    ``losses`` (n,) is the loss of each update's batch; above 200 updates a point is the mean of its bin. ``unit`` says
    what the loss is measured in. ``best`` is the update with the lowest validation loss. ``rate_changes``
    are (update, learning rate from then on). ``right``: the evaluations' errors are shares of right classes, and drawn
    on an axis of their own. ``stopped`` is the epoch at whose end early stopping ended the run. ``to_validate``: the
    run trains, and what a validation part has yet to bring has its place already, named in ``meta``. ``last_update``:
    where the axis ends. ``noise``: the loss that noise alone makes, drawn as a line; 0: none is known.
    """
    updates, means = binned(losses)
    traces: list[dict[str, Any]] = [{
        "type": "scatter", "mode": "lines" if len(means) > 1 else "markers", "name": _("Training"), "meta": "train",
        "x": updates, "y": means, "line": {"color": SPLITS["train"], "width": 2}}]
    validated = [entry for entry in evaluations if np.isfinite(entry.validation_loss)]
    marked = [entry for entry in validated if entry.update == best]
    if validated or to_validate:
        traces.append(_validation([validated[at] for at in evenly(len(validated), EVALUATIONS)]))
    if marked or to_validate:
        traces.append(_best(marked))
    if stopped is not None and validated:
        traces.append(_stopped(validated[-1], stopped))
    if right:
        traces.append(_right([evaluations[at] for at in evenly(len(evaluations), EVALUATIONS)]))
    if noise:
        traces.append({"type": "scatter", "mode": "lines", "name": _("Noise alone"), "meta": "noise",
                       "x": np.array([0, limits.UPDATES], np.int32), "y": real32(np.array([noise, noise])),
                       "line": {"color": QUIET, "width": 1.5, "dash": "dash"}, "hoverinfo": "skip"})
    known = bool(len(means)) or bool(noise)
    if noise or not known:
        last_update = last_update or FIRST_SHOWN
    if rate_changes and len(means):
        traces.append(_changes(rate_changes, updates, means))
    title = _("Loss on training and validation data: lower is better") if validated or to_validate else _(
        "Loss on training data: lower is better")
    return figure(
        title, traces, hovermode="x unified",
        xaxis={"title": {"text": _("Updates of the weights")}, "rangemode": "tozero",
               **({"range": [0, last_update]} if last_update else {})},
        yaxis={"title": {"text": quantity(_("Loss"), unit)}, "hoverformat": ".4g",
               **(log_scale(narrow=not spans_decades(means)) if log else LINEAR),
               **({} if known else {"showticklabels": False})},     # of no values the ends of an axis mean nothing
        **({"yaxis2": _share_axis()} if right else {}))


LINEAR: dict[str, Any] = {"type": "linear", "rangemode": "tozero"}


def log_scale(*, narrow: bool) -> dict[str, Any]:
    """Return a logarithmic axis; ``narrow``: it spans so little that ticks at powers of ten alone say too little."""
    return {"type": "log", "dtick": "D2" if narrow else 1, "tickformat": "~g"}


def spans_decades(losses: np.ndarray) -> bool:
    """Tell whether the losses (n,) span two powers of ten, so that a linear axis would show a flat line."""
    return far_apart(*extremes(losses))


def extremes(losses: np.ndarray) -> tuple[float, float]:
    """Return the least and the greatest of the losses (n,) that have a place on a log axis; of none infinity and 0."""
    placed = losses[(losses > 0) & (losses < math.inf)]
    return (float(placed.min()), float(placed.max())) if len(placed) else (math.inf, 0.0)


def far_apart(least: float, most: float) -> bool:
    """Tell whether two powers of ten lie between these extremes."""
    return most >= 100 * least


def losses_beside(curves: Mapping[str, tuple[np.ndarray, float]], *, unit: str, by_epoch: bool = False) -> go.Figure:
    """Return the training losses of several networks, on a log scale.

    ``curves`` gives for each network's name the loss of each update (n,) and the epochs these took. They are drawn
    against updates, or against epochs.
    """
    traces: list[dict[str, Any]] = []
    for (name, (losses, epochs)), colour in zip(curves.items(), NETWORKS, strict=False):
        updates, means = binned(losses)
        traces.append({
            "type": "scatter", "mode": "lines" if len(means) > 1 else "markers", "name": name,
            "x": (updates * (epochs / len(losses))).astype(np.float32) if by_epoch and len(losses) else updates,
            "y": means, "line": {"color": colour, "width": 2}})
    drawn = np.concatenate([trace["y"] for trace in traces]) if traces else np.empty(0)
    seen = drawn[np.isfinite(drawn) & (drawn > 0)]
    decades = float(np.log10(seen.max() / seen.min())) if len(seen) else 0.0
    return figure(
        _("Training losses side by side: lower is better"), traces, hovermode="x unified", showlegend=True,
        meta=_("The training loss of this network: the mean over the batches it learned from."),
        xaxis={"title": {"text": _("Epochs") if by_epoch else _("Updates of the weights")}, "rangemode": "tozero"},
        yaxis={"title": {"text": quantity(_("Loss"), unit)}, "hoverformat": ".4g", "type": "log",
               "dtick": max(1, math.ceil(decades / LABELS)), "tickformat": "~g"})


def binned(losses: np.ndarray, since: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return at most 200 points: updates (m,) int32, the middle of each bin, and mean losses (m,) float32.

    ``since``: the bin in which the first point lies; those before it are left out.
    """
    size = bin_size(len(losses))
    starts = np.arange(since * size, len(losses), size)
    counts = np.diff(np.append(starts, len(losses)))
    fresh = np.asarray(losses[since * size:], dtype=np.float64)
    sums = np.add.reduceat(fresh, starts - since * size) if len(starts) else np.zeros(0)
    return (starts + (counts + 1) // 2).astype(np.int32), real32(sums / counts)


def bin_size(updates: int) -> int:
    """Return how many updates of a run make one point: a power of two, so that the points stay while a run grows."""
    return 1 << max(0, math.ceil(math.log2(max(1, updates) / POINTS)))


def _validation(shown: Sequence[Evaluation]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines+markers", "name": _("Validation"), "meta": "validation",
            "visible": bool(shown), "x": np.array([entry.update for entry in shown], dtype=np.int32),
            "y": np.array([entry.validation_loss for entry in shown], dtype=np.float32),
            "line": {"color": SPLITS["validation"], "width": 2}, "marker": {"size": 4}}


def _best(entries: Sequence[Evaluation]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "markers", "name": _("Best"), "meta": "best", "visible": bool(entries),
            "x": np.array([entry.update for entry in entries], dtype=np.int32),
            "y": np.array([entry.validation_loss for entry in entries], dtype=np.float32),
            "marker": {"symbol": "star", "size": 13, "color": SPLITS["validation"]}}


def _share_axis() -> dict[str, Any]:
    return {"title": {"text": _("Correct answers")}, "overlaying": "y", "side": "right", "range": [0, 1.02],
            "tickformat": ".0%", "tickvals": [0, 0.5, 1], "showgrid": False, "automargin": True}


def _stopped(entry: Evaluation, epoch: int) -> dict[str, Any]:
    return {"type": "scatter", "mode": "markers", "name": _("Stopped early, epoch {epoch}").format(epoch=epoch),
            "x": np.array([entry.update], dtype=np.int32), "y": np.array([entry.validation_loss], dtype=np.float32),
            "marker": {"symbol": "x", "size": 11, "color": QUIET}}


def _right(shown: Sequence[Evaluation]) -> dict[str, Any]:
    return {"type": "scatter", "mode": "lines", "name": _("Correct answers"), "yaxis": "y2",
            "hovertemplate": "%{y:.1%}", "meta": "right",
            "x": np.array([entry.update for entry in shown], dtype=np.int32),
            "y": np.array([entry.score for entry in shown], dtype=np.float32),
            "line": {"color": SCORE, "width": 2, "dash": "dot"}}


def _changes(rate_changes: Sequence[tuple[int, float]], updates: np.ndarray, means: np.ndarray) -> dict[str, Any]:
    at = np.array([update for update, _rate in rate_changes], dtype=np.int32)
    return {"type": "scatter", "mode": "markers", "name": _("Learning rate changed"), "x": at,
            "y": np.interp(at, updates, means).astype(np.float32),
            "text": [f"{rate:g}" for _update, rate in rate_changes], "hovertemplate": "%{text}",
            "marker": {"symbol": "diamond-open", "size": 9, "color": QUIET, "line": {"width": 2}}}
