"""Memory: how curves over the time steps back from the loss are chosen and drawn."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.charts import memory as charts
from lstm_core.charts.memory import Curve
from lstm_core.charts.palette import GATES
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, phrases
from lstm_core.spec.cell_types import CellType
from lstm_core.ui.memory import keys
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.measure import Felt, plainly
from lstm_core.ui.widgets.live_figure import live_figure

HEIGHT = 400


def choose(layers: int) -> tuple[int, bool]:
    """Let the person choose a layer, and whether all curves begin at 1."""
    st.session_state.setdefault(keys.SHARED, True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = measured.choose_layer(layers)
        shared = st.toggle(_("Relative to the last step (= 1)"), key=keys.SHARED, persist_state="session",
                           help=_("All curves then begin at 1, so that only how they fall or rise is compared."))
    return layer, shared


def scaled(values: np.ndarray, *, shared: bool) -> np.ndarray:
    """Return a curve (K,) as it is drawn: divided by what it has at the loss, where that is wanted."""
    return values / values[0] if shared and values[0] else values


def draw(curves: list[Curve], *, key: str, shared: bool, title: str) -> None:
    """Draw curves over the time steps back from the loss."""
    measure = _("Norm relative to the last step") if shared else _("Norm of the gradient")
    live_figure(charts.steps_back(curves, title=title, measure=measure), key=key, height=HEIGHT,
                alt=pair(title, phrases(
                    _("{name} from {first} to {last}").format(name=curve.name, first=plainly(float(curve.values[0])),
                                                              last=plainly(float(curve.values[-1])))
                    for curve in curves)))


def products(layers: list[tuple[str, CellType, Felt, str | None]], *, key: str) -> None:
    """Draw the products of the gates that keep the old state; a plain RNN has none.

    Args:
        layers: what each network is called, its cell, what a layer of it feels, and its colour, where it has one.
        key: of the figure.
    """
    curves: list[Curve] = []
    for name, cell, felt, own in layers:
        if felt.kept is not None and felt.longest is not None:
            gate = cell.carry_gate or cell.memory
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
    floor(curves)


def floor(curves: list[Curve]) -> None:
    """Say where lines end that fall too low to be drawn."""
    if charts.too_small(curves):
        st.caption(_("A line ends where it falls below {floor}: a log scale has no place for nothing.").format(
            floor=plainly(charts.FLOOR)))


def no_numbers() -> None:
    """Say that a network has diverged."""
    st.warning(_("At this moment a network has no gradient: its training diverged, and its weights are no longer "
                 "numbers. Choose an earlier moment, or train it with a smaller learning rate or with clipping."))
