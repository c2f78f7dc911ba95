"""What a teacher does in a class: each step is taken in a callback, and why it cannot be taken is told once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from lstm_core.classroom.classroom import Classroom
from lstm_core.errors import Refusal
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import rooms
from lstm_core.ui.classroom import keys
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets.text import localized


def take(code: str, step: Callable[[Classroom], Classroom]) -> None:
    """In a callback: take a step."""
    attempt(rooms().change, code, owner(), step)


def attempt(act: Callable[..., Any], *args: Any) -> None:
    """In a callback: do something that may be refused."""
    try:
        act(*args)
    except Refusal as refusal:
        st.session_state[keys.REFUSED] = refusal


def say_refused() -> None:
    """Say why the last step could not be taken, unless that stands on top of the page already."""
    refused = st.session_state.pop(keys.REFUSED, None)
    if refused is not None and refused.template != st.session_state.get(session_keys.OUTAGE):
        st.error(localized(refused))
