"""The runs of this browser."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import unreadable
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.text import moment

SHOWN = 10


def show() -> None:
    """List the newest runs of this browser, each with a link to it."""
    runs = lab().recent(owner(), SHOWN)
    if runs:
        st.subheader(_("Runs of this browser"))
    for facts in runs:
        model = facts.spec.model
        layers = "/".join(str(layer.hidden) for layer in model.layers)
        with st.container(horizontal=True, vertical_alignment="center"):
            page_link("train", _("{data}: {cell} {layers}, epoch {epoch:.4g} of {epochs}").format(
                data=option_label(facts.spec.data.source), cell=_(model.cell_type.name), layers=layers,
                epoch=facts.epoch, epochs=facts.spec.train.epochs), icon=":material/show_chart:",
                query={"run": facts.id})
            st.caption(moment(facts.created))
    unreadable.caption()
