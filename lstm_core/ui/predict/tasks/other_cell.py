"""Predict, for some of the memory tasks: the same task learned by another cell beside the LSTM, run live."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.cells import sigmoid, trace
from lstm_core.data.tasks.grammars import DOWN, UP, balance, counted
from lstm_core.i18n import gettext as _
from lstm_core.inside.counting_unit import follower
from lstm_core.presets.memory import MEMORY
from lstm_core.running.run_view import RunView
from lstm_core.spec import Counting, DataSpec, Reber, Recall, RunSpec, TaskSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.predict.tasks.counting import how_far
from lstm_core.ui.shared import side_by_side
from lstm_core.ui.shared.scores import score
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.cell_text import full_name

PAIRS: dict[type[DataSpec], tuple[str, str]] = {
    Recall: ("recall", "recall_rnn"), Reber: ("reber", "reber_rnn"), Counting: ("counting", "counting_gru")}
"""Presets of the LSTM and of the cell beside it."""


def specs_beside(spec: DataSpec) -> dict[str, RunSpec]:
    """Return the other cell, an LSTM with the ordinary start, and the preset's LSTM where its gates begin otherwise."""
    preset, other = (MEMORY[name].spec for name in PAIRS[type(spec)])
    return {full_name(other.model.cell): other, **side_by_side.lstm_starts(preset)}


def show(spec: DataSpec) -> None:
    """Offer to train the LSTM and another cell on the preset of this task, and compare what they reach."""
    if type(spec) not in PAIRS:
        return
    st.subheader(_("The LSTM beside another cell"), anchor=False)
    st.markdown({
        Recall: _("The gates of an LSTM can keep the letter across the gap, if they begin nearly open: with a forget "
                  "bias of 1 a step keeps σ(1) = {gate:.2f} of the cell state, and next to nothing is left after the "
                  "gap. Chrono initialisation draws biases for a memory as long as the gap. The plain RNN mixes every "
                  "symbol of the noise into the whole of its state.").format(gate=float(sigmoid(np.ones(1))[0])),
        Reber: _("In 1997 this grammar set the LSTM apart. Trained with Adam, the plain RNN learns it as well: the "
                 "strings are short."),
        Counting: _("The GRU's state is bounded: it learns the strings that it is shown. A cell state of the LSTM can "
                    "go on counting (Weiss et al. 2018)."),
    }[type(spec)])
    specs = specs_beside(spec)
    found = side_by_side.show("task_cells", specs, unit=_("cross entropy, nats"))
    counting = isinstance(spec, Counting)
    heads = [_("Network"), _("Training sequences"), _("Sequences right"), _("Computing time, s")]
    heads += [_("Right up to n"), _("Its counting unit")] if counting else []
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    for name in specs:
        lines.append("| " + " | ".join([name, *_results(found.get(name), counting=counting)]) + " |")
    st.markdown("\n".join(lines))
    st.caption(_("All are judged on sequences that none of them has seen."))


def _results(view: RunView | None, *, counting: bool) -> list[str]:
    """Return what a run has reached, as far as it is known."""
    if view is None or view.status != "done" or view.outcome == "diverged":
        return ["–"] * (5 if counting else 3)
    assert isinstance(view.spec.data, TaskSpec)
    update = session.final_update(view)
    right = score(view.id, update, view.spec, "test").value
    results = [f"{view.epoch * view.spec.data.sequences:,.0f}", f"{right:.1%}", f"{view.seconds:.1f}"]
    if counting:
        results += [str(how_far(view.id, update, view.spec)[1]), _counting_unit(view, update)]
    return results


def _counting_unit(view: RunView, update: int) -> str:
    """Return how the unit that follows the count most moves in the longest string of the test part."""
    assert isinstance(view.spec.data, Counting)
    x = counted(np.array([2 * view.spec.data.largest_count])).x[0]
    leader = follower(trace(view.spec.model, lab().snapshot(view.id, update).weights, x), balance(x, UP, DOWN))
    return _("{up:+.2f} at each a, {down:+.2f} at each b, correlation {correlation:+.3f}").format(
        up=leader.up, down=leader.down, correlation=leader.correlation)
