"""Handwritten digits."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import SourceForm

DIGITS = SourceForm(
    name=N_("Handwritten digits"),
    suggested={"epochs": 30, "lr": 0.01, "hidden": 64, "batch": 32},
    columns={"digit": N_("digit")})
