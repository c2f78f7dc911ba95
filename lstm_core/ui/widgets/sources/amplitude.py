"""A wave from one number."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

AMPLITUDE = SourceForm(
    name=N_("Wave from one number"),
    suggested={"epochs": 60, "lr": 0.01, "hidden": 24, "batch": 32, "examples": 300},
    controls=(((Control("period", step=0.5), Control("examples", step=100)), (Control("steps"),)),),
    labels={
        "examples": (N_("Examples"), N_("How many waves there are in all.")),
    },
    columns={"height": N_("height")})
