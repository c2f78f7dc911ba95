"""What stands out in a trained network: units with a job, weights, gates over the training."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import cells, charts
from lstm_core.charts.gates import QUANTILES
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence
from lstm_core.data.spread import evenly
from lstm_core.i18n import gettext as _
from lstm_core.inside.units import UnitFinding, describe, sentence
from lstm_core.records import Weights
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec, Split
from lstm_core.spec.plan import plan_network
from lstm_core.ui.base.server import lab
from lstm_core.ui.cell import keys
from lstm_core.ui.shared.place import select
from lstm_core.ui.shared.query import choose_stage
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import class_label, column_label
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import escape_markdown

SHOWN = 12              # findings on the page
WINDOWS = 200           # windows or examples the units are watched over
MOMENTS = 25            # moments of the training at which the gates are looked at


def units(view: RunView, data: Dataset, split: Split) -> None:
    """List the units that stand out over a part of the data; a click opens one."""
    names = tuple(map(escape_markdown, data.alphabet or (column_label(name, data.own) for name in data.features)))
    labels = tuple(escape_markdown(class_label(name)) for name in data.labels)
    found = _found(view.id, int(view.snapshots[-1]), split, view.spec.model, names, labels, data)
    if not found:
        st.info(_("No unit stands out over this part of the data yet."))
        return
    watched = (_("Watched over {count} windows. Click to open the unit above.") if data.contiguous
               else _("Watched over {count} examples. Click to open the unit above."))
    st.caption(watched.format(count=min(WINDOWS, len(data.sample_ids[split]))))
    several = len(view.spec.model.layers) > 1
    for number, finding in enumerate(found[:SHOWN]):
        told = sentence(finding)
        if several:
            told = _("Layer {layer}: {finding}").format(layer=finding.layer + 1, finding=told)
        st.button(told, key=f"finding{number}", type="tertiary", icon=":material/visibility:", on_click=_open,
                  args=(finding,))


def _open(finding: UnitFinding) -> None:
    select(layer=finding.layer, unit=finding.unit)


@st.cache_data(max_entries=200, show_spinner=False)
def _found(run: str, update: int, split: Split, model: ModelSpec, names: tuple[str, ...], labels: tuple[str, ...],
           _data: Dataset) -> list[UnitFinding]:
    sample_ids = _data.sample_ids[split]
    sample_ids = sample_ids[evenly(len(sample_ids), WINDOWS)]
    return describe(model, lab().snapshot(run, update).weights, _data.x(sample_ids), _data.y(sample_ids), names, labels,
                    _data.lengths(sample_ids))


def weights(view: RunView, data: Dataset) -> None:
    """Show the weights of a layer at a moment of the training, or how they have changed since its start."""
    updates = [int(update) for update in view.snapshots]
    model = view.spec.model
    layer, update = 0, updates[-1]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        stage = choose_stage(data, key="weights_stage")
        if len(model.layers) > 1:
            layer = int(st.number_input(_("Layer"), 1, len(model.layers), key="weights_layer", width=110)) - 1
        since = st.toggle(_("Change since the start"), key="weights_change")
    if len(updates) > 1:
        session.valid_choice(keys.WEIGHTS_MOMENT, updates, updates[-1])
        update = int(option_box(st.select_slider, _("Moment of training"), updates, key=keys.WEIGHTS_MOMENT))
    shown = _matrices(model, lab().snapshot(view.id, update).weights, layer, stage)
    if since:
        start = _matrices(model, lab().snapshot(view.id, updates[0]).weights, layer, stage)
        shown = {gate: values - start[gate] for gate, values in shown.items()}
    title = (_("Change of the weights since the start") if since else _("Weights of every gate"))
    figure = charts.weight_maps(shown, columns=_columns(model, data, layer, shown), title=title)
    live_figure(figure, key="weights", height=int(figure.layout.height),
                alt=_("Heat maps of the weights: a row for each unit, a column for each number the gate adds up."))


def _matrices(model: ModelSpec, found: Weights, layer: int, stage: str) -> dict[str, np.ndarray]:
    """Return for each gate (H, F + H + 1): input weights, recurrent weights, bias."""
    return {gate: np.hstack([w.W, w.U, (w.b + w.b_h)[:, np.newaxis]])
            for gate, w in cells.gate_weights(model.cell, found, layer, stage).items()}


def _columns(model: ModelSpec, data: Dataset, layer: int, shown: dict[str, np.ndarray]) -> list[str]:
    hidden = model.layers[layer].hidden
    inputs = next(iter(shown.values())).shape[1] - hidden - 1
    named = layer == 0 and plan_network(model, data.io_shape).reads_inputs_directly
    names = [charts.visible(letter) for letter in data.alphabet] or [column_label(name,
                                                                                  data.own) for name in data.features]
    first = names if named else [f"{number}" for number in range(1, inputs + 1)]
    return [*(f"x {name}" for name in first), *(f"h {number}" for number in range(1, hidden + 1)), "b"]


def over_training(view: RunView, sequence: Sequence) -> None:
    """Show how the values of every gate lay over the training, on the sequence that is shown."""
    updates = view.snapshots[evenly(len(view.snapshots), MOMENTS)]
    model, layer = view.spec.model, 0
    if len(model.layers) > 1:
        layer = int(st.number_input(_("Layer"), 1, len(model.layers), key="spread_layer", width=110)) - 1
    traces = [cells.trace(model, lab().snapshot(view.id, int(update)).weights, sequence.x).layers[layer].gates
              for update in updates]
    spread = {gate: np.array([np.quantile(trace[gate], QUANTILES) for trace in traces]) for gate in traces[0]}
    figure = charts.gate_spread(updates, spread, title=_("All units, all time steps of this sequence: median, middle "
                                                         "half, nine tenths"))
    live_figure(figure, key="spread", height=int(figure.layout.height),
                alt=_("For every gate the median of its values at {count} moments of the training.").format(
                    count=len(updates)))
