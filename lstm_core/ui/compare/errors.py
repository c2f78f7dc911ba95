"""Compare: the runs in numbers, each measured with the weights it ended with; the best only among its equals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.charts.predict import baseline_name
from lstm_core.errors import Refusal
from lstm_core.evaluation.comparison import Key, Settings, groups, loss_unit, question, reasons
from lstm_core.evaluation.metrics import Score
from lstm_core.i18n import aside, pair, sentences
from lstm_core.i18n import gettext as _
from lstm_core.spec import SPLITS, RunSpec, Split
from lstm_core.spec.plan import plan_network
from lstm_core.ui.compare.losses import apart
from lstm_core.ui.compare.runs import Compared
from lstm_core.ui.shared.baselines import number, signed
from lstm_core.ui.shared.scores import score as measured
from lstm_core.ui.shared.setting_table import name_of
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.text import localized

Scores = dict[tuple[str, Split], Score]      # by a run's letter and the part


def show(runs: list[Compared]) -> None:
    """Show a table of the runs: size, budget, losses and errors beside those of the best baseline."""
    st.subheader(_("In numbers"), anchor=False)
    splits = _parts(runs)
    with st.spinner(_("Measuring")):
        scores = _scores(runs, splits)
    with st.container(key="compared_numbers"):
        st.table(_table(runs, splits, scores), width="content")
    said = [_("Each run with the weights it ended with: the best on its validation part where those are kept, "
              "otherwise the last. Error: the mean absolute error in real units, or the share right. Baseline: the "
              "best forecast without a network on the same rows. Skill: 0 is no better than that one, 1 is perfect."),
            _("Training loss: the mean over the batches before the last measurement; the page Train shows that of the "
              "last batch."),
            _("Green: the best of the runs that answer the same question.")]
    if any(not run.rests for run in runs):
        said.append(_("Runs in training are measured as soon as they rest."))
    st.caption(sentences(*said))
    specs = [run.view.spec for run in runs]
    together = groups(specs, question)
    if len(together) > 1:
        st.caption(apart(runs, together, _("Not ranked against each other: {groups}, which differ in {settings}."),
                         [name_of(name) for name in reasons(specs, question)]))


def score(run: Compared, split: Split) -> Score:
    """Return how well a run does over a part that is not empty, with the weights it ended with.

    Raises:
        Refusal: a worker cannot say; the sentence tells why.
    """
    found = measured(run.view.id, session.final_update(run.view), run.view.spec, split)
    if np.isfinite(found.loss):
        return found
    return replace(found, value=math.nan, skill=math.nan)       # of numbers that are none no class can be read


def in_unit(value: float, unit: str, *, share: bool) -> str:
    """Return an error with its unit, or the share that is right."""
    if share and not math.isnan(value):
        return _("{share:.1%} right").format(share=value)
    return f"{number(value)} {unit}".strip()


def _parts(runs: list[Compared]) -> list[Split]:
    """Return the parts that judge; the training part where a run has no other."""
    judging: list[Split] = [split for split in SPLITS if split != "train"
                            and any(len(run.data.sample_ids[split]) for run in runs)]
    alone = any(not any(len(run.data.sample_ids[split]) for split in judging) for run in runs)
    return [*judging, "train"] if alone else judging


def _scores(runs: list[Compared], splits: list[Split]) -> Scores:
    found: Scores = {}
    for run in runs:
        try:
            for split in splits:
                if run.learned and len(run.data.sample_ids[split]):
                    found[run.name, split] = score(run, split)
        except Refusal as refusal:
            st.warning(pair(run.name, localized(refusal)))
    return found


def _table(runs: list[Compared], splits: list[Split], scores: Scores) -> pd.DataFrame:
    columns: dict[str, list[str]] = {
        _("Parameters"): [f"{plan_network(run.view.spec.model, run.data.io_shape).parameters:,}" for run in runs],
        _("Updates"): [f"{run.view.update:,}" for run in runs],
        _("Weights of update"): [f"{session.final_update(run.view):,}" if run.learned else "–" for run in runs],
        _("Seconds"): [f"{run.view.seconds:.2f}" for run in runs],
        _("Training loss"): _marked(
            runs, {run.name: _training_loss(run) for run in runs if run.learned}, _loss_question,
            {run.name: number(_training_loss(run)) for run in runs}, higher=False),
    }
    for split in splits:
        here = {run: found for (run, where), found in scores.items() if where == split}
        told_errors = {run.name: in_unit(here[run.name].value, run.data.unit, share=here[run.name].share)
                       for run in runs if run.name in here}
        columns[_("{part}: error").format(part=option_label(split))] = _marked(
            runs, {run: -found.value if found.share else found.value for run, found in here.items()}, question,
            told_errors, higher=False)
        columns[_("{part}: baseline").format(part=option_label(split))] = [
            _with_name(here[run.name], run.data.unit) if run.name in here else "–" for run in runs]
        columns[_("{part}: skill").format(part=option_label(split))] = _marked(
            runs, {run: found.skill for run, found in here.items()}, question,
            {run: signed(found.skill) for run, found in here.items()}, higher=True)
    return pd.DataFrame(columns, index=[run.name for run in runs])


def _loss_question(spec: RunSpec) -> Settings:
    return loss_unit(spec) | question(spec)


def _training_loss(run: Compared) -> float:
    """Return the mean training loss before the last evaluation: a single batch says little."""
    evaluations = run.view.evaluations
    return float(evaluations[-1]["train_loss"]) if len(evaluations) else math.nan


def _with_name(found: Score, unit: str) -> str:
    """Return the error of the best forecast without a network, and its name."""
    return aside(in_unit(found.naive, unit, share=found.share), baseline_name(found.baseline))


def _marked(runs: list[Compared], values: Mapping[str, float], key: Key, written: Mapping[str, str], *,
            higher: bool) -> list[str]:
    """Return a column in which the best value of each group of comparable runs is marked."""
    best: set[str] = set()
    for group in groups([run.view.spec for run in runs], key):
        known = {runs[at].name: values[runs[at].name] for at in group
                 if np.isfinite(values.get(runs[at].name, math.nan))}
        if len(set(known.values())) > 1:
            end = (max if higher else min)(known.values())
            best |= {run for run, value in known.items() if value == end}
    return [f":green-background[**{written[run.name]}**]" if run.name in best else written.get(run.name, "–")
            for run in runs]
