"""The adding problem."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

ADDING = SourceForm(
    name=N_("Adding problem"),
    suggested={"epochs": 25, "lr": 0.005, "hidden": 32, "batch": 32, "chrono": 100, "target_score": 0.995,
               "keep_best": False},
    controls=(Control("distance", slider=True),),
    columns={"number": N_("number"), "marker": N_("marker"), "sum": N_("sum")})
