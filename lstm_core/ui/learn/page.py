"""The page Learn: the list of lessons, one of them, or My course."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.inside.interventions import Intervention
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.ui.learn import keys, lesson, my_course, overview
from lstm_core.ui.learn.stage import Shows
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import sent_address, session

STYLE = Path(__file__).parents[1] / "static" / "learn" / "learn.css"


def show(shows: Shows, changes: Callable[[], tuple[Intervention, ...]]) -> None:
    """Show what the address asks for.

    Args:
        shows: what draws each page of the lab.
        changes: returns what is changed inside the network.
    """
    st.html(STYLE)
    _follow_address()
    chosen = st.session_state.get(keys.LESSON, "")
    if chosen == lesson.MINE:
        my_course.show()
    elif chosen in LESSONS:
        lesson.show(LESSONS[chosen], shows, changes)
    else:
        if chosen:
            st.warning(_("There is no such lesson. These are all there are:"))
            st.session_state[keys.LESSON] = st.session_state[keys.CARD] = ""
        overview.show()
    _write_address()


def _follow_address() -> None:
    """Take over lesson and card when the address leads to others than this session is at: a link, or the way back."""
    for key in (keys.LESSON, keys.CARD):
        sent_address.settle(key, st.session_state.get(key, ""))
    asked = st.query_params.get(keys.LESSON, "")
    if asked != st.session_state.get(keys.LESSON, ""):
        st.session_state.pop(keys.ON_STAGE, None)
        st.session_state[keys.LESSON], st.session_state[keys.CARD] = asked, st.query_params.get(keys.CARD, "")
    elif keys.CARD in st.query_params:
        st.session_state[keys.CARD] = st.query_params[keys.CARD]


def _write_address() -> None:
    """Put lesson and card into the address, and what every address carries but the run, which the lesson decides."""
    query = {key: st.session_state[key] for key in (keys.LESSON, keys.CARD) if st.session_state.get(key)}
    query |= {name: value for name, value in session.address().items() if name != session_keys.RUN}
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
