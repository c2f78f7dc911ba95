"""Memory, the truth: the norm of the gradient at every step back from the loss, in one run or in three side by side."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.charts.memory import Curve
from lstm_core.charts.palette import GATES
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.spec.cell_types import CellType
from lstm_core.ui.memory import cells_beside, curves, keys
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.measure import Chosen, Felt, plainly
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.cell_text import CELL_TEXT


def show(view: RunView) -> None:
    """Show how far back the loss is felt in this run, or in three networks with different cells."""
    data = session.prepared(view.spec.data, view.spec.model.output)
    st.markdown(_("The loss of one answer, the last of a sequence, is passed back to every time step before it. "
                  "$\\partial L/\\partial h_t$ says how the loss would change with each hidden state of step $t$; its "
                  "norm over all units is how much a step that far back can still be learned from."))
    ways = {"run": _("This run"), "cells": _("RNN, GRU and LSTM side by side")}
    st.session_state.setdefault(keys.WHOSE, "cells" if session.is_example(view) else "run")
    st.segmented_control(_("Networks"), list(ways), key=keys.WHOSE, required=True, format_func=ways.__getitem__,
                         label_visibility="collapsed", persist_state="session")
    if st.session_state[keys.WHOSE] == "run":
        if not len(view.snapshots):
            query.nothing_yet(view)
            return
        _run(view, query.choose_moment(view), measured.choose(data))
    else:
        cells_beside.show(view)
    st.caption(_("L is the squared error of the scaled number, or the cross entropy of the class, of the last answer "
                 "only, and every sequence begins with a zero state. All of it is computed here, in NumPy, from the "
                 "weights of that moment."))


# -- one run -----------------------------------------------------------------------------------------------


def _run(view: RunView, update: int, chosen: Chosen) -> None:
    layers = measured.felt(view, update, chosen)
    layer, shared = curves.choose(len(layers))
    felt, key, cell = layers[layer], view.spec.model.cell, view.spec.model.cell_type
    if not felt.known:
        curves.no_numbers()
        return
    left, right = st.columns([3, 2])
    with left:
        own = _own(felt, cell, shared=shared)
        curves.draw(own, key=f"memory_run_{key}", shared=shared,
              title=_("What each step back receives from the loss, {name}").format(name=_(cell.name)))
    with right:
        curves.products([(_(cell.name), cell, felt, None)], key=f"memory_kept_{key}")
    curves.floor(own)
    _say(felt, key)


def _own(felt: Felt, cell: CellType, *, shared: bool) -> list[Curve]:
    gate = cell.carry_gate or cell.memory
    found = [("dL/dh", felt.dh, "h", "solid"), ("dL/dc", felt.dc, "c", "solid"),
             (_("through {gate} alone").format(gate=gate), felt.direct, gate, "dash")]
    return [Curve(name, curves.scaled(values, shared=shared), GATES[colour], dash)
            for name, values, colour, dash in found if values is not None]


def _say(felt: Felt, cell: str) -> None:
    """Say what arrives at the far end, and at what price per step."""
    steps = len(felt.dh) - 1
    if not steps or not felt.dh[0]:
        st.markdown(_("The loss sends nothing back here: the prediction is exactly right, or there is one step only."))
        return
    st.markdown(_at_far_end("dL/dh", felt.dh))
    if felt.dc is not None and felt.dc[0]:
        st.markdown(_at_far_end("dL/dc", felt.dc))
    if felt.kept is not None and felt.longest is not None:
        st.markdown(_(CELL_TEXT[cell].carried).format(kept=plainly(float(felt.kept[-1])),
                                                      longest=plainly(float(felt.longest[-1]))))
    if felt.count > 1:
        st.caption(_("All curves: the median over {count} sequences.").format(count=felt.count))


def _at_far_end(name: str, values: np.ndarray) -> str:
    steps, share = len(values) - 1, float(values[-1] / values[0])
    factor = share ** (1 / steps)
    if not share:
        return _("**{name}**: {steps} steps back nothing at all is left of it.").format(name=name, steps=steps)
    return _("**{name}**: {steps} steps back its norm is **{share}** of that at the loss, as if multiplied by "
             "**{factor:.3f}** at every step.").format(name=name, steps=steps, share=plainly(share), factor=factor)
