"""Compare: the losses of the runs, laid over each other where they are in the same unit, live as they fall."""

from __future__ import annotations

import streamlit as st

from lstm_core.charts import compare as charts
from lstm_core.evaluation.comparison import groups, loss_unit, question, reasons
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, powers, sentences
from lstm_core.running.run_view import RunView
from lstm_core.ui.base.server import lab
from lstm_core.ui.compare import keys
from lstm_core.ui.compare.runs import Compared, listed
from lstm_core.ui.shared.setting_table import name_of
from lstm_core.ui.widgets.live_figure import live_figure

INTERVAL = 0.5          # seconds between two pictures
HEIGHT = 400            # pixels of a chart


def show(runs: list[Compared]) -> None:
    """Draw the losses against updates, epochs or seconds; runs whose losses differ in unit get charts of their own."""
    st.subheader(_("Losses"), anchor=False)
    together = groups([run.view.spec for run in runs], loss_unit)
    if len(together) > 1:
        why = reasons([run.view.spec for run in runs], loss_unit)
        st.warning(sentences(apart(runs, together, _(
            "These losses are not in the same unit, so they are not laid over each other: {groups} differ in "
            "{settings}."), [name_of(name) for name in why]), *([_(
                "An indicator among the features needs rows before its first value: the series then begins later, and "
                "its scaling is fitted on other rows.")] if "features" in why else [])))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.session_state.setdefault(keys.AXIS, "updates")
        st.session_state.setdefault(keys.LOG, True)
        axes: dict[charts.Axis, str] = {"updates": _("Updates"), "epochs": _("Epochs"), "seconds": _("Seconds")}
        st.segmented_control(_("Against"), list(axes), key=keys.AXIS, required=True, persist_state="session",
                             format_func=axes.__getitem__)
        st.toggle(_("Loss on a log scale"), key=keys.LOG, persist_state="session")
    axis: charts.Axis = st.session_state[keys.AXIS]
    moving = sorted(run.view.id for run in runs if not run.rests)
    st.fragment(_live, run_every=INTERVAL if moving else None, key="compare_live")(
        [[runs[number] for number in group] for group in together], moving, axis)
    said = [_("Training loss: the mean over the batches of one point. Validation loss: measured on the validation "
              "part.")]
    if axis == "seconds":
        said.append(_("Seconds are those of the worker on updates, without waiting; they are known as a total for each "
                      "run and spread evenly over its updates here."))
    for group in together:
        if len(groups([runs[number].view.spec for number in group], question)) > 1:
            said.append(_("The losses of {runs} are in the same unit, but the runs look ahead differently far, so they "
                          "do not answer the same question.").format(runs=listed([runs[n] for n in group])))
    st.caption(sentences(*said))


def apart(runs: list[Compared], together: list[list[int]], sentence: str, settings: list[str]) -> str:
    """Say which runs are kept apart, and by which settings."""
    return sentence.format(groups=" | ".join(listed([runs[number] for number in group]) for group in together),
                           settings=listing(settings))


def _live(together: list[list[Compared]], moving: list[str], axis: charts.Axis) -> None:
    """Draw one picture; when a run has begun to move or to rest, the whole page is drawn anew."""
    views = {run.view.id: lab().view(run.view.id) for group in together for run in group}
    for number, group in enumerate(together):
        now = {run.name: views[run.view.id] for run in group}
        if not any(len(view.losses) for view in now.values()):
            st.info(_("{runs}: no loss yet.").format(runs=listed(group)), icon=":material/hourglass_empty:")
            continue
        figure = charts.losses([_curve(run, now[run.name]) for run in group], axis=axis,
                               log=bool(st.session_state[keys.LOG]),
                               unit=_("cross entropy, nats") if group[0].data.classes else _(
                                   "mean squared error, scaled"))
        figure.update_layout(uirevision=f"{axis}{sorted(now)}")
        live_figure(figure, key=f"compare_losses{number}", height=HEIGHT, alt=_("Training losses: {losses}.").format(
            losses=listing(f"{name} {powers(f'{view.losses[-1]:.3g}')}" for name, view in now.items()
                           if len(view.losses))))
    if moving:
        st.caption(" · ".join(_("{run} is being trained: epoch {epoch:.4g} of {epochs}").format(
            run=run.name, epoch=int(views[run.view.id].epoch * 10) / 10, epochs=run.view.spec.train.epochs)
            for group in together for run in group if run.view.id in moving))
    if sorted(run for run, view in views.items() if view.active) != moving:
        st.rerun()


def _curve(run: Compared, view: RunView) -> charts.Curve:
    return charts.Curve(run.name, run.place, view.losses, view.evaluations["update"],
                        view.evaluations["validation_loss"], view.epoch, view.seconds)
