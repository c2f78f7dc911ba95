"""What the card does in the page beside it: it lights up what it speaks of, and does on demand what it waits for."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.lessons.cards import AnyCard, Do
from lstm_core.ui.base.static_files import address
from lstm_core.ui.learn import keys
from lstm_core.ui.shared import beside

TRAIN = "lesson_train"          # key of the button that trains

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('learn/guide.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("guide", js=_SCRIPT, isolate_styles=False)


def show(lesson: str, card: str, lights: tuple[str, ...]) -> None:
    """Light up what a card speaks of, and press what is to be pressed since the last time."""
    acting = st.session_state.get(keys.ACTING) or (None, 0, ())
    mine = acting[0] == (lesson, card)
    _component(key=keys.GUIDE, height="content", data={
        "card": f"{lesson}/{card}", "lights": list(lights), "turn": acting[1] if mine else 0,
        "does": [asdict(action) for action in acting[2]] if mine else [],
        "words": {"way": _("Show what is meant")}})


def act(lesson: str, card: AnyCard) -> None:
    """In a callback: set what *Show me* sets, and have the browser press what it presses."""
    if isinstance(card, Do) and card.does:
        _set(beside.actions(card.does))
        _press(lesson, card.name, beside.actions(card.does))


def redo(lesson: str, card: str, done: Sequence[Do]) -> None:
    """Bring about again what cards before this one have waited for, when one has come back; nothing is trained anew."""
    pressing: tuple[beside.Action, ...] = ()
    for before in done:
        actions = beside.actions(before.does)
        _set(actions)
        if any(action.kind == "press" and action.target != TRAIN for action in actions):
            pressing = actions
    if pressing:
        _press(lesson, card, pressing)


def _set(actions: Iterable[beside.Action]) -> None:
    for action in actions:
        if action.kind == "set":
            st.session_state[action.target] = beside.typed(action.value, st.session_state.get(action.target))


def _press(lesson: str, card: str, actions: Sequence[beside.Action]) -> None:
    st.session_state[keys.ACTING] = ((lesson, card), time.time(), actions)
