"""Compare: what the runs predict, laid over each other where they predict the very same values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.charts import compare as charts
from lstm_core.charts.forecast import part_name
from lstm_core.charts.frame import quantity
from lstm_core.charts.predict import baseline_name
from lstm_core.data import ShownRows, Windows
from lstm_core.errors import Refusal
from lstm_core.evaluation.beside import Beside
from lstm_core.evaluation.comparison import agreement, common, groups, reasons, truth
from lstm_core.evaluation.evidence import numbers
from lstm_core.i18n import aside, listing
from lstm_core.i18n import gettext as _
from lstm_core.spec import SPLITS, Split
from lstm_core.ui.compare import keys
from lstm_core.ui.compare.errors import score
from lstm_core.ui.compare.losses import apart
from lstm_core.ui.compare.runs import Compared, listed
from lstm_core.ui.shared import baselines
from lstm_core.ui.shared.baselines import number, signed
from lstm_core.ui.shared.query import asked, moment, one_step_predictions
from lstm_core.ui.shared.setting_table import name_of
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import localized

HEIGHT = 440            # pixels of a chart
DRAWN = 400             # rows in one chart: of several dashed lines more cannot be told apart


def show(runs: list[Compared]) -> None:
    """Lay the predictions of the runs over each other, group by group of those that predict the same values."""
    st.subheader(_("Predictions"), anchor=False)
    able = [run for run in runs if run.learned]
    if len(able) < len(runs):
        st.info(_("{runs}: predictions are drawn once the run rests and has learned something.").format(
            runs=listed([run for run in runs if not run.learned])), icon=":material/hourglass_empty:")
    if not able:
        return
    specs = [run.view.spec for run in able]
    together = groups(specs, truth)
    if len(together) > 1:
        st.warning(apart(able, together, _("These runs do not predict the same values, so their predictions are not "
                                           "laid over each other: {groups} differ in {settings}."),
                         [name_of(name) for name in reasons(specs, truth)]))
    drawn = [[able[at] for at in group] for group in together if len(group) > 1 or len(together) == 1]
    if not drawn:
        st.caption(_("Each alone is shown on the page Predict. Choose runs on the same data to lay them over each "
                     "other."))
        return
    split = _choose_part([run for group in drawn for run in group])
    for place, group in enumerate(drawn):
        having = [run for run in group if len(run.data.sample_ids[split])]
        try:
            if not having:
                st.caption(_("{runs} have no {part}.").format(runs=listed(group), part=part_name(split)))
            elif having[0].data.classes:
                _classes(having, split, place)
            else:
                _numbers(having, split, place)
        except Refusal as refusal:
            st.warning(localized(refusal))


def _choose_part(runs: list[Compared]) -> Split:
    splits = [split for split in ("validation", "test",
                                  "train") if any(len(run.data.sample_ids[split]) for run in runs)]
    session.valid_choice(keys.PART, splits, "test" if "test" in splits else None)
    chosen = st.segmented_control(_("Prediction on"), splits, key=keys.PART, required=True,
                                  format_func=option_label,
                                  persist_state="session")
    return next(split for split in SPLITS if split == chosen)


def _answers(run: Compared, split: Split) -> np.ndarray:
    """Return what a run, with the weights it ended with, says about all targets of a part (``predict.ahead``)."""
    return one_step_predictions(asked(run.view, session.final_update(run.view), run.view.spec), split)


# -- numbers -----------------------------------------------------------------------------------------------


def _numbers(runs: list[Compared], split: Split, place: int) -> None:
    """Draw what came once, what each run said about it, and the naive forecast; and measure all on the same rows."""
    shown = [run.data.targets_of(split) for run in runs]
    at = common(shown)
    if not len(at[0]):
        st.caption(_("{runs} have no row of the {part} in common.").format(runs=listed(runs), part=part_name(split)))
        return
    index, actual = shown[0].index[at[0]], shown[0].actual[at[0]]
    predicted = {run.name: _answers(run, split)[rows] for run, rows in zip(runs, at, strict=True)}
    naive_of = _naive_names(runs)
    naive = {naive_of[run.name]: targets.naive[rows] for run, targets, rows in zip(runs, shown, at, strict=True)}
    rows = _choose_rows(index, place)
    unit = runs[0].data.unit
    name = session.target_name(runs[0].view.spec.data, runs[0].data)
    figure = charts.predictions(
        index[rows], actual[rows], {run: values[rows] for run, values in predicted.items()},
        {run.name: run.place for run in runs}, {key: values[rows] for key, values in naive.items()}, unit=unit,
        name=name, split=split)
    figure.update_layout(uirevision=f"{listed(runs)}{split}{rows.start}")
    measured = {run.name: _beside(run, shown[place], at[place], predicted[run.name])
                for place, run in enumerate(runs)}
    live_figure(figure, key=f"compare_predicted{place}", height=HEIGHT,
                alt=_("Predicted against real values; mean absolute errors: {errors}.").format(errors=listing(
                    f"{key} {number(one.network.mae)} {unit}".strip() for key, one in measured.items())))
    with st.container(key=f"compared_rows{place}"):
        st.table(_measured(measured, unit, marked=len(naive) == 1), width="content")
    st.caption(_("Over the {count:,} rows of the {part} that all these runs predict. Baseline: the best forecast "
                 "without a network on these rows; it may read as many past values of the target as the run has time "
                 "steps. Skill: 1 - RMSE / RMSE of that baseline. The dotted line repeats the last known "
                 "value.").format(
        count=len(actual), part=part_name(split)))


def _naive_names(runs: list[Compared]) -> dict[str, str]:
    """Return what the naive forecast beside each run is called: it repeats what was known as far before as the run."""
    horizons = {run.name: run.data.horizon if isinstance(run.data, Windows) else 0 for run in runs}
    if len(set(horizons.values())) == 1:
        return dict.fromkeys(horizons, _("Naive"))
    return {run: _("Naive, {steps} ahead").format(steps=horizon) for run, horizon in horizons.items()}


def _beside(run: Compared, shown: ShownRows, at: np.ndarray, predicted: np.ndarray) -> Beside:
    """Return the errors of a run over some of its targets beside its baselines; ``predicted`` is of these alone."""
    data, spec = run.data, run.view.spec
    found = baselines.fitted(spec.data, spec.model.output) if isinstance(data, Windows) else None
    return numbers(data, shown.at(at), predicted, found)


def _measured(measured: dict[str, Beside], unit: str, *, marked: bool) -> pd.DataFrame:
    """Return the errors as a table; the smallest is marked where all runs answer the same question."""
    known = [one.network.mae for one in measured.values() if np.isfinite(one.network.mae)]
    best = min(known) if marked and len(known) > 1 else None
    rows = []
    for one in measured.values():
        mae, rival = number(one.network.mae), one.baselines[one.best]
        rows.append((f":green-background[**{mae}**]" if one.network.mae == best else mae, number(one.network.rmse),
                     aside(number(rival.rmse), baseline_name(one.best)), signed(one.network.skill)))
    return pd.DataFrame(rows, index=list(measured), columns=[
        quantity(_("MAE"), unit), quantity(_("RMSE"), unit), _("RMSE of the baseline"), _("Skill")])


def _choose_rows(index: np.ndarray, place: int) -> slice:
    """Return the rows that are drawn: all, or of many the last ones unless the person moves back."""
    count = len(index)
    if count <= DRAWN:
        return slice(0, count)
    firsts = [*range(count - DRAWN, 0, -DRAWN // 2), 0][::-1]
    key = f"compare_from{place}"
    session.valid_choice(key, firsts, firsts[-1])
    first = int(option_box(st.select_slider, _("Rows drawn"), firsts, key=key, format_func=lambda at: (
        f"{moment(index[at])} – {moment(index[at + DRAWN - 1])}")))
    return slice(first, first + DRAWN)


# -- classes -----------------------------------------------------------------------------------------------


def _classes(runs: list[Compared], split: Split, place: int) -> None:
    """Show how often each run is right, and how often two runs name the same class."""
    answers = {run.name: _answers(run, split) for run in runs}
    lost = [run for run in runs if not np.isfinite(answers[run.name]).all()]
    if lost:
        st.caption(_("{runs} put out no numbers any more: diverged.").format(runs=listed(lost)))
    runs = [run for run in runs if run not in lost]
    if not runs:
        return
    shown: list[ShownRows] = [run.data.targets_of(split) for run in runs]
    at = common(shown)
    alike = agreement([answers[run.name].argmax(axis=1)[rows] for run, rows in zip(runs, at, strict=True)])
    scores = [score(run, split) for run in runs]
    columns = {_("Correct answers"): [f"{one.value:.1%}" for one in scores],
               _("Naive"): [f"{one.naive:.1%}" for one in scores]}
    for other, run in enumerate(runs):
        columns[_("Agrees with {run}").format(run=run.name)] = [
            "–" if one == other else f"{alike[one, other]:.1%}" for one in range(len(runs))]
    with st.container(key=f"compared_classes{place}"):
        st.table(pd.DataFrame(columns, index=[run.name for run in runs]), width="content")
    st.caption(_("On the {part}. Agreement: over {count:,} targets, how often two runs name the same class, right or "
                 "wrong. Two runs that are right equally often may be wrong at different places.").format(
                     part=part_name(split), count=len(at[0])))
