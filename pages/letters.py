"""Letters: type some and get the next one, let the network write on, see what it has made of its alphabet."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.spec import Letters, Numerals
from lstm_core.ui import current, inside, letters, letters_answers, letters_maps, letters_write, words

words.title(_("Letters"))
view = letters.chosen()
letters.introduce(view)
inside.await_first_snapshot(view)
data, model = view.spec.data, view.spec.model
try:
    if not len(view.snapshots):
        letters.nothing_yet(view)
    elif isinstance(data, Numerals):
        letters_answers.show(view)
    elif isinstance(data, Letters):
        asked = letters.ask(view)
        sections = {
            "write": (_("Let it write"),
                      lambda: letters_write.show(asked, data, carried=view.spec.train.carry != "off")),
            "transitions": (_("What follows what"), lambda: letters_maps.transitions(asked, data)),
            "places": (_("Map of the letters"), lambda: letters_maps.places(asked, model, len(set(data.text)))),
            "beside": (_("One-hot or embedding"), lambda: letters_maps.side_by_side(view)),
        }
        st.session_state.setdefault("about", "write")
        st.segmented_control(_("More about this network"), list(sections), key="about", required=True,
                             format_func=lambda name: sections[name][0], label_visibility="collapsed")
        sections[st.session_state["about"]][1]()
except Refusal as refusal:
    letters.refused(refusal)
st.markdown(words.prose("letters"))
current.write_address()
