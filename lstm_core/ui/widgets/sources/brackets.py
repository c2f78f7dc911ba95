"""Bracket matching."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

BRACKETS = SourceForm(
    name=N_("Bracket matching"),
    suggested={"epochs": 60, "lr": 0.005, "hidden": 32, "batch": 32, "target_score": 0.995, "keep_best": False},
    controls=(Control("depth", slider=True),),
    labels={
        "depth": (N_("Depth"), N_("At most so many brackets are open at a time.")),
    },
    columns={"bracket": N_("bracket")})
