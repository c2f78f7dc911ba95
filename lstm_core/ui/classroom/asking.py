"""The teacher's part of a question: choose or write it, close it, ask it again, show what came."""

from __future__ import annotations

import re

import streamlit as st

from lstm_core.classroom import questions
from lstm_core.classroom.classroom import Classroom
from lstm_core.classroom.questions import LONGEST, OPTIONS, VOTES, Question
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Choice, Curve
from lstm_core.lessons.cards import Lesson, Predict
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.ui.classroom import course_question, keys, steps
from lstm_core.ui.classroom.picture import text_of
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import escape_markdown

KINDS = {"choice": N_("Choice"), "number": N_("Number"), "curve": N_("Draw a curve")}
"""What a question of one's own may ask for."""

SHORT = 40              # letters of a card's question in a list


def show(code: str, room: Classroom) -> None:
    """Show what can be done with the question that is on, and below it how the next one is asked."""
    if isinstance(room.now, Question):
        _running(code, room.now)
    if isinstance(room.now, Question) and room.now.phase == "open":
        return
    st.markdown(_("**Ask a question of the course**"))
    _of_course(code)
    with st.expander(_("Write a question of your own"), icon=":material/edit:"):
        _own(code)


def _running(code: str, question: Question) -> None:
    """Show the steps that may follow."""
    st.caption(_("On the wall:"))
    st.markdown(f"> {plain(text_of(question))}")
    with st.container(horizontal=True, key="class_steps"):
        if question.phase == "open":
            st.button(_("Close the question"), key="class_close", type="primary", icon=":material/lock:",
                      on_click=steps.take, args=(code, Classroom.closing))
            return
        if question.phase == "closed":
            if question.vote < VOTES:
                st.button(_("Ask again, after talking"), key="class_again", icon=":material/forum:",
                          on_click=steps.take, args=(code, Classroom.again))
            st.button(_("Show what came"), key="class_show", type="primary", icon=":material/visibility:",
                      on_click=_show, args=(code, question))
    if question.phase == "shown" and question.truth is None and question.lesson:
        st.info(_("What came is not known yet: the network of this card has not been trained. Train it in the lesson, "
                  "then show it again."))
        st.button(_("Show what came"), key="class_show", icon=":material/visibility:", on_click=_show,
                  args=(code, question))
    st.divider()


def _show(code: str, question: Question) -> None:
    """In a callback: show the answers of all, and what came."""
    steps.take(code, lambda room: room.showing(course_question.came(question) if question.lesson else None))


# -- of the course ------------------------------------------------------------------------------------------


def _of_course(code: str) -> None:
    asking = {name: cards for name, lesson in LESSONS.items() if (cards := _cards(lesson))}
    session.valid_choice(keys.LESSON, list(asking))
    lesson = option_box(st.selectbox, _("Lesson"), list(asking), key=keys.LESSON, persist_state="session",
                        format_func=lambda name: f"{LESSONS[name].number} · {lesson_words.words(name).title}")
    told = lesson_words.words(lesson).cards
    session.valid_choice(keys.CARD, asking[lesson])
    card = option_box(st.selectbox, _("Question"), asking[lesson], key=keys.CARD, persist_state="session",
                      format_func=lambda name: short(asking[lesson].index(name) + 1, told[name].text))
    st.markdown(f"> {plain(told[card].text)}")
    st.button(_("Ask it"), key="class_ask", type="primary", icon=":material/contact_support:", on_click=_ask,
              args=(code, lesson, card), width="stretch")


def _cards(lesson: Lesson) -> list[str]:
    return [card.name for card in lesson.cards if isinstance(card, Predict)]


def short(number: int, text: str) -> str:
    """Return the beginning of a card's words, without markup, as a list has it."""
    said = plain(text)
    return f"{number} · {said}" if len(said) <= SHORT else f"{number} · {said[:SHORT].rsplit(' ', 1)[0]} …"


def plain(text: str) -> str:
    """Return a card's words in one line, without markup; what its fields stand for is filled in when it is asked."""
    return " ".join(re.sub(r"\{[^}]*\}", "…", text).replace("*", "").replace("`", "").split())


def _ask(code: str, lesson: str, card: str) -> None:
    """In a callback: ask the question of a card."""
    steps.take(code, lambda room: room.asking(course_question.asked(lesson, card)))


# -- of one's own -------------------------------------------------------------------------------------------


def _own(code: str) -> None:
    st.text_area(_("Question"), key=keys.TEXT, max_chars=LONGEST, height=90, persist_state="session")
    session.valid_choice(keys.KIND, list(KINDS))
    kind = st.segmented_control(_("Answers"), list(KINDS), key=keys.KIND, required=True, persist_state="session",
                                format_func=lambda name: _(KINDS[name]))
    if kind == "choice":
        st.text_area(_("Answers, one in each line"), key=keys.OPTIONS, height=110, persist_state="session",
                     help=_("From 2 to {most}.").format(most=OPTIONS))
        options = _options()
        if st.session_state.get(keys.RIGHT_OPTION) not in options:
            st.session_state[keys.RIGHT_OPTION] = None
        option_box(st.selectbox, _("Right answer"), options, key=keys.RIGHT_OPTION, index=None,
                   persist_state="session", format_func=escape_markdown, placeholder=_("none is right or wrong"))
    else:
        with st.container(horizontal=True):
            st.number_input(_("From"), key=keys.LOW, value=0.0, format="%g", persist_state="session", width=110)
            st.number_input(_("to"), key=keys.HIGH, value=100.0, format="%g", persist_state="session", width=110)
        if kind == "number":
            st.checkbox(_("Whole numbers only"), key=keys.WHOLE, persist_state="session")
            st.number_input(_("Right answer"), key=keys.RIGHT_NUMBER, value=None, format="%g",
                            persist_state="session", placeholder=_("none is right or wrong"))
        else:
            st.text_input(_("What goes along"), key=keys.X_NAME, max_chars=40, persist_state="session")
            st.text_input(_("What goes up"), key=keys.Y_NAME, max_chars=40, persist_state="session")
    st.button(_("Ask it"), key="class_ask_own", type="primary", icon=":material/contact_support:", on_click=_ask_own,
              args=(code,), width="stretch")


def _options() -> list[str]:
    return list(dict.fromkeys(line.strip() for line in (st.session_state.get(keys.OPTIONS) or "").splitlines()
                              if line.strip()))


def _ask_own(code: str) -> None:
    """In a callback: ask what the teacher has written; it stays there until it has been asked."""
    steps.take(code, lambda room: room.asking(_written()))
    if keys.REFUSED not in st.session_state:
        st.session_state[keys.TEXT] = st.session_state[keys.OPTIONS] = ""
        st.session_state[keys.RIGHT_NUMBER] = None


def _written() -> Question:
    """Return the question that the fields stand for.

    Raises:
        Refusal: there is none that can be asked.
    """
    state = st.session_state
    text, low, high = state.get(keys.TEXT) or "", state.get(keys.LOW), state.get(keys.HIGH)
    if state[keys.KIND] == "choice":
        return questions.own(text, Choice(tuple(_options())), state.get(keys.RIGHT_OPTION))
    if low is None or high is None:
        raise Refusal("Give both ends of the scale.")
    if state[keys.KIND] == "number":
        return questions.own(text, questions.number(low, high, whole=bool(state.get(keys.WHOLE))),
                             state.get(keys.RIGHT_NUMBER))
    return questions.own(text, Curve(x=state.get(keys.X_NAME) or "", y=state.get(keys.Y_NAME) or "", first="0",
                                     last="1", low=low, high=high))
