"""How the presets are measured: each function takes a trained network and returns one number."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import eq

import numpy as np

from lstm_core import cells, data
from lstm_core.data.sources.numerals import END
from lstm_core.data.sources.reviews import reviews
from lstm_core.data.tasks import grammars
from lstm_core.evaluation import classifiers
from lstm_core.inside import generation
from lstm_core.learning import checkpoints, forecast, scratch_lstm, training, worker_cache
from lstm_core.learning.inference import evaluate
from lstm_core.learning.success_1997 import train_until_recent_right
from lstm_core.learning.torch_threads import alone
from lstm_core.records import Budget, Evaluation, Outcome, Slice, Weights
from lstm_core.spec import Reviews, RunSpec
from lstm_core.spec.io import IGNORED

COUNTED = grammars.COUNTED
TUTORIAL_STEPS = 20     # S5 sums its squared errors over 20 time steps and divides by the sequences


@dataclass(frozen=True, eq=False)
class Trained:
    """A run that has ended."""

    spec: RunSpec
    losses: np.ndarray              # (updates,) float32
    evaluations: tuple[Evaluation, ...]
    weights: Weights                # with which it ended: the best ones where they are kept
    outcome: Outcome
    seconds: float                  # processor time: what it takes on a core of its own


def trained(spec: RunSpec) -> Trained:
    """Train a run to its end, in this process."""
    started = time.process_time()
    pieces = list(training.train(spec))
    return _ended(spec, pieces, pieces[-1].outcome, time.process_time() - started)


def trained_as_in_1997(spec: RunSpec) -> Trained:
    """Train a run on the adding problem until the paper's rule ends it (:mod:`lstm_core.learning.success_1997`)."""
    started = time.process_time()
    pieces, met = train_until_recent_right(spec)
    outcome: Outcome = "enough" if met else pieces[-1].outcome
    return _ended(spec, pieces, outcome, time.process_time() - started)


def _ended(spec: RunSpec, pieces: Sequence[Slice], outcome: Outcome, seconds: float) -> Trained:
    end = training.Training(spec, worker_cache.dataset(spec.data, spec.model.output))
    end.restore(pieces[-1].state)
    return Trained(
        spec, np.concatenate([piece.records.losses for piece in pieces]),
        tuple(evaluation for piece in pieces for evaluation in piece.records.evaluations),
        end.network.weights(), outcome, seconds)


# -- measures ----------------------------------------------------------------------------------------------


def tutorial_loss(run: Trained) -> float:
    """Return the loss of the last update as S5 counts it: squared errors of 20 steps, summed."""
    return float(run.losses[-1]) * TUTORIAL_STEPS


def first_cost(run: Trained) -> float:
    """Return the loss of the first update as S5 counts it."""
    return float(run.losses[0]) * TUTORIAL_STEPS


def final_loss(run: Trained) -> float:
    """Return the loss of the last update, as the page shows it."""
    return float(run.losses[-1])


def all_right(run: Trained) -> float:
    """Return 1 when every letter was named right at the end of some epoch, 0 else."""
    return float(any(evaluation.score == 1.0 for evaluation in run.evaluations))


def best_share(run: Trained) -> float:
    """Return the highest share right at the end of an epoch."""
    return max(evaluation.score for evaluation in _at_epoch_ends(run))


def epochs_until_right(run: Trained) -> float:
    """Return after how many epochs everything was named right for the first time; inf: never."""
    return min((evaluation.epoch for evaluation in _at_epoch_ends(run) if evaluation.score == 1.0), default=math.inf)


def epochs(run: Trained) -> float:
    """Return how many epochs the run had."""
    return run.evaluations[-1].epoch


def checkpoint_difference(run: Trained) -> float:
    """Return how far the validation loss is from the best one when the run is continued from its checkpoint."""
    file = checkpoints.write(run.weights)
    worker_cache.put(file)
    again = training.advance(run.spec.change(checkpoint=data.digest(file)), None, Budget(updates=0))
    best = min(evaluation.validation_loss for evaluation in _at_epoch_ends(run))
    return abs(float(again.records.evaluations[0].validation_loss) - best)


def _at_epoch_ends(run: Trained) -> list[Evaluation]:
    return [evaluation for evaluation in run.evaluations if evaluation.epoch >= 1 and evaluation.epoch % 1 == 0]


def test_accuracy(run: Trained) -> float:
    """Return the share of right classes over the test part."""
    return _evaluated(run)[1]


