"""Sweeps on the page Compare: begin one, find one again, watch it."""

from __future__ import annotations

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.running.sweeps import SweepView
from lstm_core.storage.database import Unavailable
from lstm_core.storage.schema import SweepFacts
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.server import lab
from lstm_core.ui.compare import keys
from lstm_core.ui.compare.sweep import form, result
from lstm_core.ui.shared import beside
from lstm_core.ui.shared.setting_table import name_of
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.text import localized, moment

LISTED = 8              # newest sweeps of this browser


def begin() -> None:
    """Open the section that shows the sweep of a new address: before anything of the page is shown."""
    if st.query_params.get("sweep", st.session_state.get(keys.SWEEP)) != st.session_state.get(keys.SWEEP):
        st.session_state[keys.SECTION] = "sweep"


def address() -> dict[str, str]:
    """Return what leads back to the sweep that is shown, for the address."""
    shown = st.session_state.get(keys.SECTION) == "sweep" and keys.SWEEP in st.session_state
    return {"sweep": st.session_state[keys.SWEEP]} if shown else {}


def show() -> None:
    """Show the sweep that was opened, the way to a new one, and those of this browser."""
    view = _opened()
    refusal = st.session_state.pop(keys.SWEEP_REFUSAL, None)
    if refusal is not None:
        st.error(form.told(refusal))
    if view is not None:
        result.show(view)
    with st.expander(_("New sweep"), expanded=view is None, key="sweep_new", icon=":material/tune:"):
        form.show()
    _list(view)
    beside.show("sweep")


def _opened() -> SweepView | None:
    """Return the sweep this session looks at: the one of the address, or begun here, or still running."""
    if "sweep" in st.query_params:
        st.session_state[keys.SWEEP] = st.query_params["sweep"]
    elif keys.SWEEP not in st.session_state:
        running = [facts.id for facts in lab().sweeps(owner()) if facts.status == "running"]
        if not running:
            return None
        st.session_state[keys.SWEEP] = running[0]
    try:
        return lab().sweep(st.session_state[keys.SWEEP])
    except Unavailable:             # the sweep will be there again when the database is
        raise
    except Refusal as refusal:
        del st.session_state[keys.SWEEP]
        st.query_params.pop("sweep", None)
        st.warning(localized(refusal))
        return None


def _list(view: SweepView | None) -> None:
    """List the newest sweeps of this browser; a click opens one."""
    found = [facts for facts in lab().sweeps(owner(), LISTED) if view is None or facts.id != view.id]
    if not found:
        return
    st.subheader(_("Sweeps of this browser"), anchor=False)
    for facts in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(_in_words(facts), key=f"sweep_open_{facts.id}", type="tertiary", icon=":material/grid_on:",
                      on_click=form.look_at, args=(facts.id,))
            st.caption(moment(facts.created))


def _in_words(facts: SweepFacts) -> str:
    states = {"running": _("unfinished"), "cancelled": _("cancelled"), "done": _("done")}
    return _("{data}: {settings}, {runs} runs, {state}").format(
        data=option_label(facts.spec.base.data.source), runs=facts.spec.runs, state=states[facts.status],
        settings=" × ".join(name_of(axis.setting) for axis in facts.spec.axes))
