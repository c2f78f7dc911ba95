"""Asking a worker: the page shows how far the answer is, and drops the question when the person leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.records import Unfinished
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab

T = TypeVar("T")


def ask(question: Callable[..., T | Unfinished], *args: Any) -> T:
    """Return a worker's answer to a question, a function of :mod:`lstm_core.running.jobs`.

    Raises:
        Refusal: it cannot be answered; the sentence tells why.
    """
    waiting = _Waiting()
    try:
        answer = lab().ask(question, *args, owner=owner(), meanwhile=waiting)
    except Refusal:
        waiting.end()
        raise
    waiting.end()
    return answer


class _Waiting:
    """A bar that says how much of an answer is there, once that takes longer than a moment.

    Whatever is drawn asks Streamlit whether this page is still wanted, and ends its script when it is not.
    """

    def __init__(self) -> None:
        self._calls = 0
        self._place: Any = None

    def __call__(self, share: float) -> None:
        self._calls += 1
        if self._calls == 2:
            self._place = st.empty()
        if self._place is not None:
            self._place.progress(share, text=_("Computed so far: {share:.0%}").format(share=share))

    def end(self) -> None:
        """Take the bar away."""
        if self._place is not None:
            self._place.empty()
