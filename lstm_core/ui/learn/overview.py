"""The list of lessons: what each is about, how far one is, and where to begin."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.cards import Lesson
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import LessonRecord
from lstm_core.ui.learn import lesson, record


def show() -> None:
    """Show all lessons in their order, and first the one to go on with."""
    known = record.progress()
    st.markdown(_("Predict first, then see, then say why: each lesson takes five to ten minutes, beside a network that "
                  "is really trained."))
    following = next((one for one in LESSONS.values() if not known.lesson(one.name).ended), None)
    with st.container(horizontal=True, key="course_begin", vertical_alignment="center"):
        if following is not None:
            begun = bool(known.lesson(following.name).cards)
            title = lesson_words.words(following.name).title
            st.button((_("Go on with lesson {number}: {title}") if begun or following.number > 1 else
                       _("Begin with lesson {number}: {title}")).format(number=following.number, title=title),
                      key="begin_course", type="primary", icon=":material/play_arrow:", on_click=lesson.begin,
                      args=(following.name,))
        st.button(_("My course"), key="my_course", icon=":material/person:", on_click=_mine)
    with st.container(key="lessons"):
        for one in LESSONS.values():
            _row(one, known.lesson(one.name))


def _row(one: Lesson, known: LessonRecord) -> None:
    told = lesson_words.words(one.name)
    with st.container(border=True, key=f"lesson_{one.name}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(f"{one.number} · {told.title}", key=f"open_lesson_{one.name}", type="tertiary",
                      on_click=lesson.begin, args=(one.name,), icon=":material/check_circle:" if known.ended else
                      ":material/clock_loader_40:" if known.cards else ":material/radio_button_unchecked:")
        st.caption(told.about)


def _mine() -> None:
    lesson.go_to(lesson.MINE, "")
