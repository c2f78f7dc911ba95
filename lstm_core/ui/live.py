"""Figures that change while a person looks at them: the same nodes in the browser, small messages."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from lstm_core.ui.routes import address

# Streamlit sends this text with every update, so it only points to the file. It must hold a line end, or Streamlit
# takes it for a path.
_SCRIPT = (f"export default c=>import(new URL('{address('live_figure.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("live_figure", js=_SCRIPT, isolate_styles=False)


def live_figure(fig: go.Figure, key: str, *, height: int, alt: str) -> None:
    """Draw a figure that keeps its zoom, hover and legend state when it is drawn again with other data.

    ``height`` in pixels; ``alt`` says in words what is to be seen, for those who cannot see it. The zoom starts
    afresh when ``fig.layout.uirevision`` changes.
    """
    _component(key=key, data=packed(fig, alt), height=height)


def packed(fig: go.Figure, alt: str) -> bytes:
    """Return the figure as bytes: the length of the JSON (uint32), the JSON, the arrays.

    Little-endian. In the JSON an array is ``{"$": [type, offset, length, columns]}``: its type (a NumPy code, after a
    ``D`` when the values are days since 1970), where it starts in bytes behind the JSON, how many values it has, and
    how many of them make a row (0: it has one dimension). Equal arrays are sent once. The template stays behind: the
    browser has its own, which follows the theme.
    """
    content = fig.to_dict()
    content["layout"].pop("template", None)
    arrays = _Arrays()
    text = json.dumps({"data": arrays.replace(content["data"]), "layout": arrays.replace(content["layout"]),
                       "alt": alt}, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text + bytes(arrays.content)


class _Arrays:
    """The arrays of one message, each put into its smallest exact type."""

    def __init__(self) -> None:
        self.content = bytearray()
        self._places: dict[tuple[str, bytes], int] = {}

    def replace(self, part: Any) -> Any:
        """Return this part of a figure with references in the place of arrays."""
        if isinstance(part, dict):
            if "bdata" in part:                 # what plotly makes of a numeric array
                flat = np.frombuffer(base64.b64decode(part["bdata"]), dtype=np.dtype(part["dtype"]))
                shape = [int(size) for size in part.get("shape", "0").split(",")]
                return self._kept(flat, shape[-1] if len(shape) > 1 else 0)
            return {name: self.replace(value) for name, value in part.items()}
        if isinstance(part, np.ndarray):
            return self._kept(part, 0) if part.dtype.kind == "M" else part.tolist()
        return [self.replace(value) for value in part] if isinstance(part, list | tuple) else part

    def _kept(self, array: np.ndarray, columns: int) -> dict[str, list[Any]]:
        code, stored = _smallest(array)
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
