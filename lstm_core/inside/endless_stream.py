"""What becomes of a cell state that is never reset: a network reads a whole stream in one go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_core.cells.forward import run
from lstm_core.cells.head import read_out
from lstm_core.records import Weights
from lstm_core.spec import ModelSpec

FULL = 0.99             # |tanh c| beyond which a cell is saturated: what it adds hardly changes its output any more


@dataclass(frozen=True, eq=False)
class StreamReading:
    """The last layer of a network at each of T time steps of a stream."""

    size: np.ndarray                # (T,) mean of |c| over the units
    saturated: np.ndarray           # (T,) share of the units whose |tanh c| is beyond FULL
    error: np.ndarray               # (T,) size of the error of the prediction, scaled


@np.errstate(invalid="ignore", over="ignore")       # a diverged run holds nan and inf: they are passed on, to be seen
def read_stream(model: ModelSpec, weights: Weights, x: np.ndarray, targets: np.ndarray) -> StreamReading:
    """Read a stream from a zero state to its end, without a reset in between.

    Args:
        model: a network of cells with a cell state, with an output at every step and no convolution.
        weights: its parameters.
        x: (T, F) numbers, already scaled.
        targets: (T,) what is to be predicted after each step, scaled.
    """
    size, saturated, outputs = (np.empty(len(x)) for _ in range(3))
    for t, layers in enumerate(run(model, weights, x, None)):
        h, c = layers[-1].after
        size[t], saturated[t] = np.abs(c).mean(), (np.abs(np.tanh(c)) > FULL).mean()
        outputs[t] = read_out(weights, h[np.newaxis], x)[0, 0]
    return StreamReading(size, saturated, np.abs(outputs - targets))
