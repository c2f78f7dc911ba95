"""Shapes: from the series to the loss, with the true sizes of the settings."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.ui import current, sequence, shapes, words

with st.sidebar:
    st.subheader(_("Sequence"))
    source = sequence.choose()

words.title(_("Shapes"))
spec = shapes.settings(source)
if spec is not None:
    shapes.show(spec)
st.markdown(words.prose("shapes"))
current.write_address(spec)
