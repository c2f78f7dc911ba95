"""The update that was just done, shown in its four phases."""

from __future__ import annotations

import streamlit as st

from lstm_core.data import Dataset
from lstm_core.i18n import gettext as _
from lstm_core.running.run_view import RunView
from lstm_core.ui.base.static_files import address
from lstm_core.ui.live.phases import phases
from lstm_core.ui.live.status import followed

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('live/phases.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("one_update", js=_SCRIPT, isolate_styles=False)


def one_update(view: RunView, data: Dataset, *, key: str) -> None:
    """Show the phases of the last update of a run; nothing where it was not one by itself. The stream tells of more."""
    _component(key=key, height="content", data={
        "live": followed(view.id), "update": view.update, "phases": phases(view, data),
        "words": {"back": _("Back"), "next": _("Next"), "play": _("Play"), "pause": _("Pause")}})
