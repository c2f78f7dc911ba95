"""From a finished run to the evidence of its verdicts: the one way for the page Predict and for the audit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import numpy as np

from lstm_core import cells
from lstm_core.data import Dataset, ShownRows, Windows
from lstm_core.evaluation.baselines import Baselines
from lstm_core.evaluation.beside import Beside, measure_beside
from lstm_core.evaluation.metrics import ClassMetrics, Metrics, measure, measure_classes
from lstm_core.evaluation.verdicts import Course, Evidence, gate_saturation
from lstm_core.records import Weights
from lstm_core.spec import ModelSpec, Split

TIME_STEPS = 2000       # time steps over which the gates are watched


def gather(course: Course, data: Dataset, split: Split, predicted: Mapping[Split, np.ndarray],
           saturation: Mapping[str, float], baselines: Baselines | None = None) -> Evidence:
    """Return all that is known of a run on a part that is not empty.

    Args:
        course: how its training went.
        data: what it was trained and is measured on.
        split: the part that judges.
        predicted: the predictions for all targets of that part and of the training part (``Dataset.targets_of``).
        saturation: what :func:`saturation` says.
        baselines: those of the series, where they are known already.
    """
    facts = {item.name: getattr(course, item.name) for item in fields(Course)} | {
        "unit": data.unit, "saturation": saturation}
    if data.classes:
        return Evidence(**facts, network=classes(data, split, predicted[split]),
                        training=classes(data, "train", predicted["train"]))
    shown, training = data.targets_of(split), _on_training(data, predicted["train"])
    found = numbers(data, shown, predicted[split], baselines)
    series = {"horizon": data.horizon, "actual": shown.actual, "predicted": predicted[split],
              "persistence": shown.naive} if isinstance(data, Windows) else {"horizon": 0}
    return Evidence(**facts, **series, network=found.network, baselines=found.baselines, saved=found.saved,
                    training=training)


def classes(data: Dataset, split: Split, probabilities: np.ndarray) -> ClassMetrics:
    """Return how well the classes of a part are told apart, from (n, K) probabilities."""
    shown = data.targets_of(split)
    return measure_classes(shown.actual, probabilities, shown.naive)


def numbers(data: Dataset, shown: ShownRows, predicted: np.ndarray, baselines: Baselines | None = None) -> Beside:
    """Return the errors over some targets, from predictions (n,) of them in real units, beside the baselines."""
    if isinstance(data, Windows):
        said = (baselines or Baselines.fit(data)).one_ahead(data, shown.rows)
        return measure_beside(shown.actual, predicted, said, known=said["persistence"], horizon=data.horizon)
    return measure_beside(shown.actual, predicted, {"mean": shown.naive}, known=shown.naive, horizon=0,
                          examples=shown.window)


def _on_training(data: Dataset, predicted: np.ndarray) -> Metrics:
    """Return the errors on the training part, with the skill over persistence (of waves: over the mean wave)."""
    shown = data.targets_of("train")
    return measure(shown.actual, predicted, shown.naive, shown.naive)


def saturation(model: ModelSpec, weights: Weights, data: Dataset, split: Split) -> dict[str, float]:
    """Return how far each gate is saturated (``gate_saturation``) over examples spread evenly over a part."""
    sample_ids = data.sample_ids[split]
    count = min(len(sample_ids), max(4, TIME_STEPS // data.steps))
    chosen = sample_ids[np.linspace(0, len(sample_ids) - 1, count).round().astype(np.int64)]
    traces = [cells.trace(model, weights, data.sample(int(end))) for end in chosen]
    return gate_saturation(layer.gates for trace in traces for layer in trace.layers)
