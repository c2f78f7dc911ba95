"""The page of a browser that is in no class: open one, or join one."""

from __future__ import annotations

import streamlit as st

from lstm_core import limits
from lstm_core.classroom import nicknames
from lstm_core.i18n import gettext as _
from lstm_core.ui.classroom import keys, membership, steps


def show() -> None:
    """Show both ways in; with a link that was opened only that of the learner."""
    link = st.session_state.get(keys.JOINING)
    if link is not None:
        _join(*link)
        return
    left, right = st.columns(2, gap="large")
    with left:
        _join("", "")
    with right, st.container(border=True, key="class_open_box"):
        st.subheader(_("Teach"))
        st.markdown(_("Open a class: you get a code, a link and a QR code for your learners. You ask, everybody "
                      "commits, the wall shows what they said; all of them together are one experiment."))
        st.button(_("Open a class"), key="class_open", icon=":material/co_present:", on_click=_open)


def kept() -> str:
    """Return in three sentences what is kept about people in a class, and for how long."""
    return _("Of a learner the server keeps a nickname, what they answered, where in the lab they are, and an "
             "anonymous cookie that tells browsers apart; no account, no e-mail. Answers stand on the wall without "
             "names unless the teacher switches names on, and others see them only when a question is closed. When the "
             "class ends, after {hours} hours at the latest, all of it is deleted; the runs that somebody has trained "
             "stay theirs.").format(hours=limits.CLASS_HOURS)


def _join(code: str, key: str) -> None:
    """Show the way in for a learner; of a link the code is known."""
    with st.container(border=True, key="class_join_box"):
        st.subheader(_("Join class {code}").format(code=code) if key else _("Join a class"))
        if not key:
            st.text_input(_("Code"), key=keys.TYPED, max_chars=20, placeholder="ABCDE", autocomplete="off",
                          help=_("Five letters, on the wall of your class."))
        st.text_input(_("Nickname"), key=keys.NAME, max_chars=nicknames.LONGEST * 3, autocomplete="off",
                      placeholder=_("or one that is drawn for you"),
                      help=_("What the others may call you; it need not be your own. At most {most} "
                             "characters.").format(most=nicknames.LONGEST))
        st.button(_("Join"), key="class_join", type="primary", icon=":material/login:", on_click=_join_now,
                  args=(code, key))
        if key:
            st.button(_("Not this class"), key="class_not", type="tertiary", on_click=_drop_link)


def _open() -> None:
    """In a callback: open a class."""
    steps.attempt(membership.open_class)


def _join_now(code: str, key: str) -> None:
    """In a callback: join the class of a link, or of the code that was typed."""
    steps.attempt(membership.join, code or st.session_state.get(keys.TYPED, ""), key,
                  st.session_state.get(keys.NAME, ""))


def _drop_link() -> None:
    st.session_state.pop(keys.JOINING, None)


def follow_address() -> None:
    """Take in a link that was opened: one to join a class, or a teacher's private one."""
    joining, teaching = st.query_params.pop("join", ""), st.query_params.pop("teach", "")
    code, _dash, secret = (teaching or joining).partition("-")
    if not secret:
        return
    if joining:
        st.session_state[keys.JOINING] = (code[:10], secret[:100])
        return
    steps.attempt(membership.teach, code[:10], secret[:100])

