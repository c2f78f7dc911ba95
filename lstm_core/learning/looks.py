"""What people look at while a network learns: its predictions for a split, or one of its units."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from lstm_core.data import Dataset
from lstm_core.data.sequence import probe
from lstm_core.inside.probe import probe_traces
from lstm_core.learning.inference import answers, as_predicted
from lstm_core.learning.network import Network
from lstm_core.learning.reading import Enough, read_on
from lstm_core.records import Drawing, Look, View
from lstm_core.spec import SPLITS, RunSpec


def draw(network: Network, prepared: Dataset, spec: RunSpec, update: int, looks: Sequence[Look],
         enough: Enough, drawing: Drawing | None = None) -> View | Drawing:
    """Look into the units, and predict what is drawn of the splits that are looked at, until it is enough.

    Returns:
        all that is looked at, or, when it was enough before, a part of it: give it to the next call, with the same
        looks and the same network.
    """
    started = time.perf_counter()
    view, begun = (View(update, {}), None) if drawing is None else (drawing.view, drawing.begun)
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
        if not read_on([reading], enough):
            seconds = view.seconds + time.perf_counter() - started
            return Drawing(replace(view, seconds=seconds), tuple(looks), reading.save())
        view = replace(view, predictions=view.predictions | {split: as_predicted(prepared, reading.outputs)})
    return replace(view, seconds=view.seconds + time.perf_counter() - started)
