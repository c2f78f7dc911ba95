"""Letters: type some and get the next one, let the network write on, see what it has made of its alphabet."""

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.spec import Letters, Numerals
from lstm_core.ui.letters import maps, numerals, writing
from lstm_core.ui.letters import page as letters_page
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import page_title, prose

page_title(_("Letters"))
view = letters_page.chosen()
letters_page.introduce(view)
query.await_first_snapshot(view)
data, model = view.spec.data, view.spec.model
try:
    if not len(view.snapshots):
        letters_page.nothing_yet(view)
    elif isinstance(data, Numerals):
        numerals.show(view)
    elif isinstance(data, Letters):
        asked = letters_page.ask(view)
        sections = {
            "write": (_("Let it write"),
                      lambda: writing.show(asked, data, carried=view.spec.train.stateful != "off")),
            "transitions": (_("What follows what"), lambda: maps.transitions(asked, data)),
            "places": (_("Map of the letters"), lambda: maps.places(asked, model, len(set(data.text)))),
            "beside": (_("One-hot or embedding"), lambda: maps.side_by_side(view)),
        }
        st.session_state.setdefault("about", "write")
        st.segmented_control(_("More about this network"), list(sections), key="about", required=True,
                             format_func=lambda name: sections[name][0], label_visibility="collapsed")
        sections[st.session_state["about"]][1]()
except Refusal as refusal:
    letters_page.refused(refusal)
st.markdown(prose("letters"))
session.write_address()
