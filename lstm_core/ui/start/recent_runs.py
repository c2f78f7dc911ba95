"""The runs of this browser: the last one in a line, those before it folded."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.i18n import pair
from lstm_core.storage.schema import UNFINISHED, RunFacts
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import unreadable
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.text import moment

SHOWN = 10


def show(above: str) -> None:
    """Show a link to the last run of this browser, and folded the ones before it; not the one that is shown above."""
    runs = [facts for facts in lab().recent(owner(), SHOWN) if facts.id != above]
    for last in runs[:1]:
        begun = _("Go on with your last run") if last.status in UNFINISHED else _("Your last run")
        _line(last, pair(begun, _named(last)))
    if before := runs[1:]:
        with st.expander(_("Runs before it: {count}").format(count=len(before))):
            _lines(before)
    unreadable.caption()


def _lines(runs: Sequence[RunFacts]) -> None:
    for facts in runs:
        _line(facts, _named(facts))


def _line(facts: RunFacts, label: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        page_link("train", label, icon=":material/show_chart:", query={"run": facts.id})
        st.caption(moment(facts.created))


def _named(facts: RunFacts) -> str:
    model = facts.spec.model
    return _("{data}: {cell} {layers}, epoch {epoch:.4g} of {epochs}").format(
        data=option_label(facts.spec.data.source), cell=_(model.cell_type.name),
        layers="/".join(str(layer.hidden) for layer in model.layers), epoch=facts.epoch,
        epochs=facts.spec.train.epochs)
