"""Memory: an LSTM whose forget gate begins with a bias of 0, 1 or 2."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.cells import sigmoid
from lstm_core.charts import memory as charts
from lstm_core.charts.memory import Curve
from lstm_core.charts.palette import NETWORKS
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, phrases
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec
from lstm_core.spec.cell_types import CellKey
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.curves import no_numbers
from lstm_core.ui.memory.measure import Chosen, plainly
from lstm_core.ui.shared import side_by_side
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure

CELL: CellKey = "lstm"
BIASES = (0.0, 1.0, 2.0)
MOMENTS = 25            # moments of the training at which the mean of the gate is computed


def specs_beside(spec: RunSpec) -> dict[str, RunSpec]:
    """Return the run as an LSTM with each forget bias."""
    same = spec.change(cell=CELL, chrono=0, lr_changes=(), checkpoint="")
    return {_("Bias {bias:g}").format(bias=bias): same.change(forget_bias=bias) for bias in BIASES}


def show(view: RunView) -> None:
    """Train the three side by side; compare their losses, their forget gates, and what the far end receives."""
    data = session.prepared(view.spec.data, view.spec.model.output)
    opened = [float(sigmoid(np.array(bias))) for bias in BIASES]
    st.markdown(_("Before training the rest of the forget gate's sum is about 0, so that its bias decides how much of "
                  "the cell state stays at every step: σ(0) = {zero:.2f}, σ(1) = {one:.2f}, σ(2) = {two:.2f}. After "
                  "{steps} steps that makes {far_zero}, {far_one} and {far_two}. A positive bias begins by "
                  "remembering, so that there is a gradient from which more can be learned.").format(
        zero=opened[0], one=opened[1], two=opened[2], steps=data.steps,
        **{name: plainly(gate**data.steps) for name, gate in zip(("far_zero", "far_one", "far_two"), opened,
                                                                 strict=True)}))
    if view.spec.model.cell != CELL:
        st.caption(_("This run has another cell; here its data and its settings are used with an LSTM."))
    found = side_by_side.show("memory_bias", specs_beside(view.spec), unit=measured.loss_unit(data))
    begun = {name: run for name, run in found.items() if len(run.snapshots)}
    if not begun:
        return
    chosen = measured.choose(data)
    share = measured.choose_share()
    layer = measured.choose_layer(len(view.spec.model.layers))
    colours = dict(zip(found, NETWORKS, strict=False))
    _curves(begun, chosen, share, layer, colours)


def _curves(begun: dict[str, RunView], chosen: Chosen, share: float, layer: int, colours: dict[str, str]) -> None:
    """Compare the forget gates over the training, and the gradient of the cell state at a moment of it."""
    gates, norms = {}, {}
    for name, run in begun.items():
        updates = measured.moments(run, MOMENTS)
        gates[name] = Curve(name, measured.mean_gate(run, updates, chosen, layer), colours[name], updates=updates)
        felt = measured.felt(run, measured.nearest(run, share), chosen)[layer]
        if felt.known and felt.dc is not None:
            norms[name] = Curve(name, felt.dc, colours[name])
    left, right = st.columns(2)
    with left:
        _gates_over_training(list(gates.values()))
    with right:
        _norms_back(list(norms.values()))
    rows = [[f"{measured.nearest(run, share):,}", *_gate_ends(gates[name]), *_norm_ends(norms.get(name)),
             plainly(float(run.losses[-1])) if len(run.losses) else "–"] for name, run in begun.items()]
    heads = [_("Update"), _("Gate at the start"), _("Gate at the end"), _("dL/dc at the loss"),
             _("dL/dc at the far end"), _("Share that is left"), _("Training loss in the end")]
    st.table(pd.DataFrame(rows, index=list(begun), columns=heads), width="content")
    if len(norms) < len(begun):
        no_numbers()


def _gates_over_training(gates: list[Curve]) -> None:
    means = phrases(_("{name} from {first} to {last}").format(name=curve.name, first=first, last=last)
                      for curve in gates for first, last in [_gate_ends(curve)])
    live_figure(charts.gate_over_training(gates, title=_("Mean of the forget gate over the training"),
                                          gate=_("Forget gate f")), key="memory_bias_gates", height=360,
                alt=_("Mean of the forget gate: {means}.").format(means=means))


def _norms_back(norms: list[Curve]) -> None:
    title = _("dL/dc at every step back from the loss")
    values = phrases(_("{name} from {first} to {last}").format(name=curve.name, first=first, last=last)
                       for curve in norms for first, last, _left in [_norm_ends(curve)])
    live_figure(charts.steps_back(norms, title=title, measure=_("Norm of the gradient")), key="memory_bias_norms",
                height=360, alt=pair(title, values))


def _gate_ends(gate: Curve) -> list[str]:
    """Return the mean of a gate at the start and at the end of the training."""
    return [f"{gate.values[0]:.2f}", f"{gate.values[-1]:.2f}"]


def _norm_ends(norm: Curve | None) -> list[str]:
    """Return the gradient at the loss, at the far end, and the share of it that is left there."""
    if norm is None:
        return ["–"] * 3
    first, last = float(norm.values[0]), float(norm.values[-1])
    return [plainly(first), plainly(last), plainly(last / first) if first else "–"]
