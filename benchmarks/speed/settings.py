"""What is trained: the systems of S1 to S5, and how everything that decides the work is handed to the peers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_core.data import Dataset
from lstm_core.learning import worker_cache
from lstm_core.learning.batches import Batches
from lstm_core.learning.training import advance
from lstm_core.presets import PRESETS
from lstm_core.records import Budget
from lstm_core.spec import RunSpec

# Early stopping would end the peers after different epochs, for a difference in the last digits.
ENSEMBLE = PRESETS["s3_ensemble"].spec.change(patience=0)


@dataclass(frozen=True)
class Setting:
    """One system, and how much faster than Keras on TensorFlow it should be trained."""

    title: str
    spec: RunSpec
    target: float | None            # updates per second, ours / Keras on TensorFlow; None: nothing is asked for
    epochs: int                     # epochs that are trained here: all, or enough where all take Keras minutes
    quick_epochs: int               # epochs where few must do
    smoke: bool = False             # part of the smoke run
    repeated: bool = False          # so short that it is trained over and over


SETTINGS: dict[str, Setting] = {
    "s1": Setting("S1 seven features, LSTM 10, 15 steps", PRESETS["s1_table"].spec, 3, 80, 20, smoke=True),
    "s2": Setting("S2 stacked LSTM 100/50, 40 features, 30 steps", PRESETS["s2_stacked"].spec, 1, 20, 12),
    "s3_lstm": Setting("S3 LSTM 64, 60 steps", ENSEMBLE.change(conv=0, relu_head=0), 3, 30, 10, smoke=True),
    "s3_ensemble": Setting("S3 LSTM 64 beside a convolution", ENSEMBLE, 3, 30, 10),
    "s4a": Setting("S4 letters, one-hot, RNN 3", PRESETS["s4a"].spec, None, 100, 100, repeated=True),
    "s4b": Setting("S4 letters, embedded, RNN 3", PRESETS["s4b"].spec, None, 100, 100, repeated=True),
    "s4c": Setting("S4 three letters, embedded, RNN 10", PRESETS["s4c"].spec, None, 100, 100, repeated=True),
    "s4_rnn": Setting("S4 share price, RNN 80/100, 60 steps", PRESETS["s4_rnn"].spec, 1, 10, 4, smoke=True),
    "s4_lstm": Setting("S4 share price, LSTM 80/100, 60 steps", PRESETS["s4_lstm"].spec, 1.5, 6, 4),
    "s5": Setting("S5 sine to cosine, LSTM 10, state carried", PRESETS["s5"].spec, 3, 1, 1, smoke=True, repeated=True),
}


def hand_over(spec: RunSpec, folder: Path) -> int:
    """Write the data, the order of the samples and the initial weights of a run into a folder; return its updates."""
    data = worker_cache.dataset(spec.data, spec.model.output)
    batches = Batches(spec.train, data.sample_ids["train"], data.steps)
    if spec.train.stateful == "off":
        sample_ids = data.sample_ids["train"]
        orders = np.stack([np.searchsorted(sample_ids, batches.order(epoch)) for epoch in range(spec.train.epochs)])
    else:
        sample_ids = np.concatenate([batches.carried(number) for number in range(batches.per_epoch)])
        orders = np.tile(np.arange(len(sample_ids)), (spec.train.epochs, 1))
    one_hot = bool(data.alphabet) and spec.model.encoding == "one-hot"
    np.save(folder / "x.npy", _inputs(data, sample_ids, one_hot))
    np.save(folder / "y.npy", data.y(sample_ids))
    np.save(folder / "validation_x.npy", _inputs(data, data.sample_ids["validation"], one_hot))
    np.save(folder / "validation_y.npy", data.y(data.sample_ids["validation"]))
    np.save(folder / "orders.npy", orders)
    weights: dict[str, Any] = advance(spec, None, Budget(updates=0)).records.snapshots[0].weights
    np.savez(folder / "weights.npz", **weights)
    facts = asdict(spec.model) | asdict(spec.train) | {
        "classes": data.classes, "symbols": 0 if one_hot else len(data.alphabet), "per_epoch": batches.per_epoch}
    (folder / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    return batches.per_epoch * spec.train.epochs


def _inputs(data: Dataset, sample_ids: np.ndarray, one_hot: bool) -> np.ndarray:
    x = data.x(sample_ids)
    return np.eye(len(data.alphabet), dtype=np.float32)[x] if one_hot else x
