"""The page of a learner in a class: who they are in it, and what comes by itself."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import rooms
from lstm_core.ui.classroom import membership, outside, steps
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.text import escape_markdown


def show(code: str) -> None:
    """Show the class to one of its learners; what is asked stands in the bar below."""
    me = rooms().learner(code, owner())
    if me is None:                      # the teacher has let them go
        membership.look_again()
        st.warning(_("You are not in this class any more. Join it again."))
        return
    with st.container(border=True, key="class_me"):
        st.subheader(_("You are in class {code}").format(code=code))
        st.markdown(_("You are called **{name}** here. When your teacher asks something, it opens at the bottom of "
                      "whatever page you are on.").format(name=escape_markdown(me.name)))
        st.caption(_("Lost your cookie, or on another device? Join again with the code: earlier answers then stay "
                     "under the old name."))
        with st.container(horizontal=True, vertical_alignment="center"):
            page_link("learn", _("To the lessons"))
            page_link("train", _("To the page Train"))
            st.button(_("Leave this class"), key="class_leave", icon=":material/logout:", type="tertiary",
                      on_click=_leave, args=(code,), help=_("Your name and your answers are deleted."))
    st.caption(outside.kept())


def _leave(code: str) -> None:
    """In a callback: leave the class."""
    steps.attempt(rooms().leave, code, owner())
    membership.look_again()
