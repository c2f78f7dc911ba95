"""Training as a pure function, cut into slices: ``advance(spec, state, budget) -> Slice``.

On the same kind of machine a run cut anywhere gives bit-identical weights, losses and predictions to the run in one go,
because nothing that matters lives outside the state: the order of the windows and the dropout masks are drawn from
(seed, epoch) and (seed, update), all else is written into the state and read back from it. See :mod:`.machine` for what
makes a kind.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lstm_core import codec, limits
from lstm_core.data import Dataset
from lstm_core.learning import checkpoints, machine, manual_backprop, torch_kernels, update_details, worker_cache
from lstm_core.learning.batches import Batches, BatchReader
from lstm_core.learning.inference import Measurement
from lstm_core.learning.looks import draw
from lstm_core.learning.network import Network, States
from lstm_core.learning.torch_threads import alone
from lstm_core.records import Budget, Evaluation, Outcome, Records, Slice, Snapshot, UpdateDetails, Weights
from lstm_core.spec import RunSpec, Split, parameters

_MEASURING = "measuring."   # what begins the names of what a state has of a measurement that is not finished
LEAST_EVALUATIONS = 16  # points on the validation curve of a run, however few its epochs


def advance(spec: RunSpec, state: bytes | None, budget: Budget, blob: bytes | None = None) -> Slice:
    """Train on from a state until the budget is used up or the run ends.

    Args:
        spec: all that decides the run.
        state: where an earlier slice left off; None: from the beginning.
        budget: seconds, updates or the end of the epoch, whatever comes first.
        blob: the series or the checkpoint that the spec names by content hash; needed once per process.

    Raises:
        Refusal: the data or the network cannot be used; the sentence says why.
        data.Missing: the data or the checkpoint are not known to this process; call again with the blob.
    """
    if blob is not None:
        worker_cache.put(blob)
    torch_kernels.keep_memory()
    with alone(), np.errstate(all="ignore"):      # a run that diverges says so itself
        training = Training(spec, worker_cache.dataset(spec.data, spec.model.output))
        if state is None:
            training.begin()
        else:
            training.restore(state)
        return training.advance(budget)


def train(spec: RunSpec, *blobs: bytes, budget: Budget | None = None) -> Iterator[Slice]:
    """Yield slice after slice until the run ends: training without a browser.

    The blobs are what the spec names by content hash: a series from outside, a checkpoint.
    """
    for blob in blobs:
        worker_cache.put(blob)
    state = None
    while True:
        piece = advance(spec, state, budget or Budget(seconds=0.5))
        yield piece
        if piece.outcome != "training":
            return
        state = piece.state


@dataclass
class Best:
    """The lowest judged loss so far, and the weights that had it."""

    loss: float = math.inf
    update: int = 0
    epoch: int = 0
    weights: Weights | None = None


class Training:
    """One run inside one slice: built from the spec, filled from the state."""

    def __init__(self, spec: RunSpec, prepared: Dataset) -> None:
        self.spec, self.data = spec, prepared
        parameters.check_size(spec.model, prepared.io_shape)
        self.batches = Batches(spec.train, prepared.sample_ids["train"], prepared.steps, prepared.resampled_each_epoch)
        self.network = Network(spec.model, prepared.io_shape)
        self.reader = BatchReader(self.batches, prepared)
        parameters_by_name = self.network.memory.parameters
        self.names, self.parameters = list(parameters_by_name), list(parameters_by_name.values())
        self.judged: Split = "validation" if len(prepared.sample_ids["validation"]) else "train"
        self.total = self.batches.per_epoch * spec.train.epochs
        size = sum(p.numel() * p.element_size() for p in self.parameters)
        kept = min(limits.SNAPSHOTS, max(2, limits.SNAPSHOT_BYTES // size)) - 2   # the last and the best come on top
        self.snapshot_every = max(1, math.ceil(self.total / max(1, kept)))
        self.checks = max(1, LEAST_EVALUATIONS // spec.train.epochs)
        self.fresh = False      # nothing has been recorded yet
        self.measuring: Measurement | None = None       # what follows the last update and is not finished
        self.update = 0
        self.outcome: Outcome = "training"
        self.m, self.v = torch.zeros_like(self.network.memory.vector), torch.zeros_like(self.network.memory.vector)
        self.carried: States | None = None
        self.best = Best()
        self.loss_sum, self.loss_count = 0.0, 0    # training loss since the last evaluation
        self.explained: UpdateDetails | None = None     # the last update, if that is asked for

    # -- state -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Begin with the weights of the checkpoint, or draw them from the seed."""
        if self.spec.train.checkpoint:
            self.network.load_weights(checkpoints.read(worker_cache.get(self.spec.train.checkpoint),
                                                       self.network.weights()))
        else:
            torch.manual_seed(self.spec.train.seed)
            self.network.initialise()
        self.fresh = True

    def save(self) -> bytes:
        """Return everything the next slice needs."""
        arrays: dict[str, np.ndarray] = {}
        groups = {"weight": self.network.memory.vector}
        if self.spec.train.optimizer == "adam":
            groups |= {"m": self.m, "v": self.v}
        for group, flat in groups.items():
            arrays |= {f"{group}.{name}": part.numpy() for name, part in self.network.memory.split(flat).items()}
        if self.best.weights is not None:
            arrays |= {f"best.{name}": array for name, array in self.best.weights.items()}
        for number, state in enumerate(self.carried or []):
            arrays |= {f"carried.{number}.{part}": t.numpy() for part, t in enumerate(state)}
        if self.measuring is not None:
            arrays |= self.measuring.save(_MEASURING)
        facts: dict[str, Any] = {
            "update": self.update, "outcome": self.outcome, "loss_sum": self.loss_sum, "loss_count": self.loss_count,
            "best": [self.best.loss, self.best.update, self.best.epoch],
        }
        return codec.pack(arrays, facts)

    def restore(self, state: bytes) -> None:
        """Take over what :meth:`save` wrote."""
        arrays, facts = codec.unpack(state)
        self.network.load_weights({name: arrays[f"weight.{name}"] for name in self.names})
        if self.spec.train.optimizer == "adam":
            for group, flat in (("m", self.m), ("v", self.v)):
                for name, part in self.network.memory.split(flat).items():
                    part.copy_(torch.from_numpy(arrays[f"{group}.{name}"]))
        if "carried.0.0" in arrays:
            parts = len(self.spec.model.cell_type.states)
            self.carried = [tuple(torch.from_numpy(arrays[f"carried.{n}.{p}"].copy()) for p in range(parts))
                            for n in range(len(self.spec.model.layers))]
        loss, update, epoch = facts["best"]
        weights = {name: arrays[f"best.{name}"] for name in self.names} if f"best.{self.names[0]}" in arrays else None
        self.best = Best(loss, update, epoch, weights)
        self.update, self.outcome = facts["update"], facts["outcome"]
        self.loss_sum, self.loss_count = facts["loss_sum"], facts["loss_count"]
        if any(name.startswith(_MEASURING) for name in arrays):
            self.measuring = self._measurement()
            self.measuring.restore(arrays, _MEASURING)

    # -- learning --------------------------------------------------------------------------------------

    def advance(self, budget: Budget) -> Slice:
        """Learn until the budget is used up or the run ends.

        Measuring and drawing end with the seconds of the budget, too, and go on in the next slice: measuring from the
        state, drawing from ``budget.drawing``.
        """
        started, first = time.perf_counter(), self.update
        losses: list[float] = []
        evaluations: list[Evaluation] = []
        snapshots: list[Snapshot] = []
        if self.fresh:
            self.measuring, self.fresh = self._measurement(), False
            snapshots.append(self._snapshot())
        while self.outcome == "training":
            if self.measuring is not None:
                if not budget.measure or (losses and budget.over(started)) or not self.measuring.go_on(
                        lambda: budget.over(started)):
                    break
                self._take_in(self.measuring, evaluations, snapshots)
                continue
            if self._spent(budget, len(losses), started):
                break
            losses.append(self._learn(budget.explain))
            if not math.isfinite(losses[-1]):
                self.outcome = "diverged"
            elif self._due():
                self.measuring = self._measurement()
                continue
            self._keep(snapshots)
        seconds = time.perf_counter() - started
        if self.outcome in ("done", "early", "enough") and self.spec.train.keep_best and self.best.weights is not None:
            self.network.load_weights(self.best.weights)
        view, drawing = draw(self.network, self.data, self.spec, self.update, budget)
        records = Records(first, np.array(losses, dtype=np.float32), tuple(evaluations), tuple(snapshots), view,
                          self.explained, drawing)
        return Slice(self.save(), self.update, self.epoch, self.outcome, records, seconds, machine.this(),
                     self.measuring is not None)

    @property
    def epoch(self) -> float:
        """Return the number of epochs done, parts included."""
        return self.update / self.batches.per_epoch

    def _spent(self, budget: Budget, updates: int, started: float) -> bool:
        """Tell whether the slice ends here; unless it asks for no update at all it has at least one."""
        if budget.updates is not None and updates >= budget.updates:
            return True
        return updates > 0 and (budget.over(started)
                                or (budget.epoch_end and self.update % self.batches.per_epoch == 0))

    def _due(self) -> bool:
        """Tell whether an evaluation follows this update: at every epoch's end, and between in runs of few epochs."""
        per_epoch = self.batches.per_epoch
        within = self.update % per_epoch
        every = max(1, per_epoch // self.checks)
        return within == 0 or (within % every == 0 and within + every <= per_epoch)

    def _learn(self, explain: bool) -> float:
        """Do one update and return the loss of its batch before it."""
        train, number = self.spec.train, self.update % self.batches.per_epoch
        sample_ids, x, y = self.reader.batch(self.update)
        states = self.carried if number else None
        seed = train.seed, self.update
        before = self.network.memory.vector.clone() if explain else None
        lengths = self.data.lengths(sample_ids)
        if self.network.direct and lengths is None:
            loss, gradient, after, outputs = manual_backprop.learn(self.network, x, y, states, seed)
        else:
            loss, gradient, after, outputs = self._autograd(x, y, states, seed, lengths)
        whole = gradient.clone() if explain else None
        if train.clip_norm:
            torch_kernels.clip_(gradient, train.clip_norm)
        rate = train.rate(self.update)
        self.update += 1
        if train.optimizer == "adam":
            torch_kernels.adam_(self.network.memory.vector, gradient, self.m, self.v, update=self.update, rate=rate)
        else:
            torch_kernels.sgd_(self.network.memory.vector, gradient, rate=rate)
        if train.stateful != "off":
            self.carried = after
        if before is not None and whole is not None:
            self.explained = update_details.explain(
                self.network, self.data, outputs, y, update=self.update, loss=loss, rate=rate, before=before,
                gradient=whole, clipped=gradient)
        self.loss_sum += loss * len(sample_ids)
        self.loss_count += len(sample_ids)
        return loss

    def _autograd(self, x: np.ndarray, y: np.ndarray, states: States | None, seed: tuple[int, int],
                  lengths: np.ndarray | None) -> tuple[float, Tensor, States, Tensor]:
        """Let torch do what :func:`manual_backprop.learn` does, for any network and sequences of different length."""
        prediction, after = self.network(torch.from_numpy(x).transpose(0, 1), states,
                                         None if lengths is None else torch.from_numpy(lengths),
                                         torch_kernels.rng(seed))
        targets = torch.from_numpy(y)
        loss = self._loss(prediction, targets.t() if self.network.every else targets)
        gradients = torch.autograd.grad(loss, self.parameters)
        outputs = prediction.detach() if self.data.classes else prediction.detach().unsqueeze(-1)
        return (loss.item(), torch.cat([gradient.flatten() for gradient in gradients]),
                [tuple(part.detach() for part in state) for state in after],
                outputs.transpose(0, 1) if self.network.every else outputs)

    def _loss(self, prediction: Tensor, y: Tensor) -> Tensor:
        """Return the mean squared error, or with classes the mean cross entropy (nats) over all but padding."""
        if self.data.classes:
            return functional.cross_entropy(prediction.reshape(-1, self.data.classes), y.reshape(-1))
        return functional.mse_loss(prediction, y)

    # -- measuring -------------------------------------------------------------------------------------

    def _measurement(self) -> Measurement:
        return Measurement(self.network, self.data, self.spec, self.judged)

    def _take_in(self, measured: Measurement, evaluations: list[Evaluation], snapshots: list[Snapshot]) -> None:
        """Record what was measured: on validation, or on training where there is no other; judge it at an epoch's end.
        """
        self.measuring = None
        loss, error = measured.result
        mean = self.loss_sum / self.loss_count if self.loss_count else math.nan
        self.loss_sum, self.loss_count = 0.0, 0
        validation = loss if self.judged == "validation" else math.nan
        evaluations.append(Evaluation(self.update, self.epoch, mean, validation, error))
        if self.update:
            if self.update % self.batches.per_epoch == 0 and self._judge(loss, error):
                snapshots.append(replace(self._snapshot(), best=True))
            self._keep(snapshots)

    def _keep(self, snapshots: list[Snapshot]) -> None:
        """Keep the network as it is after an update when it is time to."""
        if self.update % self.snapshot_every == 0 or self.outcome != "training":
            snapshots.append(self._snapshot())

    def _judge(self, loss: float, error: float) -> bool:
        """Decide at an epoch's end whether it is time to stop; tell whether the loss is the best so far."""
        epoch = self.update // self.batches.per_epoch
        better = loss < self.best.loss
        if better:
            self.best = Best(loss, self.update, epoch, self.network.weights())
        if self.spec.train.target_score and error >= self.spec.train.target_score:
            self.outcome = "enough"
        elif epoch >= self.spec.train.epochs:
            self.outcome = "done"
        elif self.spec.train.patience and epoch - self.best.epoch >= self.spec.train.patience:
            self.outcome = "early"
        return better

    def _snapshot(self) -> Snapshot:
        return Snapshot(self.update, self.network.weights())
