"""The unit that keeps longest: the page opens there, and says how much it keeps."""

from __future__ import annotations

import hashlib

import streamlit as st

from lstm_core import cells
from lstm_core.data.sequence import Sequence
from lstm_core.i18n import gettext as _
from lstm_core.inside.keeping import Keeper, keeper
from lstm_core.running.run_view import RunView
from lstm_core.ui.base.server import lab
from lstm_core.ui.cell import keys
from lstm_core.ui.shared import keys as shared_keys
from lstm_core.ui.shared import place
from lstm_core.ui.widgets import session

LEAST = 0.01            # share that must be left to be called kept


def show(view: RunView, sequence: Sequence) -> None:
    """Say which unit of a trained network keeps longest, and go there when the page is opened with this run."""
    if view.active or not len(view.snapshots):
        return
    found = _found(view, sequence)
    if found is None:
        return
    if st.session_state.get(shared_keys.OPENED) != view.id:
        st.session_state[shared_keys.OPENED] = view.id
        # The step after: there its gate first keeps what has been taken in.
        place.select(layer=found.layer, unit=found.unit, step=min(found.step + 1, len(sequence.x) - 1))
    gates = {"f": _("forget gates"), "z": _("update gates")}.get(view.spec.model.cell_type.carry_gate or "")
    if gates is None:
        return
    told = (_("**Unit {unit} keeps longest:** of what it takes in at time step {step}, its {gates} leave **{share:.0%} "
              "over {steps} steps**.") if found.share >= LEAST else
            _("**No unit keeps anything for long here:** of what unit {unit} takes in at time step {step}, its {gates} "
              "leave next to nothing over {steps} steps."))
    said = told.format(unit=found.unit + 1, step=found.step + 1, gates=gates, share=found.share, steps=found.steps)
    st.markdown(_("{sentence} So it is without your changes.").format(sentence=said)
                if st.session_state.get(keys.INTERVENTIONS) else said)


def _found(view: RunView, sequence: Sequence) -> Keeper | None:
    """Return the unit for the weights the run ends with; it is looked for once for each sequence."""
    update = session.final_update(view)
    asked = view.id, update, hashlib.sha256(sequence.x.tobytes()).hexdigest()
    known = st.session_state.get(keys.KEEPER)
    if known is None or known[0] != asked:
        traced = cells.trace(view.spec.model, lab().snapshot(view.id, update).weights, sequence.x)
        known = st.session_state[keys.KEEPER] = asked, keeper(view.spec.model.cell_type, traced)
    found: Keeper | None = known[1]
    return found
