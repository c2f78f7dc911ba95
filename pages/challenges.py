"""Challenges: what to reach under which rules, judged by the runs of this browser."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.ui import challenges, words

words.title(_("Challenges"))
try:
    challenges.show()
except Refusal as refusal:
    st.warning(words.told(refusal))
st.markdown(words.prose("challenges"))
challenges.write_address()
