"""Several networks that learn side by side, and their losses in one chart."""

from __future__ import annotations

import streamlit as st

from lstm_core import charts
from lstm_core.errors import Refusal
from lstm_core.evaluation.comparison import setting_differences
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, powers
from lstm_core.running.run_view import RunView
from lstm_core.spec import ModelSpec, RunSpec
from lstm_core.ui.base.browser_cookie import owner
from lstm_core.ui.base.examples import matching
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import setting_table
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.text import localized

INTERVAL = 0.4          # seconds between two pictures


def show(key: str, specs: dict[str, RunSpec], *, unit: str, by_epoch: bool = False) -> dict[str, RunView]:
    """Offer to train the networks, draw their losses as they learn, and return those that have begun, by name.

    All settings in which they differ are listed.

    A network that this browser has trained before with the same settings, or that is an example, is shown at once.

    Args:
        key: what this comparison is called on the page; its button is ``key`` + "_train".
        specs: what each network is called, and its run.
        unit: of the loss.
        by_epoch: whether the losses are drawn against epochs, where the networks need different numbers of updates.
    """
    differing, _shared = setting_differences(list(specs.values()))
    with st.container(key=f"{key}_settings"):
        st.table(setting_table.table(differing, list(specs), [spec.data.own_columns for spec in specs.values()]),
                 width="content")
    st.caption(_("All other settings are the same, the seed included."))
    found = newest(specs)
    running = any(view.active for view in found.values())
    st.button(_("Train them side by side") if len(found) < len(specs) else _("Train them again"), key=f"{key}_train",
              icon=":material/play_arrow:", on_click=_train, args=(key, specs), disabled=running)
    refusal = st.session_state.pop(f"{key}_refusal", None)
    if refusal is not None:
        st.error(localized(refusal))
    if found:
        ids = {name: view.id for name, view in found.items()}
        st.fragment(_live, run_every=INTERVAL if running else None, key=f"{key}_live")(
            key, ids, unit=unit, by_epoch=by_epoch, running=running)
    return found


def newest(specs: dict[str, RunSpec]) -> dict[str, RunView]:
    """Return the newest run of this browser for each spec, or else the example with it."""
    newest = {facts.spec: facts.id for facts in reversed(lab().recent(owner(), session.REMEMBERED))
              if facts.status != "failed"}
    found = {name: newest.get(spec) or matching(spec) for name, spec in specs.items()}
    return {name: lab().view(run) for name, run in found.items() if run is not None}


def lstm_starts(spec: RunSpec) -> dict[str, RunSpec]:
    """Return the LSTM of a run with the ordinary start, and beside it as it is where its gates begin otherwise."""
    ordinary = spec.change(cell="lstm", chrono=ModelSpec.chrono, forget_bias=ModelSpec.forget_bias)
    starts = {"LSTM": ordinary}
    if spec.model.chrono:
        starts[_("LSTM, chrono {steps}").format(steps=spec.model.chrono)] = spec.change(cell="lstm")
    elif spec.model.forget_bias != ModelSpec.forget_bias:
        starts[_("LSTM, forget bias {bias:g}").format(bias=spec.model.forget_bias)] = spec.change(cell="lstm")
    return starts


def _train(key: str, specs: dict[str, RunSpec]) -> None:
    try:
        for spec in specs.values():
            lab().start(spec, owner())
    except Refusal as refusal:
        st.session_state[f"{key}_refusal"] = refusal


def _live(key: str, ids: dict[str, str], *, unit: str, by_epoch: bool, running: bool) -> None:
    """Draw one picture of all networks; when the last of them has come to rest, the whole page is drawn anew."""
    views = {name: lab().view(run) for name, run in ids.items()}
    curves = {name: (view.losses, view.epoch) for name, view in views.items()}
    live_figure(charts.losses_beside(curves, unit=unit, by_epoch=by_epoch), key=f"{key}_losses", height=340,
                alt=_("Training losses: {losses}.").format(losses=listing(
                    f"{name} {powers(f'{view.losses[-1]:.3g}')}" for name, view in views.items() if len(view.losses))))
    if running and not any(view.active for view in views.values()):
        st.rerun()
