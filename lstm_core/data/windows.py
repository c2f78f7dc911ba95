"""A series split by time, scaled, and cut into windows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from lstm_core import limits
from lstm_core.data.dataset import Dataset, ShownRows
from lstm_core.data.scaler import fit
from lstm_core.data.series import Series
from lstm_core.errors import Refusal, listed
from lstm_core.spec import SPLITS, Output, SeriesSpec, Split


@dataclass(frozen=True, eq=False, kw_only=True)
class Windows(Dataset):
    """T rows, F features, one target; windows are named by the position ``end`` of their last input row.

    A window of S steps reads the input rows end-S+1..end. Its target is row end+horizon (output "last"), or the
    rows end-S+1+horizon..end+horizon (output "every"). In a cycle of letters positions wrap around.
    """

    contiguous: ClassVar[bool] = True

    index: np.ndarray               # (T,) dates or positions
    inputs: np.ndarray              # (T, F) float32 scaled; letters: (T,) int64 ids
    targets: np.ndarray             # (T,) float32 scaled; letters: int64 ids
    actual: np.ndarray                # (T,) float64 targets in real units; letters: int64 ids
    rows: dict[Split, range]         # the rows of each part
    horizon: int
    cycle: bool = False

    def x(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the inputs of windows: (n, S, F) float32, or (n, S) int64 letter ids."""
        self._check(sample_ids, len(self.inputs) - 1)
        return self.inputs.take(self._rows(sample_ids), axis=0, mode="wrap")

    def marks(self, end: int) -> Any:
        """Return what the time steps of a window are called, (S,): its letters, dates or positions."""
        return super().marks(end) if self.alphabet else self.index[end - self.steps + 1:end + 1]

    def y(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the targets of windows: (n,) or, with an output at every step, (n, S)."""
        self._check(sample_ids, len(self.targets) - 1 - (0 if self.cycle else self.horizon))
        rows = self._rows(sample_ids) if self.output == "every" else sample_ids
        return self.targets.take(rows + self.horizon, mode="wrap")

    def scored_mask(self, split: Split) -> np.ndarray:
        """Mark, for windows with an output at every step, the steps that no earlier window has covered: (n, S)."""
        sample_ids = self.sample_ids[split]
        if self.output == "last":
            return np.ones(len(sample_ids), dtype=bool)
        new = np.minimum(np.diff(sample_ids, prepend=sample_ids[0] - self.steps), self.steps)
        scored_mask: np.ndarray = np.arange(self.steps) >= self.steps - new[:, None]
        return scored_mask

    def targets_of(self, split: Split) -> ShownRows:
        """Return all rows of a part, each with the window that ends just before it and has read most."""
        if split not in self._targets:          # training asks at every evaluation
            self._targets[split] = self._find_targets(split)
        return self._targets[split]

    @cached_property
    def _targets(self) -> dict[Split, ShownRows]:
        return {}

    def _find_targets(self, split: Split) -> ShownRows:
        rows = np.array(self._target_rows(split), dtype=np.int64)
        if self.cycle:
            sample_ids = (rows - self.horizon) % len(self.actual)
            return self._shown(rows, sample_ids, np.full_like(rows, self._last_step))
        # the first rows of a series that is answered at every step come before the end of the first window
        sample_ids = np.maximum(rows - self.horizon, self.steps - 1)
        return self._shown(rows, sample_ids, self._last_step - (sample_ids - (rows - self.horizon)))

    def shown(self, split: Split) -> ShownRows:
        """Return the last limits.SHOWN_POINTS rows of a part."""
        found = self.targets_of(split)
        last = slice(-limits.SHOWN_POINTS, None)
        return self._shown(found.rows[last], found.sample_ids[found.window[last]], found.step[last])

    def _shown(self, rows: np.ndarray, sample_ids: np.ndarray, step: np.ndarray) -> ShownRows:
        windows, window = np.unique(sample_ids, return_inverse=True)
        return ShownRows(windows, window.astype(np.int64), step, rows, self.index[rows], self.actual[rows],
                         self._naive(rows))

    @property
    def _last_step(self) -> int:
        return 0 if self.output == "last" else self.steps - 1

    def naive_error(self, split: Split) -> float:
        """Return the mean absolute error of persistence over a part in real units, or the share of letters right."""
        rows = np.array(self._target_rows(split), dtype=np.int64)
        if self.classes:
            return float(np.mean(self.actual[rows] == self._naive(rows))) if len(rows) else np.nan
        errors = np.abs(self.actual[rows] - self._naive(rows))
        errors = errors[~np.isnan(errors)]                                          # the first rows have none before
        return float(errors.mean()) if len(errors) else np.nan

    def _naive(self, rows: np.ndarray) -> np.ndarray:
        """Return the naive prediction of rows: the value ``horizon`` rows before (the value before for horizon 0)."""
        if self.classes:
            return np.full_like(rows, self._most_frequent)
        before = rows - (self.horizon or 1)
        return np.where(before >= 0, self.actual[np.maximum(before, 0)], np.nan)

    @cached_property
    def _most_frequent(self) -> int:
        train = self.rows["train"]
        return int(np.bincount(self.actual[train.start:train.stop]).argmax())

    def _target_rows(self, split: Split) -> range:
        return self.rows[split] if self.cycle else _target_rows(self.rows[split], self.steps, self.horizon, self.output)

    def _rows(self, sample_ids: np.ndarray) -> np.ndarray:
        """Return the input rows of windows, (n, S); in a cycle they may lie before its beginning."""
        return sample_ids[:, None] + np.arange(1 - self.steps, 1)

    def _check(self, sample_ids: np.ndarray, last: int) -> None:
        first = 0 if self.cycle else self.steps - 1
        if len(sample_ids) and (sample_ids.min() < first or sample_ids.max() > last):
            raise Refusal("A window of {steps} steps can end at rows {first} to {last} of this series; "
                          "received {low} to {high}.", steps=self.steps, first=first, last=last,
                          low=int(sample_ids.min()), high=int(sample_ids.max()))


def fed_back(prepared: Dataset) -> int:
    """Return the feature that is the target, in which predictions are fed back.

    Raises:
        Refusal: the network cannot run freely; the sentence says why.
    """
    if not isinstance(prepared, Windows) or prepared.classes:
        raise Refusal("Only a network that predicts the next number of a series can run freely.")
    if prepared.horizon != 1:
        raise Refusal("A network that predicts {horizon} steps ahead cannot run freely: it never says what comes in "
                      "between. Train one with 1 step ahead.", horizon=prepared.horizon)
    if prepared.target not in prepared.features:
        raise Refusal("The network predicts {target!r} but does not read it, so its predictions cannot be fed back. "
                      "Train one with {target!r} among the features.", target=prepared.target)
    return prepared.features.index(prepared.target)


def prepare(spec: SeriesSpec, output: Output, series: Series) -> Windows:
    """Return the series split by time, scaled by its training part and cut into windows.

    With output "last" a window belongs to the part its target lies in, and may reach back into the part before: the
    past is known. With "every" all its targets lie in the part, and validation and test windows lie side by side.
    Refused: columns that the series lacks, a part too short for one window, values too large to compute with.
    """
    features, target = _columns(spec, series)
    cycle = spec.endless
    rows = _split(spec, len(series.values), cycle)
    if cycle:
        sample_ids = {split: np.array(rows[split][::spec.stride], dtype=np.int64) for split in SPLITS}
    else:
        sample_ids = {split: _ends(split, rows[split], spec, output) for split in SPLITS}
    train = series.values[rows["train"].start:rows["train"].stop]
    chosen, aim = [series.columns.index(name) for name in features], series.columns.index(target)
    scaling, target_scaling = fit(spec.scaler, train[:, chosen]), fit(spec.scaler, train[:, [aim]])
    actual = series.values[:, aim]
    if series.alphabet:
        inputs = targets = actual = actual.astype(np.int64)
    else:
        inputs = _as_float32(scaling.apply(series.values[:, chosen]), features)
        targets = _as_float32(target_scaling.apply(actual[:, None]), (target,))[:, 0]
    return Windows(features=features, target=target, unit_key=spec.unit_predicted(series.unit), sample_ids=sample_ids,
                   steps=spec.steps, output=output, scaling=scaling, target_scaling=target_scaling,
                   alphabet=series.alphabet, labels=series.alphabet, index=series.index, inputs=inputs,
                   targets=targets, actual=actual, rows=rows, horizon=spec.horizon, cycle=cycle, own=spec.own_columns)


def _columns(spec: SeriesSpec, series: Series) -> tuple[tuple[str, ...], str]:
    features, target = spec.columns_read, spec.column_predicted
    if not features:
        raise Refusal("Choose at least one feature column. {series} has the columns {columns}.",
                      series=series.name, columns=listed(series.columns))
    for name in (*features, target):
        if name not in series.columns:
            raise Refusal("{series} has no column {name!r}. It has {columns}.",
                          series=series.name, name=name, columns=listed(series.columns))
    return features, target


def _split(spec: SeriesSpec, total: int, cycle: bool) -> dict[Split, range]:
    if cycle:
        return {"train": range(total), "validation": range(0), "test": range(0)}
    test = total - round(total * spec.test)
    validation = max(test - round(total * spec.validation), 0)
    return {"train": range(validation), "validation": range(validation, test), "test": range(test, total)}


def _target_rows(rows: range, steps: int, horizon: int, output: str) -> range:
    """Return the rows of a part that some window can have as a target."""
    return range(max(rows.start, horizon + (steps - 1 if output == "last" else 0)), rows.stop)


def _ends(split: Split, rows: range, spec: SeriesSpec, output: Output) -> np.ndarray:
    steps, horizon = spec.steps, spec.horizon
    targets = _target_rows(rows, steps, horizon, output)
    first = targets.start - horizon + (steps - 1 if output == "every" else 0)
    stop = rows.stop - horizon                          # one after the end of the last window
    if first >= stop and (split == "train" or rows):
        raise _too_short(split, len(rows), steps, horizon)
    if split == "train":
        return np.arange(first, stop, spec.stride, dtype=np.int64)
    if output == "last":
        return np.arange(first, stop, dtype=np.int64)
    sample_ids = np.arange(first, stop, steps, dtype=np.int64)
    return np.append(sample_ids, stop - 1) if len(sample_ids) and sample_ids[-1] < stop - 1 else sample_ids


def _too_short(split: Split, rows: int, steps: int, horizon: int) -> Refusal:
    match split:
        case "train":
            return Refusal("The training part has {rows} rows; windows of {steps} steps with horizon {horizon} need "
                           "at least {needed}. Choose fewer steps, or more data.",
                           rows=rows, steps=steps, horizon=horizon, needed=steps + horizon)
        case "validation":
            return Refusal("The validation part has {rows} rows; windows of {steps} steps with an output at every step "
                           "need at least {steps}. Choose fewer steps, more data, or a validation share of 0.",
                           rows=rows, steps=steps)
        case "test":
            return Refusal("The test part has {rows} rows; windows of {steps} steps with an output at every step "
                           "need at least {steps}. Choose fewer steps, more data, or a test share of 0.",
                           rows=rows, steps=steps)


def _as_float32(scaled: np.ndarray, columns: tuple[str, ...]) -> np.ndarray:
    with np.errstate(over="ignore"):
        values = scaled.astype(np.float32)
    for name, column in zip(columns, values.T, strict=True):
        if not np.isfinite(column).all():
            raise Refusal("Column {name!r} has values too large to compute with. Choose another scaler, "
                          "or leave it out.", name=name)
    return values
