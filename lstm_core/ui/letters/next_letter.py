"""A person types letters, chooses a moment of the training, and the network names the next one."""

from __future__ import annotations

from itertools import cycle, islice

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.data import Dataset
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.inside import generation
from lstm_core.running.run_view import RunView
from lstm_core.spec import Letters, Split
from lstm_core.ui.letters import keys
from lstm_core.ui.letters.moment import LettersQuery, Moment, choose_moment, live, numbered, quoted
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure

LONGEST = 200               # letters that a person may type
_TYPED = {"↵": "\n", "⇥": "\t"}     # what stands for letters that cannot be typed into one line


def ask(view: RunView) -> LettersQuery:
    """Let the person type letters and choose a moment, and show which letter the network names next."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        text = _typed(view)
    with right:
        asked = LettersQuery(view.id, choose_moment(view), text)
    if len(text):
        live(_next, asked, "next_live", speaks=True)
    return asked


def _typed(view: RunView) -> np.ndarray:
    """Let the person type letters; a sentence says which of them the network does not know."""
    data = session.prepared(view.spec.data, view.spec.model.output)
    assert isinstance(view.spec.data, Letters)
    begin = "".join(islice(cycle(view.spec.data.text), min(view.spec.data.steps, LONGEST)))
    for sign, letter in _TYPED.items():
        begin = begin.replace(letter, sign)
    before = st.session_state.get(keys.TYPED, "")
    if st.session_state.get(keys.TYPED_OF) != view.id:
        st.session_state[keys.TYPED_OF] = view.id
        if not before or _strange(before, data):
            st.session_state[keys.TYPED] = begin
    typed = st.text_input(_("Letters to read"), key=keys.TYPED, max_chars=LONGEST, persist_state="session",
                          help=_("As many as you like; the network reads them from left to right."))
    known = " ".join(quoted(letter) for letter in data.alphabet)
    if typed and not (strange := _strange(typed, data)):
        return numbered(_meant(typed, data), data)
    if typed:
        st.warning(_("The network knows the letters {known}; it has never seen {strange}. Take those out, or train it "
                     "on a text that has them.").format(known=known, strange=strange))
    else:
        st.warning(_("The network needs at least one letter to read. It knows the letters {known}.").format(
            known=known))
    st.button(_("Back to {letters}").format(letters=quoted(begin)), key="typed_again", icon=":material/undo:",
              on_click=lambda: st.session_state.update({keys.TYPED: begin}))
    return np.empty(0, dtype=np.int64)


def _meant(typed: str, data: Dataset) -> str:
    """Return what was typed with line ends and tabs in place of the signs that stand for them."""
    for sign, letter in _TYPED.items():
        if letter in data.alphabet and sign not in data.alphabet:
            typed = typed.replace(sign, letter)
    return typed


def _strange(typed: str, data: Dataset) -> str:
    """Return the letters that the network does not know, as they can stand in a sentence."""
    strange = dict.fromkeys(letter for letter in _meant(typed, data) if letter not in data.alphabet)
    return " ".join(quoted(letter) for letter in strange)


def _next(moment: Moment) -> None:
    """Draw the probability of every letter to come next, and say the likeliest in words."""
    text, letters, alphabet = moment.text, moment.letters, moment.data.alphabet
    probabilities = generation.next_letter(moment.model, moment.weights, text)
    ending = text[-min(len(text), letters.steps):]
    counts = generation.next_symbol_counts(moment.source, ending[:-1], len(alphabet), cycle=letters.cycle)[ending[-1]]
    likeliest = int(probabilities.argmax())
    said = _("After **{read}** the network names **{letter}**, with a probability of {share:.1%}.").format(
        read=quoted(moment.word(text[-20:])), letter=quoted(alphabet[likeliest]), share=probabilities[likeliest])
    st.markdown(f"{said}  \n{_truth(moment, ending, counts)}")
    figure = charts.next_letter(probabilities, alphabet, shares=counts / counts.sum() if counts.any() else None)
    figure.update_layout(uirevision=moment.view.id)
    live_figure(figure, key="next", height=300, alt=said.replace("**", ""))
    for remark in (_share_right(moment), _length(moment)):
        if remark:
            st.caption(remark)


def _truth(moment: Moment, ending: np.ndarray, counts: np.ndarray) -> str:
    """Return what the text itself has after these letters."""
    read = quoted(moment.word(ending))
    if not counts.any():
        return _("In the text {read} never occurs with a letter after it, so there is no right answer.").format(
            read=read)
    most = np.argsort(-counts, kind="stable")[:3]
    listed = listing(f"{quoted(moment.data.alphabet[letter])} {counts[letter] / counts.sum():.0%}"
                       for letter in most if counts[letter])
    return _("In the text {read} is followed by {listed}.").format(read=read, listed=listed)


def _share_right(moment: Moment) -> str:
    """Return how often the network named the right letter when it was last measured, beside the naive guess."""
    measured = [entry for entry in moment.view.evaluations if entry["update"] <= moment.update]
    split: Split = "validation" if len(moment.data.sample_ids["validation"]) else "train"
    if not measured:
        return ""
    sentence = _("After {update} updates {share:.1%} of the letters of the validation part are named right; naive, "
                 "always the most frequent letter: {naive:.1%}.") if split == "validation" else _(
        "After {update} updates {share:.1%} of the letters of the training part are named right; naive, always the "
        "most frequent letter: {naive:.1%}.")
    return sentence.format(update=int(measured[-1]["update"]), share=float(measured[-1]["score"]),
                           naive=moment.data.naive_error(split))


def _length(moment: Moment) -> str:
    """Return what there is to say of a text whose length the network has not practised."""
    steps, count = moment.letters.steps, len(moment.text)
    practised = count <= steps if moment.model.output == "every" else count == steps
    if practised or moment.view.spec.train.stateful != "off":
        return ""
    return _("It was trained on windows of length {steps}; this text has length {count}. A recurrent network reads any "
             "length, but one that it has not practised may lead it astray.").format(steps=steps, count=count)
