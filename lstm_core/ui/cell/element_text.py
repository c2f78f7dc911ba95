"""What every drawn thing of the cell says of itself: a name, and a sentence or two with its numbers.

In a sentence ``{f}`` stands for the value of a quantity that the browser fills in, a gate as a share. The quantities
are those of ``static/cell/shapes.js``: ``fc`` is f · c(t−1), ``ig`` is i · g, ``tc`` is tanh c(t), ``1z`` is 1 − z,
``zh`` is z · h(t−1), ``zn`` is (1 − z) · n; a 0 behind a state means the one before the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lstm_core.charts import heading
from lstm_core.i18n import gettext as _
from lstm_core.i18n import gettext_noop as N_
from lstm_core.i18n import sentences
from lstm_core.inside.equation_steps import StepKind, equation_steps
from lstm_core.spec.cell_types import CellType
from lstm_core.ui.widgets.cell_text import part_texts

Said = tuple[str, str]
"""A name and a sentence, in English."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is lit in the drawing, and which of its things speak, while a step of an equation is told."""

    lit: tuple[str, ...]
    says: tuple[str, ...]


_EVERYWHERE: dict[str, Said] = {
    "x": (N_("Input x(t)"), N_("What the layer reads at this time step.")),
    "h0": (N_("Old hidden state h(t−1)"), N_("What this unit said one step earlier. The gates of all units read it.")),
}
_LSTM: dict[str, Said] = {
    "c0": (N_("Old cell state c(t−1)"), N_("What the memory of this unit holds as the step begins.")),
    "ig": (N_("Written: i · g"), N_("The input gate lets {i} of the candidate {g} into the cell state.")),
    "tc": (N_("tanh c(t)"), N_("The tanh brings the cell state {c} to between -1 and 1.")),
    "×i": (N_("Input gate times candidate"), N_("{i} of {g} is {ig}: that is written.")),
    "×o": (N_("Output gate times tanh of the cell state"), N_("{o} of {tc} is shown to the outside: h = {h}.")),
    "tanh": ("tanh", N_("It brings the cell state {c} to between -1 and 1: {tc}.")),
}
_ELEMENTS: dict[str, dict[str, Said]] = {
    "rnn": _EVERYWHERE,
    "gru": _EVERYWHERE | {
        "h0": (N_("Old hidden state h(t−1)"), N_("The memory as the step before has left it. The gates of all units "
                                                 "read it.")),
        "zh": (N_("Kept: z · h(t−1)"), N_("The update gate keeps {z} of the old hidden state {h0}.")),
        "1z": (N_("What is not kept: 1 − z"), N_("The update gate keeps {z}; {1z} is left for the candidate.")),
        "zn": (N_("Written: (1 − z) · n"), N_("{1z} of the candidate {n} is written.")),
        "u": (N_("Recurrent part u"), N_("What the old hidden states say to the candidate. The reset gate lets {r} of "
                                         "it through.")),
        "×z": (N_("Update gate times old hidden state"), N_("{z} of {h0} is {zh}: that is kept.")),
        "×1z": (N_("What is not kept, times candidate"), N_("{1z} of {n} is {zn}: that is written.")),
        "×r": (N_("Reset gate times recurrent part"), N_("The candidate sees {r} of what the past says.")),
        "+": (N_("Plus"), N_("Kept {zh} and written {zn} are added up: h = {h}.")),
        "1 −": ("1 −", N_("It turns what is kept, {z}, into what is left for the candidate: {1z}.")),
    },
    "lstm": _EVERYWHERE | _LSTM | {
        "fc": (N_("Kept: f · c(t−1)"), N_("The forget gate keeps {f} of the old cell state {c0}.")),
        "×f": (N_("Forget gate times old cell state"), N_("{f} of {c0} is {fc}: that is kept.")),
        "+": (N_("Plus"), N_("Kept {fc} and written {ig} are added up: c = {c}.")),
    },
    "lstm97": _EVERYWHERE | _LSTM | {
        "c0": (N_("Old cell state c(t−1)"), N_("The memory of this unit is carried on whole: nothing is forgotten.")),
        "+": (N_("Plus"), N_("The old {c0} and written {ig} are added up: c = {c}.")),
    },
}

_STATES: dict[str, dict[StepKind, Told]] = {
    "rnn": {},
    "gru": {"keep": Told(lit=("h0", "z", "×z", "zh"), says=("zh",)),
            "write": Told(lit=("1z", "n", "×1z", "zn", "+", "h"), says=("zn", "+"))},
    "lstm": {"keep": Told(lit=("c0", "f", "×f", "fc"), says=("fc",)),
             "write": Told(lit=("i", "g", "×i", "ig", "+", "c"), says=("ig", "+")),
             "show": Told(lit=("o", "tc", "×o", "h"), says=("tc", "×o"))},
    "lstm97": {"keep": Told(lit=("c0",), says=("c0",)),
               "write": Told(lit=("i", "g", "×i", "ig", "+", "c"), says=("ig", "+")),
               "show": Told(lit=("o", "tc", "×o", "h"), says=("tc", "×o"))},
}
"""What a step says of a state; those of a gate follow from the gate."""


def element_texts(cell: CellType, key: str) -> dict[str, list[str]]:
    """Return for everything in the drawing of a cell its name and what it says of itself, in the language in use."""
    said = {name: [_(title), _(sentence)] for name, (title, sentence) in _ELEMENTS[key].items()}
    said |= {name: [heading(name), sentence] for name, sentence in part_texts(key).items()}
    comes = _("From the sum comes {value}.")
    said |= {f"in-{gate}": [_("On the way to: {gate}").format(gate=heading(gate)),
                            sentences(_weighed(), comes.replace("{value}", f"{{{gate}}}"))] for gate in cell.gates}
    return said | {"frame": [_("{cell} cell").format(cell=_(cell.name)), _(
        "What happens for unit {unit} at one time step. From the left comes what the step before has handed on; to the "
        "right goes what the next one gets.")]}


def _weighed() -> str:
    return _("Each input and each old hidden state is multiplied by a weight of its own; all are added up, with the "
             "bias.")


def told_steps(cell: CellType, key: str) -> list[dict[str, Any]]:
    """Return what happens in the cell one thing at a time: of what kind it is, what it lights, and what it says."""
    said, parts = element_texts(cell, key), part_texts(key)
    squashed = {"sigmoid": _("σ makes of the sum a number between 0 and 1."),
                "tanh": _("tanh makes of the sum a number between -1 and 1.")}
    found = []
    lit: tuple[str, ...]
    for step in equation_steps(cell):
        if step.kind == "sum":
            lit = ("h0", "u") if step.name == "u" else ("x", "h0", f"in-{step.name}")
            text = said["u"][1] if step.name == "u" else _weighed()
        elif step.kind == "squash":
            lit, text = (step.name,), sentences(squashed[cell.gates[step.name]], parts[step.name])
        else:
            state = _STATES[key][step.kind]
            lit, text = state.lit, sentences(*(said[name][1] for name in state.says))
        found.append({"kind": step.kind, "name": step.name, "term": step.term, "lit": lit, "text": text})
    return found


def step_titles() -> dict[str, str]:
    """Return what each kind of step is called."""
    return {"sum": _("Sum"), "squash": _("Squash"), "keep": _("Keep"), "write": _("Write"), "show": _("Show")}
