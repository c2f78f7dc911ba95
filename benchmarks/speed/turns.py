"""The peers of one setting train in turns, and what each of them did."""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.speed.settings import Setting, hand_over
from lstm_core.spec import RunSpec

OURS, BARE, KERAS_TF, KERAS_JAX, TORCH = "ours, in the app", "ours, bare", "Keras-TF", "Keras-JAX", "PyTorch"
SHORT = 0.5                     # seconds that a turn should last at least, when a training is repeated
ONE_CORE = {
    "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "CUDA_VISIBLE_DEVICES": "", "TF_CPP_MIN_LOG_LEVEL": "3"}


@dataclass(frozen=True)
class Took:
    """What one turn took."""

    updates: int
    wall: float                 # seconds
    cpu: float                  # seconds of the core

    @property
    def per_second(self) -> float:
        """Return updates per second of wall time."""
        return self.updates / self.wall

    @property
    def per_cpu_second(self) -> float:
        """Return updates per second of the core."""
        return self.updates / self.cpu


class Peer:
    """A peer's process on one core. It begins at once, and waits after its first epoch or slice."""

    def __init__(self, command: list[str], environment: dict[str, str], core: int) -> None:
        self.first_loss = self.first_epoch = self.last_epoch = math.nan     # of the first batch; means over epochs
        self.total = 0              # updates of one whole training
        self.memory = math.nan      # MB, the most that was resident in the first training
        self.turns: list[Took] = []
        self._errors = tempfile.TemporaryFile("w+")     # noqa: SIM115 (lives as long as the process)
        started = time.time()
        self._process = subprocess.Popen(
            ["taskset", "-c", str(core), sys.executable, "-m", *command], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=self._errors, text=True, env=os.environ | ONE_CORE | environment)
        first = self._heard()
        self.first_loss, self.first_seconds = first["loss"], first["at"] - started
        self._took(stopped := self._heard())
        self.done_seconds = stopped["at"] - started     # from the start of the process, waiting for turns left out

    @property
    def finished(self) -> bool:
        """Tell whether the first whole training is done."""
        return self.total > 0

    @property
    def per_second(self) -> float:
        """Return updates per second of wall time, the median of the turns."""
        return median(turn.per_second for turn in self.turns)

    @property
    def per_cpu_second(self) -> float:
        """Return updates per second of the core, the median of the turns."""
        return median(turn.per_cpu_second for turn in self.turns)

    def go(self, updates: int) -> Took:
        """Have the peer do about so many updates."""
        first_training = not self.finished
        assert self._process.stdin is not None
        self._process.stdin.write(f"go {updates}\n")
        self._process.stdin.flush()
        took = self._took(self._heard())
        self.done_seconds += took.wall if first_training else 0
        return took

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def _took(self, said: dict[str, Any]) -> Took:
        if said["kind"] == "finished":
            self.total, self.memory = int(said["total"]), said["memory"]
            self.first_epoch, self.last_epoch = said["first_epoch"], said["last_epoch"]
        return Took(int(said["updates"]), said["wall"], said["cpu"])

    def _heard(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise RuntimeError(f"{self._process.args!r} ended:\n{self._errors.read()[-4000:]}")
        said: dict[str, Any] = json.loads(line)
        return said


def compare(name: str, setting: Setting, spec: RunSpec, *, rounds: int, core: int) -> dict[str, Peer]:
    """Let all peers train one setting in turns, and return what each of them did."""
    with tempfile.TemporaryDirectory() as place:
        total = hand_over(spec, Path(place))
        ours = ["benchmarks.speed.ours", name, str(spec.train.epochs)]
        keras = ["benchmarks.speed.keras_peer", place]
        commands: dict[str, tuple[list[str], dict[str, str]]] = {
            OURS: ([*ours, "app"], {}), BARE: ([*ours, "bare"], {}),
            KERAS_TF: (keras, {"KERAS_BACKEND": "tensorflow"}), KERAS_JAX: (keras, {"KERAS_BACKEND": "jax"}),
            TORCH: (["benchmarks.speed.torch_peer", place], {})}
        peers: dict[str, Peer] = {}
        try:
            for title, (command, environment) in commands.items():
                peers[title] = Peer(command, environment, core)
            if setting.repeated:
                repeat(list(peers.values()), total, rounds)
            else:
                share(list(peers.values()), total, rounds)
        finally:
            for peer in peers.values():
                peer.end()
    return peers


def share(peers: list[Peer], total: int, rounds: int) -> None:
    """Cut one training of each peer into about so many turns, after what it does before its first stop."""
    updates = math.ceil(total / rounds)
    while waiting := [peer for peer in peers if not peer.finished]:
        for peer in waiting:
            took = peer.go(updates)
            if took.updates > updates / 3:      # a last turn may be too short to say anything
                peer.turns.append(took)


def repeat(peers: list[Peer], total: int, rounds: int) -> None:
    """Let each peer train to the end, and then over and over, as many times in each turn as make it long enough."""
    trainings = {}
    for peer in peers:
        while not peer.finished:
            peer.go(total)
        trainings[peer] = math.ceil(SHORT / peer.go(total).wall)
    for _turn in range(rounds):
        for peer in peers:
            peer.turns.append(peer.go(trainings[peer] * total))


def faster(peer: Peer, other: Peer, *, wall: bool = False) -> float:
    """Return how many times as many updates per second a peer does, of the core or of wall time.

    The median over the turns, each compared with the other's turn beside it.
    """
    return median(mine.per_second / its.per_second if wall else mine.per_cpu_second / its.per_cpu_second
                  for mine, its in zip(peer.turns, other.turns, strict=False))


def equal(peer: Peer, other: Peer, setting: Setting) -> bool:
    """Tell whether two peers did the same work.

    As many updates; the same loss of the first batch, that is the same weights and data; about the same mean loss of
    the first epoch, that is the same batches; a final loss as far down. Dropout draws something else in each peer, and
    Keras has one bias vector where torch has two, each with an Adam step of its own.
    """
    drops = any(layer.dropout for layer in setting.spec.model.layers)

    def close(mine: float, its: float, tolerance: float) -> bool:
        return math.isclose(mine, its, rel_tol=tolerance)

    return (peer.total == other.total
            and close(peer.first_loss, other.first_loss, 0.5 if drops else 1e-3)
            and close(peer.first_epoch, other.first_epoch, 0.25 if drops else 0.05)
            and close(peer.last_epoch, other.last_epoch, 0.5 if drops else 0.2))
