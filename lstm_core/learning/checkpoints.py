"""A network's weights as a file: to be kept, read by other programs, and trained on from."""

from __future__ import annotations

import numpy as np

from lstm_core.codec import pack, unpack
from lstm_core.errors import Listed, Refusal, listed
from lstm_core.records import Weights


def write(weights: Weights) -> bytes:
    """Return the weights as a safetensors file: the same weights, the same bytes."""
    return pack(weights, {})


def read(file: bytes, like: Weights) -> Weights:
    """Return the weights of a file written by :func:`write`.

    Args:
        file: the bytes; nothing in them is ever executed.
        like: weights of the network that is to take them over, for their names and shapes.

    Raises:
        Refusal: the file is none of ours, or belongs to another network.
    """
    weights, _facts = unpack(file)
    received = {name: array.shape for name, array in weights.items()}
    allowed = {name: array.shape for name, array in like.items()}
    if received != allowed:
        raise Refusal("This checkpoint belongs to another network: it has {received}; this network has {allowed}. "
                      "Choose the settings it was trained with.", received=_told(received), allowed=_told(allowed))
    with np.errstate(over="ignore"):        # beyond float32's range: not finite
        taken = {name: weights[name].astype(np.float32, copy=False) for name in like}
    if not all(np.isfinite(array).all() for array in taken.values()):
        raise Refusal("This checkpoint has weights that are not finite numbers.")
    return taken


def _told(shapes: dict[str, tuple[int, ...]]) -> Listed:
    return listed(f"{name} {'x'.join(map(str, shape))}" for name, shape in shapes.items())


def text(weights: Weights) -> str:
    """Return all weights as plain text: each array's name and shape on a line, its numbers below."""
    parts = []
    for name, array in weights.items():
        rows = array.reshape(len(array), -1)
        numbers = "\n".join(" ".join(f"{value:.9g}" for value in row) for row in rows)
        parts.append(f"{name} {array.shape}\n{numbers}\n")
    return "\n".join(parts)
