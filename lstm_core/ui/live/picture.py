"""One picture of a run: what is new since the last one that a browser was sent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstm_core.charts.forecast import drawn_from
from lstm_core.charts.frame import real32
from lstm_core.charts.loss import FIRST_SHOWN, bin_size, binned, extremes, far_apart
from lstm_core.data import Dataset
from lstm_core.data.spread import evenly
from lstm_core.records import Look, ProbeTrace
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS
from lstm_core.ui.live import words
from lstm_core.ui.live.phases import phases

EVALUATIONS = 40        # points of the validation curve in one picture


@dataclass
class Sent:
    """What a browser has been sent of a run."""

    losses: int = 0
    extremes: tuple[float, float] = (math.inf, 0.0)     # of these losses
    evaluations: int = 0
    update: int = 0
    snapshots: set[int] = field(default_factory=set)    # the moments of training it knows of
    drawn: tuple[Any, ...] = ()     # update and parts of the predictions,
    inside: tuple[Any, ...] = ()    # update and units of what the network does inside
    explained: int | None = -1      # the update of which it has the phases; None: it knows that there is none


def structure(view: RunView) -> str:
    """Return what decides which controls and sentences a page has: when it changes, the page is drawn anew."""
    state = "moving" if view.active else view.status
    return f"{view.id} {state} {view.outcome} {view.held} {max(1, len(view.trained_on))}"


def picture(view: RunView, data: Dataset, looks: Sequence[Look], sent: Sent) -> dict[str, Any]:
    """Return what is new of a run, and take note in ``sent`` that the browser has it.

    The losses are bins as in the loss curve, from the last one that was not full; ``from`` 0 replaces all. Predictions
    are those of the drawn places only, probabilities as whole numbers from 0 to 255; what the network does inside is as
    in :func:`inside`.
    """
    if view.update < sent.update:       # the run was taken back to its beginning
        sent.__init__()                 # type: ignore[misc]
    least, most = extremes(view.losses[sent.losses:])
    sent.extremes = min(least, sent.extremes[0]), max(most, sent.extremes[1])
    shown: dict[str, Any] = {
        "run": view.id, "structure": structure(view), "active": view.active, "update": view.update,
        "progress": min(1.0, view.epoch / view.spec.train.epochs), "says": words.progress(view),
        "advice": words.advice(view),
        "numbers": words.numbers(view, share=data.score_kind == "share", unit=data.unit), "alt": words.loss(view),
        "woken": view.woken, "last_shown": last_shown(view), "log": far_apart(*sent.extremes),
        "best": None if view.best is None else [int(view.best["update"]), float(view.best["validation_loss"])]}
    if len(view.losses) > sent.losses:
        size = bin_size(len(view.losses))
        since = sent.losses // size if size == bin_size(sent.losses) else 0
        shown["losses"] = {"from": since, "size": size, "count": len(view.losses),
                           "mean": binned(view.losses, since)[1]}
    fresh = view.evaluations[sent.evaluations:]
    if len(fresh):
        fresh = fresh[evenly(len(fresh), EVALUATIONS)]
        shown["evaluations"] = {"from": sent.evaluations, "update": fresh["update"].astype(np.int32),
                                "loss": real32(fresh["validation_loss"]), "score": real32(fresh["score"])}
    snapshots = set(view.snapshots.tolist())
    if snapshots != sent.snapshots:     # some go again: of those that were the best so far only the last is kept
        shown["snapshots"] = {"new": sorted(snapshots - sent.snapshots), "gone": sorted(sent.snapshots - snapshots)}
        sent.snapshots = snapshots
    there = [split for split in SPLITS if split in looks and split in view.predictions]
    if there and sent.drawn != (view.predictions_update, there):
        shown["predicted"] = {split: _drawn(view.predictions[split], data) for split in there}
        shown["drawn"] = view.predictions_update
        sent.drawn = (view.predictions_update, there)
    units = [look for look in looks if isinstance(look, int) and look in view.inside]
    if units and sent.inside != (view.predictions_update, units):
        shown["inside"] = {str(unit): inside(view, view.inside[unit]) for unit in units}
        sent.inside = (view.predictions_update, units)
    explained = None if view.explained is None else view.explained.update
    if explained != sent.explained:
        shown["phases"] = phases(view, data)
        sent.explained = explained
    sent.losses, sent.evaluations, sent.update = len(view.losses), len(view.evaluations), view.update
    return shown


def last_shown(view: RunView) -> int | None:
    """Return the update at which the axis of the loss ends; None before the first one.

    That is where the run ends, but not more than four times as far as it is: at first its beginning fills the chart.
    """
    if not view.epoch:
        return None
    total = round(view.update / view.epoch * view.spec.train.epochs)
    return min(total, max(FIRST_SHOWN, 2 << view.update.bit_length()))


def inside(view: RunView, seen: ProbeTrace) -> dict[str, Any]:
    """Return what the network does inside, for the browser.

    ``values`` holds the C shown time steps of every gate and state in the order of ``CellType.names``, layer after
    layer: (layers * names, C) float32; ``units`` says which unit that is in each layer.
    """
    names = view.spec.model.cell_type.names
    told = {"update": view.predictions_update, "units": [layer.unit for layer in seen.layers], "output": seen.output,
            "values": np.stack([layer.values[name] for layer in seen.layers for name in names])}
    return told if seen.likeliest is None else told | {"likeliest": seen.likeliest}


def _drawn(predicted: np.ndarray, data: Dataset) -> np.ndarray:
    """Return predictions (n,) as they are drawn, float32; of probabilities (n, K) the last (m, K), uint8."""
    if not data.classes:
        return real32(predicted)
    drawn = predicted[drawn_from(len(predicted), data.classes):]
    return np.asarray(np.nan_to_num(drawn * 255).round(), np.uint8)
