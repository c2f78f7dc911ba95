"""A lesson: its card at the left, the picture it speaks of beside it, and the way through."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.inside.interventions import Intervention
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.cards import Lesson
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import CardRecord, LessonRecord, open_until
from lstm_core.lessons.words import LessonWords
from lstm_core.presets import PRESETS
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.learn import card as card_view
from lstm_core.ui.learn import guide, keys, record, stage
from lstm_core.ui.shared import keys as shared_keys
from lstm_core.ui.shared import lesson_moment
from lstm_core.ui.widgets import sent_address, session
from lstm_core.ui.widgets.navigation import page_link, section_address

END = "end"             # in the address: what stands after the last card
MINE = "mine"           # in place of a lesson: My course


def show(lesson: Lesson, shows: stage.Shows, changes: Callable[[], tuple[Intervention, ...]]) -> None:
    """Show the card of a lesson that is open, beside its stage.

    Args:
        lesson: which one.
        shows: what draws each page of the lab.
        changes: returns what is changed inside the network.
    """
    known, told = record.progress().lesson(lesson.name), lesson_words.words(lesson.name)
    at = _place(lesson, known)
    name = lesson.cards[at].name if at < len(lesson.cards) else END
    known.at = st.session_state[keys.CARD] = name
    shown_beside = lesson.cards[min(at, len(lesson.cards) - 1)]
    setting, view = stage.prepare(lesson, shown_beside.name)
    left, right = st.columns([4, 9], gap="medium")
    with left, st.container(key="lesson_card"):
        with st.container(key="card", border=True):
            _head(lesson, told, at)
            if name == END:
                _end(lesson, known, told)
            else:
                card_view.show(card_view.Open(
                    lesson, shown_beside, told.cards[name],
                    lambda: lesson_moment.moment(stage.shown(setting), changes())))
            _ways(lesson, known, at)
        guide.show(lesson.name, name, shown_beside.lights if name != END else ())
    with right:
        stage.show(setting, view, shows)


def _place(lesson: Lesson, known: LessonRecord) -> int:
    """Return the number (from 0) of the card to show: the one of the address, if it is open, else where one was."""
    names = [card.name for card in lesson.cards] + [END]
    if (led := st.session_state.pop(shared_keys.LED, None)) is not None and led[0] == lesson.name and led[1] in names:
        known.led = max(led[1], known.led or names[0], key=names.index)     # what was open stays so
        record.keep()
    farthest = open_until(lesson, known)
    wanted = st.session_state.get(keys.CARD) or known.at or names[0]
    if wanted not in names:
        st.warning(_("This lesson has no such card. Here is the one where you were."))
        wanted = known.at if known.at in names else names[0]
    at = names.index(wanted)
    if at > farthest:
        st.info(_("That card is not open yet: first comes the one below."), icon=":material/lock:")
        at = farthest
    return at


def _head(lesson: Lesson, told: LessonWords, at: int) -> None:
    """Say which lesson this is, and how far one is in it."""
    with st.container(horizontal=True, key="lesson_head", vertical_alignment="center"):
        st.markdown(f"**{lesson.number} · {told.title}**")
        st.caption(_("{card} of {cards}").format(card=min(at + 1, len(lesson.cards)), cards=len(lesson.cards)))
    st.progress(at / len(lesson.cards))


def _ways(lesson: Lesson, known: LessonRecord, at: int) -> None:
    """Show the ways back and on; on is locked until one has committed."""
    with st.container(horizontal=True, key="lesson_ways", vertical_alignment="center"):
        st.button(_("Back"), key="card_back", icon=":material/arrow_back:", on_click=_go, args=(lesson, at - 1),
                  disabled=at == 0)
        if at < len(lesson.cards):
            st.button(_("Go on"), key="card_on", icon=":material/arrow_forward:", icon_position="right",
                      type="primary" if open_until(lesson, known) > at else "secondary", on_click=_go,
                      args=(lesson, at + 1), disabled=open_until(lesson, known) <= at)
        st.button(_("All lessons"), key="all_lessons", icon=":material/list:", on_click=leave, type="tertiary")


def go_to(lesson: str, card: str) -> None:
    """In a callback: open a lesson at a card; without a card where one was in it, without a lesson the list of all."""
    for key, value in ((keys.LESSON, lesson), (keys.CARD, card)):
        st.session_state[key] = value
        sent_address.put(key, value)


def _go(lesson: Lesson, at: int) -> None:
    names = [card.name for card in lesson.cards] + [END]
    known = record.progress().lesson(lesson.name)
    known.at = names[at]
    if names[at] == END and not known.ended:
        known.ended = time.time()
    record.keep()
    go_to(lesson.name, names[at])


def begin(lesson: str) -> None:
    """In a callback: open a lesson where one was in it; one that was at its end begins anew."""
    st.session_state.pop(keys.ON_STAGE, None)
    ended = record.progress().lesson(lesson).at == END
    go_to(lesson, LESSONS[lesson].cards[0].name if ended else "")


def leave() -> None:
    """In a callback: go back to the list of lessons."""
    st.session_state.pop(keys.ON_STAGE, None)
    go_to("", "")


def _again(lesson: str) -> None:
    """In a callback: begin a lesson anew. What was answered gives way in other tabs, too, as that is older."""
    before = record.progress().lesson(lesson)
    record.progress().lessons[lesson] = LessonRecord(
        cards={name: CardRecord(when=time.time()) for name in before.cards}, ended=before.ended)
    record.keep()
    begin(lesson)


def _end(lesson: Lesson, known: LessonRecord, told: LessonWords) -> None:
    """Say what the lesson showed, how one predicted, and one way on."""
    st.markdown("**{title}**".format(title=_("What this lesson showed")))
    st.markdown(told.showed)
    predicted = [kept for card in lesson.cards if card.kind == "predict"
                 and (kept := known.cards.get(card.name)) is not None and kept.verdict]
    if predicted:
        right = sum(kept.verdict != "off" for kept in predicted)
        st.caption(_("Of your {count} predictions {right} came about, or nearly.").format(
            count=len(predicted), right=right))
    following = next((other for other in LESSONS.values() if other.number > lesson.number), None)
    page, section = lesson.onward
    with st.container(key="lesson_end"):
        if following is not None:
            st.button(_("Next lesson: {title}").format(title=lesson_words.words(following.name).title),
                      key="next_lesson", type="primary", on_click=begin, args=(following.name,))
        page_link(page, _("Go on by yourself: {page}").format(page=_(PAGES[page].title)),
                  query=session.address() | section_address(page, section))
        if lesson.presets:
            with st.expander(_("Systems of the tutorials that this lesson explains")):
                for preset in lesson.presets:
                    page_link("train", _(PRESETS[preset].title), icon=None, query={"preset": preset})
        st.button(_("Take this lesson again"), key="again", icon=":material/replay:", type="tertiary",
                  on_click=_again, args=(lesson.name,))
