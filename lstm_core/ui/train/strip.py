"""The strip: the network unrolled over one sequence, its gates moving while it learns."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lstm_core.charts import heading, palette
from lstm_core.charts.forecast import visible
from lstm_core.charts.gates import KINDS
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence, probe
from lstm_core.i18n import gettext as _
from lstm_core.inside.probe import right_classes, shown_steps
from lstm_core.records import MEAN
from lstm_core.running.run_view import RunView
from lstm_core.spec import DataSpec
from lstm_core.ui.base.static_files import address
from lstm_core.ui.live.picture import inside
from lstm_core.ui.live.status import followed
from lstm_core.ui.shared import query
from lstm_core.ui.shared.place import open_cell
from lstm_core.ui.shared.step_names import plain_numbers, step_names
from lstm_core.ui.train import keys
from lstm_core.ui.widgets import settings
from lstm_core.ui.widgets.cell_text import part_texts
from lstm_core.ui.widgets.labels import class_label, column_label

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('live/strip.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("strip", js=_SCRIPT, isolate_styles=False)


def looked_at() -> int:
    """Return the unit that a browser without a stream wants to see; all others ask the stream."""
    unit = (st.session_state.get(keys.STRIP) or {}).get("unit")
    return unit if isinstance(unit, int) and unit >= 0 else MEAN


def strip(view: RunView, data: Dataset) -> None:
    """Show the strip; a click in it leads to that layer, unit and time step Inside the cell."""
    sequence = probe(view.spec.data, data)
    shown = _component(key=keys.STRIP, height="content", data=_facts(view, data, sequence),
                       on_unit_change=_redrawn, on_open_change=_redrawn)
    wanted = shown.get("open")
    if isinstance(wanted, dict):
        layer, unit, step = (wanted.get(name) for name in ("layer", "unit", "step"))
        if isinstance(layer, int) and isinstance(step, int):
            query.begin_cell_with(sequence.split, len(data.sample_ids[sequence.split]) - 1)
            open_cell(layer, unit if isinstance(unit, int) and unit >= 0 else None, step)


def _redrawn() -> None:
    """Nothing to do: the fragment runs again."""


def _facts(view: RunView, data: Dataset, sequence: Sequence) -> dict[str, Any]:
    """Return what the browser needs beside the numbers that the stream brings."""
    model, unit = view.spec.model, looked_at()
    cell = model.cell_type
    steps = shown_steps(len(sequence.x), len(model.layers))
    answers = len(sequence.x) - 1 if model.conv else sequence.switch
    return {
        "live": followed(view.id), "choice": settings.all_shown(),
        "layers": [layer.hidden for layer in model.layers], "cell_name": _(cell.name),
        "steps": steps.tolist(), "length": len(sequence.x),
        "marks": np.array(step_names(sequence.marks))[steps].tolist(), "symbols": bool(data.alphabet),
        "switch": int((steps < sequence.switch).sum()), "answers": int((steps < answers).sum()),
        "last": model.output == "last", "input": _input(data, sequence, steps),
        "parts": list(cell.names), "gates": list(cell.inner_gates), "memory": cell.memory,
        "headings": {name: heading(name) for name in cell.names}, "sentences": part_texts(model.cell), "kinds": KINDS,
        "colours": palette.of_network(),
        "now": _now(view, unit), "unit": unit,
        "words": _words(view.spec.data, gated=bool(cell.inner_gates)),
    } | (_classes if data.classes else _numbers)(data, sequence, steps)


def _now(view: RunView, unit: int) -> dict[str, Any] | None:
    """Return what the stream would bring now, as JSON; None: nothing is known yet."""
    if unit not in view.inside:
        return None
    return {name: plain_numbers(part.ravel()) if isinstance(part, np.ndarray) else part
            for name, part in inside(view, view.inside[unit]).items()}


def _input(data: Dataset, sequence: Sequence, steps: np.ndarray) -> list[dict[str, Any]]:
    """Return the numbers that enter, feature by feature: as the network reads them, and in real units."""
    if data.alphabet:
        return []
    scaled, real = sequence.x[steps], data.scaling.undo(sequence.x)[steps]
    return [{"name": column_label(name, data.own), "scaled": plain_numbers(scaled[:, number].round(4)),
             "real": plain_numbers(real[:, number])} for number, name in enumerate(data.features)]


def _numbers(data: Dataset, sequence: Sequence, steps: np.ndarray) -> dict[str, Any]:
    actual = data.shown(sequence.split).actual
    return {"target": column_label(data.target, data.own), "unit_name": data.unit, "labels": [],
            "real": plain_numbers(sequence.actual[steps]), "range": [float(actual.min()), float(actual.max())]}


def _classes(data: Dataset, sequence: Sequence, steps: np.ndarray) -> dict[str, Any]:
    labels = [visible(class_label(name)) for name in data.labels]
    return {"target": column_label(data.target, data.own), "labels": labels,
            "real": right_classes(sequence, data)[steps].tolist()}


def _words(data: DataSpec, *, gated: bool) -> dict[str, str]:
    """Return the strip's words in the language now in use. Names in braces are filled in by the browser."""
    return {
        "title": _("Inside, while it learns"), "shown": _("Unit shown"), "mean": _("mean of all units"),
        "unit_n": _("unit {unit}"), "layer": _("{cell} layer {layer}: {unit}"),
        "after": _("after update {update}"),
        "alt": _("The network unrolled over {count} of {length} time steps: the input at the bottom, above it the "
                 "gates of each layer, the prediction at the top. Arrow keys: left and right choose the time step, up "
                 "and down the row. Enter opens it Inside the cell."),
        "some": _("{count} of {length} time steps are shown."),
        "about": _("Each column is the network at one time step: the fuller the colour, the farther a gate is open. "
                   "Click a place to open it Inside the cell.") if gated else
                 _("Each column is the network at one time step: the fuller the colour, the farther a value is from 0. "
                   "Click a place to open it Inside the cell."),
        "click": _("Click to open it Inside the cell."), "none": _("There is nothing to see yet."),
        "input": {"letter": _("Letter"), "word": _("Word"), "sign": _("Sign")}.get(data.symbols or "", _("Input")),
        "about_input": _("It is what the network reads at this time step."),
        "prediction": _("Prediction"), "real": _("Real"), "likeliest": _("Likeliest"),
        "about_number": _("It is what the network predicts after this time step."),
        "about_class": _("The bar is how likely the network holds the right answer after this time step."),
        "about_best": _("The bar is how likely the network holds its best guess after this time step."),
        "not_read": _("The task reads only the prediction of the last step."),
        "silent": _("There is no prediction at this time step yet."),
        "at_step": _("time step {step}"), "pair": _("{name}: {value}"), "aside": _("{text} ({remark})"),
        "phrases": _("{first}, {next}"), "then": _("{first}. {next}"),
    }
