"""Show one of the made-up networks, chosen in the address."""

import networks
import streamlit as st

from lstm_core.ui.cell.view import cell_view
from lstm_core.ui.shared.place import Select


def show(name: str) -> None:
    st.html("<style>[data-testid=stMainBlockContainer] { padding: 3rem 1rem 2rem; max-width: 1500px; }</style>")
    if st.query_params.get("pick"):
        name = st.radio("network", list(networks.MODELS), horizontal=True)
    st.session_state["turn"] = st.session_state.get("turn", 0) + st.button("open unit 3")
    select = Select(unit=2, step=4, turn=st.session_state["turn"]) if st.session_state["turn"] else None
    cell_view(networks.inside(name), "cell", select=select)
    st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    st.html(f"<p id='runs'>{st.session_state['runs']}</p>")
