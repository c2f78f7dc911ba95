"""The bar of a class at the foot of every page: what is asked, one's own answer, the way to where all are brought."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from lstm_core.classroom.experiments import Experiment
from lstm_core.errors import Refusal
from lstm_core.i18n import current
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.storage.database import Unavailable
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.base.server import lab, rooms
from lstm_core.ui.base.static_files import PREFIX, address
from lstm_core.ui.classroom import api, keys, membership, words
from lstm_core.ui.classroom.membership import Membership
from lstm_core.ui.shared import keys as shared_keys
from lstm_core.ui.widgets import held, session
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets.text import localized

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('class/bar.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("class_bar", js=_SCRIPT, isolate_styles=False)


def settle() -> None:
    """Before a page is drawn: lock its controls, if the teacher of this browser's class has done so.

    Do what the bar has asked for, too: who goes to another page does not wait until this one has been drawn once more.
    """
    member, wanted = _learner(), st.session_state.pop(keys.WANTED, None)
    locked = False
    if member is not None:
        try:
            locked = rooms().standing(member.code).room.held
        except Refusal:                     # it has ended
            membership.look_again()
    held.lock(locked)
    if member is not None:
        _do(member.code, wanted)


def show(page: str) -> None:
    """Show the bar to a learner in a class.

    Args:
        page: name of the page that is shown.
    """
    member = _learner()
    if member is None:
        return
    here = {name: value for name, value in st.query_params.to_dict().items() if name not in ("lang", "view")}
    _component(key=keys.BAR, height="content", on_do_change=_heard, data={
        "room": room(member.code, "learner"), "here": f"{page}?{urlencode(here)}" if here else page,
        "held": held.locked(), "words": words.bar()})
    if (refused := st.session_state.pop(keys.REFUSED, None)) is not None:
        st.toast(localized(refused), icon=":material/block:")


def _learner() -> Membership | None:
    """Return the class in which this browser is a learner; None as well while no database answers.

    All pages go on then with what is in memory.
    """
    try:
        member = membership.now()
    except Unavailable:
        return None
    return None if member is None or member.teacher else member


def room(code: str, seen_as: str) -> dict[str, str]:
    """Return what the browser needs to follow a class: as "wall" or as "learner"."""
    return {"code": code, "as": seen_as, "lang": current(), "address": f"{PREFIX}/{api.PATH}"}


def _heard() -> None:
    """In a callback: note what the bar asks for; a page cannot be left yet."""
    st.session_state[keys.WANTED] = st.session_state[keys.BAR].get("do")


def _do(code: str, wanted: Any) -> None:
    """Do what the bar asks for, once."""
    match wanted:
        case {"what": str(what), "turn": int(turn)} if turn != st.session_state.get(keys.DOES):
            st.session_state[keys.DOES] = turn
        case _:
            return
    try:
        match what:
            case "follow":
                _follow(code)
            case "train":
                _train(code)
            case "run":
                _open(_run(code))
            case "class":
                st.switch_page(PAGES["class"].file, query_params=_carried())
    except Refusal as refusal:
        st.session_state[keys.REFUSED] = refusal


def _follow(code: str) -> None:
    place = rooms().standing(code).room.place
    if place is None or place.page not in PAGES:
        return
    query = dict(parse_qsl(place.query))
    lesson, card = query.get("lesson", ""), query.get("card", "")
    if lesson in LESSONS and card:
        st.session_state[shared_keys.LED] = (lesson, card)
    st.switch_page(PAGES[place.page].file, query_params=query | _carried())


def _train(code: str) -> None:
    """Start one's own part of the experiment, unless it has been started, and look at it."""
    number, tried = _tried(code)
    if (run := _run(code)) is None:
        me = rooms().learner(code, owner())
        if me is None:
            raise Refusal("You are not in this class any more. Join it again.")
        if not tried.open:
            raise Refusal("This experiment has been closed: runs are no longer taken.")
        spec = tried.spec_of(me.number)
        session.check(spec)
        run = lab().start(spec, owner())
        rooms().answer(code, owner(), number, run)
    _open(run)


def _tried(code: str) -> tuple[int, Experiment]:
    items = rooms().standing(code).room.items
    if not items or not isinstance(items[-1], Experiment):
        raise Refusal("This experiment has been closed: runs are no longer taken.")
    return len(items) - 1, items[-1]


def _run(code: str) -> str | None:
    """Return the run that one has handed in for the experiment on the wall."""
    number, _experiment = _tried(code)
    run = rooms().answer_of(code, owner(), number, 1)
    return None if run is None else str(run)


def _open(run: str | None) -> None:
    if run is not None:
        st.switch_page(PAGES["train"].file, query_params={"run": run} | _carried())


def _carried() -> dict[str, str]:
    """Return what every address carries but the run."""
    return {name: value for name, value in session.address().items() if name != session_keys.RUN}
