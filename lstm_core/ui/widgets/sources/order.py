"""Temporal order."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

ORDER = SourceForm(
    name=N_("Temporal order"),
    suggested={"epochs": 20, "lr": 0.005, "hidden": 32, "batch": 32, "chrono": 100, "target_score": 0.995,
               "keep_best": False},
    controls=(Control("distance", slider=True),),
    columns={"class": N_("class")})
