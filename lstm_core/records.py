"""What a run leaves behind: plain NumPy and numbers, the only things that cross process borders."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from lstm_core.spec import Split

Weights = dict[str, np.ndarray]
"""A network's parameters by name, float32.

``embedding.weight`` (K, E) when letters are embedded; ``dense.weight`` (D, F) and ``dense.bias`` (D,) when there is a
dense input layer; for recurrent layer k ``layers.k.weight_ih_l0`` (G*H, F), ``layers.k.weight_hh_l0`` (G*H, H),
``layers.k.bias_ih_l0`` and ``layers.k.bias_hh_l0`` (G*H,), the G gates stacked in torch's order (LSTM i f g o, GRU
r z n), and the same under ``decoder.k`` when a decoder follows an encoder; ``after.weight`` (A, H) and ``after.bias``
(A,) of a ReLU layer; ``conv.weight`` (C, F, 3) and ``conv.bias`` (C,) of a convolution; ``head.weight`` (O, H), in
which A stands for H after a ReLU layer, with C * (T // 2) columns more after a convolution, and ``head.bias`` (O,).
"""

Outcome = Literal["training", "done", "early", "enough", "diverged"]
"""Where training stands after a slice: to be continued; all epochs done; stopped early; enough right answers; loss no
longer finite."""


MEAN = -1
"""In place of a unit: the mean over all units of a layer."""

Look = Split | int
"""What somebody looks at of a run: the predictions for a split, or the inside of a unit (counted from 0, or MEAN)."""


Progress = Mapping[str, np.ndarray]
"""How far something is that is worked out piece by piece: whoever gets it goes on from there."""


@dataclass(frozen=True)
class Unfinished:
    """In place of an answer: a worker has worked out a share of it."""

    share: float                    # 0 to 1
    progress: Progress


@dataclass(frozen=True)
class Budget:
    """How far one slice may go, whatever comes first, and what it shows at its end."""

    seconds: float | None = None
    updates: int | None = None
    epoch_end: bool = False         # stop where an epoch ends
    view: tuple[Look, ...] = ()     # what is to be drawn at the end of the slice
    explain: bool = False           # tell in numbers what its last update did
    measure: bool = True            # go on with what is being measured; else the slice only draws
    drawing: Drawing | None = None  # what was begun to be drawn of this network

    def over(self, started: float) -> bool:
        """Tell whether the seconds are used up, when it began at this time of ``time.perf_counter``."""
        return self.seconds is not None and time.perf_counter() - started >= self.seconds


@dataclass(frozen=True)
class Evaluation:
    """The network measured between two updates."""

    update: int                     # updates done so far
    epoch: float                    # epochs done so far
    train_loss: float               # mean training loss since the last evaluation
    validation_loss: float          # loss on the validation part; nan without one
    score: float                    # mean absolute error in real units, or share of right classes, of sequences made by
                                    # a rule the share processed right; nan without a part


@dataclass(frozen=True)
class Snapshot:
    """The network as it was after a number of updates."""

    update: int
    weights: Weights
    best: bool = False              # the lowest validation loss so far


@dataclass(frozen=True)
class ProbeLayer:
    """One recurrent layer at C time steps: one unit, or the mean over all units."""

    unit: int                       # which one is shown; MEAN
    values: dict[str, np.ndarray]   # gate or state name -> (C,) float32


@dataclass(frozen=True)
class ProbeTrace:
    """What the network does inside while it reads a run's probe sequence, at C of its time steps."""

    steps: np.ndarray               # (C,) int64: which time steps, counted from 0
    layers: tuple[ProbeLayer, ...]
    output: np.ndarray              # (C,) float32: in real units, or the probability of the right class, where that is
                                    # not known of the likeliest; nan where the network does not answer
    likeliest: np.ndarray | None    # (C,) the likeliest class; None where numbers are predicted


@dataclass(frozen=True)
class View:
    """What is seen of the network between two updates."""

    update: int
    predictions: dict[Split, np.ndarray]   # for the shown rows: (n,) values in real units, or (n, K) probabilities
    seconds: float = 0.0                  # wall time that all of it took
    inside: dict[int, ProbeTrace] = field(default_factory=dict)     # by the unit that was asked for

    @property
    def looks(self) -> set[Look]:
        """Return what it shows."""
        return {*self.predictions, *self.inside}

    def after(self, before: View | None) -> View:
        """Return what is seen together with what was seen before of the same network."""
        if before is None or before.update != self.update:
            return self
        return replace(self, predictions=before.predictions | self.predictions, inside=before.inside | self.inside)


@dataclass(frozen=True)
class Drawing:
    """A view of which a slice had time for a part only."""

    view: View                      # what of it is there
    looks: tuple[Look, ...]         # all that was asked for
    begun: Progress                 # of the first split that is missing


@dataclass(frozen=True)
class LayerUpdate:
    """What an update did in one layer, in Euclidean norms."""

    name: str                       # as in the names of the weights: "layers.0", "head"
    gradient: float                 # before clipping
    weights: float                  # before the update
    change: float                   # of the weights


@dataclass(frozen=True)
class WeightUpdate:
    """What an update did to one weight."""

    name: str                       # of the parameter it belongs to
    place: tuple[int, ...]          # in it
    gradient: float                 # after clipping
    before: float
    after: float


@dataclass(frozen=True)
class UpdateDetails:
    """One update, phase by phase; a single answer stands for all of its batch."""

    update: int                     # its number, from 1
    samples: int                    # in the batch
    targets: int                    # that the loss is the mean over
    answer: int                     # which answer to the first sample is told (from 0): the last that counts
    answers: int                    # that the network gives to this sample
    predicted: float                # in real units, or the probability of the right class
    actual: float                   # in real units, or the right class
    error: float                    # of this answer in the loss: the squared error, scaled, or the cross entropy (nats)
    loss: float                     # of the batch, before the update
    gradient: float                 # norm, before clipping
    clipped: float                  # norm, as it was used
    rate: float                     # learning rate
    layers: tuple[LayerUpdate, ...]     # in the order of the weights
    largest: WeightUpdate           # the weight that changed most


@dataclass(frozen=True)
class Records:
    """What happened in one slice."""

    first: int                      # number of updates done before the slice
    losses: np.ndarray              # (n,) float32: training loss of each update's batch
    evaluations: tuple[Evaluation, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    view: View | None = None
    update: UpdateDetails | None = None     # of the last one, if that was asked for
    drawing: Drawing | None = None          # in place of a view that could not be finished


@dataclass(frozen=True)
class Machine:
    """What decides the last bits of a training.

    On two that are equal the same settings give the same weights; on two that differ rounding does, and training
    magnifies it.
    """

    processor: str                  # and the instructions that torch and NumPy use of it: x86_64 AVX512 SkylakeX
    torch: str                      # versions
    numpy: str
    version: str                    # of this project


@dataclass(frozen=True)
class TrainedOn:
    """From which update on a run was trained on a machine."""

    since: int
    machine: Machine


@dataclass(frozen=True)
class Slice:
    """A piece of training: the state to go on from, and what happened."""

    state: bytes
    update: int                     # updates done in all
    epoch: float                    # epochs done in all
    outcome: Outcome
    records: Records
    seconds: float = 0.0            # wall time spent on updates
    machine: Machine | None = None  # that has trained it, where that is known
    measuring: bool = False         # the measurement that follows its last update goes on in the next slice


def followed(known: Sequence[TrainedOn], pieces: Iterable[Slice]) -> tuple[TrainedOn, ...]:
    """Return on which machines a run was trained, one after the other, when these slices follow on what is known."""
    found = list(known)
    for piece in pieces:
        if piece.machine is not None and (not found or found[-1].machine != piece.machine):
            found.append(TrainedOn(piece.records.first, piece.machine))
    return tuple(found)


@dataclass(frozen=True)
class LayerTrace:
    """One recurrent layer over one sequence of T steps, H hidden units."""

    x: np.ndarray                   # (T, F) what enters the layer
    pre: dict[str, np.ndarray]      # gate name -> (T, H) pre-activations (the sums)
    gates: dict[str, np.ndarray]    # gate name -> (T, H) activations
    h: np.ndarray                   # (T, H) hidden state
    c: np.ndarray | None            # (T, H) cell state, LSTM only
    h0: np.ndarray                  # (H,) state before the first step
    c0: np.ndarray | None           # (H,)


@dataclass(frozen=True)
class GateTrace:
    """Everything inside the network while it reads one sequence."""

    layers: tuple[LayerTrace, ...]
    output: np.ndarray              # (T, O) the output layer's values at every step, whatever the task reads;
                                    # nan where there is none: while an encoder reads, before a convolution is done
    switch: int = 0                 # time step at which a decoder takes over from the encoder; 0: there is none


@dataclass(frozen=True)
class LayerGradient:
    """Gradients of the loss inside one recurrent layer."""

    dh: np.ndarray                  # (T, H) dL/dh(t)
    dc: np.ndarray | None           # (T, H) dL/dc(t), LSTM only
    dx: np.ndarray                  # (T, F) dL/dx(t)


@dataclass(frozen=True)
class GradientTrace:
    """Back-propagation through time over one sequence."""

    layers: tuple[LayerGradient, ...]
    weights: Weights = field(default_factory=dict)   # dL/dw under the same names as the weights
