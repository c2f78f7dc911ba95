"""My course: what one predicted and what came, to look back at, to take along, and to bring back."""

from __future__ import annotations

import time
from copy import copy

import streamlit as st

from lstm_core.data import Note
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, pair
from lstm_core.lessons import words as lesson_words
from lstm_core.lessons.asks import Curve
from lstm_core.lessons.cards import Lesson
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.lessons.progress import LONGEST_FILE, LessonRecord
from lstm_core.ui.learn import keys, lesson, looking_back, overview, printable, record
from lstm_core.ui.learn.answer import CONFIDENCE
from lstm_core.ui.learn.card import KINDS
from lstm_core.ui.learn.looking_back import SURE, Answered
from lstm_core.ui.shared.asked import frame
from lstm_core.ui.shared.curve_box import curve_box
from lstm_core.ui.widgets.text import localized, moment
from lstm_core.ui.widgets.uploads import held

FILE = "gatescope-course"       # what is taken along, without its end
LONGEST_NAME = 80               # characters
MEGABYTES = 1                   # of a file that is brought back, as Streamlit counts; its text is bounded further


def show() -> None:
    """Show what this browser has done in the course."""
    st.html(overview.STYLE)
    known = record.progress()
    with st.container(horizontal=True, key="mine_head", vertical_alignment="center"):
        st.subheader(_("My course"), anchor=False, width="content")
        st.button(_("All lessons"), key="all_lessons", icon=":material/list:", on_click=lesson.leave)
    _tell()
    begun = {one.name: looking_back.answered(one, known.lessons[one.name]) for one in LESSONS.values()
             if looking_back.begun(known, one)}
    if begun:
        _counts(begun, sum(bool(known.lessons[name].ended) for name in begun))
        with st.container(key="mine_lessons"):
            for name, cards in begun.items():
                _lesson(LESSONS[name], known.lessons[name], cards)
    else:
        st.info(_("You have not begun a lesson yet. What you predict, and what comes, will stand here."),
                icon=":material/flag:")
    with st.container(key="mine_files"):
        _take_along(begun=bool(begun))
        _bring_back()
    if begun:
        _delete()


def _tell() -> None:
    """Say once what came of bringing a course back, or of deleting it."""
    told = st.session_state.pop(keys.COURSE_TOLD, None)
    if isinstance(told, Refusal):
        st.error(localized(told))
    elif told is not None:
        st.success(localized(told), icon=":material/check:")


# -- what one has done --------------------------------------------------------------------------------------


def _counts(begun: dict[str, list[Answered]], ended: int) -> None:
    """Say how far one is, how often it came as one said, and what one was sure of and wrong."""
    every = [(LESSONS[name], one) for name, cards in begun.items() for one in cards]
    judged, right = looking_back.predictions([one for _lesson, one in every])
    sure = sum(one.record.confidence == SURE and bool(one.record.verdict) for _lesson, one in every)
    wrong = [(of, one) for of, one in every if one.sure_and_wrong]
    with st.container(key="mine_counts"):
        st.metric(_("Lessons begun"), _("{some} of {all}").format(some=len(begun), all=len(LESSONS)))
        st.metric(_("Lessons done"), _("{some} of {all}").format(some=ended, all=len(LESSONS)))
        st.metric(_("Predictions that came about"), _("{some} of {all}").format(some=right, all=judged))
        st.metric(_("Sure, and it came otherwise"), _("{some} of {all}").format(some=len(wrong), all=sure))
    if wrong:
        titles = dict.fromkeys(f"**{of.number} · {lesson_words.words(of.name).title}**" for of, _one in wrong)
        st.markdown(_("What one was sure of, and wrong, teaches most "
                      "([Butterfield & Metcalfe 2001](https://doi.org/10.1037/0278-7393.27.6.1491)). Look at it again "
                      "in {lessons}.").format(lessons=listing(titles)))
    elif sure:
        st.markdown(_("So far it came as you said each time that you were sure."))


def _lesson(of: Lesson, known: LessonRecord, cards: list[Answered]) -> None:
    """Show a lesson that was begun, the way back to it, and what one answered in it."""
    icon, state = overview.state(of, known)
    told = lesson_words.words(of.name)
    with st.expander(f"**{of.number} · {told.title}** · {state}", icon=icon, key=f"mine_{of.name}"):
        if known.ended:
            st.caption(told.showed)
        if not cards:
            st.caption(_("You have not answered a card of it yet."))
        for one in cards:
            _card(of, one)
        st.button(_("Take this lesson again") if known.ended else _("Go on"), key=f"mine_open_{of.name}",
                  icon=":material/replay:" if known.ended else ":material/arrow_forward:", on_click=lesson.begin,
                  args=(of.name,))


