"""Numbers on their way to a browser: JSON with its arrays behind it, each in its smallest exact type."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np


def pack(content: Any) -> bytes:
    """Return JSON with arrays as bytes: the length of the JSON (uint32), the JSON, the arrays.

    Little-endian. In the JSON an array is ``{"$": [type, offset, length, columns]}``: its type (a NumPy code, after a
    ``D`` when the values are days since 1970), where it starts in bytes behind the JSON, how many values it has, and
    how many of them make a row (0: it has one dimension). Equal arrays are sent once.
    """
    arrays = _Arrays()
    text = json.dumps(arrays.replace(content), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text + bytes(arrays.content)


class _Arrays:
    """The arrays of one message, each put into its smallest exact type."""

    def __init__(self) -> None:
        self.content = bytearray()
        self._places: dict[tuple[str, bytes], int] = {}

    def replace(self, part: Any) -> Any:
        """Return this part of the content with references in the place of arrays."""
        if isinstance(part, dict):
            return {name: self.replace(value) for name, value in part.items()}
        if isinstance(part, np.ndarray):
            return self._kept(part) if part.size and part.dtype.kind in "iufM" else part.tolist()
        return [self.replace(value) for value in part] if isinstance(part, list | tuple) else part

    def _kept(self, array: np.ndarray) -> dict[str, list[Any]] | list[Any]:
        columns = array.shape[-1] if array.ndim > 1 else 0
        code, stored = _smallest(array.ravel())
        if code in ("i8", "u8"):            # the browser has no such whole numbers
            return list(array.tolist())
        content = stored.tobytes()
        place = self._places.setdefault((code, content), len(self.content))
        if place == len(self.content):
            self.content += content
        return {"$": [code, place, len(stored), columns]}


def _smallest(array: np.ndarray) -> tuple[str, np.ndarray]:
    """Return an array and its type's code: dates as days or milliseconds, whole numbers as short as they fit."""
    if array.dtype.kind == "M":
        days = array.astype("datetime64[D]")
        if not (days == array).all():
            return "f8", array.astype("datetime64[ms]").astype(np.int64).astype("<f8")
        code, stored = _smallest(days.astype(np.int64))
        return "D" + code, stored
    if array.dtype.kind in "iu" and array.size:
        array = array.astype(np.promote_types(np.min_scalar_type(array.min()), np.min_scalar_type(array.max())))
    return array.dtype.str[1:], array.astype(array.dtype.newbyteorder("<"))
