"""Arrays and plain facts to bytes and back, without pickle: what is stored and what crosses process borders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from lstm_core.errors import Refusal

_FACTS = "facts"


def pack(arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any] | None = None) -> bytes:
    """Return named arrays and JSON-able facts as bytes in the safetensors format (bit-exact)."""
    tensors = {f"array.{name}": np.asarray(array, order="C") for name, array in arrays.items()}
    tensors[_FACTS] = np.frombuffer(json.dumps(dict(facts or {})).encode(), dtype=np.uint8)
    try:
        return bytes(save(tensors))
    except BaseException as error:
        if type(error).__name__ == "PanicException":        # what Rust makes of a want of memory; it is no Exception
            raise MemoryError(str(error)) from None
        raise


def unpack(data: bytes) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Return what :func:`pack` was given. Bytes that it did not write are refused."""
    try:
        tensors = load(data)
        facts = json.loads(tensors.pop(_FACTS).tobytes())
    except (SafetensorError, KeyError, ValueError, RecursionError) as error:
        raise Refusal("These bytes are not a Gatescope record: {error}.", error=error) from error
    return {name.removeprefix("array."): array for name, array in tensors.items()}, facts