def ahead_of_pairs(run: Trained) -> float:
    """Return by what share of the test part the network is right more often than word pairs that are counted."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    assert isinstance(prepared, data.Examples)
    pairs = classifiers.company(prepared, "test")["pairs"]
    return test_accuracy(run) - float(np.mean(pairs == prepared.y(prepared.sample_ids["test"])))


def everyday_accuracy(run: Trained) -> float:
    """Return the share right of the everyday reviews in the test part, where other reviews are read, too."""
    assert isinstance(run.spec.data, Reviews)
    shown = worker_cache.dataset(run.spec.data, run.spec.model.output).targets_of("test")
    right = forecast.one_step_predictions(run.spec, run.weights, "test").argmax(axis=1) == shown.actual
    everyday = shown.rows < len(reviews(run.spec.data.language, "plain")[0])       # they come first
    return float(right[everyday].mean())


def test_error(run: Trained) -> float:
    """Return the mean absolute error over the test part in real units."""
    return _evaluated(run)[1]


def naive_error(run: Trained) -> float:
    """Return the mean absolute error of the naive prediction over the test part in real units."""
    return worker_cache.dataset(run.spec.data, run.spec.model.output).naive_error("test")


def naive_share(run: Trained) -> float:
    """Return the share of the test part that is right when always the same is said."""
    return naive_error(run)


def below_highest(run: Trained) -> float:
    """Return how far the highest prediction of the test part stays below its highest real value, in real units."""
    actual = worker_cache.dataset(run.spec.data, run.spec.model.output).targets_of("test").actual
    return float(actual.max() - forecast.one_step_predictions(run.spec, run.weights, "test").max())


def skill(run: Trained) -> float:
    """Return the skill over the test part against persistence."""
    return forecast.score(run.spec, run.weights, "test").over_persistence


def _evaluated(run: Trained) -> tuple[float, float]:
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    end = training.Training(run.spec, prepared)
    end.network.load_weights(run.weights)
    with alone():
        return evaluate(end.network, prepared, run.spec, "test")


def mean_relative_deviation(run: Trained) -> float:
    """Return mean(|predicted - real| / |real|) over the test part, as S1 counts it."""
    actual = worker_cache.dataset(run.spec.data, run.spec.model.output).targets_of("test").actual
    return float(np.mean(np.abs(forecast.one_step_predictions(run.spec, run.weights,
                                                              "test") - actual) / np.abs(actual)))


def naive_deviation(run: Trained) -> float:
    """Return the mean relative deviation of the naive prediction over the test part."""
    shown = worker_cache.dataset(run.spec.data, run.spec.model.output).targets_of("test")
    return float(np.mean(np.abs(shown.naive - shown.actual) / np.abs(shown.actual)))


def mean_absolute_percentage_error(run: Trained) -> float:
    """Return the mean relative deviation in percent, as S2 counts it."""
    return 100 * mean_relative_deviation(run)


def stopped_early(run: Trained) -> float:
    """Return 1 when early stopping ended the run, 0 else."""
    return float(run.outcome == "early")


def scratch_difference(run: Trained) -> float:
    """Return how far the cell written out is from torch's own on the first test window."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    found = scratch_lstm.difference(run.spec.model, run.weights, prepared.sample(int(prepared.sample_ids["test"][0])))
    return max(found.h, found.c)


def exact_match(run: Trained) -> float:
    """Return the share of held-out numbers that are said right to the last sign, running freely."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    sample_ids = prepared.sample_ids["test"]
    said = generation.answers(run.spec.model, run.weights, prepared.x(sample_ids)[:, :prepared.encoder_steps], END)
    right = [tuple(answer[answer != IGNORED].tolist()) for answer in prepared.y(sample_ids)]
    return float(np.mean([*map(eq, said, right)]))


def sequences_needed(run: Trained) -> float:
    """Return how many training sequences, each a new one, were read until the run had enough right; inf: never.

    A run of its own checks that at the ends of epochs, on the validation part; the rule of 1997 after every update, on
    the sequences just read.
    """
    return float(len(run.losses) * run.spec.train.batch) if run.outcome == "enough" else math.inf


def sequences_right(run: Trained) -> float:
    """Return the share of the sequences of the test part, all new ones, that are processed right."""
    return _evaluated(run)[1]


def seconds(run: Trained) -> float:
    """Return the processor time of the training, which is its wall time on a core of its own."""
    return run.seconds


def counts_to(run: Trained) -> float:
    """Return the largest n to which all strings a^n b^n are right, at most COUNTED."""
    strings = grammars.counted(np.arange(1, COUNTED + 1)).x
    return float(grammars.counts_to(cells.predict(run.spec.model, run.weights, strings)))


MEASURES: dict[str, Callable[[Trained], float]] = {
    measure.__name__: measure for measure in (
        tutorial_loss, first_cost, final_loss, all_right, best_share, epochs_until_right, epochs, checkpoint_difference,
        test_accuracy, ahead_of_pairs, everyday_accuracy, test_error, naive_error, naive_share, below_highest, skill,
        mean_relative_deviation, naive_deviation, mean_absolute_percentage_error, stopped_early, scratch_difference,
        exact_match, sequences_needed, sequences_right, seconds, counts_to)}
