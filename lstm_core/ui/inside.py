"""Inside the cell: a sequence, a layer, a time step, a moment of training, and every gate as a heat map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core import cells, charts
from lstm_core.charts.forecast import visible
from lstm_core.data import Dataset
from lstm_core.language import gettext as _
from lstm_core.records import GateTrace, Snapshot
from lstm_core.refusal import Refusal
from lstm_core.runs import RunView
from lstm_core.spec import PARTS, Part
from lstm_core.ui.controls import ACTIVE
from lstm_core.ui.live import live_figure
from lstm_core.ui.server import lab
from lstm_core.ui.settings import called, column

_MIDNIGHT = "T00:00:00.000000000"       # how NumPy ends a date that has no time of day


@dataclass(frozen=True, eq=False)
class Sequence:
    """What the network reads on this page: T time steps."""

    x: np.ndarray                   # (T, F) float32 scaled, or (T,) letter ids
    labels: Any                     # (T,) dates, positions or letters
    real: float | None              # what follows in truth, in real units or as a letter id; None when edited by hand


def choose_sequence(data: Dataset) -> Sequence:
    """Let the person pick a window of a part, and edit its values by hand."""
    parts = [part for part in PARTS if len(data.ends[part])]
    if st.session_state.get("from_part") not in parts:
        st.session_state["from_part"] = parts[-1]
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        st.segmented_control(_("Sequence from"), parts, key="from_part", required=True, format_func=called)
    part: Part = st.session_state["from_part"]
    ends = data.ends[part]
    with right:
        chosen = _slide(_("Window"), len(ends), "at") - 1
    end = int(ends[chosen])
    x, y = data.x(ends[chosen:chosen + 1])[0], data.y(ends[chosen:chosen + 1])[0]
    rows = np.arange(end - data.steps + 1, end + 1)
    last = y if np.ndim(y) == 0 else y[-1]
    real = float(last) if data.classes else float(data.unscale(np.array([last]))[0])
    if st.toggle(_("Edit the sequence by hand"), key="by_hand"):
        return _edited(data, x, rows)
    return Sequence(x, _labels(data, x, rows), real)


def _labels(data: Dataset, x: np.ndarray, rows: np.ndarray) -> Any:
    if data.classes:
        return [visible(data.alphabet[letter]) for letter in x]
    return data.index[rows]


def _slide(label: str, last: int, key: str) -> int:
    """Return a whole number from 1 to last; without a choice there is no slider."""
    if last < 2:
        return 1
    if not 1 <= st.session_state.get(key, 0) <= last:
        st.session_state[key] = last
    return int(st.slider(label, 1, last, key=key))


def _edited(data: Dataset, x: np.ndarray, rows: np.ndarray) -> Sequence:
    """Let the person change what the network reads."""
    if data.classes:
        text = st.text_input(_("Letters to read"), "".join(data.alphabet[letter] for letter in x), max_chars=500,
                             key=f"letters{rows[-1]}")
        unknown = sorted({letter for letter in text if letter not in data.alphabet})
        if unknown or not text:
            raise Refusal("The network knows the letters {known}; received {received!r}.",
                          known=" ".join(visible(letter) for letter in data.alphabet), received=text)
        ids = np.array([data.alphabet.index(letter) for letter in text], dtype=np.int64)
        return Sequence(ids, [visible(letter) for letter in text], None)
    table = pd.DataFrame(data.scaling.undo(x), columns=[column(name) for name in data.features],
                         index=[str(label).removesuffix(_MIDNIGHT) for label in data.index[rows]])
    edited = st.data_editor(table, key=f"values{rows[-1]}", width="stretch", height=220)
    values = edited.to_numpy(np.float64)
    if not np.isfinite(values).all():
        raise Refusal("Every time step needs a number; received an empty cell.")
    return Sequence(data.scaling.apply(values).astype(np.float32), data.index[rows], None)


def choose_snapshot(view: RunView) -> Snapshot:
    """Let the person choose a moment of training; refuses when nothing is recorded yet."""
    updates = [int(update) for update in view.snapshots]
    if len(updates) > 1:
        if st.session_state.get("moment") not in updates:
            st.session_state["moment"] = updates[-1]
        st.select_slider(_("Moment of training (updates done)"), updates, key="moment")
    return lab().snapshot(view.id, st.session_state.get("moment", 0) if len(updates) > 1 else 0)


def await_first_snapshot(view: RunView) -> None:
    """Draw the page anew as soon as a run that has only just begun has something to show."""
    if view.status in ACTIVE and not len(view.snapshots):
        st.fragment(_look_again, run_every=0.3)(view.id)


def _look_again(run: str) -> None:
    if len(lab().view(run).snapshots):
        st.rerun()


def show(view: RunView, data: Dataset) -> None:
    """Show the page: choices, prediction, heat maps, exact values of the chosen step."""
    sequence = choose_sequence(data)
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        snapshot = choose_snapshot(view)
    with right:
        step = _slide(_("Time step"), len(sequence.x), "step") - 1
    layer = 0
    if len(view.spec.model.layers) > 1:
        numbers = list(range(len(view.spec.model.layers)))
        layer = st.segmented_control(_("Layer"), numbers, key="layer", default=0, required=True,
                                     format_func=lambda number: str(number + 1)) or 0
    trace = cells.trace(view.spec.model, snapshot.weights, sequence.x)
    _outcome(data, sequence, trace, snapshot)
    figure = charts.gate_maps(trace.layers[layer], marked_step=step, labels=sequence.labels,
                              title=_("What every gate does at every time step"))
    figure.update_layout(uirevision=f"{view.id}{layer}")
    live_figure(figure, key="gates", height=int(figure.layout.height or 600),
                alt=_("Heat maps of all gates: time steps from left to right, one row per hidden unit."))
    _exact(trace, layer, step, sequence)


def _outcome(data: Dataset, sequence: Sequence, trace: GateTrace, snapshot: Snapshot) -> None:
    """Show what the network says after the last step, beside what came in truth."""
    scores = trace.output[-1]
    with st.container(horizontal=True, key="outcome"):
        st.metric(_("Updates done"), f"{snapshot.update:,}", width=115)
        if data.classes:
            odds = np.exp(scores - scores.max())
            odds /= odds.sum()
            best = int(odds.argmax())
            st.metric(_("Next letter"), f"{visible(data.alphabet[best])} ({odds[best]:.0%})", width=165)
            if sequence.real is not None:
                st.metric(_("Real"), visible(data.alphabet[int(sequence.real)]), width=115)
            return
        predicted = float(data.unscale(scores)[0])
        st.metric(_("Predicted {name}").format(name=column(data.target)), f"{predicted:.6g} {data.unit}", width=165)
        if sequence.real is not None:
            st.metric(_("Real"), f"{sequence.real:.6g} {data.unit}", width=165,
                      delta=_("off by {error}").format(error=f"{predicted - sequence.real:+.4g} {data.unit}"),
                      delta_color="off", delta_arrow="off")


def _exact(trace: GateTrace, layer: int, step: int, sequence: Sequence) -> None:
    """Show the exact values of the chosen step, a row for each unit."""
    inside = trace.layers[layer]
    columns = {charts.heading(name): values[step] for name, values in inside.gates.items() if name != "h"}
    if inside.c is not None:
        columns[charts.heading("c")] = inside.c[step]
    columns[charts.heading("h")] = inside.h[step]
    st.subheader(_("Exact values at time step {step} ({label})").format(
        step=step + 1, label=str(np.asarray(sequence.labels)[step]).removesuffix(_MIDNIGHT)), anchor=False)
    units = np.arange(1, len(inside.h[step]) + 1)
    st.dataframe({_("Unit"): units, **columns}, hide_index=True, height=300,
                 column_config={name: st.column_config.NumberColumn(format="%.6f") for name in columns})
