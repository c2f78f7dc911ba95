"""How many numbers a network learns, by formula, without building it."""

from __future__ import annotations

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import Ports

GATES = {"rnn": 1, "gru": 3, "lstm": 4}
"""Blocks of weights a cell has: each takes the input and the previous hidden state to H sums."""

LEAST_WEIGHTS = 5_000
"""Weights for which a time step takes about as long as for fewer."""

KERNEL = 3
"""Time steps that a filter of the convolution beside the recurrent layers sees at once."""


def parameters(model: ModelSpec, ports: Ports) -> dict[str, int]:
    """Return the number of weights and biases of each stage, by its name.

    A recurrent layer has ``gates * (H * F + H * H + 2 * H)``: torch keeps two bias vectors, one for the input and one
    for the recurrent product.
    """
    counts: dict[str, int] = {}
    entering = features = ports.symbols or ports.width
    if ports.symbols and model.encoding == "embedding":
        counts["embedding"] = ports.symbols * model.embedding
        entering = features = model.embedding
    if model.dense:
        counts["dense"] = model.dense * (features + 1)
        features = model.dense
    for stage in ("layers", "decoder") if ports.source else ("layers",):
        read = features
        for number, layer in enumerate(model.layers):
            hidden = layer.hidden
            counts[f"{stage}.{number}"] = GATES[model.cell] * (hidden * read + hidden * hidden + 2 * hidden)
            read = hidden
    top = model.layers[-1].hidden
    if model.after:
        counts["after"] = model.after * (top + 1)
        top = model.after
    if model.conv:
        counts["conv"] = model.conv * (KERNEL * entering + 1)
    counts["head"] = max(ports.classes, 1) * (top + flattened(model, ports) + 1)
    return counts


def flattened(model: ModelSpec, ports: Ports) -> int:
    """Return how many numbers the convolution hands to the output layer: each filter's maximum of every two steps."""
    return model.conv * (ports.steps // 2)


def check_size(model: ModelSpec, ports: Ports) -> None:
    """Refuse a network with more parameters than the limit, or one whose convolution has nothing to pool."""
    if model.conv and ports.steps < 2:
        raise Refusal("A convolution with pooling needs a window of at least 2 time steps; received {steps}.",
                      steps=ports.steps)
    total = sum(parameters(model, ports).values())
    if total > limits.PARAMETERS:
        raise Refusal("A network may have at most {limit:,} weights and biases; this one has {total:,}. "
                      "Use fewer hidden units or layers.", limit=limits.PARAMETERS, total=total)


def check_reading(model: ModelSpec, ports: Ports, samples: int) -> None:
    """Refuse to read so many samples at once, where that would keep a worker from everybody else for long."""
    weights = sum(parameters(model, ports).values())
    if max(weights, LEAST_WEIGHTS) * ports.steps * samples > limits.READING:
        raise Refusal("To read {samples:,} samples of {steps} time steps at once takes too long with {weights:,} "
                      "weights and biases. Use a smaller part of the data, fewer time steps or a smaller network.",
                      samples=samples, steps=ports.steps, weights=weights)
