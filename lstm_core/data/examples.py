"""Short sequences that stand for themselves: images, reviews, numbers in words, waves of a given height."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from lstm_core import limits
from lstm_core.data.dataset import Dataset, ShownRows
from lstm_core.data.scaler import fit
from lstm_core.errors import Refusal
from lstm_core.spec import SPLITS, ExamplesSpec, Split
from lstm_core.spec.io import IGNORED


@dataclass(frozen=True, eq=False, kw_only=True)
class Examples(Dataset):
    """N examples of at most S steps; an example is named by its number, 0 to N-1."""

    contiguous: ClassVar[bool] = False

    inputs: np.ndarray              # (N, S, F) float32, or (N, S) int64 symbols
    targets: np.ndarray             # (N,) int64 classes, or (N, S') at every step: float32, or int64 with IGNORED
    steps_of: np.ndarray            # (N,) int64: the steps of each example; what follows them is padding

    def x(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the inputs of examples: (n, S, F) float32, or (n, S) int64 symbols."""
        x: np.ndarray = self.inputs[self._known(sample_ids)]
        return x

    def y(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the targets of examples: (n,) or, with an output at every step, (n, S')."""
        y: np.ndarray = self.targets[self._known(sample_ids)]
        return y

    def lengths(self, sample_ids: np.ndarray) -> np.ndarray | None:
        """Return the steps of each example (n,), or None when no example is padded."""
        return self.steps_of[sample_ids] if (self.steps_of < self.steps).any() else None

    def scored_mask(self, split: Split) -> np.ndarray:
        """Mark the targets of a part that are no padding: the shape of its y."""
        scored_mask: np.ndarray = self.targets[self.sample_ids[split]] != IGNORED
        return scored_mask

    def targets_of(self, split: Split) -> ShownRows:
        """Return all targets of a part, example by example."""
        return self._shown(self.sample_ids[split])

    def shown(self, split: Split) -> ShownRows:
        """Return the targets of a part's last examples: limits.SHOWN_EXAMPLES, or about limits.SHOWN_POINTS steps."""
        count = limits.SHOWN_EXAMPLES if self.output == "last" else limits.SHOWN_POINTS // self.targets.shape[1]
        return self._shown(self.sample_ids[split][-max(1, count):])

    def _shown(self, sample_ids: np.ndarray) -> ShownRows:
        if self.output == "last":
            window, step = np.arange(len(sample_ids)), np.zeros(len(sample_ids), dtype=np.int64)
        else:
            window, step = np.nonzero(self.targets[sample_ids] != IGNORED)
        actual = self._real(sample_ids)[window, step]
        return ShownRows(sample_ids, window, step, sample_ids[window], np.arange(1, len(actual) + 1), actual,
                         self._naive[step])

    def naive_error(self, split: Split) -> float:
        """Return the error of the training part's mean wave in real units, or the share right of its top class."""
        sample_ids = self.sample_ids[split]
        if not len(sample_ids):
            return np.nan
        actual, scored_mask = self._real(sample_ids), self.scored_mask(split).reshape(len(sample_ids), -1)
        if self.classes:
            return float(np.mean((actual == self._naive)[scored_mask]))
        return float(np.abs(actual - self._naive)[scored_mask].mean())

    def _real(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the targets in real units, or as classes: (n, S'), S' = 1 for an output at the last step."""
        y = self.targets[sample_ids].reshape(len(sample_ids), -1)
        return y if self.classes else self.unscale(y)

    @cached_property
    def _naive(self) -> np.ndarray:
        """Return the naive prediction at every step, (S',): the mean, or the most frequent class, of training."""
        actual = self._real(self.sample_ids["train"])
        if not self.classes:
            return np.asarray(actual.mean(axis=0))
        return np.full(actual.shape[1], np.bincount(actual[actual != IGNORED]).argmax())

    def _known(self, sample_ids: np.ndarray) -> np.ndarray:
        if len(sample_ids) and (sample_ids.min() < 0 or sample_ids.max() >= len(self.inputs)):
            raise Refusal("There are examples 0 to {last}; received {low} to {high}.", last=len(self.inputs) - 1,
                          low=int(sample_ids.min()), high=int(sample_ids.max()))
        return sample_ids


def make_examples(spec: ExamplesSpec, inputs: np.ndarray, targets: np.ndarray, *, features: tuple[str, ...],
                  target: str, steps_of: np.ndarray | None = None,
                  sample_ids: dict[Split, np.ndarray] | None = None, **more: Any) -> Examples:
    """Return examples; ``more`` are further fields of :class:`Examples`.

    Args:
        spec: says which examples are in which part.
        inputs: (N, S, F) float32, or (N, S) int64 symbols.
        targets: (N,) int64 classes, or (N, S') at every step: float32, or int64 with IGNORED.
        features: what the F inputs are called.
        target: what is predicted.
        steps_of: (N,) int64 the steps of each example, where some are padded.
        sample_ids: the examples of each part, where they are not drawn one by one.
    """
    count, steps = inputs.shape[:2]
    unscaled = fit("none", np.zeros((1, 1)))
    return Examples(
        features=features, target=target, unit_key="", steps=steps,
        sample_ids=draw_splits(count, spec) if sample_ids is None else sample_ids,
        output="last" if targets.ndim == 1 else "every", scaling=fit("none", np.zeros((1, len(features)))),
        target_scaling=unscaled, inputs=inputs, targets=targets,
        steps_of=np.full(count, steps) if steps_of is None else steps_of, **more)


def draw_splits(count: int, spec: ExamplesSpec) -> dict[Split, np.ndarray]:
    """Return the examples of each part, drawn at random: the same seed, the same parts."""
    order = np.random.default_rng(spec.split_seed).permutation(count)
    test = count - round(count * spec.test)
    validation = max(test - round(count * spec.validation), 1)
    return dict(zip(SPLITS, np.split(order, [validation, test]), strict=True))
