"""Small choices that a browser remembers, in a cookie: the first page of the next visit knows them at once."""

from __future__ import annotations

import streamlit as st

from lstm_core.ui.base.static_files import address

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('remember.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("remember", js=_SCRIPT, isolate_styles=False)


def remembered(name: str) -> str:
    """Return what this browser remembers under a name; empty: nothing."""
    return str(st.context.cookies.get(_cookie(name), ""))


def remember(name: str, value: str) -> None:
    """Have the browser remember a value of letters and digits from now on."""
    _component(key=f"remember_{name}", data={"name": _cookie(name), "value": value})


def _cookie(name: str) -> str:
    return f"gatescope_{name}"
