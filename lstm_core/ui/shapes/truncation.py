"""Full against truncated back-propagation through time, on a sequence of six cut in pieces of three."""

from __future__ import annotations

import streamlit as st

from lstm_core.charts.shapes.svg import element
from lstm_core.charts.shapes.truncation import reach as reach_drawn
from lstm_core.i18n import gettext as _
from lstm_core.inside.tensor_shapes import PIECE, READ, reach
from lstm_core.presets import PRESETS
from lstm_core.spec import ModelSpec
from lstm_core.ui.shared import side_by_side
from lstm_core.ui.widgets.drawing import drawing


def learned() -> None:
    """Let the task of S5 be learned both ways, side by side."""
    st.markdown(_("**Does it matter?** Sine to cosine, learned with pieces of 20 steps and the state handed on, and "
                  "with windows of 200 steps through which the gradient goes all the way. Both see 50 sequences in an "
                  "update."))
    side_by_side.show("cut", {_("cut every 20 steps"): PRESETS["s5"].spec,
                              _("200 steps, not cut"): PRESETS["s5_full"].spec},
                      unit=_("mean squared error, scaled"))


def cut(model: ModelSpec) -> None:
    """Show how far the loss of the last step reaches, in the whole sequence and in the cut one."""
    whole, short = reach(model.cell)
    steps = len(READ)
    st.markdown(_("A small {cell} network with fixed weights reads six numbers; $L_6$ is its squared error after the "
                  "last. Light blue arrows hand the state on, green arrows carry the gradient back (the thicker, the "
                  "more of it), and the bars show how much $L_6$ would change with each input: "
                  "$|\\partial L_6 / \\partial x_t|$.").format(cell=_(model.cell_type.name)))
    largest, strongest = float(whole.inputs.max()), float(whole.states.max())
    titles = (_("Full back-propagation through time"), _("Truncated after {piece} steps").format(piece=PIECE))
    drawing(element("div", "cards wide-cards", *(
        element("figure", "card", reach_drawn(found, cut=found is short, largest=largest, strongest=strongest),
                element("figcaption", "", element("b", "", title)))
        for found, title in zip((whole, short), titles, strict=True))), key="drawn_cut")
    st.markdown(_("Forwards nothing is different: the second piece starts from the state in which the first ended, so "
                  "both predict {prediction:.3f} and have the loss {loss:.3f}. Backwards the cut one stops there. For "
                  "inputs 1 to {piece} its gradient is exactly 0, where the full one still has {lost:.0%} of its sum: "
                  "what they contributed is used, but not learned from. That is the price for memory and time that do "
                  "not grow with the length of the sequence.").format(
        prediction=short.prediction, loss=short.loss, piece=PIECE,
        lost=float(whole.inputs[:PIECE].sum() / whole.inputs.sum())))
    st.markdown(_("In this lab a window is one piece: gradients reach back to its start. *Carry the state* on the page "
                  "Train hands the state from window to window as in the cut picture. With {steps} steps in a window "
                  "instead of {piece}, nothing would be cut here.").format(steps=steps, piece=PIECE))
    learned()
