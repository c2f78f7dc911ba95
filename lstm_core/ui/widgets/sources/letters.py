"""Letters of a text; their widgets stand in ``ui/train/source.py``."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import SourceForm

LETTERS = SourceForm(
    name=N_("Letters"),
    suggested={"epochs": 200, "lr": 0.02, "hidden": 16, "batch": 32},
    first=("text", "cycle"),
    labels={
        "text": (N_("Letters"), N_("The letters to learn; each time the next one is to be named.")),
        "cycle": (N_("Repeat for ever"), N_("After the last letter comes the first again.")),
    },
    steps_only=True)
