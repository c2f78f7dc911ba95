"""A word beside the settings of an LSTM whose gates begin too closed for the gap of its task, and the remedy."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.cells import sigmoid
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers
from lstm_core.ui.widgets import settings

LEAST = 0.1             # share of the cell state left after the gap; from less next to nothing is learned at first


def show() -> None:
    """Say that the memory of the LSTM that is set begins short, where the task has a gap that it does not bridge."""
    try:
        spec = settings.read()
    except Refusal:             # which is told where it stands
        return
    model, gap = spec.model, spec.data.gap
    gate = float(sigmoid(np.array(model.forget_bias)))
    if not model.cell_type.forget_gate or model.chrono or gate**gap >= LEAST:
        return
    with st.container(key="short_memory", horizontal=True, vertical_alignment="center"):
        st.info(_("**This LSTM starts with a short memory.** Its forget gates begin at σ({bias:g}) = {gate:.2f}: after "
                  "the gap of {gap} steps {left} of the cell state is left.").format(
                      bias=model.forget_bias, gate=gate, gap=gap, left=powers(f"{gate**gap:.2g}")),
                icon=":material/history:")
        st.button(_("Start with a memory of {gap} steps").format(gap=gap), key="long_memory",
                  icon=":material/auto_fix_high:", on_click=_begin_long, args=(gap,),
                  help=_("Sets *Chrono initialisation*: the biases of forget and input gate are drawn for memories of "
                         "up to so many steps."))


def _begin_long(gap: int) -> None:
    st.session_state["chrono"] = gap
