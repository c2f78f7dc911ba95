"""The settings in which runs differ, in words: a row for each, a column for each run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, get_type_hints

import pandas as pd

from lstm_core.charts.forecast import visible
from lstm_core.evaluation.comparison import settings
from lstm_core.i18n import clauses, listing, pair, powers
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import SOURCES, RunSpec
from lstm_core.spec.serialization import from_query
from lstm_core.ui.widgets.labels import LABELS, OPTIONS, column_label, option_label, setting_label
from lstm_core.ui.widgets.text import escape_markdown

MORE_LABELS = {"layers": N_("Layers"), "lr_changes": N_("Learning rate changed"),
               "digest": N_("Data kept under"), "checkpoint": N_("Weights to begin with"), "machine": N_("Trained on")}
"""What else is called something: settings that no page asks for, the number of layers, the kind of machine."""

OWN_WORDS = {"checkpoint", "machine"} | {
    name for kind in SOURCES.values() for name, hint in get_type_hints(kind).items() if hint in (str, tuple[str, ...])}
"""Settings whose text is not one of our options."""

LONGEST = 60            # characters of a text that are shown
HASH = 8                # characters of a content hash


def table(values_of: Mapping[str, Sequence[Any]], names: Sequence[str], own: Sequence[bool]) -> pd.DataFrame:
    """Return the values of settings in words, a column for each run, marked where one differs from the first.

    Args:
        values_of: by name of the setting its value in each run, as
            :func:`lstm_core.evaluation.comparison.setting_differences` finds them.
        names: what each run is called.
        own: whether the columns of each run's data are those of a person's own table.
    """
    rows = [_row(setting, values, own) for setting, values in values_of.items()]
    return pd.DataFrame(rows, columns=list(names), index=[name_of(setting) for setting in values_of])


def _row(setting: str, values: Sequence[Any], own: Sequence[bool]) -> list[str]:
    cells = [written(setting, value, table) for value, table in zip(values, own, strict=True)]
    return [cells[0], *(cell if value == values[0] else f":orange-background[**{cell}**]"
                        for value, cell in zip(values[1:], cells[1:], strict=True))]


def name_of(setting: str) -> str:
    """Return what a setting is called in the language now in use."""
    return setting_label(setting) if setting in LABELS else _(MORE_LABELS[setting])


def written(setting: str, value: Any, own: bool) -> str:
    """Return a setting's value as it is written, as Markdown; ``own``: its columns are those of a person's table."""
    words = plain(setting, value, own)
    return f"`{words}`" if setting in ("digest", "checkpoint") and value else escape_markdown(words)


def plain(setting: str, value: Any, own: bool) -> str:
    """Return a setting's value as it is written, without markup; what it holds may be somebody's own words."""
    if value is None or value in ("", ()):
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    match setting:
        case "hidden" | "dropout":
            return "/".join(f"{entry:g}" for entry in value)
        case "lr_changes":
            return clauses(_("{rate:g} from update {update:,} on").format(rate=rate, update=update)
                             for update, rate in value)
        case "features":
            return listing(column_label(name, own) for name in value)
        case "column":
            return column_label(value, own)
        case "digest" | "checkpoint":
            return str(value[:HASH])
        case "text":
            shown = "".join(visible(letter) if letter == "\n" else letter for letter in value[:LONGEST])
            return shown if len(value) <= LONGEST else _("{start}… ({count:,} letters)").format(
                start=shown, count=len(value))
    if isinstance(value, str):
        return option_label(value) if value in OPTIONS and setting not in OWN_WORDS else value
    return str(value) if isinstance(value, int) else powers(f"{value:g}")


def in_short(spec: RunSpec, without: str = "") -> str:
    """Return the settings of a run in a line, without markup: those that say most, and those that differ from usual.

    Args:
        spec: of the run.
        without: a setting that is left out.
    """
    found, usual = settings(spec), settings(from_query({"source": spec.data.source}))
    said = ["source", "cell", "hidden", "epochs"]
    named = [pair(name_of(name), plain(name, found[name], spec.data.own_columns)) for name in [
        *said[2:], *(name for name, value in found.items() if name not in said and name != "seed"
                     and value != usual.get(name))] if name != without]
    return clauses([*(plain(name, found[name], own=False) for name in said[:2] if name != without), *named])
