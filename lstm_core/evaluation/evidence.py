"""From a finished run to the evidence of its verdicts: the one way for the page Predict and for the audit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

import numpy as np

from lstm_core import cells
from lstm_core.data import Dataset, Examples, ShownRows, Windows
from lstm_core.data.spread import evenly
from lstm_core.evaluation import classifiers
from lstm_core.evaluation.baselines import Baselines
from lstm_core.evaluation.beside import Beside, measure_beside
from lstm_core.evaluation.metrics import ClassMetrics, Metrics, Rival, measure, measure_classes, measure_rival
from lstm_core.evaluation.significance import Interval
from lstm_core.evaluation.verdict import GATES
from lstm_core.inside.units import CLOSED, OPEN
from lstm_core.records import Outcome, Weights
from lstm_core.spec import ModelSpec, Split

TIME_STEPS = 2000       # time steps over which the gates are watched


@dataclass(frozen=True, eq=False, kw_only=True)
class Course:
    """How a training went: m evaluations in order."""

    outcome: Outcome
    updates: np.ndarray             # (m,) updates done at each evaluation
    epochs: np.ndarray              # (m,) epochs done
    train_loss: np.ndarray          # (m,) nan before the first update
    validation_loss: np.ndarray     # (m,) nan without a validation part
    best_epoch: float | None        # of the weights that are judged; None: the last ones are


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence(Course):
    """All that is known of a run on one part, n judged rows. Classes need no rows here."""

    network: Metrics | ClassMetrics                     # on the judged part
    baselines: Mapping[str, Metrics] = field(default_factory=dict)      # the same for each name of BASELINES
    saved: Mapping[str, Interval] = field(default_factory=dict)         # of each baseline's mean squared error
    rivals: Mapping[str, Rival] = field(default_factory=dict)           # simpler models that name classes, see SIMPLER
    training: Metrics | ClassMetrics | None = None      # of the network on the training part, skill over persistence
    horizon: int = 1
    unit: str = ""
    saturation: Mapping[str, float] = field(default_factory=dict)       # of each gate (gate_saturation)
    # the judged part in real units, (n,) consecutive rows; persistence is nan where there is none
    actual: np.ndarray = field(default_factory=lambda: np.zeros(0))
    predicted: np.ndarray = field(default_factory=lambda: np.zeros(0))
    persistence: np.ndarray = field(default_factory=lambda: np.zeros(0))


def gather(course: Course, data: Dataset, split: Split, predicted: Mapping[Split, np.ndarray],
           saturation: Mapping[str, float], baselines: Baselines | None = None,
           company: Mapping[str, np.ndarray] | None = None) -> Evidence:
    """Return all that is known of a run on a part that is not empty.

    Args:
        course: how its training went.
        data: what it was trained and is measured on.
        split: the part that judges.
        predicted: the predictions for all targets of that part and of the training part (``Dataset.targets_of``).
        saturation: what :func:`saturation` says.
        baselines: those of the series, where they are known already.
        company: what simpler models name (``classifiers.company``), where it is known already.
    """
    facts = {item.name: getattr(course, item.name) for item in fields(Course)} | {
        "unit": data.unit, "saturation": saturation}
    if data.classes:
        if company is None:
            company = classifiers.company(data, split) if isinstance(data, Examples) else {}
        actual = data.targets_of(split).actual
        return Evidence(**facts, network=classes(data, split, predicted[split]),
                        rivals={name: measure_rival(actual, predicted[split], named)
                                for name, named in company.items()},
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
    chosen = sample_ids[evenly(len(sample_ids), max(4, TIME_STEPS // data.steps))]
    traces = [cells.trace(model, weights, data.sample(int(end))) for end in chosen]
    return gate_saturation(layer.gates for trace in traces for layer in trace.layers)


def gate_saturation(layers: Iterable[Mapping[str, np.ndarray]]) -> dict[str, float]:
    """Return for each gate that opens and closes the share of its activations below CLOSED or above OPEN.

    ``layers`` give for each gate its activations, of any shape: ``records.LayerTrace.gates`` of one layer or several.
    """
    values: dict[str, list[np.ndarray]] = {}
    for gates in layers:
        for name in gates.keys() & GATES.keys():
            values.setdefault(name, []).append(gates[name].ravel())
    joined = {name: np.concatenate(values[name]) for name in GATES if name in values}
    return {name: float(np.mean((gate < CLOSED) | (gate > OPEN))) for name, gate in joined.items()}
