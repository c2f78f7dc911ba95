"""Shop reviews."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

REVIEWS = SourceForm(
    name=N_("Shop reviews"),
    suggested={"epochs": 20, "lr": 0.01, "hidden": 24, "dropout": 0.5, "batch": 32, "encoding": 'embedding',
               "embedding": 16, "keep_best": False},
    controls=(Control("language"),),
    columns={"word": N_("word"), "mood": N_("mood")},
    classes={"negative": N_("discontent"), "positive": N_("content")})
