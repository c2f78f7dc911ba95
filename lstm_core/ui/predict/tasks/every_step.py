"""Predict, for the memory tasks that ask for the next symbol at every step: Reber strings and brackets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from lstm_core.charts.tasks import sequences as drawn
from lstm_core.charts.tasks.reber import automaton, ways_out
from lstm_core.charts.tasks.strings import Kind, string
from lstm_core.data import Generated
from lstm_core.data.tasks import scoring
from lstm_core.data.tasks.grammars import CLOSING, OPENING, REBER, balance, walked
from lstm_core.data.tasks.sequences import Made
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, sentences
from lstm_core.inside.counting_unit import CountingUnit, follower, memory
from lstm_core.records import GateTrace
from lstm_core.spec.io import IGNORED
from lstm_core.ui.predict import keys
from lstm_core.ui.shared.query import PredictQuery, read
from lstm_core.ui.widgets.drawing import drawing
from lstm_core.ui.widgets.live_figure import live_figure

HEIGHT = 330            # pixels of the bars
STATES = 430            # pixels of the states


@dataclass(frozen=True, eq=False)
class Read:
    """A string as a network has read it, T steps."""

    x: np.ndarray               # (T,) the symbols
    names: tuple[str, ...]      # (K,) of the alphabet
    permitted: np.ndarray       # (T, K) bool: what may come next; nothing where nothing is asked
    following: np.ndarray       # (T,) what comes next; IGNORED where nothing is asked
    trace: GateTrace
    probabilities: np.ndarray   # (T, K)

    @property
    def asked(self) -> np.ndarray:
        """Mark the steps at which the next symbol is asked for: (T,) bool."""
        marked: np.ndarray = self.following != IGNORED
        return marked

    @property
    def right(self) -> np.ndarray:
        """Mark the steps at which every permitted symbol stands above all others: (T,) bool."""
        return scoring.steps_right(self.probabilities, self.permitted)

    @property
    def symbols(self) -> list[str]:
        """Return the symbols that were read, (T,)."""
        return [self.names[symbol] for symbol in self.x]


def reading(asked: PredictQuery, made: Made) -> Read:
    """Let the network read a single string."""
    assert made.permitted is not None
    x = made.x[0]
    return Read(x, asked.data.alphabet, made.permitted[0], made.y[0], *read(asked, x))


def reber(asked: PredictQuery, end: int) -> None:
    """Show a string of the embedded Reber grammar, and where its automaton stands after each letter."""
    assert isinstance(asked.data, Generated)
    found = reading(asked, asked.data.made(np.array([end])))
    told(found)
    step = choose_step(found, len(found.x) - 1)
    state = int(walked(found.x)[step])
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        drawing(automaton(state), key="automaton")
    with right:
        bars(found, step)
    letters = " ".join(dict.fromkeys(arrow.letter for arrow in ways_out(state)))
    st.caption(_("After {read} the automaton is in state {state}; from there {letters} may come. The second letter, "
                 "{second}, must be named again {gap} steps later, as the last but one. In between the automaton "
                 "makes the same moves on both sides.").format(
        read="".join(found.symbols[max(0, step - 12):step]), state=state, letters=letters,
        second=REBER[found.x[1]], gap=len(found.x) - 2))


def brackets(asked: PredictQuery, end: int) -> None:
    """Show a string of brackets, how deep they are nested, and the units that follow the depth."""
    assert isinstance(asked.data, Generated)
    found = reading(asked, asked.data.made(np.array([end])))
    told(found)
    step = choose_step(found, len(found.x))
    depth = balance(found.x, OPENING, CLOSING)
    left, right = st.columns([3, 2])
    with left:
        leader = states(found, depth, step, counted=_("open"), key="sequence")
    with right:
        bars(found, step)
    st.caption(sentences(follows(asked, leader, what=_("the depth")), _(
        "The depth alone is not enough: which bracket may be closed depends on the kind of each that is open.")))


# -- shared with counting ----------------------------------------------------------------------------------


def told(found: Read) -> None:
    """Say whether the string is predicted right, and show it with each step marked."""
    asked, wrong = int(found.asked.sum()), np.flatnonzero(~found.right)
    if len(wrong):
        words = ":material/cancel: " + _("Wrong at {wrong} of {count} steps, first after step {first}.").format(
            wrong=len(wrong), count=asked, first=int(wrong[0]) + 1)
    else:
        words = ":material/check_circle: " + _("The whole string is right: at all {count} steps every permitted symbol "
                                               "has a higher probability than every other one.").format(count=asked)
    st.markdown(words)


def choose_step(found: Read, begin: int) -> int:
    """Let the person choose how far the string is read, from 1 to T, at first ``begin``; show it with that step."""
    count = len(found.x)
    if st.session_state.get(keys.STRING_OF) != found.symbols:
        st.session_state[keys.STRING_OF], st.session_state[keys.STRING_STEP] = found.symbols, begin
    kinds: list[Kind] = ["open" if not asked else "right" if right else "wrong"
                         for asked, right in zip(found.asked, found.right, strict=True)]
    place = st.container()
    step = int(st.slider(_("Symbols read"), 1, count, key=keys.STRING_STEP))
    with place:
        drawing(string(found.symbols, kinds, _("The string {symbols}, read up to step {step}.").format(
            symbols="".join(found.symbols), step=step), now=step), key="string_read")
        st.caption(_("Underlined: what follows is predicted right there. Doubly underlined: wrong. Grey: nothing is "
                     "asked there.") if not found.asked.all() else
                   _("Underlined: what follows is predicted right there. Doubly underlined: wrong."))
    return step


def bars(found: Read, step: int) -> None:
    """Show what the network expects after a step beside what is permitted."""
    at = step - 1
    asked, expected = bool(found.asked[at]), found.probabilities[at]
    permitted = [name for name, may in zip(found.names, found.permitted[at], strict=True) if may]
    live_figure(
        drawn.next_symbols(expected, found.names, found.permitted[at], right=bool(found.right[at]) if asked else None,
                           following=int(found.following[at]) if asked else None),
        key="next_symbols", height=HEIGHT,
        alt=_("After step {step} may come {permitted}; the network holds {named} likeliest, with {share:.1%}.").format(
            step=step, permitted=listing(permitted) or "–", named=found.names[int(expected.argmax())],
            share=float(expected.max())))


def states(found: Read, count: np.ndarray, step: int, *, counted: str, key: str) -> CountingUnit:
    """Show what is counted and the states of the layer with the unit that goes along with it most; return that unit."""
    leader = follower(found.trace, count)
    layer = found.trace.layers[leader.layer]
    live_figure(
        drawn.followed(found.symbols, count, memory(layer)[0], unit=leader.unit, state="h" if layer.c is None else "c",
                       counted=counted, step=step),
        key=key, height=STATES,
        alt=_("What is counted, and the states of {units} units; unit {unit} has a correlation of {correlation:+.3f} "
              "with it.").format(units=layer.h.shape[1], unit=leader.unit + 1, correlation=leader.correlation))
    return leader


def follows(asked: PredictQuery, leader: CountingUnit, *, what: str) -> str:
    """Say which unit goes along with a count, how closely, and by how much its state moves."""
    place = _("Unit {unit} of layer {layer}").format(unit=leader.unit + 1, layer=leader.layer + 1) if len(
        asked.spec.model.layers) > 1 else _("Unit {unit}").format(unit=leader.unit + 1)
    sentence = _("{unit} goes along with {what} most: correlation {correlation:+.3f}; its state moves by {up:+.3f} "
                 "where that rises and by {down:+.3f} where it falls, in the mean.") if leader.correlation >= 0 else _(
        "{unit} goes along with {what} most, the other way round: correlation {correlation:+.3f}; its state moves by "
        "{up:+.3f} where that rises and by {down:+.3f} where it falls, in the mean.")
    return sentence.format(unit=place, what=what, correlation=leader.correlation, up=leader.up, down=leader.down)
