"""The first part of the audit: the verdicts of the page Predict on networks that were really trained."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from os import cpu_count

import numpy as np

from benchmarks.audit.cases import Case, cases
from benchmarks.audit.rows import Row
from lstm_core.evaluation.evidence import Course, gather, saturation
from lstm_core.evaluation.verdict import Kind, Verdict
from lstm_core.evaluation.verdicts import verdicts
from lstm_core.learning import forecast, worker_cache
from lstm_core.presets.measures import Trained, trained
from lstm_core.spec import Split


def told(case: Case) -> list[Verdict]:
    """Train the network of a case and return what the page Predict says of it on the test part."""
    for blob in case.blobs:
        worker_cache.put(blob)
    run = trained(case.spec)
    prepared = worker_cache.dataset(case.spec.data, case.spec.model.output)
    parts: tuple[Split, ...] = ("test", "train")
    predicted = {split: forecast.one_step_predictions(case.spec, run.weights, split) for split in parts}
    return verdicts(gather(_course(run), prepared, "test", predicted,
                           saturation(case.spec.model, run.weights, prepared, "test")))


def _course(run: Trained) -> Course:
    columns = {name: np.array([getattr(entry, name) for entry in run.evaluations])
               for name in ("update", "epoch", "train_loss", "validation_loss")}
    return Course(outcome=run.outcome, updates=columns["update"], epochs=columns["epoch"],
                  train_loss=columns["train_loss"], validation_loss=columns["validation_loss"], best_epoch=None)


def row(case: Case) -> Row:
    """Hold what is said of a case against the truth."""
    said: list[Kind] = [verdict.kind for verdict in told(case)]
    return Row(case.nature, case.truth, ", ".join(said) or "nothing", tuple(case.wrong(said)))


def check(seed: int, share: float = 1.0) -> Iterator[Row]:
    """Yield a row for each case of a seed, on all cores."""
    with ProcessPoolExecutor(cpu_count(), mp_context=get_context("spawn")) as workers:
        yield from workers.map(row, cases(seed, share))
