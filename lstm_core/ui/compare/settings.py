"""Compare: what differs in the settings of the runs, and what they share."""

from __future__ import annotations

from typing import Any, get_type_hints

import pandas as pd
import streamlit as st

from lstm_core.charts.forecast import visible
from lstm_core.evaluation.comparison import setting_differences
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import SOURCES
from lstm_core.ui.compare.runs import Compared
from lstm_core.ui.widgets.labels import LABELS, OPTIONS, column_label, option_label, setting_label
from lstm_core.ui.widgets.text import escape_markdown

MORE_LABELS = {"lr_changes": N_("Learning rate changed"), "digest": N_("Data kept under"),
               "checkpoint": N_("Weights to begin with")}
"""What the settings are called that no page asks for."""

OWN_WORDS = {"checkpoint"} | {name for kind in SOURCES.values() for name, hint in get_type_hints(kind).items()
                              if hint in (str, tuple[str, ...])}
"""Settings whose text is not one of our options."""

LONGEST = 60            # characters of a text that are shown
HASH = 8                # characters of a content hash


def show(runs: list[Compared]) -> None:
    """Show a row for each setting in which the runs differ, marked where one differs from the first."""
    differing, shared = setting_differences([run.view.spec for run in runs])
    own = [run.view.spec.data.own_columns for run in runs]
    st.subheader(_("What differs in their settings"), anchor=False)
    if differing:
        rows = {name: _row(name, values, own) for name, values in differing.items()}
        with st.container(key="compared_settings"):
            st.table(_table(rows, [run.name for run in runs]), width="content")
        st.caption(" ".join([_("Marked: what differs from the first run. A dash: the run has no such setting, or it "
                               "has no effect there."), *_fairness(runs, set(differing))]))
    elif len(runs) > 1:
        st.markdown(_("Nothing: all settings are the same, the seed included, so these runs give the same result."))
    with st.expander(_("What they share") if len(runs) > 1 else _("Settings"), expanded=not differing):
        rows = {name: [written(name, values[0], own[0])] for name, values in shared.items()}
        with st.container(key="shared_settings"):
            st.table(_table(rows, [_("Value")]), width="content")


def name_of(setting: str) -> str:
    """Return what a setting is called in the language now in use."""
    return setting_label(setting) if setting in LABELS else _(MORE_LABELS[setting])


def written(setting: str, value: Any, own: bool) -> str:
    """Return a setting's value as it is written, as Markdown; ``own``: its columns are those of a person's table."""
    if value is None or value in ("", ()):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    match setting:
        case "hidden" | "dropout":
            return "/".join(f"{entry:g}" for entry in value)
        case "lr_changes":
            return "; ".join(_("{rate:g} from update {update:,} on").format(rate=rate, update=update)
                             for update, rate in value)
        case "features":
            return escape_markdown(", ".join(column_label(name, own) for name in value))
        case "column":
            return escape_markdown(column_label(value, own))
        case "digest" | "checkpoint":
            return f"`{value[:HASH]}`"
        case "text":
            shown = escape_markdown("".join(visible(letter) if letter == "\n" else letter for letter
                                            in value[:LONGEST]))
            return shown if len(value) <= LONGEST else _("{start}… ({count:,} letters)").format(
                start=shown, count=len(value))
    if isinstance(value, str):
        return option_label(value) if value in OPTIONS and setting not in OWN_WORDS else escape_markdown(value)
    return str(value) if isinstance(value, int) else f"{value:g}"


def _row(setting: str, values: tuple[Any, ...], own: list[bool]) -> list[str]:
    cells = [written(setting, value, table) for value, table in zip(values, own, strict=True)]
    return [cells[0], *(cell if value == values[0] else f":orange-background[**{cell}**]"
                        for value, cell in zip(values[1:], cells[1:], strict=True))]


def _table(rows: dict[str, list[str]], names: list[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows.values()), columns=names, index=[name_of(setting) for setting in rows])


def _fairness(runs: list[Compared], differing: set[str]) -> list[str]:
    """Say what these runs can tell: whether more than one thing was changed, and whether the budgets are the same."""
    if differing == {"seed"}:
        return [_("Only the seed differs: how far these runs come apart is what luck does.")]
    changed = differing - {"seed"}
    said = [_("More than one setting differs, so a difference in the result cannot be put down to one of them.")
            ] if len(changed) > 1 else []
    updates = {run.view.update for run in runs if run.rests}
    if len(updates) > 1:
        said.append(_("The budgets differ: {updates} updates.").format(updates=", ".join(
            f"{run.name} {run.view.update:,}" for run in runs if run.rests)))
    return said
