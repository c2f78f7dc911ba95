"""The preset that was opened: what it shows, and where to look at its result."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.presets import PRESETS, Preset
from lstm_core.spec import Prices
from lstm_core.ui.widgets import session, settings

PAGES = {"train": "train.py", "letters": "letters.py", "predict": "predict.py", "shapes": "shapes.py",
         "cell": "cell.py", "memory": "memory.py"}
SECTIONS = {"cell": "section", "shapes": "shapes_section", "memory": "memory_section"}
"""What a page calls the choice of its section."""


def opened() -> Preset | None:
    """Return the preset whose settings this session has taken over."""
    return PRESETS.get(st.session_state.get("preset", ""))


def section(preset: Preset) -> dict[str, str]:
    """Return the part of the address that opens the section in which the preset is looked at."""
    return {SECTIONS[preset.page]: preset.section} if preset.section else {}


def show() -> None:
    """Say which preset this is and where to go on from here."""
    preset = opened()
    if preset is None:
        return
    with st.container(border=True, key="preset_box"):
        st.markdown(f"**{_(preset.title)}** \u00b7 {_(preset.shows)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if preset.page != "train":
                names = {"letters": _("Letters"), "predict": _("Predict"), "shapes": _("Shapes"),
                         "cell": _("Inside the cell"), "memory": _("Memory")}
                st.page_link(PAGES[preset.page], icon=":material/arrow_forward:",
                             label=_("Once trained, look at it on the page {page}").format(page=names[preset.page]),
                             query_params=session.address() | section(preset))
            if preset.ticker is not None and st.session_state.get("market") != "ticker":
                st.button(_("Use the tutorial's own prices: {ticker} (needs the network)").format(
                    ticker=preset.ticker.ticker), key="use_ticker", icon=":material/cloud_download:",
                    on_click=_use_ticker, args=(preset, preset.ticker))


def _use_ticker(preset: Preset, prices: Prices) -> None:
    settings.fill(replace(preset.spec, data=prices))


def prose() -> str:
    """Return the name of the prose that says what to see, what to try, and what its source says; or nothing."""
    preset = opened()
    return f"presets/{preset.name}" if preset is not None else ""
