"""The widgets with which a card asks: a choice, a number, an order, a curve, own words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import pair
from lstm_core.lessons.asks import LONGEST_ANSWER, Ask, Choice, Curve, Number, Order, OwnWords
from lstm_core.lessons.progress import CardRecord
from lstm_core.ui.learn import keys
from lstm_core.ui.shared.asked import frame, told
from lstm_core.ui.shared.curve_box import curve_box, drawn_now
from lstm_core.ui.widgets.option_box import option_box

CONFIDENCE = {1: N_("a guess"), 2: N_("fairly sure"), 3: N_("sure")}
_MARKS = re.compile(r"[`*]")       # of Markdown, which a list of options does not know

STEPS = 100             # of a slider from one end to the other


def widget_key(lesson: str, card: str) -> str:
    """Return the key of the widget in which a card is answered."""
    return f"answer_{lesson}_{card}"


def given(lesson: str, card: str, ask: Ask) -> Any:
    """Return what is answered so far, unchecked; a callback sees what has just been typed or drawn."""
    key = widget_key(lesson, card)
    return drawn_now(key, ask.points) if isinstance(ask, Curve) else st.session_state.get(key)


def show(lesson: str, card: str, ask: Ask, names: dict[str, str], record: CardRecord,
         known: Sequence[float] = ()) -> None:
    """Show what a card asks.

    Args:
        lesson: name of the lesson.
        card: name of the card.
        ask: what is asked.
        names: what options and things are called, Markdown.
        record: what was answered before, if anything.
        known: what stands before a curve.
    """
    key = widget_key(lesson, card)
    match ask:
        case Choice(options):
            st.radio(_("Your answer"), options, key=key, index=None, format_func=names.__getitem__,
                            label_visibility="collapsed", persist_state="session")
        case Number():
            _number(ask, key)
        case Order(items):
            st.caption(_("Choose them one after the other: first, second, ..."))
            option_box(st.multiselect, _("Your order"), items, key=key, label_visibility="collapsed",
                       format_func=lambda item: _MARKS.sub("", names[item]), persist_state="session",
                       placeholder=_("What comes first?"))
        case Curve():
            before = tuple(record.answer) if record.answer is not None else (None,) * ask.points
            curve_box(key, frame(ask, known), before, truth=None, locked=False)
        case OwnWords():
            st.text_area(_("Your words"), key=key, max_chars=LONGEST_ANSWER, height=120,
                                label_visibility="collapsed", persist_state="session",
                                placeholder=_("One or two sentences, as you would say it to somebody beside you."))


def confidence() -> None:
    """Let one say how sure one is."""
    st.segmented_control(_("How sure are you?"), list(CONFIDENCE), key=keys.CONFIDENCE,
                         format_func=lambda level: _(CONFIDENCE[level]))


def _number(ask: Number, key: str) -> None:
    """Show a number as a field, with its scale said above it."""
    unit = _(ask.unit) if ask.unit else ""
    label = _("From {low} to {high}").format(low=told(ask, ask.low), high=told(ask, ask.high))
    kind = int if ask.whole else float
    st.number_input(
        label, value=None, step=kind(1 if ask.whole else _step(ask)), format=None if ask.whole else "%g", key=key,
        persist_state="session", placeholder=pair(_("Your number"), unit) if unit else _("Your number"))


def _step(ask: Number) -> float:
    """Return the step of a field: a round one, about a hundredth of the scale."""
    power = 10.0 ** round(float(f"{(ask.high - ask.low) / STEPS:e}".partition("e")[2]))
    return float(power)
