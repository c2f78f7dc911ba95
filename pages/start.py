"""Start: what this is, and where to go."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.ui import current, gallery, panel, recent, words

words.title("Gatescope")
st.markdown(words.prose("start"))
with st.container(horizontal=True):
    st.page_link("train.py", label=_("Train a network"), icon=":material/model_training:",
                 query_params=current.address())
    st.page_link("cell.py", label=_("Look inside the cell"), icon=":material/grid_on:", query_params=current.address())
view = current.run()
st.subheader(_("A finished example") if current.is_example(view) else _("Your last run"))
panel.show(view)
recent.show()
gallery.show()
current.write_address()
