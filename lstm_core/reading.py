"""A network reads without learning: its loss and error over a part, its predictions for the rows that are drawn."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lstm_core.data import Dataset, ShownRows, Windows
from lstm_core.network import Network
from lstm_core.spec import Part, RunSpec

EVALUATION_ROWS = 512   # windows in one batch when nothing is learned
WARM_UP = 10            # windows read before the shown ones when a state is carried


def evaluate(network: Network, prepared: Dataset, spec: RunSpec, part: Part) -> tuple[float, float]:
    """Return the loss over a part, and its mean absolute error in real units or its share of right classes."""
    squares, errors, count = 0.0, 0.0, 0
    for scores, y in _read(network, prepared, spec, part):
        if prepared.classes:
            squares += float(functional.cross_entropy(scores, y, reduction="sum"))
            errors += float((scores.argmax(-1) == y).sum())
        else:
            squares += float(((scores - y) ** 2).sum())
            apart = prepared.unscale(scores.numpy()) - prepared.unscale(y.numpy())
            errors += float(np.abs(apart).sum())
        count += len(y)
    return squares / count, errors / count


def _read(network: Network, prepared: Dataset, spec: RunSpec, part: Part) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield predictions and targets of a part, flat, each target that counts once."""
    ends, steps = prepared.ends[part], prepared.steps
    network.eval()
    with torch.no_grad():
        if isinstance(prepared, Windows) and spec.train.carry != "off":
            first, last = int(ends[0]) - steps + 1, int(ends[-1])
            ahead = slice(first + prepared.horizon, last + 1 + prepared.horizon)
            scores = network(torch.from_numpy(prepared.inputs[None, first:last + 1]))[0]
            yield scores[0], torch.from_numpy(prepared.targets[ahead])
            return
        counted = prepared.counted(part)
        for start in range(0, len(ends), EVALUATION_ROWS):
            batch = ends[start:start + EVALUATION_ROWS]
            counts = torch.from_numpy(counted[start:start + EVALUATION_ROWS])
            scores, y = _scores(network, prepared, batch), torch.from_numpy(prepared.y(batch))
            yield scores[counts], y[counts]


def _scores(network: Network, prepared: Dataset, ends: np.ndarray) -> Tensor:
    lengths = prepared.lengths(ends)
    scores: Tensor = network(torch.from_numpy(prepared.x(ends)),
                             lengths=None if lengths is None else torch.from_numpy(lengths))[0]
    return scores


def predictions(network: Network, prepared: Dataset, spec: RunSpec, shown: ShownRows) -> np.ndarray:
    """Return the predictions for targets: (n,) in real units, or (n, K) probabilities."""
    network.eval()
    with torch.no_grad():
        if isinstance(prepared, Windows) and spec.train.carry != "off":
            rows = shown.ends[shown.window] - prepared.steps + 1 + shown.step
            first = max(0, int(rows[0]) - WARM_UP * prepared.steps)
            scores = network(torch.from_numpy(prepared.inputs[None, first:int(rows[-1]) + 1]))[0][0]
            scores = scores[torch.from_numpy(rows - first)]
        else:
            scores = torch.cat([_scores(network, prepared, shown.ends[start:start + EVALUATION_ROWS])
                                for start in range(0, len(shown.ends), EVALUATION_ROWS)])
            window, step = torch.from_numpy(shown.window), torch.from_numpy(shown.step)
            scores = scores[window, step] if prepared.output == "every" else scores[window]
        if prepared.classes:
            scores = scores.softmax(-1)
    values: np.ndarray = scores.numpy()
    return values if prepared.classes else prepared.unscale(values)
