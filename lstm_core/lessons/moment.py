"""The learner's run at one moment: all that a truth may be worked out from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from lstm_core import cells
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence as ReadSequence
from lstm_core.data.sequence import probe
from lstm_core.errors import Refusal
from lstm_core.evaluation.metrics import Score
from lstm_core.inside import interventions
from lstm_core.inside.interventions import Intervention
from lstm_core.records import GateTrace, Outcome, Weights
from lstm_core.spec import RunSpec, Split
from lstm_core.storage.schema import EVALUATIONS


@dataclass(frozen=True, eq=False, kw_only=True)
class Moment:
    """A run as a lesson sees it. What has to be computed is computed when it is asked for, once.

    Whatever needs a trained network raises a Refusal while there is none.
    """

    spec: RunSpec
    run: str = ""                   # its id; empty: nobody has trained these settings yet
    own: bool = False               # it is the learner's, no example
    update: int = 0                 # updates done
    ended: bool = False             # it has been trained to its end
    outcome: Outcome = "training"
    known_losses: np.ndarray = field(default_factory=lambda: np.empty(0, np.float32))     # (updates,), so far
    known_evaluations: np.ndarray = field(default_factory=lambda: np.empty(0, EVALUATIONS))     # (n,), so far
    snapshots: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))    # (n,) updates with a snapshot
    final: int = 0                  # the update with the weights that the run ends with
    prepared: Callable[[RunSpec], Dataset]
    weights_of: Callable[[int], Weights]                # by update
    scored: Callable[[int, Split], Score]
    predicted: Callable[[int, Split], np.ndarray]       # (n,) in real units, or (n, K): one-step predictions of a part
    free: Callable[[int, np.ndarray, int], np.ndarray]  # update, starts (m,), count -> (m, count) in real units
    others: Callable[[RunSpec], Moment]                 # the learner's newest run with other settings, else the example
    widgets: Mapping[str, Any] = field(default_factory=dict)    # what the widgets of the page hold, by key
    changes: Sequence[Intervention] = ()                # what is changed inside the network

    @property
    def trained(self) -> bool:
        """Tell whether there is a network to look into."""
        return bool(len(self.snapshots))

    @property
    def losses(self) -> np.ndarray:
        """Return the training loss of each update, (updates,).

        Raises:
            Refusal: there is none yet.
        """
        return self._there(self.known_losses)

    @property
    def evaluations(self) -> np.ndarray:
        """Return what was measured between updates, (n,) of dtype EVALUATIONS.

        Raises:
            Refusal: there is nothing yet.
        """
        return self._there(self.known_evaluations)

    def _there(self, known: np.ndarray) -> np.ndarray:
        if not len(known):
            raise Refusal("There is no trained network yet: press Train first.")
        return known

    @cached_property
    def data(self) -> Dataset:
        """Return the data as the network sees them."""
        return self.prepared(self.spec)

    @cached_property
    def weights(self) -> Weights:
        """Return the weights that the run ends with.

        Raises:
            Refusal: there is no network yet.
        """
        return self.weights_at(self.final)

    def weights_at(self, update: int) -> Weights:
        """Return the weights after so many updates, or at the nearest snapshot before."""
        if not self.trained:
            raise Refusal("There is no trained network yet: press Train first.")
        return self.weights_of(update)

    @cached_property
    def probe(self) -> ReadSequence:
        """Return the sequence on which a run is looked into unless a person chooses another (data.sequence.probe)."""
        return probe(self.spec.data, self.data)

    def trace(self, x: np.ndarray | None = None, changes: Sequence[Intervention] = (),
              update: int | None = None) -> GateTrace:
        """Return what happens inside while the network reads a sequence, the probe unless another is given.

        Args:
            x: (T, F) scaled numbers or (T,) symbols.
            changes: what is changed inside it.
            update: at which moment of its training; None: the weights it ends with.
        """
        weights = self.weights if update is None else self.weights_at(update)
        read = self.probe.x if x is None else x
        if changes:
            return interventions.apply(self.spec.model, weights, read, changes)
        return cells.trace(self.spec.model, weights, read)

    def predictions(self, split: Split) -> np.ndarray:
        """Return the one-step predictions of a part: (n,) in real units, or (n, K) probabilities."""
        if not self.trained:
            raise Refusal("There is no trained network yet: press Train first.")
        return self.predicted(self.final, split)

    def score(self, split: Split) -> Score:
        """Return how well the network does over a part, beside the best naive prediction."""
        if not self.trained:
            raise Refusal("There is no trained network yet: press Train first.")
        return self.scored(self.final, split)

    def free_running(self, starts: np.ndarray, count: int) -> np.ndarray:
        """Return forecasts that feed on themselves, (m, count) in real units, from the last known rows (m,)."""
        if not self.trained:
            raise Refusal("There is no trained network yet: press Train first.")
        return self.free(self.final, starts, count)

    def other(self, spec: RunSpec) -> Moment:
        """Return the learner's newest run with other settings, else the example with them, else an untrained one."""
        return self.others(spec)
