"""The presets as cards: what each shows, a picture of its result, and the way to it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.presets import MEMORY, TUTORIALS, Preset
from lstm_core.ui.widgets.card import card
from lstm_core.ui.widgets.navigation import page_link, section_address

PICTURES = Path(__file__).parents[1] / "static" / "presets"


def show() -> None:
    """Show a card for every preset: tutorial by tutorial, then the memory tasks."""
    st.subheader(_("The systems of the five tutorials, ready to train"), anchor="presets")
    headings = {
        "S1": _("LSTM explained, with many features"), "S2": _("The principle of the LSTM"),
        "S3": _("The cell by hand, and prices"), "S4": _("Recurrent networks step by step"),
        "S5": _("Sine and cosine, watched live")}
    ordered = sorted(TUTORIALS.values(), key=lambda preset: preset.group)
    for tutorial, presets in groupby(ordered, key=lambda preset: preset.group):
        st.markdown(f"**{tutorial} \u00b7 {headings[tutorial]}**")
        _cards(presets)
    st.subheader(_("Memory: why LSTM"), anchor="memory")
    st.markdown(_("Sequences made by a rule, in which something early decides a late answer. With three of these tasks "
                  "the LSTM was introduced in 1997. Beside some of them stands a plain RNN or a GRU."))
    _cards(MEMORY.values())


def _cards(presets: Iterable[Preset]) -> None:
    with st.container(horizontal=True):
        for preset in presets:
            _card(preset)


def _card(preset: Preset) -> None:
    with card(f"card_{preset.name}"):
        st.image((PICTURES / f"{preset.name}.svg").read_text(encoding="utf-8"), width="stretch")
        st.markdown(f"**{_(preset.title)}**")
        st.caption(_(preset.shows))
        shapes = preset.page == "shapes"
        page_link("shapes" if shapes else "train", _("Open"), icon=":material/arrow_forward:",
                  query={"preset": preset.name, **(section_address(preset.page, preset.section) if shapes else {})})
