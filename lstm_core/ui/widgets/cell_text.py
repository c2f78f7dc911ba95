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
    parts: dict[str, str]   # what each gate and state is for
    carried: str = ""       # what happens to a gradient on the way along its memory


_LSTM_PARTS = {
    "i": N_("It lets the candidate into the cell state: 1 all of it, 0 nothing."),
    "g": N_("It is what could be added to the cell state, from -1 to 1."),
    "o": N_("It lets the cell state out as hidden state: 1 all of it, 0 nothing."),
    "h": N_("It is what this unit tells the next step, and the layer above: the output gate times the tanh of the cell "
            "state."),
}


CELL_TEXT: dict[str, CellText] = {
    "rnn": CellText(
        full=N_("Plain RNN"),
        story=N_("Unit {unit}: input and past are added up, and their tanh is the new hidden state: h = {h}."),
        reading=N_("A plain RNN has no gates: every word is mixed into the whole hidden state."),
        parts={"h": N_("It is the memory, and what this unit says: the tanh of input and past added up.")}),
    "gru": CellText(
        full=N_("GRU"),
        story=N_("Unit {unit}: the reset gate lets {r} of the past into the candidate {n}. The update gate keeps {z} "
                 "of the hidden state {h0} and takes {1z} of the candidate: h = {h}."),
        reading=N_("Gates are means over the units of the layer that reads the words. An update gate near 1 keeps "
                   "what was there and takes little of the word."),
        parts={"r": N_("It lets the past into the candidate: 1 all of it, 0 nothing."),
               "z": N_("It keeps the hidden state: 1 all of it as it was, 0 nothing, so that the candidate takes its "
                       "place."),
               "n": N_("It is what could take the place of the hidden state, from -1 to 1."),
               "h": N_("It is the memory, and what this unit says: a mix of what it was before and the candidate.")},
        carried=N_("The update gates z of the steps between multiply to **{kept}** (geometric mean over the "
                   "units), in the unit that keeps most to **{longest}**: on the way along the state itself "
                   "that is all that happens to a gradient.")),
    "lstm": CellText(
        full="LSTM",
        story=N_("Unit {unit}: the forget gate keeps {f} of the cell state {c0}, the input gate lets in {i} of the "
                 "candidate {g}; the new cell state is {c}. The output gate lets out {o} of its tanh: h = {h}."),
        reading=N_("Gates are means over the units of the layer that reads the words. The last column says which "
                   "share of what the cell holds at the end was written at this word."),
        parts=_LSTM_PARTS | {
            "f": N_("It keeps the cell state: 1 all of it, 0 nothing."),
            "c": N_("It is the memory: what the forget gate kept of it, and what the input gate has let in.")},
        carried=N_("The forget gates of the steps between multiply to **{kept}** (geometric mean over the "
                   "units), in the unit that keeps most to **{longest}**: on the way along the cell state that "
                   "is all that happens to a gradient.")),
    "lstm97": CellText(
        full=N_("LSTM of 1997, without a forget gate"),
        story=N_("Unit {unit}: the cell state {c0} is carried on as it is, and the input gate lets in {i} of the "
                 "candidate {g}; the new cell state is {c}. The output gate lets out {o} of its tanh: h = {h}."),
        reading=N_("Gates are means over the units of the layer that reads the words. Nothing is forgotten here: the "
                   "last column says which share of what the cell holds at the end was written at this word."),
        parts=_LSTM_PARTS | {"c": N_("It is the memory: all of it stays, and what the input gate lets in is added.")},
        carried=N_("There is no forget gate: along the cell state a gradient is multiplied by exactly **1** at every "
                   "step. That was the idea of the first LSTM, its constant error carousel.")),
}


def full_name(cell: str) -> str:
    """Return what a cell is called where there is room, in the language now in use."""
    return _(CELL_TEXT[cell].full)


def story(cell: str) -> str:
    """Return the sentence that says what happens in a cell; the browser fills in shares and values."""
    return _(CELL_TEXT[cell].story)


def part_texts(cell: str) -> dict[str, str]:
    """Return for each gate and state of a cell one sentence that says what it is for."""
    return {name: _(sentence) for name, sentence in CELL_TEXT[cell].parts.items()}
