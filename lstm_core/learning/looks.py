"""What people look at while a network learns: its predictions for a split, or one of its units."""

from __future__ import annotations

import time
from dataclasses import replace

from lstm_core.data import Dataset
from lstm_core.data.sequence import probe
from lstm_core.inside.probe import probe_traces
from lstm_core.learning.inference import answers, as_predicted
from lstm_core.learning.network import Network
from lstm_core.learning.reading import read_on
from lstm_core.records import Budget, Drawing, View
from lstm_core.spec import SPLITS, RunSpec


def draw(network: Network, prepared: Dataset, spec: RunSpec, update: int,
         budget: Budget) -> tuple[View | None, Drawing | None]:
    """Look into the units, and predict what is drawn of the splits that are looked at.

    Returns:
        all that the budget asks for, None when that is nothing; or, when the seconds of the budget, counted from now,
        were over before, what is there so far: the next slice goes on from it.
    """
    if not budget.view:
        return None, None
    started, looks = time.perf_counter(), budget.view
    view, begun = (View(update, {}), None) if budget.drawing is None else (budget.drawing.view, budget.drawing.begun)
    units = [look for look in looks if isinstance(look, int)]
    if units and not view.inside:
        view = replace(view, inside=probe_traces(spec.model, network.weights(), probe(spec.data, prepared), prepared,
                                                 units))
    for split in SPLITS:
        if split not in looks or split in view.predictions or not len(prepared.sample_ids[split]):
            continue
        reading = answers(network, prepared, spec, prepared.shown(split))
        if begun is not None:
            reading.restore(begun)
            begun = None
        if not read_on([reading], lambda: budget.over(started)):
            seconds = view.seconds + time.perf_counter() - started
            return None, Drawing(replace(view, seconds=seconds), looks, reading.save())
        view = replace(view, predictions=view.predictions | {split: as_predicted(prepared, reading.outputs)})
    return replace(view, seconds=view.seconds + time.perf_counter() - started), None
