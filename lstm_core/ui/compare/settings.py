"""Compare: what differs in the settings of the runs, and what they share."""

from __future__ import annotations

import streamlit as st

from lstm_core.evaluation.comparison import setting_differences
from lstm_core.i18n import clauses, listing, sentences
from lstm_core.i18n import gettext as _
from lstm_core.ui.compare.runs import Compared
from lstm_core.ui.shared import trained_on
from lstm_core.ui.shared.setting_table import table
from lstm_core.ui.widgets.text import escape_markdown


def show(runs: list[Compared]) -> None:
    """Show a row for each setting in which the runs differ, marked where one differs from the first."""
    differing, shared = setting_differences([run.view.spec for run in runs])
    own = [run.view.spec.data.own_columns for run in runs]
    st.subheader(_("What differs in their settings"), anchor=False)
    changed = set(differing)
    views = [run.view for run in runs]
    same = trained_on.same(views)
    if same:
        shared["machine"] = (trained_on.machines(views[0]),)
    if differing:
        if same is False:
            differing["machine"] = tuple(map(trained_on.machines, views))
        with st.container(key="compared_settings"):
            st.table(table(differing, [run.name for run in runs], own), width="content")
        st.caption(sentences(_("Marked: what differs from the first run. A dash: the run has no such setting, or it "
                               "has no effect there."), *_fairness(runs, changed)))
    elif len(runs) > 1:
        st.markdown(_same_settings(runs))
    with st.expander(_("What they share") if len(runs) > 1 else _("Settings"), expanded=not differing):
        first = {name: values[:1] for name, values in shared.items()}
        with st.container(key="shared_settings"):
            st.table(table(first, [_("Value")], own[:1]), width="content")


def _same_settings(runs: list[Compared]) -> str:
    """Say what can be expected of runs with the same settings."""
    same = trained_on.same([run.view for run in runs])
    if same:
        return _("Nothing: all settings are the same, the seed included, and so is the kind of machine: these runs "
                 "give the same result to the last bit.")
    if same is None:
        return _("Nothing: all settings are the same, the seed included, so on the same kind of machine these runs "
                 "give the same result.")
    return _("Nothing in the settings, the seed included; but they were trained on different kinds of machine: "
             "{machines}. Rounding differs there, and training magnifies it: the results are the same only within "
             "what seeds vary.").format(machines=clauses(
                 f"{run.name} {escape_markdown(trained_on.machines(run.view))}" for run in runs))


def _fairness(runs: list[Compared], differing: set[str]) -> list[str]:
    """Say what these runs can tell: whether more than one thing was changed, and whether the budgets are the same."""
    if differing == {"seed"}:
        return [_("Only the seed differs: how far these runs come apart is what luck does.")]
    changed = differing - {"seed"}
    said = [_("More than one setting differs, so a difference in the result cannot be put down to one of them.")
            ] if len(changed) > 1 else []
    updates = {run.view.update for run in runs if run.rests}
    if len(updates) > 1:
        said.append(_("The budgets differ: {updates} updates.").format(updates=listing(
            f"{run.name} {run.view.update:,}" for run in runs if run.rests)))
    return said
