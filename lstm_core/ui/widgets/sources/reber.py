"""The embedded Reber grammar."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import SourceForm

REBER = SourceForm(
    name=N_("Embedded Reber grammar"),
    suggested={"epochs": 20, "lr": 0.01, "hidden": 24, "batch": 32, "target_score": 1.0, "keep_best": False})
