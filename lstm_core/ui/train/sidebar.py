"""The settings beside the page Train: a few at first, all of them behind a switch that the browser remembers."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.spec import DataSpec
from lstm_core.ui.train import held_controls, learner_link
from lstm_core.ui.train import source as train_source
from lstm_core.ui.widgets import browser_memory, held, keys, setting_boxes, settings
from lstm_core.ui.widgets.labels import setting_label


def show() -> type[DataSpec]:
    """Show the settings and return the kind of the chosen source."""
    st.session_state.setdefault(keys.ALL_SETTINGS, browser_memory.remembered(keys.ALL_SETTINGS) == "1")
    every = settings.all_shown()
    held.say_locked()
    kind = train_source.choose()
    setting_boxes.first_settings(explain=every)      # each explanation is one more thing to look at
    if not every:
        _say_what_differs(kind)
    st.toggle(_("All settings"), key=keys.ALL_SETTINGS, persist_state="session")
    if every:                           # below the switch, so that it stays where it is
        _show_all(kind)
    held_controls.summary(kind)
    if every:
        learner_link.offer(kind)
    browser_memory.remember(keys.ALL_SETTINGS, "1" if every else "0")
    return kind


def _show_all(kind: type[DataSpec]) -> None:
    """Show all other settings; where a link has hidden those of a heading, there is no heading."""
    groups = settings.offered(kind)
    if setting_boxes.any_shown(groups["sequence"], kind):
        st.subheader(_("Sequence"), anchor=False)
    train_source.show_more(kind)
    setting_boxes.window_settings(kind)
    if setting_boxes.any_shown(groups["network"], kind):
        st.subheader(_("Network"), anchor=False)
    setting_boxes.model_settings(kind)
    if setting_boxes.any_shown(groups["training"], kind):
        st.subheader(_("Training"), anchor=False)
    setting_boxes.train_settings(kind)


def _say_what_differs(kind: type[DataSpec]) -> None:
    """Say which settings that are not shown differ from what they are at first: an address or a preset has set them."""
    names = [_("Layers") if name == "layers" else setting_label(name) for name in settings.unusual(kind)]
    if names:
        with st.container(key="unusual_settings"):
            st.caption((_("One more setting differs from the usual: {names}.") if len(names) == 1 else
                        _("{count} more settings differ from the usual: {names}.")).format(
                            count=len(names), names=listing(names)))
