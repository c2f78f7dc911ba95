"""Train: pick a sequence, set the network, watch it learn."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.ui import challenges, controls, current, knobs, panel, preset_box, sequence, window_view, words

with st.sidebar:
    st.subheader(_("Sequence"))
    source = sequence.choose()
    knobs.window_knobs(source)
    st.subheader(_("Network"))
    knobs.model_knobs(source)
    st.subheader(_("Training"))
    knobs.train_knobs(source)

words.title(_("Train"))
preset_box.show()
view = controls.await_first_loss(current.run())
controls.follow_rate(view)
controls.buttons(view)
with st.container(key="notices"):   # always there, so that nothing below is drawn anew when a notice comes or goes
    controls.notices(view)
    challenges.solved_line(view)

panel.show(view)

window_view.show(source)
st.markdown(words.prose(preset_box.prose() or "train"))
