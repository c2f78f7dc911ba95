"""Values of the address that a click changes: what the browser sends before it has heard of that no longer counts."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lstm_core.ui.widgets import keys


def put(name: str, value: str) -> None:
    """In a callback: put a value into the address, whatever the browser still has there."""
    if (before := st.query_params.get(name, "")) != value:
        st.session_state.setdefault(keys.LEFT, {})[name] = before
        st.session_state.setdefault(keys.LEAVING, set()).add(name)
    st.query_params[name] = value


def settle(name: str, value: str) -> None:
    """Put a value back into an address that left the browser before a click had changed it."""
    left: dict[str, str] = st.session_state.get(keys.LEFT, {})
    leaving: set[str] = st.session_state.get(keys.LEAVING, set())
    context = get_script_run_ctx()
    if context is not None and context.is_history_navigation:
        left.pop(name, None)            # the person has gone Back there
    if name in leaving:                 # this is the rerun of the click
        leaving.remove(name)
    elif name in left:
        if st.query_params.get(name, "") == left[name]:
            st.query_params[name] = value
        else:
            del left[name]              # the browser has the new address: from now on it counts again