def _card(of: Lesson, one: Answered) -> None:
    """Show a question, what one said, and what came."""
    kind, icon = KINDS[one.card.kind]
    with st.container(key=f"mine_card_{of.name}_{one.card.name}", border=True, gap="xsmall"):
        mark = {"right": ":material/check:", "close": ":material/near_me:", "off": ":material/close:"}
        verdict = f" · {mark[one.record.verdict]} **{one.verdict}**" if one.verdict else ""
        st.caption(f"{icon} {_(kind)}{verdict}")
        st.markdown(one.question)
        if isinstance(one.card.ask, Curve):
            curve_box(f"mine_curve_{of.name}_{one.card.name}", frame(one.card.ask), tuple(one.record.answer),
                      truth=None if one.truth is None else tuple(one.truth), locked=True)
        sure = f" · *{_(CONFIDENCE[one.record.confidence])}*" if one.record.confidence else ""
        lines = [(_("You said"), one.said, sure), (_("What came"), one.came, ""), (_("Off by"), one.distance, "")]
        st.markdown("  \n".join(pair(f"**{name}**", value) + after for name, value, after in lines if value))
        if one.card.kind == "predict" and not one.record.verdict:
            st.caption(_("You have not seen yet what came."))
        if one.sure_and_wrong:
            st.caption(_("You were sure, and it came otherwise: say to yourself why."))


# -- to take along, to bring back, to delete ----------------------------------------------------------------


def _take_along(*, begun: bool) -> None:
    """Offer what one has done as a file to go on with, and as a page to print."""
    with st.container(border=True, key="mine_take_along"):
        st.markdown("**{title}**".format(title=_("Take along")))
        st.caption(_("Your course belongs to this browser, without an account. As a file it goes on elsewhere."))
        name = st.text_input(_("Name (only for the page)"), key="course_name", max_chars=LONGEST_NAME,
                             disabled=not begun, help=_("It is not kept: it only stands on the page that you save."))
        known = record.progress()
        with st.container(horizontal=True):
            st.download_button(_("Course as a file"), known.to_json(), f"{FILE}.json", "application/json",
                               key="save_course", on_click="ignore", icon=":material/download:", disabled=not begun)
            st.download_button(_("Page to print"), printable.page(known, name, moment(time.time())[:10]),
                               f"{FILE}.html", "text/html", key="save_printable", on_click="ignore",
                               icon=":material/print:", disabled=not begun)


def _bring_back() -> None:
    """Let one bring back what was taken along."""
    with st.container(border=True, key="mine_bring_back"):
        st.markdown("**{title}**".format(title=_("Bring back")))
        st.caption(_("A course file is joined with what stands here: of each card the newer answer stays."))
        st.file_uploader(_("Course file"), key=keys.COURSE_FILE, type="json", on_change=_take_in,
                         max_upload_size=MEGABYTES, label_visibility="collapsed")


def _take_in() -> None:
    """Join the file with what is there, and keep what is to be said about it."""
    upload = st.session_state[keys.COURSE_FILE]
    if upload is None:
        return
    try:
        lessons = record.take_in(held(upload).getvalue()[:4 * LONGEST_FILE + 1].decode("utf-8-sig", errors="replace"))
        st.session_state[keys.COURSE_TOLD] = Note("Brought back: {lessons} of the {count} lessons.", lessons=lessons,
                                                  count=len(LESSONS))
    except Refusal as refusal:
        st.session_state[keys.COURSE_TOLD] = copy(refusal)      # which holds no frame that holds the file


def _delete() -> None:
    """Let one delete all of it, which a second click has to confirm."""
    if not st.session_state.get(keys.FORGETTING):
        st.button(_("Delete my course"), key="course_delete", icon=":material/delete:", type="tertiary",
                  on_click=_ask)
        return
    with st.container(border=True, key="mine_delete"):
        st.markdown(_("All that you have done in the course is deleted, here and on the server. Nobody can bring it "
                      "back, unless you have saved the file above. Close other tabs with the course first: what they "
                      "know would be kept anew."))
        with st.container(horizontal=True):
            st.button(_("Yes, delete it"), key="course_delete_now", icon=":material/delete_forever:", type="primary",
                      on_click=_forget)
            st.button(_("No, leave it"), key="course_leave_it", on_click=_leave_it)


def _ask() -> None:
    st.session_state[keys.FORGETTING] = True


def _leave_it() -> None:
    st.session_state[keys.FORGETTING] = False


def _forget() -> None:
    st.session_state[keys.FORGETTING] = False
    try:
        record.forget()
        st.session_state[keys.COURSE_TOLD] = Note("Your course is deleted.")
    except Refusal as refusal:
        st.session_state[keys.COURSE_TOLD] = refusal
