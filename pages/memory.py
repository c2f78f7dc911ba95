"""Memory: how far back a network can learn from, how far back it remembers, and what becomes of its gradients."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.ui import current, inside, memory, predict, words

words.title(_("Memory"))
view = current.run()
predict.introduce(view)
inside.await_first_snapshot(view)
memory.show(view)
st.markdown(words.prose("memory"))
current.write_address()
