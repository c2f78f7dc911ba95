"""A lesson's moment without a server: the run is trained here. For tests, and for measuring what chance decides."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from lstm_core.learning import forecast, training, worker_cache
from lstm_core.lessons.moment import Moment
from lstm_core.records import Slice, Weights
from lstm_core.spec import RunSpec
from lstm_core.storage.schema import EVALUATIONS


@lru_cache(maxsize=64)
def trained(spec: RunSpec) -> Moment:
    """Train a run to its end, in this process, and return it as a lesson sees it."""
    return _moment(spec, list(training.train(spec)))


def untrained(spec: RunSpec) -> Moment:
    """Return settings that nobody has trained, as a lesson sees them."""
    return _moment(spec, [])


def _moment(spec: RunSpec, pieces: list[Slice]) -> Moment:
    records = [piece.records for piece in pieces]
    shots = [snapshot for record in records for snapshot in record.snapshots]
    kept = {snapshot.update: snapshot for snapshot in shots}
    updates = sorted(kept)
    best = sorted({snapshot.update for snapshot in shots if snapshot.best})     # some are kept twice
    final = best[-1] if spec.train.keep_best and best else updates[-1] if updates else 0

    def weights(update: int) -> Weights:
        return kept[max((known for known in updates if known <= update), default=updates[0])].weights

    return Moment(
        spec=spec, run="offline" if pieces else "", own=bool(pieces), ended=bool(pieces),
        update=pieces[-1].update if pieces else 0, outcome=pieces[-1].outcome if pieces else "training",
        known_losses=np.concatenate([record.losses for record in records]) if pieces else np.empty(0, np.float32),
        known_evaluations=np.array([tuple(getattr(evaluation, name) for name in EVALUATIONS.names or ())
                                    for record in records for evaluation in record.evaluations], dtype=EVALUATIONS),
        snapshots=np.array(updates, dtype=np.int64), final=final,
        prepared=lambda asked: worker_cache.dataset(asked.data, asked.model.output), weights_of=weights,
        scored=lambda update, split: forecast.score(spec, weights(update), split),
        predicted=lambda update, split: forecast.one_step_predictions(spec, weights(update), split),
        free=lambda update, starts, count: forecast.free_running(spec, weights(update), starts, count),
        others=trained)
