"""Runs of several kinds and lengths, put into a store as if they had been trained so far."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from benchmarks.streamed import LOOKS
from lstm_core import codec, limits
from lstm_core.learning.training import advance
from lstm_core.records import Budget, Evaluation, Records, Slice
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.storage.store import Store

PACE = 50.0             # updates per second at which they go on
EPOCHS = 5_000
TEXT = "the quick brown fox jumps over the lazy dog and runs away "

WAVES = RunSpec(data=Waves(wave="sum", noise=0.1), train=TrainSpec(epochs=EPOCHS))
KINDS = {
    "waves": WAVES,
    "letters": RunSpec(data=Letters(text=TEXT * 15, cycle=False, steps=10), train=TrainSpec(epochs=EPOCHS)),
    "two layers": replace(WAVES, model=ModelSpec(layers=(Layer(16), Layer(16)))),
}


def put(store: Store, spec: RunSpec, updates: int) -> str:
    """Put a run into a store that has done so many updates, and goes on when somebody looks; return its id.

    Its network has done one update; what is recorded of the others is made up.
    """
    facts = store.create("somebody", spec)
    first = advance(spec, None, Budget(updates=1, view=LOOKS))
    if updates <= 1:
        piece = first
    else:
        arrays, known = codec.unpack(first.state)
        epoch = updates * first.epoch
        piece = replace(first, state=codec.pack(arrays, known | {"update": updates}), update=updates, epoch=epoch,
                        records=_recorded(first, updates, epoch))
    store.save(replace(facts, status="training", update=piece.update, epoch=piece.epoch, pace=PACE), [piece])
    return facts.id


def _recorded(first: Slice, updates: int, epochs: float) -> Records:
    noise = np.random.default_rng(0)
    losses = (np.exp(-np.arange(updates) / updates) * noise.uniform(0.5, 1.5, updates)).astype(np.float32)
    at = np.linspace(0, int(epochs), min(updates, int(epochs) + 1)).round()
    evaluations = tuple(Evaluation(round(epoch / epochs * updates), epoch, 0.1, float(noise.uniform(0.1, 1)), 0.5)
                        for epoch in at)
    kept = np.unique(np.linspace(0, updates, min(updates, limits.SNAPSHOTS - 2)).astype(int))
    (snapshot,) = first.records.snapshots[:1]
    return replace(first.records, losses=losses, evaluations=evaluations,
                   snapshots=tuple(replace(snapshot, update=int(update)) for update in kept))
