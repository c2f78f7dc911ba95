"""Inside the cell: every gate of the trained network, at every time step, at every moment of training."""

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.ui.cell import findings, scratch, what_if
from lstm_core.ui.cell import sequence as cell_sequence
from lstm_core.ui.cell import view as cell_view
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import localized, page_title, prose

page_title(_("Inside the cell"))
view = session.run()
if session.is_example(view) and view.status == "done":
    st.info(_("This is a finished example. Train a network of your own, and it is shown here."),
            icon=":material/school:")
query.await_first_snapshot(view)
data = session.prepared(view.spec.data, view.spec.model.output)
try:
    sequence = cell_sequence.choose_sequence(view.spec.data, data)
    changes = what_if.chosen(view.spec.model, data, sequence)
    cell_view.cell_view(cell_sequence.inside(view, data, sequence, changes), key="cell_view",
                        select=findings.selected())
    if len(view.snapshots):
        what_if.outcome(view, data, sequence, changes)
        sections = {
            "what_if": (_("What if"), lambda: what_if.show(view.spec.model, data, sequence)),
            "units": (_("Interesting units"), lambda: findings.units(view, data, sequence.split)),
            "weights": (_("Weights"), lambda: findings.weights(view, data)),
            "training": (_("Gates over the training"), lambda: findings.over_training(view, sequence)),
            "scratch": (_("From scratch"), lambda: scratch.show(view, data, sequence)),
        }
        if st.session_state.get("section") not in sections:
            st.session_state["section"] = "what_if"
        st.segmented_control(_("More about this network"), list(sections), key="section", required=True,
                             format_func=lambda name: sections[name][0], label_visibility="collapsed")
        sections[st.session_state["section"]][1]()
except Refusal as refusal:
    st.warning(localized(refusal))
st.markdown(prose("cell"))
session.write_address()
