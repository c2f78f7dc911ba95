"""The ways on from Start: a card for each, all of which is its link."""

from __future__ import annotations

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.lessons.catalogue import LESSONS
from lstm_core.ui.widgets.navigation import page_link


def show() -> None:
    """Show where somebody may go from here."""
    with st.container(key="ways"):
        with st.container(border=True, key="way_course", gap=None):
            page_link("learn", _("Take the course"), query={})
            st.caption(_("Predict, see, say why: {count} lessons of about six minutes, beside a network that you "
                         "train.").format(count=len(LESSONS)))
        with st.container(border=True, key="way_tutorials", gap=None):
            st.markdown(":material/menu_book: [{way}](#presets)".format(way=_("Follow a tutorial")))
            st.caption(_("The networks of five tutorials: settings, results, and what no tutorial shows of them."))
        with st.container(border=True, key="way_train", gap=None):
            page_link("train", _("Explore freely"))
            st.caption(_("Choose a sequence and a network, train it, and look into every gate."))
        with st.container(border=True, key="way_challenges", gap=None):
            page_link("challenges", _("Solve a challenge"))
            st.caption(_("A goal and a budget: the page checks by itself whether you have reached it."))
