"""Choosing among options that are called differently in another language.

A browser remembers what was chosen by the name of the option, and goes on sending that name after the language was
switched. Streamlit takes it for a new value that is none of the options. Here it is told apart from a choice: the
option stays chosen, and the browser is told its new name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from lstm_core import i18n
from lstm_core.ui.widgets import keys


def option_box(show: Callable[..., Any], label: str, options: Sequence[Any], *, key: str,
               on_change: Callable[..., object] | None = None, args: tuple[Any, ...] = (), **more: Any) -> Any:
    """Show a box with options and return what is chosen.

    Args:
        show: ``st.selectbox``, ``st.multiselect`` or ``st.select_slider``.
        label: what is chosen.
        options: what there is to choose from.
        key: of the session.
        on_change: called with ``args`` after the person has chosen something else.
        args: see there.
        more: what ``show`` takes besides.
    """
    drawn: dict[str, tuple[str, Any]] = st.session_state.setdefault(keys.OPTIONS_DRAWN, {})
    language, before = drawn.get(key, (i18n.current(), None))
    if key in st.session_state and (_stale(key, options) or language != i18n.current()):
        st.session_state[key] = before if _stale(key, options) else st.session_state[key]
    if show is st.multiselect:
        more["select_all"] = False          # which would be English in every language
    chosen = show(label, options, key=key, on_change=_changed, args=(key, options, on_change, args), **more)
    drawn[key] = (i18n.current(), chosen)
    return chosen


def _changed(key: str, options: Sequence[Any], act: Callable[..., object] | None, args: tuple[Any, ...]) -> None:
    if _stale(key, options):
        st.session_state[key] = st.session_state[keys.OPTIONS_DRAWN][key][1]
    elif act is not None:
        act(*args)


def _stale(key: str, options: Sequence[Any]) -> bool:
    """Tell whether the session holds the name of an option in another language, or several."""
    value = st.session_state[key]
    return not all(one in options for one in (value if isinstance(value, list) else [value]))
