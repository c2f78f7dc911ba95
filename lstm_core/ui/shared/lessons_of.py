"""The line at the bottom of a page that names the lessons of the course which explain it."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.catalogue import of_page
from lstm_core.ui.widgets.navigation import page_link


def show(page: str) -> None:
    """Name the lessons that explain a page, each a link to it; nothing where there are none.

    Args:
        page: name of the page.
    """
    explaining = of_page(page)
    if not explaining:
        return
    with st.container(horizontal=True, key="lessons_of", vertical_alignment="center"):
        st.caption(_("Lessons about this page:"), width="content")
        for lesson in explaining:
            page_link("learn", f"{lesson.number} {lesson_words.words(lesson.name).title}", icon=None,
                      query={"lesson": lesson.name})
