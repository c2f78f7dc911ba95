"""Shop reviews."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

REVIEWS = SourceForm(
    name=N_("Shop reviews"),
    suggested={"corpus": "plain", "epochs": 20, "lr": 0.01, "hidden": 48, "dropout": 0.7, "batch": 32,
               "encoding": 'embedding', "embedding": 32, "keep_best": False},
    controls=(Control("language"), Control("corpus")),
    labels={
        "corpus": (N_("Which reviews"), N_(
            "Everyday: no clause stands in two reviews. Order decides: sentences made from patterns, in which both "
            "classes have the same words; whole patterns are held back. Both: one network learns from the two together "
            "and is measured on both. First edition: that of older runs, whose parts share clauses.")),
    },
    options={"plain": N_("Everyday"), "order": N_("Order decides"), "both": N_("Both"), "first": N_("First edition")},
    columns={"word": N_("word"), "mood": N_("mood")},
    classes={"negative": N_("dissatisfied"), "positive": N_("satisfied")})
