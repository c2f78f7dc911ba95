"""Waves computed from a formula."""

from __future__ import annotations

from lstm_core.i18n import gettext_noop as N_
from lstm_core.ui.widgets.sources.form import Control, SourceForm

WAVES = SourceForm(
    name=N_("Waves"),
    suggested={"epochs": 20, "lr": 0.005, "hidden": 32, "batch": 32},
    controls=(
        Control("wave"),
        ((Control("period", step=0.5), Control("noise", step=0.05)),
         (Control("period2", step=0.5, shown=lambda settings: settings["wave"] in ("sum", "product")),
          Control("length", step=100), Control("noise_seed", shown=lambda settings: bool(settings["noise"])))),
        Control("target")),
    labels={
        "wave": (N_("Wave"), N_("The shape of the input. Sum and product combine two sines.")),
        "target": (N_("Predict"), N_("The wave's own future, or the cosine that belongs to the same moment.")),
        "period2": (N_("Second period"), N_("Time steps in one cycle of the second sine.")),
        "noise": (N_("Noise"), N_("Standard deviation of the random noise added to the input; the wave itself goes "
                                  "from -1 to 1.")),
        "length": (N_("Length"), N_("Time steps in the whole series.")),
        "noise_seed": (N_("Noise seed"), N_("Another seed draws other noise.")),
    },
    options={
        "sine": N_("Sine"), "square": N_("Square"), "sawtooth": N_("Sawtooth"), "sum": N_("Sum"),
        "product": N_("Product"), "wave": N_("Next value"), "cosine": N_("Cosine"),
    },
    columns={"wave": N_("wave"), "cosine": N_("cosine")})
