"""Figures that change while a person looks at them: the same nodes in the browser, small messages."""

from __future__ import annotations

import asyncio
import json
import struct
from contextlib import suppress
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_core.ui.base.static_files import address
from lstm_core.ui.widgets import keys

# Streamlit sends this text with every update, so it only points to the file. It must hold a line end, or Streamlit
# takes it for a path.
_SCRIPT = (f"export default c=>import(new URL('{address('live_figure.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

FLUSH = 0.02            # seconds in which the server sends what lies ready, and
PATIENCE = 2.0          # seconds after which a server that has no time for that is no longer waited for
_loop: asyncio.AbstractEventLoop | None = None

_component = st.components.v2.component("live_figure", js=_SCRIPT, isolate_styles=False)


def live_figure(fig: go.Figure, key: str, *, height: int, alt: str) -> None:
    """Draw a figure that keeps its zoom, hover and legend state when it is drawn again with other data.

    ``height`` in pixels; ``alt`` says in words what is to be seen, for those who cannot see it. The zoom starts
    afresh when ``fig.layout.uirevision`` changes.
    """
    live_packed(packed(fig, alt), key, height=height)


def live_packed(content: bytes, key: str, *, height: int) -> None:
    """Draw a figure as :func:`live_figure` does, from what :func:`packed` has returned for it."""
    _component(key=key, data=content, height=height)


def served_by(loop: asyncio.AbstractEventLoop) -> None:
    """Remember the event loop that sends what the pages draw."""
    global _loop
    _loop = loop


def flush() -> None:
    """At the end of a script: wait until the server has sent what it has drawn.

    What it has not sent when the browser asks for the next rerun is lost: charts and controls would vanish. Until
    then this rerun counts as running, and the next one waits.
    """
    if _loop is not None:
        with suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(asyncio.sleep(FLUSH), _loop).result(PATIENCE)


def redraw(*fragments: str) -> None:
    """In a widget's callback: rerun only the fragments of these keys, which are all that shows the widget's value.

    The widget must itself stand in a fragment. A page that has none of the keys, or whose last rerun was interrupted,
    is rerun as a whole. So is one that is rerun as a whole anyway, because something else was changed in the same
    moment: the browser has then stopped the clocks of all fragments, and they must be set anew.
    """
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return
    if st.session_state[keys.DRAWN]:
        with suppress(StreamlitAPIException):
            st.rerun(fragments)
    st.rerun()


def packed(fig: go.Figure, alt: str) -> bytes:
    """Return the figure as bytes: the length of the JSON (uint32), the JSON, the arrays.

    Little-endian. In the JSON an array is ``{"$": [type, offset, length, columns]}``: its type (a NumPy code, after a
    ``D`` when the values are days since 1970), where it starts in bytes behind the JSON, how many values it has, and
    how many of them make a row (0: it has one dimension). Equal arrays are sent once. The template stays behind: the
    browser has its own, which follows the theme.
    """
    arrays = _Arrays()
    data = [arrays.replace(trace.to_plotly_json()) for trace in fig.data]
    layout = fig.layout.to_plotly_json()
    layout.pop("template", None)
    text = json.dumps({"data": data, "layout": arrays.replace(layout), "alt": alt},
                      ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    return struct.pack("<I", len(text)) + text + bytes(arrays.content)


class _Arrays:
    """The arrays of one message, each put into its smallest exact type."""

    def __init__(self) -> None:
        self.content = bytearray()
        self._places: dict[tuple[str, bytes], int] = {}

    def replace(self, part: Any) -> Any:
        """Return this part of a figure with references in the place of arrays."""
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
