"""A stand-in for training.advance that needs no torch: deterministic, cut anywhere with the same result."""

from __future__ import annotations

import os
import signal
import time

import numpy as np

from lstm_core import codec
from lstm_core.data import Missing, Series
from lstm_core.errors import Refusal
from lstm_core.records import Budget, Evaluation, ProbeTrace, Records, Slice, Snapshot, View
from lstm_core.spec import SPLITS, RunSpec, Table, Waves

PER_EPOCH = 20
DEADLY_SEED = 666       # kills its worker at update 30
CURSED_SEED = 667       # cannot be trained
BUGGY_SEED = 668
_known: dict[str, bytes] = {}


def spec(epochs: int = 10, micros: int = 0, **settings: object) -> RunSpec:
    """A run of so many epochs whose every update takes so many microseconds."""
    return RunSpec(data=Waves(noise_seed=micros)).change(epochs=epochs, **settings)


def table(length: int = 100) -> tuple[bytes, Table]:
    """A table of one column as it is kept, and the data of a run that reads it."""
    values = np.sin(np.arange(length) / 3)[:, None]
    blob = Series(("x",), values, np.arange(length)).to_bytes()
    key = Series.from_bytes(blob).digest()
    return blob, Table(digest=key, features=("x",), column="x", steps=5)


def advance(run: RunSpec, state: bytes | None, budget: Budget, blob: bytes | None = None) -> Slice:
    started, train, total = time.perf_counter(), run.train, run.train.epochs * PER_EPOCH
    digest = getattr(run.data, "digest", "")
    if digest and blob is None and digest not in _known:
        raise Missing(digest)
    if blob is not None:
        _known[digest] = blob
    if state is None:
        w, update = np.random.default_rng(train.seed).normal(size=50), 0
    else:
        arrays, facts = codec.unpack(state)
        w, update = arrays["w"].copy(), facts["update"]
    first, losses, evaluations, snapshots = update, [], [], []
    while update < total and budget.updates != 0:
        if train.seed == DEADLY_SEED and update == 30:
            os.kill(os.getpid(), signal.SIGKILL)
        if train.seed == CURSED_SEED:
            raise Refusal("The seed {seed} is cursed.", seed=train.seed)
        if train.seed == BUGGY_SEED:
            raise ZeroDivisionError("one over nothing")
        losses.append(float(w @ w))
        w = w - train.rate(update) * (w - np.random.default_rng([train.seed, update]).normal(size=50))
        update += 1
        if micros := getattr(run.data, "noise_seed", 0):
            time.sleep(micros / 1e6)
        if update % PER_EPOCH == 0:
            evaluations.append(Evaluation(update, update / PER_EPOCH, losses[-1], float(np.abs(w).sum()), np.nan))
            snapshots.append(Snapshot(update, {"w": w.astype(np.float32)}))
        if ((budget.seconds is not None and time.perf_counter() - started >= budget.seconds)
                or len(losses) == budget.updates or (budget.epoch_end and update % PER_EPOCH == 0)):
            break
    view = View(update, {split: w[:3] for split in SPLITS if split in budget.view}, inside={
        look: ProbeTrace(np.arange(1), (), w[:1].astype(np.float32), None)
        for look in budget.view if isinstance(look, int)}) if budget.view else None
    records = Records(first, np.array(losses, np.float32), tuple(evaluations), tuple(snapshots), view)
    outcome = "done" if update == total else "training"
    return Slice(codec.pack({"w": w}, {"update": update}), update, update / PER_EPOCH, outcome, records,
                 time.perf_counter() - started)
