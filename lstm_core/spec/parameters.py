"""How many numbers a network learns, by formula, without building it."""

from __future__ import annotations

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import IOShape

LEAST_WEIGHTS = 5_000
"""Weights for which a time step takes about as long as for fewer."""

KERNEL = 3
"""Time steps that a filter of the convolution beside the recurrent layers sees at once."""


def parameters(model: ModelSpec, io_shape: IOShape) -> dict[str, int]:
    """Return the number of weights and biases of each stage, by its name.

    A recurrent layer has ``blocks * (H * F + H * H + 2 * H)``: torch keeps two bias vectors, one for the input and one
    for the recurrent product.
    """
    counts: dict[str, int] = {}
    entering = features = io_shape.n_symbols or io_shape.n_features
    if io_shape.n_symbols and model.encoding == "embedding":
        counts["embedding"] = io_shape.n_symbols * model.embedding
        entering = features = model.embedding
    if model.input_dense:
        counts["dense"] = model.input_dense * (features + 1)
        features = model.input_dense
    for stage in ("layers", "decoder") if io_shape.encoder_steps else ("layers",):
        read = features
        for number, layer in enumerate(model.layers):
            hidden = layer.hidden
            counts[f"{stage}.{number}"] = model.cell_type.blocks * (hidden * read + hidden * hidden + 2 * hidden)
            read = hidden
    top = model.layers[-1].hidden
    if model.relu_head:
        counts["after"] = model.relu_head * (top + 1)
        top = model.relu_head
    if model.conv:
        counts["conv"] = model.conv * (KERNEL * entering + 1)
    counts["head"] = max(io_shape.n_classes, 1) * (top + flattened(model, io_shape) + 1)
    return counts


def flattened(model: ModelSpec, io_shape: IOShape) -> int:
    """Return how many numbers the convolution hands to the output layer: each filter's maximum of every two steps."""
    return model.conv * (io_shape.n_steps // 2)


def check_size(model: ModelSpec, io_shape: IOShape) -> None:
    """Refuse a network with more parameters than the limit, or one whose convolution has nothing to pool."""
    if model.conv and io_shape.n_steps < 2:
        raise Refusal("A convolution with pooling needs a window of at least 2 time steps; received {steps}.",
                      steps=io_shape.n_steps)
    total = sum(parameters(model, io_shape).values())
    if total > limits.PARAMETERS:
        raise Refusal("A network may have at most {limit:,} weights and biases; this one has {total:,}. "
                      "Use fewer hidden units or layers.", limit=limits.PARAMETERS, total=total)


def check_reading(model: ModelSpec, io_shape: IOShape, samples: int) -> None:
    """Refuse to read so many samples at once, where that would keep a worker from everybody else for long."""
    weights = sum(parameters(model, io_shape).values())
    if max(weights, LEAST_WEIGHTS) * io_shape.n_steps * samples > limits.READING:
        raise Refusal("To read {samples:,} samples of {steps} time steps at once takes too long with {weights:,} "
                      "weights and biases. Use a smaller part of the data, fewer time steps or a smaller network.",
                      samples=samples, steps=io_shape.n_steps, weights=weights)
