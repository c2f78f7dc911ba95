"""A network reads without learning, piece by piece: whoever reads may stop between two pieces and go on elsewhere.

What a piece is follows from the network and the data alone and not from the clock. Wherever reading is interrupted,
the numbers are therefore bit-identical to those of reading in one go.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lstm_core.data import Dataset, Generated, ShownRows, Windows
from lstm_core.learning import manual_backprop
from lstm_core.learning.network import Network, States
from lstm_core.records import Progress
from lstm_core.spec import Split
from lstm_core.spec.io import IGNORED
from lstm_core.spec.parameters import LEAST_WEIGHTS

EVALUATION_ROWS = 512   # windows in one batch when nothing is learned
EVALUATION_STEPS = 2**16    # time steps in it, padding included: torch keeps all gates of all of them at once
PIECE = 2e9             # weights x time steps x samples in one batch: about 0.1 s
THROUGH = 2**13         # time steps of one sequence that are read in one piece, and
THROUGH_PIECE = 2e8     # weights x time steps of one: alone a sequence is read ten times slower than among others
WARM_UP = 10            # windows read before the shown ones when a state is carried

Enough = Callable[[], bool]
"""Tells whether reading is to stop before the next piece."""


class Reading(ABC):
    """What is read piece by piece: it is at one of ``total`` places."""

    at = 0
    total: int

    @abstractmethod
    def go_on(self) -> None:
        """Read the next piece."""

    @abstractmethod
    def save(self) -> Progress:
        """Return what another of its kind needs to go on from here."""

    @abstractmethod
    def restore(self, saved: Progress) -> None:
        """Go on where another has been left."""


def read_on(readings: Sequence[Reading], enough: Enough) -> bool:
    """Read one piece at least, and on until it is enough; tell whether all is read."""
    began = False
    for reading in readings:
        while reading.at < reading.total:
            if began and enough():
                return False
            reading.go_on()
            began = True
    return True


def save_all(readings: Sequence[Reading], prefix: str = "") -> dict[str, np.ndarray]:
    """Return what others of their kind need to go on, named with a prefix."""
    return {f"{prefix}{number}.{name}": array for number, reading in enumerate(readings)
            for name, array in reading.save().items()}


def restore_all(readings: Sequence[Reading], saved: Progress, prefix: str = "") -> None:
    """Go on where others have been left by :func:`save_all`."""
    for number, reading in enumerate(readings):
        begin = f"{prefix}{number}."
        reading.restore({name.removeprefix(begin): array for name, array in saved.items() if name.startswith(begin)})


def done(readings: Sequence[Reading]) -> float:
    """Return the share that is read, 0 to 1."""
    return sum(reading.at for reading in readings) / max(1, sum(reading.total for reading in readings))


class Sums(Reading):
    """Losses and errors over a part, sample by sample, each target once."""

    def __init__(self, network: Network, prepared: Dataset, split: Split) -> None:
        self._network, self._data, self._split = network, prepared, split
        self._sample_ids = prepared.sample_ids[split]
        self._counts = prepared.scored_mask(split) if prepared.contiguous else None
        self._together = together(network, prepared)
        self.total = len(self._sample_ids)
        self.losses = self.errors = 0.0
        self.count = self.sequences = 0     # targets; sequences processed right, where they are made by a rule

    def go_on(self) -> None:
        """Read the next batch."""
        here = slice(self.at, self.at + self._together)
        sample_ids, prepared = self._sample_ids[here], self._data
        with torch.no_grad():
            outputs, targets = _outputs(self._network, prepared, sample_ids), torch.from_numpy(prepared.y(sample_ids))
        counts = targets != IGNORED if self._counts is None else torch.from_numpy(self._counts[here])
        scores, y = outputs[counts], targets[counts]
        if isinstance(prepared, Generated):
            self.sequences += int(prepared.right(sample_ids, outputs.numpy()).sum())
        loss, error = lost(prepared, scores, y)
        self.losses, self.errors, self.count = self.losses + loss, self.errors + error, self.count + len(y)
        self.at += len(sample_ids)

    def save(self) -> Progress:
        """Return the sums and how far they go."""
        return {"at": np.array([self.at, self.count, self.sequences]), "sums": np.array([self.losses, self.errors])}

    def restore(self, saved: Progress) -> None:
        """Go on where another has been left."""
        self.at, self.count, self.sequences = saved["at"].tolist()
        self.losses, self.errors = saved["sums"].tolist()


class Answers(Reading):
    """The outputs for targets, sample by sample; of each sample only those that are asked for are kept."""

    def __init__(self, network: Network, prepared: Dataset, shown: ShownRows) -> None:
        self._network, self._data, self._shown = network, prepared, shown
        self._together = together(network, prepared)
        self.total = len(shown.sample_ids)
        self._found: list[Tensor] = []

    @property
    def outputs(self) -> Tensor:
        """Return the outputs for the targets, (n,) scaled or (n, K) scores, once all are read."""
        batch = self._shown.window // self._together
        order = np.argsort(batch, kind="stable")        # that in which they were found
        return torch.cat(self._found)[torch.from_numpy(np.argsort(order))]

    def go_on(self) -> None:
        """Read the next batch. One may be padded to another length than the next."""
        stop = min(self.at + self._together, self.total)
        with torch.no_grad():
            scores = _outputs(self._network, self._data, self._shown.sample_ids[self.at:stop])
        here = np.flatnonzero((self._shown.window >= self.at) & (self._shown.window < stop))
        window = torch.from_numpy(self._shown.window[here] - self.at)
        self._found.append(scores[window, torch.from_numpy(self._shown.step[here])]
                           if self._data.output == "every" else scores[window])
        self.at = stop

    def save(self) -> Progress:
        """Return the outputs so far."""
        return {"at": np.array(self.at)} | ({"found": torch.cat(self._found).numpy()} if self._found else {})

    def restore(self, saved: Progress) -> None:
        """Go on where another has been left."""
        self.at = int(saved["at"])
        self._found = [torch.from_numpy(saved["found"].copy())] if "found" in saved else []


class Through(Reading):
    """The outputs for rows of a series that are read one after the other, the state carried."""

    def __init__(self, network: Network, prepared: Windows, first: int, stop: int,
                 rows: np.ndarray | None = None) -> None:
        self._network, self._data, self._first = network, prepared, first
        self._rows = rows       # (n,) those whose outputs are asked for; None: all
        self._piece = steps_at_once(network)
        self.total = stop - first
        self._found: list[Tensor] = []
        self._states: States | None = None

    @property
    def outputs(self) -> Tensor:
        """Return the outputs, (n,) scaled or (n, K) scores, once all are read."""
        scores = torch.cat(self._found)
        return scores if self._rows is None else scores[torch.from_numpy(self._rows - self._first)]

    def go_on(self) -> None:
        """Read the next stretch."""
        stop = min(self.at + self._piece, self.total)
        with torch.no_grad():
            scores, self._states = _read_through(
                self._network, self._data.inputs[None, self._first + self.at:self._first + stop], self._states)
        self._found.append(scores[0])
        self.at = stop

    def save(self) -> Progress:
        """Return the outputs so far, and the state."""
        return {"at": np.array(self.at)} | ({"found": torch.cat(self._found).numpy()} if self._found else {}) | (
            save_states(self._states))

    def restore(self, saved: Progress) -> None:
        """Go on where another has been left."""
        self.at = int(saved["at"])
        self._found = [torch.from_numpy(saved["found"].copy())] if "found" in saved else []
        self._states = restore_states(saved)


def save_states(states: States | None, prefix: str = "") -> dict[str, np.ndarray]:
    """Return the states of all layers as arrays by name."""
    return {f"{prefix}state.{layer}.{part}": array.numpy() for layer, state in enumerate(states or [])
            for part, array in enumerate(state)}


def restore_states(saved: Progress, prefix: str = "") -> States | None:
    """Return what :func:`save_states` was given."""
    states: States = []
    while (first := f"{prefix}state.{len(states)}.0") in saved:
        names = [first, first[:-1] + "1"]
        states.append(tuple(torch.from_numpy(saved[name].copy()) for name in names if name in saved))
    return states or None


def lost(prepared: Dataset, scores: Tensor, y: Tensor) -> tuple[float, float]:
    """Return the sums of the loss and of what the error is made of: distances in real units, or right answers."""
    if prepared.classes:
        return (float(functional.cross_entropy(scores, y, reduction="sum")), float((scores.argmax(-1) == y).sum()))
    apart = prepared.unscale(scores.numpy()) - prepared.unscale(y.numpy())
    return float(((scores - y) ** 2).sum()), float(np.abs(apart).sum())


def together(network: Network, prepared: Dataset) -> int:
    """Return how many samples are read in one batch when nothing is learned."""
    steps = prepared.steps
    return max(1, min(EVALUATION_ROWS, EVALUATION_STEPS // steps, int(PIECE / (_weights(network) * steps))))


def first_read(prepared: Windows, row: int) -> int:
    """Return the row from which a network with a carried state reads, so that its state has settled at this row."""
    return max(0, row - WARM_UP * prepared.steps)


def steps_at_once(network: Network) -> int:
    """Return how many time steps of one sequence are read in one piece."""
    return max(1, min(THROUGH, int(THROUGH_PIECE / _weights(network))))


def _weights(network: Network) -> int:
    return max(LEAST_WEIGHTS, network.memory.vector.numel())


def _outputs(network: Network, prepared: Dataset, sample_ids: np.ndarray) -> Tensor:
    lengths, x = prepared.lengths(sample_ids), prepared.x(sample_ids)
    if lengths is None:
        return _read_through(network, x)[0]
    scores: Tensor = network(torch.from_numpy(x), lengths=torch.from_numpy(lengths))[0]
    return scores


def _read_through(network: Network, x: np.ndarray, states: States | None = None) -> tuple[Tensor, States]:
    """Return the outputs for sequences of the same length, (B, T, F) or (B, T), and the states after them."""
    if network.direct:
        return manual_backprop.read(network, np.ascontiguousarray(x.swapaxes(0, 1)), states)
    scores, after = network(torch.from_numpy(x), states)
    return scores, after
