"""What a trained network predicts: one step ahead for every row, or running freely on its own predictions.

Each is asked for in one go, or as :class:`Work` that is done piece by piece: the answer is bit-identical.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from lstm_core.data import Windows
from lstm_core.data.windows import fed_back
from lstm_core.evaluation.beside import skill_of
from lstm_core.evaluation.evidence import numbers
from lstm_core.evaluation.metrics import NOTHING, Score, gain
from lstm_core.learning import worker_cache
from lstm_core.learning.free_run import FreeRun, Settled
from lstm_core.learning.inference import Measurement, answers, as_predicted
from lstm_core.learning.network import Network
from lstm_core.learning.reading import Reading, done, read_on, restore_all, save_all
from lstm_core.learning.torch_threads import alone
from lstm_core.records import Progress, Unfinished, Weights
from lstm_core.spec import RunSpec, Split
from lstm_core.spec.io import IOShape
from lstm_core.spec.parameters import check_reading

T = TypeVar("T")


@dataclass(frozen=True)
class Work(Generic[T]):
    """What must be read for an answer, and how it follows from that."""

    readings: list[Reading]
    answer: Callable[[], T]

    def whole(self) -> T:
        """Return the answer."""
        with alone():
            read_on(self.readings, lambda: False)
            return self.answer()

    def go_on(self, progress: Progress | None, seconds: float) -> T | Unfinished:
        """Return the answer, or what is there of it after so many seconds; go on from what was there before."""
        began = time.perf_counter()
        with alone():
            if progress is not None:
                restore_all(self.readings, progress)
            if read_on(self.readings, lambda: time.perf_counter() - began >= seconds):
                return self.answer()
            return Unfinished(done(self.readings), save_all(self.readings))


def one_step_predictions(spec: RunSpec, weights: Weights, split: Split) -> np.ndarray:
    """Return the predictions for all targets of a part (``Dataset.targets_of``).

    (n,) in real units, or (n, K) probabilities.

    Raises:
        Refusal: it would take too long.
    """
    return one_step_work(spec, weights, split).whole()


def one_step_work(spec: RunSpec, weights: Weights, split: Split) -> Work[np.ndarray]:
    """Return the work of :func:`one_step_predictions`."""
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    check_reading(spec.model, prepared.io_shape, len(prepared.sample_ids[split]))
    reading = answers(_network(spec, weights, prepared.io_shape), prepared, spec, prepared.targets_of(split))
    return Work([reading], lambda: as_predicted(prepared, reading.outputs))


def score(spec: RunSpec, weights: Weights, split: Split) -> Score:
    """Return how well a network does over a part that is not empty: the errors are those of
    :func:`one_step_predictions`.

    Raises:
        Refusal: it would take too long.
    """
    return score_work(spec, weights, split).whole()


def score_work(spec: RunSpec, weights: Weights, split: Split) -> Work[Score]:
    """Return the work of :func:`score`."""
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    check_reading(spec.model, prepared.io_shape, len(prepared.sample_ids[split]))
    network = _network(spec, weights, prepared.io_shape)
    measuring = Measurement(network, prepared, spec, split)
    if prepared.score_kind == "share":
        def of_shares() -> Score:
            (loss, value), naive = measuring.result, prepared.naive_error(split)
            return Score(loss, value, "frequent", naive, gain(value, naive), share=True)

        return Work(measuring.readings, of_shares)
    shown = prepared.targets_of(split)
    reading = answers(network, prepared, spec, shown)

    def of_errors() -> Score:
        beside = numbers(prepared, shown, as_predicted(prepared, reading.outputs))
        best = beside.baselines[beside.best]
        return Score(measuring.result[0], beside.network.mae, beside.best, best.mae, beside.network.skill, share=False,
                     over_persistence=beside.over("persistence"),
                     baseline_over_persistence=skill_of(best, beside.baselines.get("persistence", NOTHING)))

    return Work([*measuring.readings, reading], of_errors)


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
    return free_work(spec, weights, starts, count).whole()


def free_work(spec: RunSpec, weights: Weights, starts: np.ndarray, count: int) -> Work[np.ndarray]:
    """Return the work of :func:`free_running`."""
    prepared = worker_cache.dataset(spec.data, spec.model.output)
    column = fed_back(prepared)
    assert isinstance(prepared, Windows)        # or it would have been refused
    prepared.x(starts)                          # refused where one lies outside the series
    network = _network(spec, weights, prepared.io_shape)
    settled = Settled(network, prepared, starts) if spec.train.stateful != "off" else None
    running = FreeRun(network, prepared, column, starts, count, settled)
    return Work([running] if settled is None else [settled, running], lambda: running.predicted)


def _network(spec: RunSpec, weights: Weights, io_shape: IOShape) -> Network:
    with alone():                               # it draws weights before it takes over these
        network = Network(spec.model, io_shape)
    network.load_weights(weights)
    return network
