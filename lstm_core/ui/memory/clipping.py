"""Memory, exploding gradients: the same training with its gradient clipped and not."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.charts import memory as charts
from lstm_core.charts.memory import Curve
from lstm_core.charts.palette import NETWORKS
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import phrases, sentences
from lstm_core.running.run_view import RunView
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.ui.memory import keys
from lstm_core.ui.memory import measure as measured
from lstm_core.ui.memory.measure import plainly
from lstm_core.ui.shared import side_by_side
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.text import localized

MOMENTS = 30            # recorded updates at which the norm of the gradient is computed
LAST = 0.1              # share of the updates over which the loss in the end is averaged

DEMONSTRATIONS = {
    "text": RunSpec(data=Letters(text="the quick brown fox jumps over the lazy dog and " * 10, cycle=False, steps=40),
                    model=ModelSpec(cell="rnn", layers=(Layer(48),), output="every"),
                    train=TrainSpec(epochs=12, optimizer="sgd", lr=2.0, keep_best=False)),
    "wave": RunSpec(data=Waves(wave="sum", steps=60), model=ModelSpec(cell="rnn", layers=(Layer(32),)),
                    train=TrainSpec(epochs=15, optimizer="sgd", lr=0.3, keep_best=False)),
}
"""Plain RNNs with steps so large that without clipping the first never learns and the second diverges."""


def show(view: RunView) -> None:
    """Train with and without clipping side by side, and say what clipping did."""
    st.markdown(_("Where factors above 1 multiply, a gradient grows instead of vanishing. One step along it throws the "
                  "weights far away, often to where it is steeper still. **Clipping** measures the norm of the whole "
                  "gradient, over all weights, and where it is above a limit makes it shorter, in the same direction. "
                  "The rest of the training is the same in both runs."))
    ways = {"text": _("A text"), "wave": _("A wave"), "run": _("The settings of this run")}
    st.session_state.setdefault(keys.EXPLODING, "text")
    st.segmented_control(_("Trained on"), list(ways), key=keys.EXPLODING, required=True,
                         format_func=ways.__getitem__, persist_state="session")
    way = str(st.session_state[keys.EXPLODING])
    base = DEMONSTRATIONS[way] if way in DEMONSTRATIONS else view.spec.change(lr_changes=(), checkpoint="")
    clip = base.train.clip_norm or TrainSpec.clip_norm
    data = session.prepared(base.data, base.model.output)
    if way != "run":
        st.caption(_("A plain RNN with {hidden} units reads {steps} time steps; plain gradient descent with a learning "
                     "rate of {lr:g}, so that a steep place is left in one long step.").format(
            hidden=base.model.layers[0].hidden, steps=data.steps, lr=base.train.lr))
    names = {0.0: _("Not clipped"), clip: _("Clipped at {clip:g}").format(clip=clip)}
    found = side_by_side.show(f"memory_clip_{way}",
                              {name: base.change(clip_norm=limit) for limit, name in names.items()},
                              unit=measured.loss_unit(data))
    if found and not any(run.active for run in found.values()):
        _norms(found, clip, data, key=f"memory_norms_{way}")


def _norms(found: dict[str, RunView], clip: float, data: Dataset, key: str) -> None:
    """Draw the norm of the gradient over the training, and say what it did."""
    curves: list[Curve] = []
    try:
        for (name, run), colour in zip(found.items(), NETWORKS, strict=False):
            updates = measured.moments(run, MOMENTS)
            updates = updates[updates < run.update]             # the last moment is followed by no batch
            curves.append(Curve(name, measured.norms(run, updates), colour, updates=updates))
    except Refusal as refusal:
        st.info(localized(refusal))
    if curves:
        live_figure(charts.norms_over_training(curves, clip), key=key, height=340,
                    alt=_("Norms of the gradient: {norms}.").format(norms=phrases(
                        _("{name} at most {largest}").format(name=curve.name, largest=plainly(_largest(curve)[0]))
                        for curve in curves)))
    for number, (name, run) in enumerate(found.items()):
        st.markdown("- " + sentences(*_told(name, run, curves[number] if curves else None, clip, data)))
    if curves:
        st.caption(_("The norm is that of the batch that comes next at up to {count} recorded updates, before it is "
                     "clipped.").format(count=MOMENTS))
        _careful(next(iter(found.values())).spec, data)


def _told(name: str, run: RunView, curve: Curve | None, clip: float, data: Dataset) -> list[str]:
    if run.outcome == "diverged":
        said = [_("**{name}**: diverged at update {update:,}; its loss is no longer a number.").format(
            name=name, update=run.update)]
    else:
        last = run.losses[-max(1, round(LAST * len(run.losses))):]
        said = [_("**{name}**: loss {loss} in the end (mean of the last {count:,} updates; {unit}).").format(
            name=name, loss=plainly(float(last.mean())), count=len(last), unit=measured.loss_unit(data))]
    if curve is not None and np.isfinite(curve.values).any():
        largest, update = _largest(curve)
        finite = curve.values[np.isfinite(curve.values)]
        said.append(_("The norm of its gradient was at most {largest} (update {update:,}), and above {clip:g} at "
                      "{share:.0%} of the moments looked at.").format(
            largest=plainly(largest), update=update, clip=clip, share=float((finite > clip).mean())))
    return said


def _largest(curve: Curve) -> tuple[float, int]:
    """Return the largest norm, and the update at which it is."""
    assert curve.updates is not None
    values = np.where(np.isfinite(curve.values), curve.values, -1.0)
    if not len(values):
        return float("nan"), 0
    return float(values.max()), int(curve.updates[values.argmax()])


def _careful(spec: RunSpec, data: Dataset) -> None:
    """Say where the norm is not exactly that of training."""
    train, rows = spec.train, measured.rows(spec, data)
    if train.stateful != "off":
        st.caption(_("In training the state is carried on from batch to batch; here every window begins with a zero "
                     "state."))
    if any(layer.dropout for layer in spec.model.layers):
        st.caption(_("In training outputs are dropped at random; here none is."))
    if train.batch > rows:
        st.caption(_("Of each batch the first {rows} sequences are used.").format(rows=rows))
