"""What a change inside the network does, small and beside its button: prediction and gate, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
import streamlit as st

from lstm_core.cells.head import predicted
from lstm_core.charts import heading, visible
from lstm_core.charts.palette import GATES, PREDICTED
from lstm_core.charts.shapes.svg import Pen, element
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence
from lstm_core.i18n import aside, pair, phrases, powers, sentences
from lstm_core.i18n import gettext as _
from lstm_core.inside.interventions import (
    ClampGate,
    Comparison,
    Intervention,
    SetState,
    ZeroUnit,
    compare,
    mean_error,
    surprise,
)
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec
from lstm_core.spec.cell_types import SQUASHING
from lstm_core.ui.base.server import lab
from lstm_core.ui.widgets.drawing import drawing
from lstm_core.ui.widgets.labels import class_label, column_label

WIDTH, HEIGHT = 320, 56     # CSS pixels of one small picture
_INSET = 4                  # pixels that its lines keep from its edges


def show(view: RunView, data: Dataset, sequence: Sequence, changes: tuple[Intervention, ...]) -> None:
    """Show prediction, gate and error of the trained network on this sequence without and with the changes."""
    if not changes:
        st.caption(_("Apply a change: what it does to the prediction and to a gate then stands here, before and "
                     "after."))
        return
    model, snapshot = view.spec.model, lab().snapshot(view.id, int(view.snapshots[-1]))
    both = compare(model, snapshot.weights, sequence.x, changes)
    drawing(*(_picture(curve) for curve in (_prediction(model, data, sequence, both), _gate(model, both, changes))),
            key="before_after")
    _errors(data, sequence, both)
    st.caption(sentences(
        _("On this sequence, after {update:,} updates.").format(update=snapshot.update),
        _("Dashed: untouched; solid: changed."),
        _("The diagram and the maps above show the changed network; the switch over them shows the untouched one, and "
          "the difference.")))


@dataclass(frozen=True)
class _Curve:
    """One quantity over the time steps, (T,) before and after, and what is said of it."""

    title: str
    before: np.ndarray
    after: np.ndarray
    numbers: tuple[str, str]    # one for each
    tint: str
    share: bool = False         # it lies between 0 and 1, and is drawn so


def _prediction(model: ModelSpec, data: Dataset, sequence: Sequence, both: Comparison) -> _Curve:
    """Return what the network predicts after every step at which it has an output; its number is that of the last."""
    first = len(sequence.x) - 1 if model.conv else sequence.switch
    said = [predicted(trace.output)[first:] for trace in (both.original, both.changed)]
    if data.classes:
        truth = sequence.actual[-1]
        label = int(truth) if np.isfinite(truth) else int(np.nan_to_num(said[0][-1]).argmax())
        before, after = (odds[:, label] for odds in said)
        title = _("How likely: {name}").format(name=visible(class_label(data.labels[label])))
        return _Curve(title, before, after, (f"{before[-1]:.1%}", f"{after[-1]:.1%}"), PREDICTED, share=True)
    before, after = (data.unscale(values[:, 0]) for values in said)
    title = pair(_("Prediction"), column_label(data.target, data.own))
    return _Curve(title, before, after, (_number(before[-1], data.unit), _number(after[-1], data.unit)), PREDICTED)


@np.errstate(over="ignore", invalid="ignore")       # a gate held at 1e300 is shown as what comes of it
def _gate(model: ModelSpec, both: Comparison, changes: tuple[Intervention, ...]) -> _Curve:
    """Return the gate that the last change holds, else the one that keeps the memory; its number is the mean."""
    last, cell = changes[-1], model.cell_type
    placed = last if isinstance(last, ClampGate | SetState | ZeroUnit) else None
    layer, unit = (placed.layer, placed.unit) if placed else (len(model.layers) - 1, None)
    name = last.gate if isinstance(last, ClampGate) else cell.carry_gate or cell.memory
    values = []
    for trace in (both.original, both.changed):
        inside = trace.layers[layer]
        found = inside.gates.get(name, inside.c)
        assert found is not None        # a state that is no gate is the cell state
        values.append(found.mean(axis=1) if unit is None else found[:, unit])
    before, after = values
    title = phrases([heading(name), _("mean of all units") if unit is None else _("unit {unit}").format(unit=unit + 1)])
    return _Curve(aside(title, _("mean over the time steps")), before, after,
                  (f"{before.mean():.3f}", f"{after.mean():.3f}"), GATES[name], SQUASHING.get(name) == "sigmoid")


def _picture(curve: _Curve) -> Element:
    """Return title, numbers and the two lines of a quantity."""
    before, after = curve.numbers
    told = f"{before} → {after}"
    pen = Pen(WIDTH, HEIGHT, pair(curve.title, told))
    known = np.concatenate([curve.before, curve.after])
    known = known[np.isfinite(known)]
    if len(known):
        low, high = (min(0.0, float(known.min())), max(1.0, float(known.max()))) if curve.share else (
            float(known.min()), float(known.max()))
        for values, kind in ((curve.before, "train"), (curve.after, "tinted")):
            points = _points(values, low, high)
            if len(points) > 1:
                pen.line(*points, kind=kind, tint=curve.tint, width=2, head=False)
            elif points:
                pen.box(points[0][0] - 3, points[0][1] - 3, 6, 6, kind, tint=curve.tint)
    return element("div", "change", element("p", "soft", curve.title), element("p", "told", told), pen)


def _points(values: np.ndarray, low: float, high: float) -> list[tuple[float, float]]:
    """Return where the finite values lie in the picture."""
    across, down = (WIDTH - 2 * _INSET) / max(len(values) - 1, 1), HEIGHT - 2 * _INSET
    return [(_INSET + at * across, _INSET + down * (1 - (float(value) - low) / ((high - low) or 1)))
            for at, value in enumerate(values) if np.isfinite(value)]


def _number(value: float, unit: str) -> str:
    return f"{powers(f'{value:.4g}')} {unit}".strip()


def _errors(data: Dataset, sequence: Sequence, both: Comparison) -> None:
    """Show how far the changes move the error, where the truth is known."""
    known = np.isfinite(sequence.actual)
    if not known.any():
        return
    # (O,) of the last step or (S, O) of the last S steps: what the task reads is what is known of the truth
    read = [np.atleast_2d(each) for each in (both.original_prediction, both.changed_prediction)]
    predictions, actual = [values[known[-len(values):]] for values in read], sequence.actual[known]
    if data.classes:
        errors = [surprise(odds, actual.astype(np.int64)) for odds in predictions]
        label, unit = _("Cross entropy, {which}"), _("nats")
    else:
        errors = [mean_error(data.unscale(values[:, 0]), actual) for values in predictions]
        label, unit = _("Mean absolute error, {which}"), data.unit
    with st.container(horizontal=True, key="outcome"):
        for which, error in zip((_("untouched"), _("changed")), errors, strict=True):
            st.metric(label.format(which=which), f"{powers(f'{error:.4g}')} {unit}", width=200,
                      delta=f"{powers(f'{error - errors[0]:+.4g}')} {unit}" if error is errors[1] else None,
                      delta_color="inverse")
