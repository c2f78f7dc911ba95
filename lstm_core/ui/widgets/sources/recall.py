"""Recall after a gap."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

RECALL = SourceForm(
    name=N_("Recall after a gap"),
    suggested={"epochs": 20, "lr": 0.005, "hidden": 32, "batch": 32, "chrono": 60, "target_score": 0.995,
               "keep_best": False},
    controls=(Control("distance", slider=True),))
