"""Train: the costs that a tutorial printed, beside those of this run at the same updates."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers
from lstm_core.presets.preset import COST_EVERY, Preset, costs
from lstm_core.running.run_view import RunView
from lstm_core.spec import RunSpec
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import preset_box

EVERY = 1.0             # seconds between two looks at a run that trains


def show(view: RunView) -> None:
    """Show both rows of costs where a preset with printed ones is open and the run learns what the preset does."""
    preset = preset_box.opened()
    if not view.id or preset is None or not preset.printed_costs or not _same_batches(view.spec, preset.spec):
        return
    st.fragment(_table, run_every=EVERY if view.active else None, key="printed_costs")(view.id, preset)


def _same_batches(spec: RunSpec, other: RunSpec) -> bool:
    """Tell whether an update of both learns from as many steps of the same wave."""
    return (spec.data, spec.train.batch, spec.model.output) == (other.data, other.train.batch, other.model.output)


def _table(run: str, preset: Preset) -> None:
    view = lab().view(run)
    printed = preset.printed_costs
    ours = [powers(f"{cost:.4g}") for cost in costs(view.losses, preset.spec.data.usual_steps)][:len(printed)]
    rows = {_("Printed by the tutorial"): [f"{cost:.4g}" for cost in printed],
            _("This run"): ours + ["–"] * (len(printed) - len(ours))}
    updates = [f"{number * COST_EVERY + 1}" for number in range(len(printed))]
    with st.container(key="printed_costs_table"):
        st.table(pd.DataFrame(list(rows.values()), columns=updates, index=list(rows)), width="content")
    st.caption(_("Cost of the batch at update 1, 21, 41 …: squared errors, summed over the batch and its time steps, "
                 "divided by its sequences. The loss above is their mean instead: the cost divided by the {steps} "
                 "time steps.").format(steps=preset.spec.data.usual_steps))
