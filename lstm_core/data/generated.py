"""Sequences made by a rule: as many new ones as training asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import ClassVar

import numpy as np

from lstm_core import limits
from lstm_core.data.dataset import Dataset, ShownRows
from lstm_core.data.scaler import fit
from lstm_core.data.tasks import RULES
from lstm_core.data.tasks.sequences import TEST, VALIDATION, Made, Task
from lstm_core.spec import ScoreKind, Split, TaskSpec
from lstm_core.spec.io import IGNORED

ROWS = 256              # sequences that are made at once where a whole part is gone through


@dataclass(frozen=True, eq=False, kw_only=True)
class Generated(Dataset):
    """Sequences of at most S steps; the one with number n is always the same, and made when it is asked for.

    Training goes from number 0 on, in every epoch over new sequences; ``sample_ids["train"]`` are those of the
    first epoch.
    """

    contiguous: ClassVar[bool] = False
    resampled_each_epoch: ClassVar[bool] = True

    spec: TaskSpec

    @property
    def score_kind(self) -> ScoreKind:
        """Return that a sequence is processed right or not, also where numbers are predicted."""
        return "share"

    def made(self, sample_ids: np.ndarray) -> Made:
        """Return sequences, padded to the longest of them."""
        return _made(self.spec, np.asarray(sample_ids, dtype=np.int64).tobytes())

    def x(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the inputs of sequences, S the steps of the longest: (n, S, F) float32, or (n, S) int64 symbols."""
        return self.made(sample_ids).x

    def y(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the targets of sequences: (n,) float32 or int64 classes, or (n, S) int64 with IGNORED."""
        return self.made(sample_ids).y

    def lengths(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the steps of each sequence, (n,)."""
        return self.made(sample_ids).lengths

    def permitted(self, sample_ids: np.ndarray) -> np.ndarray | None:
        """Return which symbols may come next, (n, S, K) bool, none in the padding; None where one answer is asked for.

        Those of an example n without its padding: ``permitted(np.array([n]))[0]``.
        """
        return self.made(sample_ids).permitted

    def right(self, sample_ids: np.ndarray, outputs: np.ndarray) -> np.ndarray:
        """Tell which sequences are processed right: (n,) bool.

        Args:
            ends: (n,) the sequences.
            outputs: (n,) numbers, (n, K) scores or probabilities, or (n, S, K) at every step.
        """
        return task(self.spec).right(self.made(sample_ids), outputs)

    def scored_mask(self, split: Split) -> np.ndarray:
        """Mark the targets of a part that are asked for: (n,), or (n, S) with S the most steps there can be."""
        return self._asked(self.sample_ids[split])

    def targets_of(self, split: Split) -> ShownRows:
        """Return all targets of a part."""
        return self._shown(self.sample_ids[split])

    def shown(self, split: Split) -> ShownRows:
        """Return the targets of a part's last sequences: limits.SHOWN_EXAMPLES, or up to limits.SHOWN_POINTS steps."""
        if self.output == "last":
            return self._shown(self.sample_ids[split][-limits.SHOWN_EXAMPLES:])
        sample_ids = self.sample_ids[split][-limits.SHOWN_POINTS:]               # each asks for one target at least
        known = self._asked(sample_ids).sum(axis=1)[::-1].cumsum() <= limits.SHOWN_POINTS
        return self._shown(sample_ids[-max(1, int(known.sum())):])

    def _shown(self, sample_ids: np.ndarray) -> ShownRows:
        if self.output == "last":
            window, step = np.arange(len(sample_ids)), np.zeros(len(sample_ids), dtype=np.int64)
        else:
            window, step = np.nonzero(self._asked(sample_ids))
        actual = np.concatenate([made.y[made.y != IGNORED] for _, made in self._pieces(sample_ids)] or [np.zeros(0)])
        actual = actual if self.classes else self.unscale(actual)
        return ShownRows(sample_ids, window, step, sample_ids[window], np.arange(1, len(actual) + 1), actual,
                         np.full(len(actual), self._naive))

    def naive_error(self, split: Split) -> float:
        """Return the share of a part's sequences that are right when always the same is said.

        The mean of the training part, or its most frequent class; where the next symbol is asked for, the symbols by
        how frequent they are.
        """
        if split not in self._naive_errors and len(self.sample_ids[split]):
            always = self._frequencies if self.classes else np.array(self._naive)
            right = [task(self.spec).right(made, np.broadcast_to(always, (*made.y.shape, *always.shape)))
                     for _, made in self._pieces(self.sample_ids[split])]
            self._naive_errors[split] = float(np.mean(np.concatenate(right)))
        return self._naive_errors.get(split, np.nan)

    @cached_property
    def _naive_errors(self) -> dict[Split, float]:
        """Return what is known of them: a live picture asks again and again."""
        return {}

    @cached_property
    def _frequencies(self) -> np.ndarray:
        """Return how frequent each class is among the first training sequences, (K,)."""
        y = self.y(self.sample_ids["train"][:ROWS])
        return np.asarray(np.bincount(y[y != IGNORED], minlength=self.classes) / (y != IGNORED).sum())

    @cached_property
    def _naive(self) -> float | int:
        """Return the mean, or the most frequent class, of the first training sequences."""
        if self.classes:
            return int(self._frequencies.argmax())
        return float(self.unscale(self.y(self.sample_ids["train"][:ROWS])).mean())

    def _asked(self, sample_ids: np.ndarray) -> np.ndarray:
        """Mark the targets of sequences that are asked for: (n,), or (n, S)."""
        if self.output == "last":
            return np.ones(len(sample_ids), dtype=bool)
        asked = np.zeros((len(sample_ids), self.steps), dtype=bool)
        for start, made in self._pieces(sample_ids):
            asked[start:start + len(made.y), :made.y.shape[1]] = made.y != IGNORED
        return asked

    def _pieces(self, sample_ids: np.ndarray) -> Iterator[tuple[int, Made]]:
        """Go through many sequences in pieces: all at once they may be too large."""
        for start in range(0, len(sample_ids), ROWS):
            yield start, self.made(sample_ids[start:start + ROWS])


@lru_cache(maxsize=4)
def _made(spec: TaskSpec, numbers: bytes) -> Made:
    """Return the sequences with these numbers: inputs, targets and lengths of a batch are asked for one by one."""
    return task(spec).make(np.frombuffer(numbers, dtype=np.int64))


@lru_cache(maxsize=16)
def task(spec: TaskSpec) -> Task:
    """Return the rule that a spec asks for."""
    return RULES[type(spec)](spec)


def generated(spec: TaskSpec) -> Generated:
    """Return the sequences a spec asks for; those that judge are as many as its shares of an epoch say."""
    rule = task(spec)
    validation, test = (round(spec.sequences * share) for share in (spec.validation, spec.test))
    if rule.held_back is not None:
        validation, test = min(validation, rule.held_back[0]), min(test, rule.held_back[1])
    assert spec.output is not None
    unscaled = fit("none", np.zeros((1, 1)))
    return Generated(
        spec=spec, features=rule.features, target=rule.target, unit_key="", steps=rule.steps, output=spec.output,
        sample_ids={"train": np.arange(spec.sequences), "validation": VALIDATION + np.arange(validation),
                    "test": TEST + np.arange(test)},
        scaling=fit("none", np.zeros((1, len(rule.features)))), target_scaling=unscaled, alphabet=rule.alphabet,
        labels=rule.labels)
