"""Numbers in words."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

NUMERALS = SourceForm(
    name=N_("Numbers in words"),
    suggested={"epochs": 60, "lr": 0.01, "hidden": 48, "batch": 64},
    controls=(Control("language"), Control("largest", step=100)),
    labels={
        "largest": (N_("Largest number"), N_("All whole numbers from 0 to this one are said in words.")),
    })
