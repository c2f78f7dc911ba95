"""A forecast measured beside those that need no network, on the same rows: errors, the best of them, what is chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from lstm_core.evaluation.metrics import NOTHING, Metrics, measure_each
from lstm_core.evaluation.significance import Interval, error_saved

NETWORK = "network"


@dataclass(frozen=True, eq=False)
class Beside:
    """A network and the forecasts beside it over the same rows; the skill of each is against the best of these."""

    network: Metrics
    baselines: Mapping[str, Metrics] = field(default_factory=dict)      # for each name of verdict.BASELINES
    saved: Mapping[str, Interval] = field(default_factory=dict)         # by what share the network's mean squared
                                                                        # error is below that of each baseline

    @property
    def best(self) -> str:
        """Return the name of the baseline with the smallest RMSE; empty when none says anything."""
        errors = {name: found.rmse for name, found in self.baselines.items() if not np.isnan(found.rmse)}
        return min(errors, key=errors.__getitem__) if errors else ""

    @property
    def each(self) -> dict[str, Metrics]:
        """Return the metrics of all, the network first."""
        return {NETWORK: self.network, **self.baselines}

    def over(self, name: str) -> float:
        """Return the skill of the network against one baseline; nan where that makes no error or says nothing."""
        return skill_of(self.network, self.baselines.get(name, NOTHING))


def skill_of(one: Metrics, other: Metrics) -> float:
    """Return the skill of one forecast against another over the same rows; nan where the other makes no error."""
    return 1 - one.rmse / other.rmse if other.rmse else np.nan


def measure_beside(actual: np.ndarray, predicted: np.ndarray, baselines: Mapping[str, np.ndarray], *,
                   known: np.ndarray, horizon: int, examples: np.ndarray | None = None) -> Beside:
    """Return how a forecast compares with others.

    Args:
        actual: (n,) real values.
        predicted: (n,) the network's forecast of them.
        baselines: (n,) the other forecasts by name; one of nan alone says nothing.
        known: (n,) the last known target value before each prediction.
        horizon: how many rows ahead is predicted.
        examples: (n,) the example that each row belongs to, where rows of one are not independent of each other: then
            a difference is tested over the examples, not over the rows.
    """
    forecasts = {NETWORK: predicted, **baselines}
    rival = _best(actual, baselines) if baselines else np.full(len(actual), np.nan)
    found = measure_each(actual, forecasts, known, rival)
    told = ~np.isnan([actual, known, rival, *(each for each in forecasts.values() if not np.isnan(each).all())]).any(
        axis=0)
    with np.errstate(over="ignore"):
        squares = {name: (values[told] - actual[told]) ** 2 for name, values in forecasts.items()}
    if examples is not None:
        squares = {name: _means(values, examples[told]) for name, values in squares.items()}
    network = found.pop(NETWORK)
    return Beside(network, found, {
        name: error_saved(squares[NETWORK], squares[name], horizon) for name, each in found.items() if each.count
        and network.count})


def _best(actual: np.ndarray, baselines: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the forecast with the smallest squared error over the rows of which all say something."""
    speaking = [values for values in baselines.values() if not np.isnan(values).all()]
    if not speaking:
        return np.full(len(actual), np.nan)
    told = ~np.isnan(speaking).any(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        return min(speaking, key=lambda values: float(np.mean((values[told] - actual[told]) ** 2)) if told.any() else 0)


def _means(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the mean of the values (n,) of each group."""
    _, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    means: np.ndarray = np.bincount(place, values) / counts
    return means
