"""The page Class: wall and controls for a teacher, one's own place in it, or the ways in; and what was handed in."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.ui.classroom import hand_ins, keys, learner, membership, outside, steps, teacher, wall
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.navigation import show_section
from lstm_core.ui.widgets.text import localized, page_title

STYLE = Path(__file__).parents[1] / "static" / "class" / "page.css"


def show() -> None:
    """Show the page, or the wall alone where the address asks for it."""
    st.html(STYLE)
    outside.follow_address()
    member = membership.now()
    if member is not None and member.teacher and st.query_params.get(keys.LOOK) == "wall":
        wall.show(member.code, full=True)
        return
    page_title("class")
    show_section("class", {"class": _class, "hand_ins": hand_ins.show})
    _write_address()


def _class() -> None:
    member = membership.now()
    try:
        if member is None or keys.JOINING in st.session_state:
            steps.say_refused()
            outside.show()
            st.caption(outside.kept())
        elif member.teacher:
            teacher.show(member.code)
        else:
            steps.say_refused()
            learner.show(member.code)
    except Refusal as refusal:          # the class has ended meanwhile
        membership.look_again()
        st.info(localized(refusal), icon=":material/event_busy:")
        st.button(_("Go on"), key="class_over")


def _write_address() -> None:
    query = session.address() | session.section()
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)
