"""A network reads without learning: its loss and error over a part, its predictions for the rows that are drawn."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lstm_core.data import Dataset, Generated, ShownRows, Windows
from lstm_core.learning.network import Network
from lstm_core.learning.reading import (
    Answers,
    Enough,
    Reading,
    Sums,
    Through,
    first_read,
    lost,
    read_on,
    restore_all,
    save_all,
)
from lstm_core.records import Progress
from lstm_core.spec import RunSpec, Split


def evaluate(network: Network, prepared: Dataset, spec: RunSpec, split: Split) -> tuple[float, float]:
    """Return the loss over a part, and its mean absolute error in real units or its share of right classes.

    The loss is measured as training makes it small: over all steps of windows that lie side by side. The error counts
    every row of a series once, as the prediction of the window that ends just before it: it is that of
    :func:`predictions` for ``Dataset.targets_of``. Of sequences made by a rule it is the share that is processed right.
    """
    measuring = Measurement(network, prepared, spec, split)
    measuring.go_on(never)
    return measuring.result


def never() -> bool:
    """Let everything be read in one go."""
    return False


class Measurement:
    """The loss and the error of :func:`evaluate`, measured piece by piece."""

    def __init__(self, network: Network, prepared: Dataset, spec: RunSpec, split: Split) -> None:
        self._data, self._split = prepared, split
        self._loss: Sums | Through
        self._said: Answers | Through | None = None     # what the error is measured on, where that is something else
        self._shown: ShownRows | None = None
        if isinstance(prepared, Windows) and spec.train.stateful != "off":
            sample_ids, shown = prepared.sample_ids[split], prepared.targets_of(split)
            self._loss = Through(network, prepared, int(sample_ids[0]) - prepared.steps + 1, int(sample_ids[-1]) + 1)
            self._shown = shown
            if not _reads_targets_alike(prepared, split, shown):
                self._said = answers(network, prepared, spec, shown)
        else:
            self._loss = Sums(network, prepared, split)
            if isinstance(prepared, Windows) and not _reads_targets_once(prepared, spec, split):
                self._shown = prepared.targets_of(split)
                self._said = answers(network, prepared, spec, self._shown)

    @property
    def readings(self) -> list[Reading]:
        """Return what it reads, one after the other."""
        return [self._loss] if self._said is None else [self._loss, self._said]

    def go_on(self, enough: Enough) -> bool:
        """Read one piece at least, and on until it is enough; tell whether the result is known."""
        return read_on(self.readings, enough)

    def save(self, prefix: str = "") -> dict[str, np.ndarray]:
        """Return what another one needs to go on from here, named with a prefix."""
        return save_all(self.readings, prefix)

    def restore(self, saved: Progress, prefix: str = "") -> None:
        """Go on where another one has been left."""
        restore_all(self.readings, saved, prefix)

    @property
    def result(self) -> tuple[float, float]:
        """Return what :func:`evaluate` returns, once all is read."""
        prepared, split = self._data, self._split
        if isinstance(self._loss, Through):
            outputs, ahead = self._loss.outputs, prepared.sample_ids[split]
            first = int(ahead[0]) - prepared.steps + 1 + prepared.horizon   # type: ignore[attr-defined]
            y = torch.from_numpy(prepared.targets[first:first + len(outputs)])  # type: ignore[attr-defined]
            loss = lost(prepared, outputs, y)[0] / len(y)
        else:
            sums = self._loss
            loss = sums.losses / sums.count
            if isinstance(prepared, Generated):
                return loss, sums.sequences / len(prepared.sample_ids[split])
            if self._shown is None:
                return loss, sums.errors / sums.count
            outputs = torch.empty(0)
        assert self._shown is not None
        said = outputs if self._said is None else self._said.outputs
        return loss, measured(prepared, as_predicted(prepared, said), self._shown)


def measured(prepared: Dataset, predicted: np.ndarray, shown: ShownRows) -> float:
    """Return the mean absolute error of predictions for targets in real units, or the share of right classes."""
    if prepared.classes:
        return float((predicted.argmax(axis=1) == shown.actual).mean())
    return float(np.abs(predicted - shown.actual).mean())


def _reads_targets_once(prepared: Windows, spec: RunSpec, split: Split) -> bool:
    """Tell whether the loss is measured on just the predictions that ``Dataset.targets_of`` asks for."""
    return prepared.output == "last" and (split != "train" or getattr(spec.data, "stride", 1) == 1)


def _reads_targets_alike(prepared: Windows, split: Split, shown: ShownRows) -> bool:
    """Tell whether the loss of a carried state is measured on the one reading that predicts all targets, from row 0."""
    rows, sample_ids = _rows_read(prepared, shown), prepared.sample_ids[split]
    return len(rows) == int(rows[-1]) + 1 == int(sample_ids[-1]) + 1 and int(sample_ids[0]) == prepared.steps - 1


def predictions(network: Network, prepared: Dataset, spec: RunSpec, shown: ShownRows) -> np.ndarray:
    """Return the predictions for targets: (n,) in real units, or (n, K) probabilities."""
    reading = answers(network, prepared, spec, shown)
    read_on([reading], never)
    return as_predicted(prepared, reading.outputs)


def answers(network: Network, prepared: Dataset, spec: RunSpec, shown: ShownRows) -> Answers | Through:
    """Return what reads the outputs for targets piece by piece."""
    if isinstance(prepared, Windows) and spec.train.stateful != "off":
        rows = _rows_read(prepared, shown)
        return Through(network, prepared, first_read(prepared, int(rows[0])), int(rows[-1]) + 1, rows)
    return Answers(network, prepared, shown)


def as_predicted(prepared: Dataset, said: Tensor) -> np.ndarray:
    """Return outputs for targets in real units (n,), or as probabilities (n, K)."""
    values: np.ndarray = (said.softmax(-1) if prepared.classes else said).numpy()
    return values if prepared.classes else prepared.unscale(values)


def _rows_read(prepared: Windows, shown: ShownRows) -> np.ndarray:
    """Return the input row (n,) after which the prediction of each target is said."""
    rows: np.ndarray = shown.sample_ids[shown.window] - prepared.steps + 1 + shown.step
    return rows
