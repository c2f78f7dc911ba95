"""The preset that was opened: what it shows, and where to look at its result."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lstm_core.i18n import clauses, pair
from lstm_core.i18n import gettext as _
from lstm_core.presets import PRESETS, Preset
from lstm_core.presets.figures import known, written
from lstm_core.presets.kinds import KINDS, WORDS
from lstm_core.running.run_view import RunView
from lstm_core.spec import Prices
from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.navigation import page_link, section_address


def opened() -> Preset | None:
    """Return the preset whose settings this session has taken over."""
    return PRESETS.get(st.session_state.get(session_keys.PRESET, ""))


def show(view: RunView) -> None:
    """Say which preset this is and where to go on from here; what comes out is folded until a run has shown it."""
    preset = opened()
    if preset is None:
        return
    with st.container(border=True, key="preset_box"):
        st.markdown(f"**{_(preset.title)}**")
        came = _came(preset, view)
        # Streamlit takes another label for another box: it then opens by itself.
        with st.expander(_("What came out") if came else _("What comes out"), expanded=came):
            st.markdown(_(preset.shows))
            st.caption(reached(preset))
        with st.container(horizontal=True, vertical_alignment="center"):
            if preset.page != "train":
                page_link(preset.page, icon=":material/arrow_forward:",
                          label=_("Once trained, look at it on the page {page}").format(
                              page=_(PAGES[preset.page].title)),
                          query=session.address() | section_address(preset.page, preset.section))
            if preset.ticker is not None and st.session_state.get("market") != "ticker":
                st.button(_("Use the tutorial's own prices: {ticker} (needs the network)").format(
                    ticker=preset.ticker.ticker), key="use_ticker", icon=":material/cloud_download:",
                    on_click=_use_ticker, args=(preset, preset.ticker))


def awaited(view: RunView) -> bool:
    """Tell whether a preset is opened whose outcome no run of one's own has shown yet."""
    preset = opened()
    return preset is not None and not _came(preset, view)


def _came(preset: Preset, view: RunView) -> bool:
    return session.is_mine(view) and view.status == "done" and view.spec.data == preset.spec.data


def reached(preset: Preset) -> str:
    """Return what the seeds of a preset reached when they were measured: one run of yours may lie anywhere between."""
    found = known()[preset.name]
    values = [pair(_(WORDS[goal.measure]), written(found.values[goal.measure], KINDS[goal.measure], "spread"))
              for goal in preset.goals]
    return _("Measured with {seeds} seeds, median (lowest to highest): {values}").format(
        seeds=found.seeds, values=clauses(dict.fromkeys(values)))


def _use_ticker(preset: Preset, prices: Prices) -> None:
    settings.fill(replace(preset.spec, data=prices))


def prose() -> str:
    """Return the name of the prose that says what to see, what to try, and what its source says; or nothing."""
    preset = opened()
    return f"presets/{preset.name}" if preset is not None else ""
