"""Memory, the truth: the norm of the gradient at every step back from the loss, in one run or in three side by side."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.charts import memory as charts
from lstm_core.charts.memory import Curve
from lstm_core.charts.palette import GATES, NETWORKS
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, phrases
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec, RunSpec
from lstm_core.spec.cell_types import CELL_TYPES, CellKey, CellType
from lstm_core.ui.memory import keys
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.measure import Chosen, Felt, plainly
from lstm_core.ui.shared import query, side_by_side
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.cell_text import CELL_TEXT
from lstm_core.ui.widgets.live_figure import live_figure

HEIGHT = 400
BESIDE_CELLS: tuple[CellKey, ...] = ("rnn", "gru", "lstm")


def show(view: RunView) -> None:
    """Show how far back the loss is felt in this run, or in three networks with different cells."""
    data = session.prepared(view.spec.data, view.spec.model.output)
    st.markdown(_("The loss of one answer, the last of a sequence, is passed back to every time step before it. "
                  "$\\partial L/\\partial h_t$ says how the loss would change with each hidden state of step $t$; its "
                  "norm over all units is how much a step that far back can still be learned from."))
    ways = {"run": _("This run"), "cells": _("RNN, GRU and LSTM side by side")}
    st.session_state.setdefault(keys.WHOSE, "run")
    st.segmented_control(_("Networks"), list(ways), key=keys.WHOSE, required=True, format_func=ways.__getitem__,
                         label_visibility="collapsed", persist_state="session")
    if st.session_state[keys.WHOSE] == "run":
        if not len(view.snapshots):
            query.nothing_yet(view)
            return
        _run(view, query.choose_moment(view), measured.choose(data))
    else:
        _cells(view, measured.loss_unit(data), measured.choose(data))
    st.caption(_("L is the squared error of the scaled number, or the cross entropy of the class, of the last answer "
                 "only, and every sequence begins with a zero state. All of it is computed here, in NumPy, from the "
                 "weights of that moment."))


# -- one run -----------------------------------------------------------------------------------------------


def _run(view: RunView, update: int, chosen: Chosen) -> None:
    layers = measured.felt(view, update, chosen)
    layer, shared = _choose(len(layers))
    felt, key, cell = layers[layer], view.spec.model.cell, view.spec.model.cell_type
    if not felt.known:
        no_numbers()
        return
    left, right = st.columns([3, 2])
    with left:
        curves = _own(felt, cell, shared=shared)
        _draw(curves, key=f"memory_run_{key}", shared=shared,
              title=_("What each step back receives from the loss, {name}").format(name=_(cell.name)))
    with right:
        _products([(cell, felt, None)], key=f"memory_kept_{key}")
    _floor(curves)
    _say(felt, key)


def _own(felt: Felt, cell: CellType, *, shared: bool) -> list[Curve]:
    gate = cell.carry_gate or cell.memory
    found = [("dL/dh", felt.dh, "h", "solid"), ("dL/dc", felt.dc, "c", "solid"),
             (_("through {gate} alone").format(gate=gate), felt.direct, gate, "dash")]
    return [Curve(name, _scaled(values, shared=shared), GATES[colour], dash)
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


# -- three cells -------------------------------------------------------------------------------------------


def specs_beside(spec: RunSpec) -> dict[str, RunSpec]:
    """Return the run with each cell: same data, seed and budget."""
    same = spec.change(lr_changes=(), checkpoint="")
    plain = same.change(forget_bias=ModelSpec.forget_bias, chrono=ModelSpec.chrono)
    return {CELL_TYPES[cell].name: (same if CELL_TYPES[cell].forget_gate else plain).change(cell=cell)
            for cell in BESIDE_CELLS}


def _cells(view: RunView, unit: str, chosen: Chosen) -> None:
    st.caption(_("The same data, seed, sizes and training as in the run above; only the cell differs."))
    found = side_by_side.show("memory_cells", specs_beside(view.spec), unit=unit)
    begun = {name: run for name, run in found.items() if len(run.snapshots)}
    if not begun:
        return
    share = measured.choose_share()
    moments = {name: measured.nearest(run, share) for name, run in begun.items()}
    layers = {name: measured.felt(run, moments[name], chosen) for name, run in begun.items()}
    layer, shared = _choose(len(view.spec.model.layers))
    colours = dict(zip(found, NETWORKS, strict=False))
    felt = {name: found_layers[layer] for name, found_layers in layers.items()}
    known = {name: at for name, at in felt.items() if at.known}
    curves = [Curve(f"{name} dL/dh", _scaled(at.dh, shared=shared), colours[name]) for name, at in known.items()]
    curves += [Curve(f"{name} dL/dc", _scaled(at.dc, shared=shared), colours[name], "dash")
               for name, at in known.items() if at.dc is not None]
    left, right = st.columns([3, 2])
    with left:
        _draw(curves, key="memory_beside", shared=shared,
              title=_("What each step back receives from the loss: the flatter, the further back is learned from"))
    with right:
        _products([(begun[name].spec.model.cell_type, at, colours[name]) for name, at in known.items()],
                  key="memory_kept_beside")
    _floor(curves)
    _table(felt, moments)
    if len(known) < len(felt):
        no_numbers()


def _table(felt: dict[str, Felt], moments: dict[str, int]) -> None:
    steps = max(len(at.dh) for at in felt.values()) - 1
    heads = [_("Update"), _("Norm of dL/dh at the loss"), _("{steps} steps back").format(steps=steps),
             _("Share that is left"), _("As a factor per step")]
    rows = []
    for name, at in felt.items():
        cells = ["–"] * 4
        if at.known:
            share = float(at.dh[-1] / at.dh[0]) if at.dh[0] else float("nan")
            cells = [plainly(float(at.dh[0])), plainly(float(at.dh[-1])), plainly(share),
                     f"{share ** (1 / max(steps, 1)):.3f}"]
        rows.append([f"{moments[name]:,}", *cells])
    st.table(pd.DataFrame(rows, index=list(felt), columns=heads), width="content")
    count = max(at.count for at in felt.values())
    if count > 1:
        st.caption(_("All curves: the median over {count} sequences.").format(count=count))


# -- what both show ----------------------------------------------------------------------------------------


def _choose(layers: int) -> tuple[int, bool]:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = measured.choose_layer(layers)
        shared = st.toggle(_("As a share of that at the loss"), key="memory_shared", persist_state="session",
                           help=_("All curves then begin at 1, so that only how they fall or rise is compared."))
    return layer, shared


def _scaled(values: np.ndarray, *, shared: bool) -> np.ndarray:
    return values / values[0] if shared and values[0] else values


def _draw(curves: list[Curve], *, key: str, shared: bool, title: str) -> None:
    measure = _("Norm, as a share of that at the loss") if shared else _("Norm of the gradient")
    live_figure(charts.steps_back(curves, title=title, measure=measure), key=key, height=HEIGHT,
                alt=pair(title, phrases(
                    _("{name} from {first} to {last}").format(name=curve.name, first=plainly(float(curve.values[0])),
                                                              last=plainly(float(curve.values[-1])))
                    for curve in curves)))


def _products(layers: list[tuple[CellType, Felt, str | None]], *, key: str) -> None:
    """Draw the products of the gates that keep the old state; a plain RNN has none."""
    curves: list[Curve] = []
    for cell, felt, own in layers:
        if felt.kept is not None and felt.longest is not None:
            name, gate = _(cell.name), cell.carry_gate or cell.memory
            colour = own or GATES[gate]
            curves += [Curve(_("{name}: {gate}, mean").format(name=name, gate=gate), felt.kept, colour),
                       Curve(_("{name}: {gate}, unit that keeps most").format(name=name, gate=gate), felt.longest,
                             colour, "dot")]
    if not curves:
        st.info(_("A plain RNN has no gate that keeps its state: at every step back the gradient goes through the "
                  "recurrent weights and the slope of tanh."))
        return
    title = _("Product of the gates that keep the state")
    live_figure(charts.steps_back(curves, title=title, measure=_("Product")), key=key, height=HEIGHT,
                alt=pair(title, phrases(
                    _("{name} from {first} to {last}").format(name=curve.name, first=plainly(float(curve.values[0])),
                                                              last=plainly(float(curve.values[-1])))
                    for curve in curves)))
    _floor(curves)


def _floor(curves: list[Curve]) -> None:
    if charts.too_small(curves):
        st.caption(_("A line ends where it falls below {floor}: a log scale has no place for nothing.").format(
            floor=plainly(charts.FLOOR)))


def no_numbers() -> None:
    """Say that a network has diverged."""
    st.warning(_("At this moment a network has no gradient: its training diverged, and its weights are no longer "
                 "numbers. Choose an earlier moment, or train it with a smaller learning rate or with clipping."))
