"""How a network learns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec.validation import check, check_number


@dataclass(frozen=True, kw_only=True)
class TrainSpec:
    """How the network learns."""

    epochs: int = 20
    batch: int = 32                 # windows in one update
    lr: float = 0.005               # learning rate at the start
    lr_changes: tuple[tuple[int, float], ...] = ()   # (update, learning rate from that update on), in order
    optimizer: Literal["adam", "sgd"] = "adam"
    clip_norm: float = 1.0               # largest norm of the gradient; 0: not clipped
    patience: int = 0               # stop after so many epochs without a better validation loss; 0: never
    target_score: float = 0.0             # stop after an epoch with such a share right of the judged part; 0: never
    keep_best: bool = True          # end with the weights of the best validation loss
    stateful: Literal["off", "parallel", "staggered"] = "off"   # state carried from batch to batch (truncated BPTT)
    shuffle: bool = True            # order of the training windows drawn anew in every epoch
    seed: int = 0                   # decides initial weights, order and dropout
    checkpoint: str = ""            # content hash of the weights to begin with; empty: drawn from the seed

    def __post_init__(self) -> None:
        check(self)
        if len(self.lr_changes) > limits.RATE_CHANGES:
            raise Refusal("The learning rate of one run may be changed {limit} times; received {received} changes.",
                          limit=limits.RATE_CHANGES, received=len(self.lr_changes))
        last = -1
        for update, rate in self.lr_changes:
            if not last < update <= limits.UPDATES:
                raise Refusal("Changes of the learning rate must be in the order of their updates; received {got}.",
                              got=self.lr_changes)
            check_number("lr", rate)
            last = update
        if self.stateful != "off" and self.shuffle:
            raise Refusal("A carried state needs the windows in their order: switch shuffle off, or carry off.")

    def rate(self, update: int) -> float:
        """Return the learning rate used for the given update (counted from 0)."""
        current = self.lr
        for since, rate in self.lr_changes:
            if update >= since:
                current = rate
        return current
