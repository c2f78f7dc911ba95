"""A person's own table; its widgets stand in ``ui/train/table.py``."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import SourceForm

TABLE = SourceForm(
    name=N_("Own table"),
    suggested={"epochs": 20, "lr": 0.002, "hidden": 32, "batch": 32},
    first=("date", "features", "column", "missing", "horizon"),
    labels={
        "date": (N_("Dates"), N_("Column with the dates; without one the rows are numbered.")),
        "missing": (N_("Missing values"), N_("Rows with a gap can be left out, or take the value before.")),
    },
    options={"drop": N_("Leave out"), "carry": N_("Value before")})
