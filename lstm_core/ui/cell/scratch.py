"""The LSTM cell written out by hand beside torch's own, with the run's weights; and what its usual faults would do."""

from __future__ import annotations

import ast
import math
from functools import cache
from pathlib import Path

import numpy as np
import streamlit as st

from lstm_core import learning
from lstm_core.cells import sigmoid
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import powers
from lstm_core.inside.scratch_difference import CELL, Differences
from lstm_core.running import jobs
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared.answers import ask
from lstm_core.ui.widgets.navigation import page_link

PRESET = "s3_scratch"       # the lesson with a network of this cell
ROUNDING = 1e-6             # what the rounding of 32-bit numbers may leave
REMARKS = (
    N_("One step. Every gate reads the last hidden state and the input side by side: [h(t-1), x(t)]."),
    N_("forget gate"), N_("input gate"), N_("candidate"), N_("output gate"),
    N_("Return h(t) and c(t), each (B, H), from x(t) (B, F), h(t-1) and c(t-1)."),
    N_("how much of the old cell state stays"), N_("how much of the candidate is let in"), N_("what could be new"),
    N_("how much of the memory is shown"),
    N_("The same cell at every time step, each handing its two states to the next; the first receives zeros."),
    N_("Return all h and all c, each (B, T, H), of B sequences x (B, T, F)."),
    N_("Return a layer with the weights of torch's."),
    N_("torch stacks the gates in the order i, f, g, o, keeps the weights of h and x apart, and adds two biases."))
"""The comments and docstrings of the code that is shown, for the translators; a test holds that they are all here."""
SOURCE = Path(learning.__file__).with_name("scratch_lstm.py")       # read, not imported: it needs torch


def show(view: RunView, data: Dataset, sequence: Sequence) -> None:
    """Show the code, how far it comes apart from torch on this sequence, and the faults in words."""
    model = view.spec.model
    if model.cell != CELL:
        st.info(_("This run has {cell} cells; the code written out by hand is that of an LSTM.").format(
            cell=_(model.cell_type.name)))
        page_link("train", _("Train the LSTM of this lesson"), query={"preset": PRESET})
        return
    update = int(view.snapshots[-1])
    found = _measured(view.id, update, model, sequence.x)
    st.markdown(_("There is nothing in an LSTM beyond these lines. They are given the weights of this run's first "
                  "recurrent layer after {update:,} updates, read the sequence above, and so does torch's `nn.LSTM`.")
                .format(update=update))
    if math.isfinite(found.h):
        _differences(found)
    else:
        st.info(_("There are no numbers to compare: the training diverged."))
    with st.container(key="scratch_code"):
        st.code(in_language(shown_code()), language="python")
    if math.isfinite(found.h):
        _faults(found, data)


@st.cache_data(max_entries=200, show_spinner=False)
def _measured(run: str, update: int, model: ModelSpec, x: np.ndarray) -> Differences:
    return ask(jobs.compare_cells, model, lab().snapshot(run, update).weights, x)


def in_language(code: str) -> str:
    """Return the code with its comments and docstrings in the language now in use."""
    for remark in sorted(REMARKS, key=len, reverse=True):       # one may be part of a longer one
        code = code.replace(remark, _(remark))
    return code


@cache
def shown_code() -> str:
    """Return the cell, its layer and how they take over torch's weights, as they stand in the file."""
    text = SOURCE.read_text(encoding="utf-8")
    names = ("Cell", "Layer", "from_torch")
    parts = {node.name: ast.get_source_segment(text, node) for node in ast.parse(text).body
             if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return "\n\n\n".join(str(parts[name]) for name in names)


def _differences(found: Differences) -> None:
    with st.container(horizontal=True, key="differences"):
        for label, value in ((_("Largest difference in h"), found.h), (_("Largest difference in c"), found.c),
                             (_("Read alone or among eight"), found.batch)):
            st.metric(label, powers(f"{value:.1e}"), width=230)
    if max(found.h, found.c, found.batch) <= ROUNDING:
        st.caption(_("Over all units and time steps. This is what the rounding of 32-bit numbers leaves: both are the "
                     "same cell."))
    else:
        st.caption(_("Over all units and time steps. The rounding of 32-bit numbers leaves about 1e-6 of what is added "
                     "up: the larger the states, the more."))


def _faults(found: Differences, data: Dataset) -> None:
    if data.classes:
        moved = _("{share:.1%} of probability").format(share=found.forgetful_output)
    else:
        zero, one = data.unscale(np.array([0.0, 1.0]))
        moved = f"{powers(f'{found.forgetful_output * abs(one - zero):.3g}')} {data.unit}".strip()
    opened, shut = (float(sigmoid(np.array(bias))) for bias in (1.0, -1.0))
    st.markdown(_("A tutorial on the web, of which this code is the mended version, has two faults; this is what they "
                  "would do here:"))
    st.markdown(_("- **Its cell never uses h(t-1).** The formulas read [h(t-1), x(t)], the code only x(t). With the "
                  "weights of this run that moves h by up to **{h}**, and the prediction by up to **{output}**.")
                .format(h=powers(f"{found.forgetful_h:.3g}"), output=moved))
    st.markdown(_("- **Its loop variable i is also the name of a gate**, and it works for a batch of 1 only. The code "
                  "above reads any number of sequences at once: one of eight comes out as it does alone, up to "
                  "{batch}.").format(batch=powers(f"{found.batch:.1e}")))
    st.markdown(_("Its explanation of the forget bias has the wrong sign, too. A positive forget bias remembers: where "
                  "the rest of the sum is 0, a bias of 1 opens the forget gate to σ(1) = {opened:.2f}, and one of -1 "
                  "leaves σ(-1) = {shut:.2f}.").format(opened=opened, shut=shut))
