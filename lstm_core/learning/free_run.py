"""A network that runs freely, piece by piece: it reads its own predictions as if they had come true."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lstm_core.data import Windows
from lstm_core.learning.network import Network, States
from lstm_core.learning.reading import Reading, first_read, restore_states, save_states, steps_at_once, together
from lstm_core.records import Progress
from lstm_core.spec import SPLITS


class Settled(Reading):
    """What a network with a carried state says after some rows, and its states there.

    The prediction for the row after each is that of :func:`.inference.predictions` for the part to which the row
    belongs: the network reads from before the part on.
    """

    def __init__(self, network: Network, prepared: Windows, starts: np.ndarray) -> None:
        self._network, self._data, self._starts = network, prepared, starts
        self._legs: list[tuple[int, int, bool, bool]] = []  # from row, up to row, read from zeros, a start is reached
        for split in SPLITS:
            first, stop = max(prepared.rows[split].start - prepared.horizon, 0), prepared.rows[split].stop
            last_of_all = stop == len(prepared.inputs)      # what comes after the series is read as its last part is
            at, new, piece = first_read(prepared, first), True, steps_at_once(network)
            mine = np.unique(starts[(starts >= first) & (starts < stop - prepared.horizon + last_of_all)])
            for start in mine.tolist():
                for begin in range(at, start + 1, piece):
                    end = min(begin + piece, start + 1)
                    self._legs.append((begin, end, new, end == start + 1))
                    new = False
                at = start + 1
        self.total = len(self._legs)
        self._states: States | None = None
        self._said: dict[int, tuple[Tensor, States]] = {}      # by row

    def go_on(self) -> None:
        """Read the next stretch."""
        begin, end, new, reached = self._legs[self.at]
        with torch.no_grad():
            scores, states = self._network(torch.from_numpy(self._data.inputs[None, begin:end]),
                                           None if new else self._states)
        self._states = states
        if reached:
            self._said[end - 1] = scores[0, -1], states
        self.at += 1

    @property
    def found(self) -> tuple[Tensor, States]:
        """Return the predictions (m,), scaled, and the states, each part of which is (1, m, H), once all is read."""
        found = [self._said[start] for start in self._starts.tolist()]
        return torch.stack([score for score, _ in found]), [
            tuple(torch.cat(parts, dim=1) for parts in zip(*layer, strict=True))
            for layer in zip(*(states for _, states in found), strict=True)]

    def save(self) -> Progress:
        """Return the state, and what was said with the states of then."""
        saved = {"at": np.array(self.at)} | save_states(self._states)
        for row, (score, states) in self._said.items():
            saved |= {f"said.{row}.score": score.numpy()} | save_states(states, f"said.{row}.")
        return saved

    def restore(self, saved: Progress) -> None:
        """Go on where another has been left."""
        self.at, self._states = int(saved["at"]), restore_states(saved)
        for begin, end, _new, reached in self._legs[:self.at]:
            if reached and begin < end:
                states = restore_states(saved, f"said.{end - 1}.")
                assert states is not None
                self._said[end - 1] = torch.from_numpy(saved[f"said.{end - 1}.score"].copy()), states


class FreeRun(Reading):
    """A network that reads its own predictions as if they had come true, start by start and step by step.

    Args:
        network: one that can run freely.
        prepared: what it was trained on.
        column: of the inputs, the one in which a prediction is read.
        starts: (m,) rows of the series, each the last one whose values are known.
        count: how many steps to go.
        settled: what the network says first and its states, where it carries them from one step to the next.
    """

    def __init__(self, network: Network, prepared: Windows, column: int, starts: np.ndarray, count: int,
                 settled: Settled | None) -> None:
        self._network, self._data, self._column = network, prepared, column
        self._starts, self._count, self._settled = starts, count, settled
        self._group = len(starts) if settled is not None else together(network, prepared)   # that run side by side
        self.total = -(-len(starts) // self._group) * count
        self._x = torch.empty(0)                        # (g, S, F) what is read next
        self._states: States | None = None
        self._predicted: list[np.ndarray] = []          # (g,) in real units, step after step, group after group

    @property
    def predicted(self) -> np.ndarray:
        """Return the predictions, (m, count) in real units, once all are there."""
        steps = [self._predicted[at:at + self._count] for at in range(0, self.total, self._count)]
        return np.concatenate([np.stack(group, axis=1) for group in steps])

    def go_on(self) -> None:
        """Go one step with one group."""
        group, step = divmod(self.at, self._count)
        with torch.no_grad():
            if step == 0:
                starts = self._starts[group * self._group:(group + 1) * self._group]
                self._x = torch.from_numpy(self._data.x(starts))
                scores, self._states = self._network(self._x) if self._settled is None else self._settled.found
            else:
                scaling, before = self._data.scaling, self._predicted[-1]
                new = self._x[:, -1:].clone()
                new[:, 0, self._column] = torch.from_numpy(
                    ((before - scaling.shift[self._column]) / scaling.scale[self._column]).astype(np.float32))
                self._x = torch.cat([self._x[:, 1:], new], dim=1)
                scores, self._states = (self._network(self._x) if self._settled is None
                                        else self._network(new, self._states))
        # Of the outputs (g, S) the last counts; there may be only one, (g,), too.
        self._predicted.append(self._data.unscale((scores[:, -1] if scores.dim() == 2 else scores).numpy()))
        self.at += 1

    def save(self) -> Progress:
        """Return the predictions so far, and what is read next."""
        carried = save_states(self._states if self._settled is not None else None)
        return {"at": np.array(self.at), "x": self._x.numpy()} | carried | {
            f"predicted.{number}": values for number, values in enumerate(self._predicted)}

    def restore(self, saved: Progress) -> None:
        """Go on where another has been left."""
        self.at, self._states = int(saved["at"]), restore_states(saved)
        self._x = torch.from_numpy(saved["x"].copy())
        self._predicted = [saved[f"predicted.{number}"] for number in range(self.at)]
