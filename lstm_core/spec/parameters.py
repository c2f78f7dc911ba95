"""How many numbers a network learns, and which networks are too large."""

from __future__ import annotations

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import IOShape
from lstm_core.spec.plan import plan_network

LEAST_WEIGHTS = 5_000
"""Weights for which a time step takes about as long as for fewer."""


def parameters(model: ModelSpec, io_shape: IOShape) -> dict[str, int]:
    """Return the number of weights and biases of each stage that has some, by its name."""
    return {stage.name: stage.parameters for stage in plan_network(model, io_shape).stages if stage.parameters}


def check_size(model: ModelSpec, io_shape: IOShape) -> None:
    """Refuse a network with more parameters than the limit, or one whose convolution has nothing to pool."""
    if model.conv and io_shape.n_steps < 2:
        raise Refusal("A convolution with pooling needs a window of at least 2 time steps; received {steps}.",
                      steps=io_shape.n_steps)
    total = plan_network(model, io_shape).parameters
    if total > limits.PARAMETERS:
        raise Refusal("A network may have at most {limit:,} weights and biases; this one has {total:,}. "
                      "Use fewer hidden units or layers.", limit=limits.PARAMETERS, total=total)


def check_reading(model: ModelSpec, io_shape: IOShape, samples: int) -> None:
    """Refuse to read so many samples at once, where that would keep a worker from everybody else for long."""
    weights = plan_network(model, io_shape).parameters
    if max(weights, LEAST_WEIGHTS) * io_shape.n_steps * samples > limits.READING:
        raise Refusal("To read {samples:,} samples of {steps} time steps at once takes too long with {weights:,} "
                      "weights and biases. Use a smaller part of the data, fewer time steps or a smaller network.",
                      samples=samples, steps=io_shape.n_steps, weights=weights)
