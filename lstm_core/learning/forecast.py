"""What a trained network predicts: one step ahead for every row, or running freely on its own predictions."""

from __future__ import annotations

import numpy as np
import torch

from lstm_core.data import Windows
from lstm_core.data.windows import fed_back
from lstm_core.evaluation.beside import skill_of
from lstm_core.evaluation.evidence import numbers
from lstm_core.evaluation.metrics import NOTHING, Score, gain
from lstm_core.learning import worker_cache
from lstm_core.learning.inference import evaluate, predictions, states_at
from lstm_core.learning.network import Network
from lstm_core.learning.torch_threads import alone
from lstm_core.records import Weights
from lstm_core.spec import RunSpec, Split
from lstm_core.spec.io import IOShape
from lstm_core.spec.parameters import check_reading


def one_step_predictions(spec: RunSpec, weights: Weights, split: Split) -> np.ndarray:
    """Return the predictions for all targets of a part (``Dataset.targets_of``).

    (n,) in real units, or (n, K) probabilities.

    Raises:
        Refusal: it would take too long.
    """
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    check_reading(spec.model, prepared.io_shape, len(prepared.sample_ids[split]))
    with alone():
        return predictions(_network(spec, weights, prepared.io_shape), prepared, spec, prepared.targets_of(split))


def score(spec: RunSpec, weights: Weights, split: Split) -> Score:
    """Return how well a network does over a part that is not empty: the errors are those of
    :func:`one_step_predictions`.

    Raises:
        Refusal: it would take too long.
    """
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    check_reading(spec.model, prepared.io_shape, len(prepared.sample_ids[split]))
    with alone():
        network = _network(spec, weights, prepared.io_shape)
        loss, value = evaluate(network, prepared, spec, split)
        if prepared.score_kind == "share":
            naive = prepared.naive_error(split)
            return Score(loss, value, "frequent", naive, gain(value, naive), share=True)
        shown = prepared.targets_of(split)
        predicted = predictions(network, prepared, spec, shown)
    beside = numbers(prepared, shown, predicted)
    best = beside.baselines[beside.best]
    return Score(loss, beside.network.mae, beside.best, best.mae, beside.network.skill, share=False,
                 over_persistence=beside.over("persistence"),
                 baseline_over_persistence=skill_of(best, beside.baselines.get("persistence", NOTHING)))


def free_running(spec: RunSpec, weights: Weights, starts: np.ndarray, count: int) -> np.ndarray:
    """Return free-running forecasts: the network reads its own predictions as if they had come true.

    The first step is that of :func:`one_step_predictions`: where the state is carried, it begins with the state in
    which the network has read all that came before, else with the last window.

    Args:
        spec: the run.
        weights: its network.
        starts: (m,) rows of the series, each the last one whose values are known.
        count: how many steps to go.

    Returns:
        (m, count) in real units. Features other than the target stay as they were last known.

    Raises:
        Refusal: the network cannot run freely, or a start lies outside the series.
    """
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    column = fed_back(prepared)
    assert isinstance(prepared, Windows)        # or it would have been refused
    with alone(), torch.no_grad():
        network = _network(spec, weights, prepared.io_shape)
        x = torch.from_numpy(prepared.x(starts))                                    # (m, S, F)
        carried = spec.train.stateful != "off"
        y, states = states_at(network, prepared, starts) if carried else (_last(network(x)[0]), None)
        predicted = [prepared.unscale(y.numpy())]
        for _step in range(1, count):
            new = x[:, -1:].clone()
            scale, shift = prepared.scaling.scale[column], prepared.scaling.shift[column]
            new[:, 0, column] = torch.from_numpy(((predicted[-1] - shift) / scale).astype(np.float32))
            x = torch.cat([x[:, 1:], new], dim=1)
            scores, states = network(new, states) if carried else network(x)
            predicted.append(prepared.unscale(_last(scores).numpy()))
    return np.stack(predicted, axis=1)


def _last(scores: torch.Tensor) -> torch.Tensor:
    """Return the last of the outputs (m, S), or the only ones (m,)."""
    return scores[:, -1] if scores.dim() == 2 else scores


def _network(spec: RunSpec, weights: Weights, io_shape: IOShape) -> Network:
    network = Network(spec.model, io_shape)
    network.load_weights(weights)
    return network
