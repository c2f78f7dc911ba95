"""Start: what this is, and where to go."""

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.start import gallery, recent_runs
from lstm_core.ui.train import progress
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.text import page_title, prose

page_title("start")
st.markdown(prose("start"))
with st.container(horizontal=True):
    page_link("train", _("Train a network"))
    page_link("cell", _("Look inside the cell"))
view = session.run()
st.subheader(_("A finished example") if session.is_example(view) else _("Your last run"))
progress.show(view)
recent_runs.show()
gallery.show()
session.write_address()
