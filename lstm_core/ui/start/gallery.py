"""The presets as small cards: grouped by the question they answer, and filtered by it or by their tutorial."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from itertools import groupby
from pathlib import Path

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.presets import PRESETS
from lstm_core.presets.cards import CARDS, LESSONS, QUESTIONS, Card
from lstm_core.ui.start import keys
from lstm_core.ui.widgets.navigation import page_link, section_address

PICTURES = Path(__file__).parents[1] / "static" / "presets"


def show() -> None:
    """Show a card for every preset, or for those that were chosen."""
    st.subheader(_("Ready to train"), anchor="presets")
    st.fragment(_chosen)()


def _chosen() -> None:
    question = st.pills(_("By question"), list(QUESTIONS), key=keys.QUESTION, on_change=_only, args=(keys.TUTORIAL,),
                        format_func=lambda name: _(QUESTIONS[name]))
    tutorial = st.pills(_("By tutorial: the five that this lab was built from"), list(LESSONS), key=keys.TUTORIAL,
                        on_change=_only, args=(keys.QUESTION,),
                        format_func=lambda name: f"{name} {_(LESSONS[name][0])}")
    if tutorial:
        st.caption(_(LESSONS[tutorial][1]))
    cards = [card for card in CARDS if question in (None, card.question) and tutorial in (None, card.group)]
    for name, grouped in groupby(cards, key=lambda card: card.question):
        st.markdown(f"**{_(QUESTIONS[name])}**")
        with st.container(key=f"cards_{name}"):
            for each in grouped:
                _show(each)


def _only(other: str) -> None:
    """Choose by one thing at a time."""
    st.session_state[other] = None


def _show(card: Card) -> None:
    """Show a card: all of it is the link to its first preset, the names below lead to each of them."""
    first = card.first
    with st.container(border=True, key=f"card_{first.name}", gap=None):
        st.html(f'<img alt="" src="{_picture(first.name)}">')
        _link(first.name, _(first.title))
        if len(card.presets) > 1:
            with st.container(horizontal=True, key=f"beside_{first.name}", gap=None):
                for name, called in card.presets.items():
                    _link(name, _(called))


@cache
def _picture(name: str) -> str:
    """Return the picture of a preset as an address that holds it all."""
    return f"data:image/svg+xml;base64,{b64encode((PICTURES / f'{name}.svg').read_bytes()).decode()}"


def _link(name: str, label: str) -> None:
    preset = PRESETS[name]
    shapes = preset.page == "shapes"
    page_link("shapes" if shapes else "train", label, icon=None,
              query={"preset": name, **(section_address(preset.page, preset.section) if shapes else {})})
