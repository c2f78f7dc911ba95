"""Figures that change while a person looks at them: the same nodes in the browser, small messages."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import plotly.graph_objects as go
import streamlit as st
from streamlit.errors import StreamlitAPIException
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_core.charts.explain import explained
from lstm_core.i18n import gettext as _
from lstm_core.ui.base.static_files import address
from lstm_core.ui.base.wire import pack
from lstm_core.ui.widgets import keys, projector

# Streamlit sends this text with every update, so it only points to the file. It must hold a line end, or Streamlit
# takes it for a path.
_SCRIPT = (f"export default c=>import(new URL('{address('live_figure.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("live_figure", js=_SCRIPT, isolate_styles=False)


def live_figure(fig: go.Figure, key: str, *, height: int, alt: str, live: dict[str, Any] | None = None,
                toolbar: bool = True) -> None:
    """Draw a figure that keeps its zoom, hover and legend state when it is drawn again with other data.

    ``height`` in pixels, on a desk; ``alt`` says in words what is to be seen, for those who cannot see it. The zoom
    starts afresh when ``fig.layout.uirevision`` changes. ``live`` names a run that the figure follows in the browser,
    and in which role (``static/live/roles.js``). Without a ``toolbar`` it can still be zoomed with the mouse,
    and what is pointed at explains itself.
    """
    live_packed(packed(fig, alt, live, toolbar=toolbar), key, height=height)


def live_packed(content: bytes, key: str, *, height: int) -> None:
    """Draw a figure as :func:`live_figure` does, from what :func:`packed` has returned for it."""
    _component(key=key, data=content, height=projector.height(height))


def redraw(*fragments: str) -> None:
    """In a widget's callback: rerun only the fragments of these keys, which are all that shows the widget's value.

    The widget must itself stand in a fragment. A page that has none of the keys, or whose last rerun was interrupted,
    is rerun as a whole.
    """
    context = get_script_run_ctx()
    if context is None or not context.fragment_ids_this_run:
        return
    if st.session_state[keys.DRAWN]:
        with suppress(StreamlitAPIException):
            st.rerun(fragments)
    st.rerun()


def packed(fig: go.Figure, alt: str, live: dict[str, Any] | None = None, *, toolbar: bool = True) -> bytes:
    """Return the figure as bytes (see :mod:`lstm_core.ui.base.wire`).

    The template stays behind: the browser has its own, which follows the theme.
    """
    layout = fig.layout.to_plotly_json()
    layout.pop("template", None)
    data = [trace.to_plotly_json() for trace in fig.data]
    return pack({"data": data, "layout": layout, "alt": alt, "live": live, "toolbar": toolbar,
                 "explained": explained(data, layout) | {"label": _("What the lines and axes are")}})
