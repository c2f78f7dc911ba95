"""Who is in a class, and where in the lab; the teacher gives other names, and lets somebody go."""

from __future__ import annotations

import time

import pandas as pd
import streamlit as st

from lstm_core.i18n import current, duration
from lstm_core.i18n import gettext as _
from lstm_core.storage.classes import Learner
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import rooms
from lstm_core.ui.classroom import keys, places, steps
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.option_box import option_box

EVERY = 3.0             # seconds between two looks
HERE = 60.0             # seconds within which somebody was seen who counts as here


def show(code: str) -> None:
    """Show who is where, and what can be done about a name."""
    st.fragment(_table, run_every=EVERY)(code)
    learners = {learner.number: learner for learner in rooms().learners(code)}
    if not learners:
        return
    with st.expander(_("A name that should not be there"), icon=":material/person_off:"):
        session.valid_choice(keys.SOMEBODY, list(learners))
        number = option_box(st.selectbox, _("Who"), list(learners), key=keys.SOMEBODY,
                            format_func=lambda number: f"{number} · {learners[number].name}")
        with st.container(horizontal=True):
            st.button(_("Give another name"), key="class_rename", icon=":material/edit:", on_click=steps.attempt,
                      args=(rooms().rename, code, owner(), number, current()))
            st.button(_("Let go, with all answers"), key="class_remove", icon=":material/person_remove:",
                      on_click=steps.attempt, args=(rooms().remove, code, owner(), number))


def _table(code: str) -> None:
    learners = rooms().learners(code)
    here = sum(_away(learner) <= HERE for learner in learners)
    st.markdown(_("{count} have joined, {here} are here now.").format(count=len(learners), here=here))
    if learners:
        st.dataframe(pd.DataFrame({
            _("Number"): [learner.number for learner in learners],
            _("Nickname"): [learner.name for learner in learners],
            _("Where"): [_where(learner) for learner in learners],
            _("Seen"): [_seen(_away(learner)) for learner in learners]}), hide_index=True, width="stretch")


def _where(learner: Learner) -> str:
    page, _mark, query = learner.place.partition("?")
    return places.title(page, query) if learner.place else "–"


def _seen(away: float) -> str:
    return _("now") if away <= HERE else _("{time} ago").format(time=duration(away))


def _away(learner: Learner) -> float:
    return time.time() - learner.seen
