"""What a network is trained and measured on, whatever it was made from: samples, their truth, and what is drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from lstm_core.data.scaler import Scaling
from lstm_core.i18n import gettext
from lstm_core.spec import Output, ScoreKind, Split
from lstm_core.spec.io import IOShape


@dataclass(frozen=True, eq=False)
class ShownRows:
    """The targets of a part that are drawn, n of them, and how to predict them.

    Let the network read the m samples ``sample_ids``; with its outputs (m, S, ...), S = 1 for an output at the last
    step, the prediction of target k is ``outputs[window[k], step[k]]``.
    """

    sample_ids: np.ndarray          # (m,) int64
    window: np.ndarray              # (n,) int64, 0..m-1
    step: np.ndarray                # (n,) int64, 0..S-1
    rows: np.ndarray                # (n,) int64 row of the series, or number of the example
    index: np.ndarray               # (n,) dates or positions
    actual: np.ndarray                # (n,) float64 in real units, or int64 classes
    naive: np.ndarray               # (n,) the same for the naive prediction; nan where there is none

    def at(self, places: np.ndarray) -> ShownRows:
        """Return some of the targets, by their places (k,) among these."""
        return replace(self, **{name: getattr(self, name)[places] for name in (
            "window", "step", "rows", "index", "actual", "naive")})


@dataclass(frozen=True, eq=False, kw_only=True)
class Dataset(ABC):
    """Samples of S steps with F features each, and one target; a sample is named by a whole number, its id."""

    contiguous: ClassVar[bool]        # the samples are windows of one series, in which one follows on another
    resampled_each_epoch: ClassVar[bool] = False     # every epoch has training samples of its own, see Batches

    features: tuple[str, ...]
    target: str
    unit_key: str                   # unit of the target in English; empty: it has none
    sample_ids: dict[Split, np.ndarray]     # (n,) int64: the samples each split is trained or measured on
    steps: int                      # of the longest sample
    output: Output
    scaling: Scaling                # of the features
    target_scaling: Scaling
    alphabet: tuple[str, ...] = ()  # the symbols that enter; empty when numbers enter
    labels: tuple[str, ...] = ()    # the classes to choose from; empty when a number is predicted
    own: bool = False               # the columns are those of a person's own table
    encoder_steps: int = 0                 # steps that an encoder reads before a decoder begins; 0: there is no decoder

    @property
    def unit(self) -> str:
        """Return the unit of the target in the language now in use."""
        return gettext(self.unit_key) if self.unit_key else ""

    @property
    def classes(self) -> int:
        """Return the number of classes, 0 when numbers are predicted."""
        return len(self.labels)

    @property
    def score_kind(self) -> ScoreKind:
        """Return what a score is: the mean absolute error in real units, or the share that is right."""
        return "share" if self.classes else "error"

    @property
    def io_shape(self) -> IOShape:
        """Return what enters and leaves a network that learns this."""
        return IOShape(n_features=0 if self.alphabet else len(self.features), n_symbols=len(self.alphabet),
                       n_classes=self.classes, n_steps=self.steps, encoder_steps=self.encoder_steps)

    @abstractmethod
    def x(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the inputs of samples: (n, S, F) float32, or (n, S) int64 symbols."""

    def sample(self, end: int) -> np.ndarray:
        """Return the inputs of one sample without its padding: (T, F) float32, or (T,) int64 symbols."""
        sample_ids = np.array([end])
        lengths = self.lengths(sample_ids)
        x: np.ndarray = self.x(sample_ids)[0]
        return x if lengths is None else x[:lengths[0]]

    def marks(self, end: int) -> Any:
        """Return what the time steps of a sample are called, (T,): its symbols, dates or positions."""
        x = self.sample(end)
        return [self.alphabet[symbol] for symbol in x] if self.alphabet else np.arange(1, len(x) + 1)

    @abstractmethod
    def y(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the targets of samples: (n,) or, with an output at every step, (n, S); scaled, or int64 classes."""

    def lengths(self, sample_ids: np.ndarray) -> np.ndarray | None:  # noqa: ARG002
        """Return the steps of each sample (n,) int64, where some are padded at their end; None when none is."""
        return None

    @abstractmethod
    def scored_mask(self, split: Split) -> np.ndarray:
        """Mark the targets of a part that count, each row of a series once and no padding: the shape of its y."""

    @abstractmethod
    def targets_of(self, split: Split) -> ShownRows:
        """Return all targets of a part, with the samples that predict them."""

    @abstractmethod
    def shown(self, split: Split) -> ShownRows:
        """Return the targets of a part that are drawn while a network learns: the last ones."""

    @abstractmethod
    def naive_error(self, split: Split) -> float:
        """Return the error of the naive prediction over a part; nan for an empty part.

        The mean absolute error in real units; with classes the share right when always the most frequent class of the
        training part is named.
        """

    def unscale(self, values: np.ndarray) -> np.ndarray:
        """Return scaled target values, of any shape, in real units."""
        return self.target_scaling.undo(values)
