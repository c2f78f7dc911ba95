"""What people look at while a network learns: its predictions for a split, or one of its units."""

from __future__ import annotations

import time
from collections.abc import Sequence

from lstm_core.data import Dataset
from lstm_core.data.sequence import probe
from lstm_core.inside.probe import probe_traces
from lstm_core.learning.inference import predictions
from lstm_core.learning.network import Network
from lstm_core.records import Look, View
from lstm_core.spec import SPLITS, RunSpec


def draw(network: Network, prepared: Dataset, spec: RunSpec, update: int, looks: Sequence[Look]) -> View:
    """Predict what is drawn of the splits that are looked at, and look into the units."""
    started = time.perf_counter()
    drawn = {split: predictions(network, prepared, spec, prepared.shown(split))
             for split in SPLITS if split in looks and len(prepared.sample_ids[split])}
    units = [look for look in looks if isinstance(look, int)]
    inside = probe_traces(spec.model, network.weights(), probe(spec.data, prepared), prepared, units) if units else {}
    return View(update, drawn, time.perf_counter() - started, inside)
