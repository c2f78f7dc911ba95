"""How many numbers a network learns, by formula, without building it."""

from __future__ import annotations

from lstm_core import limits
from lstm_core.refusal import Refusal
from lstm_core.spec import ModelSpec

GATES = {"rnn": 1, "gru": 3, "lstm": 4}
"""Blocks of weights a cell has: each takes the input and the previous hidden state to H sums."""


def parameters(model: ModelSpec, width: int, classes: int) -> dict[str, int]:
    """Return the number of weights and biases of each stage, by its name.

    A recurrent layer has ``gates * (H * F + H * H + 2 * H)``: torch keeps two bias vectors, one for the input and one
    for the recurrent product.

    Args:
        model: the network.
        width: columns that enter it (F); not used for letters.
        classes: letters to choose from; 0 for numbers.
    """
    counts: dict[str, int] = {}
    features = classes or width
    if classes and model.encoding == "embedding":
        counts["embedding"] = classes * model.embedding
        features = model.embedding
    if model.dense:
        counts["dense"] = model.dense * (features + 1)
        features = model.dense
    for number, layer in enumerate(model.layers):
        hidden = layer.hidden
        counts[f"layers.{number}"] = GATES[model.cell] * (hidden * features + hidden * hidden + 2 * hidden)
        features = hidden
    counts["head"] = max(classes, 1) * (features + 1)
    return counts


def check_size(model: ModelSpec, width: int, classes: int) -> None:
    """Refuse a network with more parameters than the limit."""
    total = sum(parameters(model, width, classes).values())
    if total > limits.PARAMETERS:
        raise Refusal("A network may have at most {limit:,} weights and biases; this one has {total:,}. "
                      "Use fewer hidden units or layers.", limit=limits.PARAMETERS, total=total)
