"""What a link does to the controls of the page Train, in words: how each of them stands, and what it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import listing, pair
from lstm_core.spec import DataSpec, Table
from lstm_core.ui.shared import setting_table
from lstm_core.ui.train import controls, keys
from lstm_core.ui.widgets import held, settings
from lstm_core.ui.widgets.labels import option_label, setting_label

GROUPS: Mapping[str, str] = {
    "first": N_("Shown at once"), "sequence": N_("Sequence"), "network": N_("Network"), "training": N_("Training"),
    "buttons": N_("Buttons")}
"""What the groups of controls are called, see :func:`lstm_core.ui.widgets.settings.offered`."""


class Standing(NamedTuple):
    """How a control stands: its name, what it is called, and its value, both as Markdown."""

    name: str
    label: str
    value: str


def label(name: str) -> str:
    """Return what a control is called in the language now in use."""
    return _("Pace") if name == held.PACE else _("Layers") if name == "layers" else setting_label(name)


def standing(kind: type[DataSpec]) -> dict[str, list[Standing]]:
    """Return all controls that the page has for a source, in the order and the groups in which they stand there."""
    return {group: [Standing(name, label(name), _value(name, kind)) for name in names]
            for group, names in settings.offered(kind).items()}


def _value(name: str, kind: type[DataSpec]) -> str:
    if name == held.PACE:
        return controls.pace_label(st.session_state.get(keys.PACE, controls.DEFAULT_PACE))
    if name == "source":
        return option_label(kind.source)
    return setting_table.written(name, settings.value(name, kind), kind is Table)


def summary(kind: type[DataSpec]) -> None:
    """Say which controls a link has hidden and fixed, with their values: what is shown is not all there is."""
    known = [one for group in standing(kind).values() for one in group] if held.hidden() or held.fixed() else []
    hidden = [one for one in known if one.name in held.hidden()]
    fixed = [one.label for one in known if one.name in held.fixed()]
    if fixed:
        st.caption(f"{held.ICONS[held.FIXED]} " + _("Fixed by the link you opened: {names}.").format(
            names=listing(fixed)))
    if hidden:
        with st.expander(_("One control is hidden by the link you opened") if len(hidden) == 1 else
                         _("{count} controls are hidden by the link you opened").format(count=len(hidden)),
                         icon=held.ICONS[held.HIDE]):
            st.markdown("\n".join(f"- {pair(one.label, f'**{one.value}**')}" for one in hidden))
