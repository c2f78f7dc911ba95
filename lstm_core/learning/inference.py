"""A network reads without learning: its loss and error over a part, its predictions for the rows that are drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lstm_core.data import Dataset, Generated, ShownRows, Windows
from lstm_core.learning import manual_backprop
from lstm_core.learning.network import Network, States
from lstm_core.spec import SPLITS, RunSpec, Split
from lstm_core.spec.io import IGNORED

EVALUATION_ROWS = 512   # windows in one batch when nothing is learned
EVALUATION_STEPS = 2**16    # time steps in it, padding included: torch keeps all gates of all of them at once
WARM_UP = 10            # windows read before the shown ones when a state is carried


def evaluate(network: Network, prepared: Dataset, spec: RunSpec, split: Split) -> tuple[float, float]:
    """Return the loss over a part, and its mean absolute error in real units or its share of right classes.

    The loss is measured as training makes it small: over all steps of windows that lie side by side. The error counts
    every row of a series once, as the prediction of the window that ends just before it: it is that of
    :func:`predictions` for ``Dataset.targets_of``. Of sequences made by a rule it is the share that is processed right.
    """
    losses, errors, count, sequences = 0.0, 0.0, 0, 0
    for sample_ids, outputs, targets, counts in _read(network, prepared, spec, split):
        scores, y = outputs[counts], targets[counts]
        if isinstance(prepared, Generated):
            sequences += int(prepared.right(sample_ids, outputs.numpy()).sum())
        if prepared.classes:
            losses += float(functional.cross_entropy(scores, y, reduction="sum"))
            errors += float((scores.argmax(-1) == y).sum())
        else:
            losses += float(((scores - y) ** 2).sum())
            apart = prepared.unscale(scores.numpy()) - prepared.unscale(y.numpy())
            errors += float(np.abs(apart).sum())
        count += len(y)
    if isinstance(prepared, Generated):
        return losses / count, sequences / len(prepared.sample_ids[split])
    if isinstance(prepared, Windows) and not _reads_targets_once(prepared, spec, split):
        shown = prepared.targets_of(split)
        said = outputs if _reads_targets_alike(prepared, spec, split, shown) else _said(network, prepared, spec, shown)
        return losses / count, measured(prepared, _as_predicted(prepared, said), shown)
    return losses / count, errors / count


def measured(prepared: Dataset, predicted: np.ndarray, shown: ShownRows) -> float:
    """Return the mean absolute error of predictions for targets in real units, or the share of right classes."""
    if prepared.classes:
        return float((predicted.argmax(axis=1) == shown.actual).mean())
    return float(np.abs(predicted - shown.actual).mean())


def _reads_targets_once(prepared: Windows, spec: RunSpec, split: Split) -> bool:
    """Tell whether the loss is measured on just the predictions that ``Dataset.targets_of`` asks for."""
    return prepared.output == "last" and spec.train.stateful == "off" and (
        split != "train" or getattr(spec.data, "stride", 1) == 1)


def _reads_targets_alike(prepared: Windows, spec: RunSpec, split: Split, shown: ShownRows) -> bool:
    """Tell whether the loss of a carried state is measured on the one reading that predicts all targets, from row 0."""
    if spec.train.stateful == "off":
        return False
    rows, sample_ids = _rows_read(prepared, shown), prepared.sample_ids[split]
    return len(rows) == int(rows[-1]) + 1 == int(sample_ids[-1]) + 1 and int(sample_ids[0]) == prepared.steps - 1


def _read(network: Network, prepared: Dataset, spec: RunSpec,
          split: Split) -> Iterator[tuple[np.ndarray, Tensor, Tensor, Tensor]]:
    """Yield samples of a part, the outputs for them, their targets, and which of these count: each target once."""
    sample_ids, steps = prepared.sample_ids[split], prepared.steps
    with torch.no_grad():
        if isinstance(prepared, Windows) and spec.train.stateful != "off":
            first, last = int(sample_ids[0]) - steps + 1, int(sample_ids[-1])
            ahead = slice(first + prepared.horizon, last + 1 + prepared.horizon)
            scores = _read_through(network, prepared.inputs[None, first:last + 1])
            y = torch.from_numpy(prepared.targets[ahead])
            yield sample_ids, scores[0], y, torch.ones(len(y), dtype=torch.bool)
            return
        scored_mask, together = prepared.scored_mask(split) if prepared.contiguous else None, _together(prepared)
        for start in range(0, len(sample_ids), together):
            batch = sample_ids[start:start + together]
            scores, y = _scores(network, prepared, batch), torch.from_numpy(prepared.y(batch))
            yield batch, scores, y, y != IGNORED if scored_mask is None else torch.from_numpy(
                scored_mask[start:start + together])


def _together(prepared: Dataset) -> int:
    """Return how many samples are read in one batch when nothing is learned."""
    return max(1, min(EVALUATION_ROWS, EVALUATION_STEPS // prepared.steps))


def _scores(network: Network, prepared: Dataset, sample_ids: np.ndarray) -> Tensor:
    lengths, x = prepared.lengths(sample_ids), prepared.x(sample_ids)
    if lengths is None:
        return _read_through(network, x)
    scores: Tensor = network(torch.from_numpy(x), lengths=torch.from_numpy(lengths))[0]
    return scores


def _read_through(network: Network, x: np.ndarray) -> Tensor:
    """Return the outputs for sequences of the same length, (B, T, F) or (B, T)."""
    if network.direct:
        return manual_backprop.read(network, np.ascontiguousarray(x.swapaxes(0, 1)))
    scores: Tensor = network(torch.from_numpy(x))[0]
    return scores


def predictions(network: Network, prepared: Dataset, spec: RunSpec, shown: ShownRows) -> np.ndarray:
    """Return the predictions for targets: (n,) in real units, or (n, K) probabilities."""
    return _as_predicted(prepared, _said(network, prepared, spec, shown))


def _said(network: Network, prepared: Dataset, spec: RunSpec, shown: ShownRows) -> Tensor:
    """Return the outputs for targets: (n,) scaled, or (n, K) scores."""
    with torch.no_grad():
        if isinstance(prepared, Windows) and spec.train.stateful != "off":
            rows = _rows_read(prepared, shown)
            first = first_read(prepared, int(rows[0]))
            scores = _read_through(network, prepared.inputs[None, first:int(rows[-1]) + 1])[0]
            return scores[torch.from_numpy(rows - first)]
        return _asked_for(network, prepared, shown)


def _as_predicted(prepared: Dataset, said: Tensor) -> np.ndarray:
    """Return outputs for targets in real units (n,), or as probabilities (n, K)."""
    values: np.ndarray = (said.softmax(-1) if prepared.classes else said).numpy()
    return values if prepared.classes else prepared.unscale(values)


def _rows_read(prepared: Windows, shown: ShownRows) -> np.ndarray:
    """Return the input row (n,) after which the prediction of each target is said."""
    rows: np.ndarray = shown.sample_ids[shown.window] - prepared.steps + 1 + shown.step
    return rows


def first_read(prepared: Windows, row: int) -> int:
    """Return the row from which a network with a carried state reads, so that its state has settled at this row."""
    return max(0, row - WARM_UP * prepared.steps)


def states_at(network: Network, prepared: Windows, starts: np.ndarray) -> tuple[Tensor, States]:
    """Return what a network with a carried state says after these rows (m,), and its states there.

    The prediction (m,) for the row after each, scaled, is that of :func:`predictions` for the part to which the row
    belongs: the network reads from before the part on. Each part of a state is (1, m, H).
    """
    said: dict[int, tuple[Tensor, States]] = {}
    for split in SPLITS:
        first, stop = max(prepared.rows[split].start - prepared.horizon, 0), prepared.rows[split].stop
        last_of_all = stop == len(prepared.inputs)      # what comes after the series is read as its last part is
        at, states = first_read(prepared, first), None
        for start in np.unique(starts[(starts >= first) & (starts < stop - prepared.horizon + last_of_all)]).tolist():
            scores, states = network(torch.from_numpy(prepared.inputs[None, at:start + 1]), states)
            said[start], at = (scores[0, -1], states), start + 1
    found = [said[start] for start in starts.tolist()]
    return torch.stack([score for score, _ in found]), [
        tuple(torch.cat(parts, dim=1) for parts in zip(*layer, strict=True))
        for layer in zip(*(states for _, states in found), strict=True)]


def _asked_for(network: Network, prepared: Dataset, shown: ShownRows) -> Tensor:
    """Return the outputs for targets, (n,) or (n, K). One batch may be padded to another length than the next."""
    found: list[Tensor] = []
    places: list[np.ndarray] = []
    together = _together(prepared)
    for start in range(0, len(shown.sample_ids), together):
        scores = _scores(network, prepared, shown.sample_ids[start:start + together])
        here = np.flatnonzero((shown.window >= start) & (shown.window < start + together))
        window = torch.from_numpy(shown.window[here] - start)
        found.append(scores[window, torch.from_numpy(shown.step[here])] if prepared.output == "every"
                     else scores[window])
        places.append(here)
    return torch.cat(found)[torch.from_numpy(np.argsort(np.concatenate(places)))]
