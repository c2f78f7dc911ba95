"""The list of lessons: what each is about, how far one is, and where to begin."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.cards import Do, Lesson, Predict, Transfer, Why
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import LessonRecord
from lstm_core.ui.learn import lesson, looking_back, record

STYLE = Path(__file__).parents[1] / "static" / "learn" / "course.css"
WORDS_A_MINUTE = 200        # that one reads; of Chinese twice as many characters
TRAINING = 20.0             # seconds that a network takes on a card that trains one,
THINKING = 30.0             # and that one takes to think and answer, or to find and do what a card waits for

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z0-9.,%]+")


def show() -> None:
    """Show all lessons in their order, and first the one to go on with."""
    st.html(STYLE)
    known = record.progress()
    done = sum(bool(known.lesson(one.name).ended) for one in LESSONS.values())
    with st.container(key="course_intro"):
        st.markdown(_(
            "{count} lessons, each beside a network that is really trained: you say first what will come, then make it "
            "happen, then say why. Why first: in lectures, students who merely watched a demonstration understood it "
            "no better than those who never saw it; those who had predicted its outcome did ([Crouch, Fagen, Callan & "
            "Mazur 2004](https://doi.org/10.1119/1.1707018)).").format(count=len(LESSONS)))
    following = next((one for one in LESSONS.values() if not known.lesson(one.name).ended), None)
    with st.container(horizontal=True, key="course_begin", vertical_alignment="center"):
        if following is not None:
            begun = looking_back.begun(known, following)
            title = lesson_words.words(following.name).title
            st.button((_("Go on with lesson {number}: {title}") if begun or following.number > 1 else
                       _("Begin with lesson {number}: {title}")).format(number=following.number, title=title),
                      key="begin_course", type="primary", icon=":material/play_arrow:", on_click=lesson.begin,
                      args=(following.name,))
        st.button(_("My course"), key="my_course", icon=":material/person:", on_click=_mine)
    with st.container(key="course_progress"):
        st.progress(done / len(LESSONS), text=_("{done} of {count} lessons done").format(
            done=done, count=len(LESSONS)))
    with st.container(key="lessons"):
        for one in LESSONS.values():
            _row(one, known.lesson(one.name))


def state(one: Lesson, known: LessonRecord) -> tuple[str, str]:
    """Return how far one is in a lesson: an icon, and the words for it."""
    if known.ended:
        return ":material/check_circle:", _("done")
    names = [card.name for card in one.cards]
    if not known.at and not known.cards:
        return ":material/radio_button_unchecked:", _("not begun")
    at = names.index(known.at) + 1 if known.at in names else 1
    return ":material/clock_loader_40:", _("card {card} of {cards}").format(card=at, cards=len(names))


def minutes(one: Lesson) -> int:
    """Return about how many minutes a lesson takes: reading in the language now in use, training, thinking.

    Of the replies to a card one is read; counted is the longest.
    """
    told = lesson_words.words(one.name)
    read = _length(told.showed) + sum(
        sum(map(_length, (card.text, *card.options.values()))) + max(map(_length, card.replies.values()), default=0)
        for card in told.cards.values())
    trains = sum(isinstance(card, Do) and "lesson_train" in card.does for card in one.cards)
    asked = sum(isinstance(card, Do | Predict | Why | Transfer) for card in one.cards)
    return round(read / WORDS_A_MINUTE + (trains * TRAINING + asked * THINKING) / 60)


def _length(text: str) -> float:
    """Return how many words a text has."""
    return len(_WORD.findall(text)) + len(_CHINESE.findall(text)) / 2


def _row(one: Lesson, known: LessonRecord) -> None:
    """Show a lesson as a card, all of which is its button."""
    told, (icon, words) = lesson_words.words(one.name), state(one, known)
    with st.container(border=True, key=f"lesson_{one.name}", gap=None):
        st.button(f"{one.number} · {told.title}", key=f"open_lesson_{one.name}", type="tertiary",
                  on_click=lesson.begin, args=(one.name,))
        st.caption(told.about)
        st.caption(f"{icon} {words} · " + _("about {minutes} min").format(minutes=minutes(one)))


def _mine() -> None:
    lesson.go_to(lesson.MINE, "")
