"""What the pages say of each cell: a new cell needs its sentences here, and their translations."""

from __future__ import annotations

from dataclasses import dataclass

from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_


@dataclass(frozen=True, kw_only=True)
class CellText:
    """The sentences about one cell, in English."""

    full: str               # its name where there is room
    story: str              # what happens in it; the browser fills in shares of gates and values of states
    reading: str            # what a picture of its gates shows while it reads a text
    carried: str = ""       # what happens to a gradient on the way along its memory


CELL_TEXT: dict[str, CellText] = {
    "rnn": CellText(
        full=N_("Plain RNN"),
        story=N_("Unit {unit}: input and past are added up, and their tanh is the new hidden state: h = {h}."),
        reading=N_("A plain RNN has no gates: every word is mixed into the whole hidden state.")),
    "gru": CellText(
        full=N_("GRU"),
        story=N_("Unit {unit}: the reset gate lets {r} of the past into the candidate {n}. The update gate keeps {z} "
                 "of the hidden state {h0} and takes {1z} of the candidate: h = {h}."),
        reading=N_("Gates are means over the units of the layer that reads the words. An update gate near 1 keeps "
                   "what was there and takes little of the word."),
        carried=N_("The update gates z of the steps between multiply to **{kept}** (geometric mean over the "
                   "units), in the unit that keeps most to **{longest}**: on the way along the state itself "
                   "that is all that happens to a gradient.")),
    "lstm": CellText(
        full="LSTM",
        story=N_("Unit {unit}: the forget gate keeps {f} of the cell state {c0}, the input gate lets in {i} of the "
                 "candidate {g}; the new cell state is {c}. The output gate lets out {o} of its tanh: h = {h}."),
        reading=N_("Gates are means over the units of the layer that reads the words. The last column says which "
                   "share of what the cell holds at the end was written at this word."),
        carried=N_("The forget gates of the steps between multiply to **{kept}** (geometric mean over the "
                   "units), in the unit that keeps most to **{longest}**: on the way along the cell state that "
                   "is all that happens to a gradient.")),
    "lstm97": CellText(
        full=N_("LSTM of 1997, without a forget gate"),
        story=N_("Unit {unit}: the cell state {c0} is carried on as it is, and the input gate lets in {i} of the "
                 "candidate {g}; the new cell state is {c}. The output gate lets out {o} of its tanh: h = {h}."),
        reading=N_("Gates are means over the units of the layer that reads the words. Nothing is forgotten here: the "
                   "last column says which share of what the cell holds at the end was written at this word."),
        carried=N_("There is no forget gate: along the cell state a gradient is multiplied by exactly **1** at every "
                   "step. That was the idea of the first LSTM, its constant error carousel.")),
}


def full_name(cell: str) -> str:
    """Return what a cell is called where there is room, in the language now in use."""
    return _(CELL_TEXT[cell].full)


def story(cell: str) -> str:
    """Return the sentence that says what happens in a cell; the browser fills in shares and values."""
    return _(CELL_TEXT[cell].story)
