"""The teacher's part of where everybody is: bring all to one place, let them go, lock their controls."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from lstm_core.classroom.classroom import Classroom, Place
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.presets import PRESETS
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.base.server import lab
from lstm_core.ui.classroom import asking, keys, places, steps
from lstm_core.ui.shared.setting_table import in_short
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import moment

GOALS = {"lesson": N_("Lesson"), "preset": N_("Preset"), "run": N_("My run"), "page": N_("Page")}
RUNS = 20               # newest runs of the teacher, to one of which all can be brought


def show(code: str, room: Classroom) -> None:
    """Show where all can be brought, and what holds for their controls."""
    st.markdown(_("**Bring everybody to one place**"))
    if room.place is not None:
        st.caption(_("Brought last: {place}").format(place=places.title(room.place.page, room.place.query)))
    session.valid_choice(keys.GOAL, list(GOALS))
    goal = st.segmented_control(_("Where to"), list(GOALS), key=keys.GOAL, required=True, persist_state="session",
                                format_func=lambda name: _(GOALS[name]), label_visibility="collapsed")
    place = _place(str(goal))
    with st.container(horizontal=True, key="class_steps"):
        st.button(_("Bring all here"), key="class_bring", type="primary", icon=":material/groups:",
                  on_click=_bring, args=(code, place), disabled=place is None)
        st.button(_("Let them go"), key="class_free", icon=":material/door_open:", on_click=steps.take,
                  args=(code, Classroom.freeing), disabled=room.place is None and not room.held)
    st.session_state[keys.HOLD] = room.held
    st.toggle(_("Lock everybody's controls"), key=keys.HOLD, on_change=_hold, args=(code,),
              help=_("Nobody can change a setting or start a run until you let go; what is on the screen stays."))


def _place(goal: str) -> Place | None:
    """Show what one can choose from, and return the place that is chosen."""
    match goal:
        case "lesson":
            session.valid_choice(keys.GOAL_LESSON, list(LESSONS))
            lesson = option_box(
                st.selectbox, _("Lesson"), list(LESSONS), key=keys.GOAL_LESSON, persist_state="session",
                format_func=lambda name: f"{LESSONS[name].number} · {lesson_words.words(name).title}")
            cards = [card.name for card in LESSONS[lesson].cards]
            session.valid_choice(keys.GOAL_CARD, cards)
            card = option_box(st.selectbox, _("Card"), cards, key=keys.GOAL_CARD, persist_state="session",
                              format_func=lambda name: _card(lesson, name))
            return Place("learn", urlencode({"lesson": lesson, "card": card}))
        case "preset":
            session.valid_choice(keys.GOAL_PRESET, list(PRESETS))
            preset = option_box(st.selectbox, _("Preset"), list(PRESETS), key=keys.GOAL_PRESET,
                                persist_state="session", format_func=lambda name: _(PRESETS[name].title))
            return Place("train", urlencode({"preset": preset}))
        case "run":
            return _run()
    names = [name for name in PAGES if name != "class"]
    session.valid_choice(keys.GOAL_PAGE, names)
    page = option_box(st.selectbox, _("Page"), names, key=keys.GOAL_PAGE, persist_state="session",
                      format_func=lambda name: _(PAGES[name].title))
    return Place(page)


def _card(lesson: str, name: str) -> str:
    number = [card.name for card in LESSONS[lesson].cards].index(name) + 1
    return asking.short(number, lesson_words.words(lesson).cards[name].text)


def _run() -> Place | None:
    try:
        runs = {facts.id: facts for facts in lab().recent(owner(), RUNS)}
    except Refusal:
        runs = {}
    if not runs:
        st.caption(_("You have no run yet: train one on the page Train."))
        return None
    session.valid_choice(keys.GOAL_RUN, list(runs))
    run = option_box(st.selectbox, _("Run"), list(runs), key=keys.GOAL_RUN, persist_state="session",
                     format_func=lambda name: f"{moment(runs[name].created)} · {in_short(runs[name].spec)}")
    return Place("train", urlencode({"run": run}))


def _bring(code: str, place: Place) -> None:
    """In a callback: bring all to a place."""
    steps.take(code, lambda room: room.bringing(place))


def _hold(code: str) -> None:
    """In a callback: lock the controls of everybody, or open them again."""
    on = st.session_state[keys.HOLD]
    steps.take(code, lambda room: replace(room, held=on))
