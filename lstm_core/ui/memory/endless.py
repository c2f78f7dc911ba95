"""Memory: the LSTM of 1997 beside today's on a stream that is never reset, and what its missing forget gate costs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.charts import memory as charts
from lstm_core.charts.memory import Curve
from lstm_core.charts.palette import NETWORKS
from lstm_core.data import Windows
from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair, phrases
from lstm_core.inside.endless_stream import FULL, StreamReading, read_stream
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.spec.cell_types import CellKey
from lstm_core.ui.base.server import lab
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.curves import no_numbers
from lstm_core.ui.memory.measure import plainly
from lstm_core.ui.shared import side_by_side
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.cell_text import full_name
from lstm_core.ui.widgets.live_figure import live_figure

CELLS: tuple[CellKey, CellKey] = ("lstm", "lstm97")
LENGTH = 4000           # time steps of the stream
STREAM = RunSpec(data=Waves(wave="sum", length=LENGTH, steps=20, stride=20),
                 model=ModelSpec(layers=(Layer(8),), output="every"),
                 train=TrainSpec(epochs=30, lr=0.01, batch=8, stateful="parallel", shuffle=False))
PIECE = 50              # time steps over which a point of the charts is the mean
EARLY = 100             # time steps after which the cell state is looked at first
HEIGHT = 360


def specs_beside() -> dict[str, RunSpec]:
    """Return the run with and without a forget gate, everything else the same."""
    return {full_name(cell): STREAM.change(cell=cell) for cell in CELLS}


def show() -> None:
    """Train both side by side, let each read the stream once, and compare their cell states and errors."""
    st.markdown(_("The LSTM of 1997 had no forget gate: to its cell state something is added at every step, and "
                  "nothing is ever let go. As long as every sequence begins with a zero state that does little harm. "
                  "A stream that is never reset shows what is missing: its cell states grow and grow, and the cells "
                  "saturate. That is why Gers, Schmidhuber and Cummins gave it the forget gate in 2000."))
    st.latex(r"\begin{aligned} \text{1997: } & c_t = c_{t-1} + i_t\,g_t \\ \text{2000: } & c_t = f_t\,c_{t-1} + "
             r"i_t\,g_t \end{aligned}")
    st.markdown(_("Both learn to continue the same sum of two sines, with the same seed and {hidden} units each, and "
                  "hand their state from batch to batch. Then each reads the whole stream of {steps:,} time steps in "
                  "one go.").format(hidden=STREAM.model.layers[0].hidden, steps=LENGTH - 1))
    specs = specs_beside()
    found = side_by_side.show("memory_endless", specs, unit=_("mean squared error, scaled"))
    begun = {name: run for name, run in found.items() if len(run.snapshots)}
    if not begun:
        return
    share = measured.choose_share()
    moments = {name: measured.nearest(run, share) for name, run in begun.items()}
    read = {name: _read(run.id, moments[name], run.spec) for name, run in begun.items()}
    known = {name: reading for name, reading in read.items() if np.isfinite(reading.error).all()}
    colours = dict(zip(specs, NETWORKS, strict=False))
    _draw(known, colours)
    _table(known, moments)
    if len(known) == len(CELLS):
        _say(*(known[name] for name in specs))
    if len(known) < len(read):
        no_numbers()


@st.cache_data(max_entries=measured.KEPT, show_spinner=False)
def _read(run: str, update: int, spec: RunSpec) -> StreamReading:
    data = session.prepared(spec.data, spec.model.output)
    assert isinstance(data, Windows)
    return read_stream(spec.model, lab().snapshot(run, update).weights, data.inputs[:-1], data.targets[1:])


def _draw(read: dict[str, StreamReading], colours: dict[str, str]) -> None:
    panels = [
        ("sizes", _("Cell state along the stream"), _("Mean of |c| over the units"),
         {name: reading.size for name, reading in read.items()}),
        ("errors", _("Error along the stream"), _("Mean error, scaled"),
         {name: reading.error for name, reading in read.items()}),
    ]
    for column, (key, title, measure, values) in zip(st.columns(2), panels, strict=True):
        curves = [Curve(name, _means(each), colours[name]) for name, each in values.items()]
        with column:
            live_figure(charts.along_stream(curves, piece=PIECE, title=title, measure=measure),
                        key=f"memory_endless_{key}", height=HEIGHT,
                        alt=pair(title, phrases(
                            _("{name} from {first} to {last}").format(
                                name=curve.name, first=plainly(float(curve.values[0])),
                                last=plainly(float(curve.values[-1]))) for curve in curves)))


def _means(values: np.ndarray) -> np.ndarray:
    """Return the means of pieces of a stream, (T // PIECE,)."""
    whole = len(values) // PIECE
    means: np.ndarray = values[:whole * PIECE].reshape(whole, PIECE).mean(axis=1)
    return means


def _table(read: dict[str, StreamReading], moments: dict[str, int]) -> None:
    heads = [_("Update"), _("Mean |c| after {steps} steps").format(steps=EARLY), _("Mean |c| at the end"),
             _("Units saturated at the end"), _("Mean error, scaled")]
    rows = [[f"{moments[name]:,}", plainly(float(reading.size[EARLY - 1])), plainly(float(reading.size[-1])),
             f"{reading.saturated[-1]:.0%}", plainly(float(reading.error[EARLY:].mean()))]
            for name, reading in read.items()]
    st.table(pd.DataFrame(rows, index=list(read), columns=heads), width="content")
    st.caption(_("Each point of the charts is the mean of {piece} time steps. Saturated: |tanh c| above {full:g}. The "
                 "error is the mean after the first {steps} steps.").format(piece=PIECE, full=FULL, steps=EARLY))


def _say(today: StreamReading, first: StreamReading) -> None:
    """Say what the missing gate has cost, as far as the numbers say so."""
    grown = float(first.size[-1] / first.size[EARLY - 1])
    st.markdown(_("Without a forget gate |c| is **{grown:.0f} times** as large at the end as after {steps} steps; with "
                  "it, {kept:.1f} times.").format(grown=grown, steps=EARLY,
                                                  kept=float(today.size[-1] / today.size[EARLY - 1])))
    worse = float(first.error[EARLY:].mean() / today.error[EARLY:].mean())
    if worse > 1 and first.saturated[-1] > 0.5:
        st.markdown(_("In a saturated cell tanh c is 1 or -1 whatever comes in: the cell has become a switch that no "
                      "longer remembers anything, and the output gate alone still says something. That costs: the "
                      "error is **{worse:.1f} times** that of the LSTM with a forget gate.").format(worse=worse))
