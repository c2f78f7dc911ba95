"""The page of the one who teaches: the wall for the room, and at the side what they do in their class."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.experiments import Experiment
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import rooms
from lstm_core.ui.classroom import asking, bringing, keys, membership, outside, people, steps, take_along, trying, wall
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.page_address import page_address

SHOWS: dict[str, tuple[str, str]] = {
    "ask": (N_("Ask"), ":material/contact_support:"), "try": (N_("Experiment"), ":material/science:"),
    "bring": (N_("Bring"), ":material/groups:"), "people": (N_("People"), ":material/person:"),
    "class": (N_("More"), ":material/more_horiz:")}
"""The parts of the controls, and their icons."""


def show(code: str) -> None:
    """Show wall and controls."""
    room = rooms().standing(code).room
    with st.sidebar, st.container(key="class_controls"):
        steps.say_refused()
        session.valid_choice(keys.SHOWS, list(SHOWS), "try" if isinstance(room.now, Experiment) and room.now.open
                             else "ask")
        chosen = st.segmented_control(
            _("What to do"), list(SHOWS), key=keys.SHOWS, required=True, label_visibility="collapsed",
            format_func=lambda name: f"{SHOWS[name][1]} {_(SHOWS[name][0])}", persist_state="session")
        shows: dict[str, Callable[[], None]] = {
            "ask": partial(asking.show, code, room), "try": partial(trying.show, code, room),
            "bring": partial(bringing.show, code, room), "people": partial(people.show, code),
            "class": partial(_class, code, room)}
        shows[str(chosen)]()
    wall.show(code, full=False)


def _class(code: str, room: Classroom) -> None:
    """Show what concerns the class as a whole: its links, who may join, what stands on the wall, its end."""
    st.markdown(_("**Link for learners**"))
    st.code(wall.way_in(code), language=None, wrap_lines=True)
    st.link_button(_("The wall in a tab of its own"), page_address("class", {keys.LOOK: "wall"}),
                   icon=":material/open_in_new:", width="stretch")
    st.session_state[keys.NAMES], st.session_state[keys.FULL] = room.named, room.full
    st.toggle(_("Names on the wall"), key=keys.NAMES, on_change=_switch, args=(code, keys.NAMES, "named"))
    st.toggle(_("Nobody else may join"), key=keys.FULL, on_change=_switch, args=(code, keys.FULL, "full"))
    st.markdown(_("**Your private link**"))
    st.caption(_("Whoever has it teaches this class: keep it to yourself. It brings you back on another machine."))
    known = st.session_state.get(keys.SECRET)
    if known is not None and known[0] == code:
        with st.popover(_("Show it"), icon=":material/key:"):           # not on the wall, unless it is asked for
            st.code(page_address("class", {"teach": f"{code}-{known[1]}"}), language=None, wrap_lines=True)
    else:
        st.button(_("Make a new private link"), key="class_secret_new", icon=":material/key:", on_click=_new_secret,
                  args=(code,), help=_("The one before then opens nothing any more."))
    _end(code)
    _others(code)


def _others(code: str) -> None:
    """Show the way to a class beside this one."""
    st.markdown(_("**Your classes**"))
    taught = [member.code for member in membership.every() if member.teacher]
    if len(taught) > 1:
        st.session_state[keys.SWITCH] = code
        option_box(st.selectbox, _("This page shows"), taught, key=keys.SWITCH, on_change=_turn_to)
    st.button(_("Open another class"), key="class_open_another", icon=":material/add:", on_click=steps.attempt,
              args=(membership.open_class,))


def _turn_to() -> None:
    """In a callback: turn to another class of this teacher."""
    st.session_state[keys.CHOSEN] = st.session_state[keys.SWITCH]


def _end(code: str) -> None:
    st.markdown(_("**End the class**"))
    st.caption(_("It ends by itself in {hours:.1f} hours. Names and answers are then deleted; take along before what "
                 "was counted.").format(hours=membership.hours_left(rooms().standing(code).ends)))
    try:
        table = take_along.table(code)
    except Refusal:                     # nothing has been asked
        table = b""
    with st.container(horizontal=True, key="class_end_steps"):
        st.download_button(_("Take along (CSV)"), table, file_name=f"class-{code}.csv", mime="text/csv",
                           key="class_csv", icon=":material/download:", on_click="ignore", disabled=not table)
        if st.session_state.get(keys.ENDING):
            st.button(_("Yes, end it and delete"), key="class_end_now", type="primary", on_click=_end_now, args=(code,))
            st.button(_("No"), key="class_end_not", on_click=_ask_end, args=(False,))
        else:
            st.button(_("End the class"), key="class_end", icon=":material/stop_circle:", on_click=_ask_end,
                      args=(True,))
    st.caption(outside.kept())


def _switch(code: str, key: str, name: str) -> None:
    """In a callback: switch something of the class on or off."""
    on = st.session_state[key]
    steps.take(code, lambda room: replace(room, **{name: on}))


def _new_secret(code: str) -> None:
    """In a callback: make a new private link, and show it as long as this session lasts."""
    steps.attempt(lambda: st.session_state.update({keys.SECRET: (code, rooms().new_secret(code, owner()))}))


def _ask_end(asked: bool) -> None:
    st.session_state[keys.ENDING] = asked


def _end_now(code: str) -> None:
    """In a callback: end the class."""
    st.session_state.pop(keys.ENDING, None)
    steps.attempt(rooms().end, code, owner())
    membership.look_again()
