"""What the maps, curves, bars and lines of the cell view say of themselves; numbers in braces come from the browser."""

from __future__ import annotations

from lstm_core.i18n import gettext as _


def figure_texts() -> dict[str, str]:
    """Return the sentences by name, in the language now in use."""
    return {
        "say_units": _("Each row is one of {rows} units, each column one of {steps} time steps."),
        "say_rows": _("Each row is one of {rows} numbers, each column one of {steps} time steps."),
        "say_gate": _("Without colour it is 0, in full colour 1."),
        "say_signed": _("The colour tells the sign, its strength the size, here up to {high}; no colour is 0."),
        "say_difference": _("Changed minus untouched."),
        "say_output": _("What the network says after this time step, as it leaves the output layer."),
        "say_odds": _("How likely the network holds it after this time step."),
        "say_axis": _("The {steps} time steps from left to right. Chosen: {label}."),
        "say_names": _("The rows of this map, from the first to the last."),
        "say_encoder": _("Here the network only reads."), "say_decoder": _("Here it answers, sign by sign."),
        "say_scale": _("Colours of {name}"),
        "loss_curve": _("Training loss"),
        "say_loss": _("Around update {update}. The lower the curve, the better the network predicts what it learns "
                      "from."),
        "say_log": _("Each equal distance upwards is the same factor: the axis is logarithmic."),
        "moments": _("Recorded moments: {count}"),
        "say_moments": _("Each mark is a moment of training at which the weights were kept; dark ones are here "
                         "already. Drag to one."),
        "say_real": _("What came after time step {step}: the solid line."),
        "say_predicted": _("What the network predicted after time step {step}: the dashed line."),
        "say_untouched": _("What it would have predicted without your changes: the dotted line."),
        "say_held": _("How likely the network held it after time step {step}. That is what came."),
        "say_guess": _("Its best guess after time step {step}; what came is not known."),
        "say_steps": _("Each mark is a time step. Drag to one; the diagram and the maps go there."),
        "say_error": _("Predicted minus real."),
        "say_verdict": _("What comes after the chosen time step, and what the network holds most likely."),
        "say_mark": _("The mark shows the untouched network: {share}."),
        "say_right": _("This is the correct answer."),
        "lined": _("The same weights at every time step"),
        "lined_hint": _("Each line is a weight: as wide as it is large, coloured by its sign. Point at one: it is the "
                        "same weight at every time step, and lights up everywhere."),
        "lined_gate": _("Weights of"),
        "say_line": _("From {source} to unit {unit} of {gate}. All {steps} time steps share this one number."),
        "say_node": _("After time step {step} ({label})."),
        "say_start": _("The hidden state before the first time step."), "weight": _("Weight"),
        "say_weight": _("Training changes it. It is the same at every time step."),
        "say_bias": _("It is added whatever the layer reads. Training changes it."),
        "say_sum": _("All that this gate adds up, before it is squashed."),
    }
