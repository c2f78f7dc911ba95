"""Inside the cell: every gate of the trained network, at every time step."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.ui import current, inside, words

words.title(_("Inside the cell"))
view = current.run()
if current.is_example(view):
    st.info(_("This is a finished example. Train a network of your own, and it is shown here."),
            icon=":material/school:")
inside.await_first_snapshot(view)
try:
    inside.show(view, current.prepared(view.spec.data, view.spec.model.output))
except Refusal as refusal:
    st.warning(words.told(refusal))
st.markdown(words.prose("cell"))
current.write_address()
