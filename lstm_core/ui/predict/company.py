"""Predict, for classes of whole examples: what models without a network do with the same examples."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.charts.forecast import part_name
from lstm_core.data.examples import Examples
from lstm_core.evaluation import classifiers
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.spec import DataSpec, Digits, Reviews, Split
from lstm_core.ui.shared.query import PredictQuery
from lstm_core.ui.widgets import session

MODELS: dict[str, str] = {
    "words": N_("Logistic regression on words"), "pairs": N_("Logistic regression on words and word pairs"),
    "logistic": N_("Logistic regression on all grey values"), "neighbor": N_("Nearest neighbour")}


def show(asked: PredictQuery, split: Split, named: np.ndarray, actual: np.ndarray,
         found: Mapping[str, np.ndarray]) -> None:
    """Show how many examples of a part the network and simpler models name right.

    Args:
        asked: the network.
        split: the part.
        named: (n,) the classes that the network names.
        actual: (n,) the real ones.
        found: what :func:`predictions` says for this part.
    """
    st.subheader(_("Simpler models beside it"), anchor=False)
    rows = {_("This network"): named == actual} | {_(MODELS[name]): other == actual for name, other in found.items()}
    st.table(pd.DataFrame({
        _("Correct answers"): [f"{right.mean():.1%}" for right in rows.values()],
        _("Named right"): [_("{right:,} of {count:,}").format(right=int(right.sum()), count=len(right))
                           for right in rows.values()]}, index=list(rows)), width="stretch")
    name = max(found, key=lambda name: int((found[name] == actual).sum()))
    ours, theirs = named == actual, found[name] == actual
    alone, other = int((ours & ~theirs).sum()), int((theirs & ~ours).sum())
    st.markdown(_("The best of them is *{model}*. {alone} examples are named right by the network only, {other} by "
                  "that model only.").format(model=_(MODELS[name]), alone=alone, other=other))
    st.caption(_("All are trained on the same training part; shown for the {part}.").format(part=part_name(split)))
    for sentence in _to_know(asked.spec.data):
        st.caption(sentence)


def _to_know(spec: DataSpec) -> list[str]:
    """Return what the simpler models read, and what to keep in mind about the data."""
    if isinstance(spec, Digits):
        return [_("The nearest neighbour names an image as the training image that is most like it; logistic "
                  "regression weighs the 64 grey values."),
                _("These images are by 13 people, and each of them wrote for all parts: how well digits of somebody "
                  "else would be read cannot be seen here.")]
    assert isinstance(spec, Reviews)
    reading = _("Words: how often each one stands in a review, whatever their order. Word pairs: also how often two "
                "stand side by side.")
    notes = {
        "order": _("In these reviews both classes have the same words, so words alone are right as often as a coin."),
        "first": _("Many reviews of this old corpus share whole clauses with others, so every model looks better here "
                   "than it is.")}
    return [reading, notes[spec.corpus]] if spec.corpus in notes else [reading]


@st.cache_data(max_entries=30, show_spinner=False)
def predictions(spec: DataSpec, split: Split) -> dict[str, np.ndarray]:
    """Return the classes (n,) that simpler models name for a part, by the name of the model."""
    data = session.prepared(spec, "last")
    assert isinstance(data, Examples)
    return classifiers.company(data, split)
