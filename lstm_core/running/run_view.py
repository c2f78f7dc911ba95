"""A run as a page shows it: all its facts and curves at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lstm_core.errors import Refusal
from lstm_core.records import Outcome, ProbeTrace, TrainedOn, UpdateDetails
from lstm_core.spec import RunSpec, Split
from lstm_core.storage.schema import ACTIVE, EVALUATIONS, Status


@dataclass(frozen=True, eq=False)
class RunView:
    """A run at one moment. Its arrays are read-only and never change."""

    id: str                         # empty: nobody has trained it
    owner: str
    spec: RunSpec
    status: Status
    outcome: Outcome
    reason: Refusal | None          # why it failed or was paused by the lab
    created: float                  # seconds since 1970
    held: bool                      # paused by the lab until it can be saved: it then goes on by itself
    update: int                     # updates done
    epoch: float                    # epochs done
    seconds: float                  # seconds of a worker spent on updates
    rate: float | None              # updates per second lately, waiting included; None: unknown
    seconds_left: float | None      # at this rate; None: unknown
    place: int | None               # 0: a worker has it now; n: the n-th in the queue; None: it does not want a turn
    waiting: int                    # runs that take turns, of all people
    pace: float | None              # updates per second asked for; None: as fast as possible
    lr: float                       # learning rate of the next update
    losses: np.ndarray              # (updates,) float32
    evaluations: np.ndarray         # (n,) of dtype schema.EVALUATIONS
    best: np.void | None            # the evaluation at an epoch's end with the lowest validation loss
    predictions: Mapping[Split, np.ndarray]     # the latest of each split: (n,) values, or (n, K) probabilities
    predictions_update: int | None  # the update they were made at
    inside: Mapping[int, ProbeTrace]    # what the network then did inside, by the unit that was asked for
    snapshots: np.ndarray           # (n,) int64: updates of which there is a snapshot
    trained_on: tuple[TrainedOn, ...]   # one after the other; what is older than the first is not known
    woken: float                    # when it last went on after it had stood still unwatched, s since 1970; 0: never
    silence: float                  # seconds for which no worker has answered that has its slice or that it waits for
    explained: UpdateDetails | None     # the last update, if it was asked for by itself and this server has seen it

    @classmethod
    def untrained(cls, spec: RunSpec) -> RunView:
        """Return what there is to see of settings that nobody has trained: no run, which has no id and no owner."""
        return cls(
            id="", owner="", spec=spec, status="stopped", outcome="training", reason=None, created=0.0, held=False,
            update=0, epoch=0.0, seconds=0.0, rate=None, seconds_left=None, place=None, waiting=0, pace=None,
            lr=spec.train.lr, losses=np.empty(0, np.float32), evaluations=np.empty(0, EVALUATIONS), best=None,
            predictions={}, predictions_update=None, inside={}, snapshots=np.empty(0, np.int64), trained_on=(),
            woken=0.0, silence=0.0, explained=None)

    @property
    def active(self) -> bool:
        """Tell whether the run goes on by itself: it trains, or waits for its turn."""
        return self.status in ACTIVE

    @property
    def moving(self) -> bool:
        """Tell whether there will be more to see of it without anybody's doing: it is active, or held by the lab."""
        return self.active or self.held
