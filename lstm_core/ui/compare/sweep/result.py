"""A sweep while it runs and afterwards: how far it is, what each setting has reached, what that is worth."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st

from lstm_core import i18n, limits
from lstm_core.charts import Figure
from lstm_core.charts.predict import baseline_name
from lstm_core.charts.sweep import measure, result_in_words, sweep_line, sweep_lines, sweep_map
from lstm_core.errors import Refusal
from lstm_core.i18n import clauses, duration, sentences
from lstm_core.i18n import gettext as _
from lstm_core.running.sweeps import SweepView
from lstm_core.spec.sweep import Outcomes, SweepSpec, Value, outcomes, ranked, rivals
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.compare import keys
from lstm_core.ui.compare.sweep import form as sweep_form
from lstm_core.ui.compare.sweep.labels import combination, value_of, with_spread
from lstm_core.ui.shared import baselines
from lstm_core.ui.shared.setting_table import name_of
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets import settings as widgets_settings
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.navigation import page_link, section_address
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized as refused

INTERVAL = 1.0          # seconds between two pictures of a sweep that runs
NAMED = 3               # settings that a sentence names
LINE, LINES = 340, 320  # pixels of the course over one setting, and of the parallel coordinates


def show(view: SweepView) -> None:
    """Show the sweep, live as long as it runs, and what can be done with its runs."""
    right, unit = judged(view.spec)
    st.subheader(_("Sweep over {settings}").format(
        settings=" × ".join(name_of(axis.setting) for axis in view.spec.axes)), anchor=False)
    st.caption(_("What stays the same: {settings}.").format(settings=sweep_form.summary(view.spec.base)))
    if view.owner != owner():
        st.info(_("You are watching a sweep of another browser."), icon=":material/visibility:")
    third = _choose_third(view.spec)
    moving = view.moving
    st.fragment(_live, run_every=INTERVAL if moving else None, key="sweep_live")(view.id, moving, third, right, unit)
    _use(view, right)


def judged(sweep: SweepSpec) -> tuple[bool, str]:
    """Return whether the results are shares right, and else their unit."""
    data = session.prepared(sweep.base.data, sweep.base.model.output)
    return data.score_kind == "share", data.unit


def _choose_third(sweep: SweepSpec) -> int:
    """Return the value of the third setting for which the map is drawn."""
    if len(sweep.axes) < 3:
        return 0
    axis = sweep.axes[2]
    st.segmented_control(_("Map for {setting}").format(setting=name_of(axis.setting)), range(len(axis.values)),
                         key=f"sweep_third_{len(axis.values)}", default=0, required=True,
                         format_func=lambda at: value_of(axis.values[at]))
    return int(st.session_state[f"sweep_third_{len(axis.values)}"])


def _live(sweep: str, moving: bool, third: int, right: bool, unit: str) -> None:
    """Draw one picture of the sweep; when it has come to its end, the whole page is drawn anew."""
    try:
        view = lab().sweep(sweep)
    except Refusal as refusal:
        st.warning(refused(refusal))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(min(1.0, view.progress), text=progress(view))
        if view.owner == owner():
            st.button(_("Cancel"), key="sweep_cancel", icon=":material/stop:", on_click=_cancel, args=(sweep,),
                      disabled=view.status != "running", help=_("No more runs begin; what has ended stays."))
    found = outcomes(view.spec, [run.error for run in view.runs])
    best = _baselines(view.spec, len(found))
    figure = _figure(view.spec, tuple(found), tuple(error for _name, error in best), third, right, unit, i18n.current())
    live_figure(figure, key="sweep_map", height=int(figure.layout.height or LINE),
                alt=_in_words(view.spec, found, right))
    if not moving:
        st.markdown(verdict(view.spec, found, right=right))
    live_figure(_all_runs(view.spec, tuple(run.error for run in view.runs), right, unit, i18n.current()),
                key="sweep_lines", height=LINES, alt=_("Every run that has ended, as a line through its settings."))
    _table(view, found, best, right, unit)
    if view.moving != moving:
        st.rerun()


def progress(view: SweepView) -> str:
    """Return one line: how far the sweep is, how long it will take, who else trains, what went wrong."""
    states = {"running": _("In training"), "cancelled": _("Cancelled"), "done": _("Done")}
    parts = [states[view.status], _("{done} of {runs} runs").format(done=view.ended, runs=len(view.runs))]
    bad = {_("{count} diverged"): sum(run.outcome == "diverged" for run in view.runs),
           _("{count} failed"): sum(run.status == "failed" for run in view.runs)}
    parts += [text.format(count=count) for text, count in bad.items() if count]
    if view.status == "running":
        if view.seconds_left is not None:
            parts.append(_("about {time} left").format(time=duration(view.seconds_left)))
        if view.others:
            parts.append(_("in turns with {count} other runs").format(count=view.others))
    return " · ".join(parts)


def verdict(sweep: SweepSpec, found: list[Outcomes], *, right: bool) -> str:
    """Return what the sweep has shown, and what it has not: the best setting is named only if no seed gainsays it."""
    order = ranked(found, right=right)
    if len(order) < 2:
        return _("Too few settings have all their results for a comparison.")
    if sweep.seeds < 2:
        return _("With one seed each this is no more than a hint: another seed may turn the order around.")
    near = rivals(order)
    if not near:
        return _("With {seeds} seeds each, {best} is better than every other setting; the next is {next}.").format(
            seeds=sweep.seeds, best=with_spread(sweep, order[0], right=right),
            next=with_spread(sweep, order[1], right=right))
    named = [with_spread(sweep, each, right=right) for each in (order[0], *near)[:NAMED]]
    more = len(near) + 1 - len(named)
    told_names = _("{names} and {count} more").format(names=clauses(named), count=more) if more else clauses(named)
    text = _("Between these settings the seeds differ more than the settings do, so none of them is the best: {names}.")
    worse = len(order) - 1 - len(near)
    rest = _("Worse than the first with every seed: {count} of the others.").format(count=worse) if worse else ""
    return sentences(text.format(names=told_names), rest)


@lru_cache(maxsize=16)
def _figure(sweep: SweepSpec, found: tuple[Outcomes, ...], naive: tuple[float, ...], third: int, right: bool, unit: str,
            _language: str) -> Figure:
    """Return the picture of the results; it changes only when a run ends."""
    names = [name_of(axis.setting) for axis in sweep.axes]
    values = [[value_of(value) for value in axis.values] for axis in sweep.axes]
    if len(names) == 1:
        return sweep_line(found, values[0], naive, axis=names[0], unit=unit, right=right)
    shown = found[third::len(values[2])] if len(names) == 3 else found
    return sweep_map(shown, values[0], values[1], axes=(names[0], names[1]), seeds=sweep.seeds, unit=unit, right=right)


@lru_cache(maxsize=16)
def _all_runs(sweep: SweepSpec, errors: tuple[float, ...], right: bool, unit: str, _language: str) -> Figure:
    known = np.flatnonzero(np.isfinite(errors))
    settings = sweep.settings
    choices = []
    for place, axis in enumerate(sweep.axes):
        which = np.array([axis.values.index(settings[run % len(settings)][place]) for run in known], dtype=np.int32)
        choices.append((name_of(axis.setting), [value_of(value) for value in axis.values], which))
    return sweep_lines(choices, np.array(errors)[known], unit=unit, right=right)


def _in_words(sweep: SweepSpec, found: list[Outcomes], right: bool) -> str:
    order = ranked(found, right=right)
    if not order:
        return _("No setting has all its results yet.")
    return _("The best median so far: {setting}, {median}.").format(
        setting=combination(sweep, order[0].setting), median=result_in_words(order[0].median, right=right))


def _baselines(sweep: SweepSpec, settings: int) -> list[tuple[str, float]]:
    """Return for each setting the best forecast without a network on the validation part, and its error."""
    specs = [point.spec for point in sweep.points[:settings]]
    return [baselines.best(spec.data, spec.model.output, "validation") for spec in specs]


def _table(view: SweepView, found: list[Outcomes], best: list[tuple[str, float]], right: bool, unit: str) -> None:
    """List the settings in the order of their medians, each beside the best forecast without a network."""
    sign = -1 if right else 1
    order = sorted(found, key=lambda each: (math.isnan(each.median), sign * each.median))
    settings = view.spec.settings
    runs = [view.runs[each.setting::len(found)] for each in order]
    chosen: dict[str, list[Any]] = {
        name_of(axis.setting): [_cell(settings[each.setting][place]) for each in order]
        for place, axis in enumerate(view.spec.axes)}
    results = {
        _("Median: {measure}").format(measure=measure(unit, right=right)): [each.median for each in order],
        _("Lowest"): [each.low for each in order],
        _("Highest"): [each.high for each in order],
        _("Best baseline"): [best[each.setting][1] for each in order]}
    more = {
        _("Which baseline"): [baseline_name(best[each.setting][0]) for each in order],
        _("Seeds with a result"): [f"{len(each.errors)} / {view.spec.seeds}" for each in order],
        _("Parameters"): [mine[0].parameters for mine in runs],
        _("Seconds of training"): [_seconds([run.seconds for run in mine if run.ended]) for mine in runs]}
    form = "percent" if right else "%.3g"
    st.dataframe(chosen | results | more, hide_index=True, column_config={
        **{name: st.column_config.NumberColumn(format=form) for name in results},
        _("Seconds of training"): st.column_config.NumberColumn(format="%.2f", help=_("Median of the runs that have "
                                                                                      "ended."))})


def _cell(value: Value) -> Value:
    return value_of(value) if isinstance(value, str) else value


def _seconds(spent: list[float]) -> float:
    return float(np.median(spent)) if spent else math.nan


def _use(view: SweepView, right: bool) -> None:
    """Offer what can be done with one setting: open its runs, lay them over each other, train on with it."""
    found = outcomes(view.spec, [run.error for run in view.runs])
    begun = sorted({run.setting for run in view.runs if run.ended})
    if not begun:
        return
    first = next((each.setting for each in ranked(found, right=right)), begun[0])
    st.session_state.setdefault(key := f"sweep_closer_{view.id}", first)
    chosen = option_box(st.selectbox, _("Look closer at"), begun, key=key,
                        format_func=lambda number: combination(view.spec, number), width=420)
    runs = [run for run in view.runs if run.setting == chosen and run.run is not None and run.ended]
    with st.container(horizontal=True, vertical_alignment="center"):
        for run in runs:
            page_link("train", _("Seed {seed}: {result}").format(
                seed=run.seed, result=result_in_words(run.error, right=right)), icon=":material/show_chart:",
                query={"run": str(run.run)})
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(runs) > 1:
            ids = ",".join(str(run.run) for run in runs[:limits.COMPARED_RUNS])
            page_link("compare", _("Compare its seeds"), query={"runs": ids, **section_address("compare", "runs")})
        st.button(_("Take over these settings"), key="sweep_take", icon=":material/input:", on_click=_take,
                  args=(view.spec, chosen), help=_("The settings on the page Train become these."))
    if st.session_state.pop(keys.SWEEP_TAKEN, None) == chosen:
        st.success(_("The page Train now has these settings."), icon=":material/check:")


def _take(sweep: SweepSpec, chosen: int) -> None:
    widgets_settings.fill(sweep.points[chosen].spec)
    st.session_state.pop(session_keys.PRESET, None)
    st.session_state[keys.SWEEP_TAKEN] = chosen


def _cancel(sweep: str) -> None:
    try:
        lab().cancel_sweep(sweep, owner())
    except Refusal as refusal:
        st.session_state[keys.SWEEP_REFUSAL] = refusal
