"""What every peer has in common: the work it is handed, and the gate at which it waits for its turn.

Peers take turns, one piece of their training after the other, so that whatever else the machine does hits all of them
alike. A peer is a process; it reads ``go N`` from its standard input, does about N updates, and writes what they took
as one line of JSON to its standard output. While it waits it does nothing.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Work:
    """One system to be trained: N training samples, V validation samples, E epochs."""

    facts: dict[str, Any]           # the settings of ModelSpec and TrainSpec, classes, symbols, per_epoch (updates)
    x: np.ndarray                   # (N, S, F) float32, or (N, S) int64 symbols to be embedded
    y: np.ndarray                   # (N,) or (N, S) float32, or (N,) int64 classes
    validation_x: np.ndarray        # (V, S, F) or (V, S); V may be 0
    validation_y: np.ndarray
    orders: np.ndarray              # (E, N) int64: the samples of each epoch in the order in which they are learned
    weights: dict[str, np.ndarray]  # with which learning begins, under the names of lstm_core.records.Weights


def work(folder: Path) -> Work:
    """Read what ``settings.hand_over`` wrote."""
    arrays = {name: np.load(folder / f"{name}.npy") for name in ("x", "y", "validation_x", "validation_y", "orders")}
    with np.load(folder / "weights.npz") as weights:
        return Work(json.loads((folder / "facts.json").read_text(encoding="utf-8")), **arrays, weights=dict(weights))


class Gate:
    """A peer's side of taking turns. It begins at once and stops at the first place where it can be stopped."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(sys.stdout.fileno()), "w")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())       # what libraries print is not meant for the other side
        self._asked, self._done = 1, 0
        self._told_first = self._finished = False
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    @property
    def left(self) -> int:
        """Return how many updates of this piece are still to be done, at least 1."""
        return max(1, self._asked - self._done)

    def first(self, loss: float) -> None:
        """Report the loss of the very first update; later calls say nothing."""
        if not self._told_first:
            self._told_first = True
            self._tell("first", loss=loss)

    def updates(self, count: int) -> None:
        """Take note of updates done, and wait when they were enough for this piece."""
        self._done += count
        if self._done >= self._asked:
            self._wait("piece")

    def finish(self, count: int, total: int, losses: tuple[float, float]) -> None:
        """Take note of the last updates of a whole training, and report the end of the first one.

        ``total`` updates in all; ``losses`` the mean training loss of the first and the last epoch.
        """
        if self._finished:
            self.updates(count)
            return
        self._finished, self._done = True, self._done + count
        self._wait("finished", total=total, first_epoch=losses[0], last_epoch=losses[1], memory=peak_memory())

    def _wait(self, kind: str, **facts: float) -> None:
        self._tell(kind, updates=self._done, wall=time.perf_counter() - self._wall,
                   cpu=time.process_time() - self._cpu, **facts)
        command = sys.stdin.readline().split()
        if not command:
            os._exit(0)         # the other side has heard enough; libraries' threads are not waited for
        self._asked, self._done = int(command[1]), 0
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def _tell(self, kind: str, **facts: float) -> None:
        print(json.dumps({"kind": kind, "at": time.time(), **facts}), file=self._out, flush=True)


def peak_memory() -> float:
    """Return the largest resident memory of this process so far, MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) / 1e3


def over_epochs(losses: np.ndarray, per_epoch: int, samples: int, batch: int) -> tuple[float, float]:
    """Return the mean loss of the first and of the last epoch, (U,) losses of batches, the last of them smaller."""
    sizes = np.minimum(batch, samples - batch * np.arange(per_epoch))
    return (float(np.average(losses[:per_epoch], weights=sizes)),
            float(np.average(losses[-per_epoch:], weights=sizes)))
