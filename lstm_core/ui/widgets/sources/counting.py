"""Counting."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

COUNTING = SourceForm(
    name=N_("Counting"),
    suggested={"epochs": 40, "lr": 0.01, "hidden": 4, "batch": 32, "forget_bias": 5.0, "keep_best": False},
    controls=(Control("largest_count", slider=True),),
    labels={
        "largest_count": (N_("Largest count"), N_("Training has up to so many of each letter, the test up to twice "
                                                  "as many.")),
    })
