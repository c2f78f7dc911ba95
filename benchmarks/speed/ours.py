"""Gatescope as a peer: ``python -m benchmarks.speed.ours s5 EPOCHS app|bare``.

``app``: in slices as the dispatcher asks for them, with snapshots, evaluations and the predictions of the part that is
looked at. ``bare``: in one go, with snapshots and evaluations, but without predictions.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from benchmarks.speed.peer import Gate, over_epochs
from benchmarks.speed.settings import SETTINGS
from lstm_core.learning import training, worker_cache
from lstm_core.learning.batches import Batches
from lstm_core.records import Budget
from lstm_core.running.scheduling import FIRST_SLICE, LONGEST_SLICE, DrawSchedule
from lstm_core.spec import RunSpec, Split


def main(name: str, epochs: int, way: str) -> None:
    """Train over and over until nobody asks for more."""
    spec, gate = SETTINGS[name].spec.change(epochs=epochs), Gate()
    while True:
        train(spec, gate, app=way == "app")


def train(spec: RunSpec, gate: Gate, *, app: bool) -> None:
    """Train once from the beginning to the end."""
    data = worker_cache.dataset(spec.data, spec.model.output)
    split: Split = "validation" if len(data.sample_ids["validation"]) else "train"
    state, losses, outcome, pencil = None, [], "training", DrawSchedule()
    while outcome == "training":
        if app:
            budget = Budget(seconds=LONGEST_SLICE if state else FIRST_SLICE,
                            view=pencil.looks(time.perf_counter(), (split,)))
        else:
            budget = Budget(updates=gate.left)
        piece = training.advance(spec, state, budget)
        state, outcome = piece.state, piece.outcome
        pencil.drew(time.perf_counter(), piece.records.view)
        losses.append(piece.records.losses)
        gate.first(float(losses[0][0]))
        if outcome == "training":
            gate.updates(len(losses[-1]))
    if app and piece.records.view is None:          # what is at rest is drawn as it is
        training.advance(spec, state, Budget(updates=0, view=(split,)))
    batches = Batches(spec.train, data.sample_ids["train"], data.steps)
    samples = len(data.sample_ids["train"]) if spec.train.stateful == "off" else batches.streams * batches.per_epoch
    all_losses = np.concatenate(losses)
    gate.finish(len(losses[-1]), len(all_losses), over_epochs(all_losses, batches.per_epoch, samples, spec.train.batch))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
