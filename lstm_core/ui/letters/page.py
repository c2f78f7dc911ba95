"""Letters: a person types some, chooses a moment of the training, and the network names the next one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.data import Dataset
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.inside import generation
from lstm_core.records import Weights
from lstm_core.running.run_view import RunView
from lstm_core.spec import Letters, ModelSpec, Numerals, Split, TaskSpec
from lstm_core.ui.base.server import example, lab
from lstm_core.ui.shared import query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.text import escape_markdown, localized

INTERVAL = 0.4              # seconds between two pictures of a run that trains
LONGEST = 200               # letters that a person may type
PRESETS = ("s4a", "s4b", "s4c", "s5_numerals_en", "s5_numerals_zh")
_TYPED = {"↵": "\n", "⇥": "\t"}     # what stands for letters that cannot be typed into one line


@dataclass(frozen=True, eq=False)
class LettersQuery:
    """What the person wants to see of a run."""

    run: str
    update: int | None          # moment of the training; None: the newest, while the run trains
    text: np.ndarray            # (T,) the letters typed, by number; empty when they cannot be read


@dataclass(frozen=True, eq=False)
class Moment:
    """A network at a moment of its training."""

    view: RunView
    data: Dataset
    update: int                 # updates done
    text: np.ndarray            # (T,) the letters typed

    @property
    def letters(self) -> Letters:
        """Return where the letters come from."""
        assert isinstance(self.view.spec.data, Letters)
        return self.view.spec.data

    @property
    def model(self) -> ModelSpec:
        """Return the network."""
        return self.view.spec.model

    @cached_property
    def weights(self) -> Weights:
        """Return its weights at this moment."""
        return lab().snapshot(self.view.id, self.update).weights

    @cached_property
    def source(self) -> np.ndarray:
        """Return the text that is learned, (N,) by number."""
        return numbered(self.letters.text, self.data)

    def word(self, letters: np.ndarray) -> str:
        """Return letters by number as text."""
        return "".join(self.data.alphabet[letter] for letter in letters)


def numbered(text: str, data: Dataset) -> np.ndarray:
    """Return a text of known letters by number."""
    place = {letter: number for number, letter in enumerate(data.alphabet)}
    return np.array([place[letter] for letter in text], dtype=np.int64)


def quoted(text: str) -> str:
    """Return letters as they can stand in a sentence: blanks can be seen, and nothing is taken for Markdown."""
    return escape_markdown("".join(charts.visible(letter) for letter in text))


# -- the run -----------------------------------------------------------------------------------------------


def chosen() -> RunView:
    """Return the run this session looks at if it reads letters or numbers, else the example."""
    view = session.run("letters")
    if isinstance(view.spec.data, Letters | Numerals):
        return view
    if isinstance(view.spec.data, TaskSpec):
        st.info(_("The run you look at has a memory task: {task}. What it says, symbol by symbol, stands on the page "
                  "Predict.").format(task=option_label(view.spec.data.source)), icon=":material/query_stats:")
        st.page_link("predict.py", label=_("To its answers"), icon=":material/arrow_forward:",
                     query_params=session.address())
    return lab().view(example("letters"))


def introduce(view: RunView) -> None:
    """Say that this is an example, where it is one, and how to get a network of one's own."""
    if session.is_example(view):
        st.info(_("This is a finished example. Train a network on letters or on numbers, and it is shown here:"),
                icon=":material/school:")
        _ways_on()


def nothing_yet(view: RunView) -> None:
    """Say that a run has no moment to look at, and what to do."""
    if view.active:
        st.info(_("This run has only just begun: there is no network to ask yet."), icon=":material/hourglass_empty:")
    else:
        st.info(_("Nothing is recorded of this run, so there is no network to ask. Train it on the page Train, or "
                  "begin with one of these:"), icon=":material/hourglass_empty:")
        _ways_on()


def refused(refusal: Refusal) -> None:
    """Say why a run cannot be asked, and what to do."""
    st.warning(localized(refusal))
    _ways_on()


def _ways_on() -> None:
    names = {"s4a": _("Letters, one-hot"), "s4b": _("Letters, embedded"), "s4c": _("Three letters"),
             "s5_numerals_en": _("Numbers in English words"), "s5_numerals_zh": _("Numbers in Chinese")}
    with st.container(horizontal=True):
        for name in PRESETS:
            st.page_link("train.py", label=names[name], icon=":material/model_training:",
                         query_params={"preset": name, "lang": st.session_state["lang"]})


def choose_moment(view: RunView) -> int | None:
    """Let the person choose a moment of the training; None while the run trains: the newest."""
    if view.active:
        st.caption(_("It is being trained: the newest moment is shown. Once it rests you can go back to any moment."))
        return None
    return query.choose_moment(view)


def live(picture: Callable[[Moment], None], asked: LettersQuery, key: str, *, speaks: bool) -> None:
    """Draw a picture of what is asked for; of a run that trains, again and again.

    A network that has diverged has nothing to show; one of several pictures ``speaks`` of it.
    """
    every = INTERVAL if asked.update is None else None
    st.fragment(_draw, run_every=every, key=key)(picture, asked, speaks)


def _draw(picture: Callable[[Moment], None], asked: LettersQuery, speaks: bool) -> None:
    try:
        view = lab().view(asked.run)
        update = int(view.snapshots[-1]) if asked.update is None else asked.update
        moment = Moment(view, session.prepared(view.spec.data, view.spec.model.output), update, asked.text)
        finite = all(np.isfinite(values).all() for values in moment.weights.values())
    except Refusal as refusal:
        if speaks:
            refused(refusal)
        return
    if finite:
        picture(moment)
    elif speaks:
        st.warning(_("At this moment the network gives no probabilities: its training diverged. Choose an earlier "
                     "moment, or train it again with a smaller learning rate."))
    if asked.update is None and not view.active:
        st.rerun()


# -- the next letter ---------------------------------------------------------------------------------------


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
    before = st.session_state.get("typed", "")
    if st.session_state.get("typed_of") != view.id:
        st.session_state["typed_of"] = view.id
        if not before or _strange(before, data):
            st.session_state["typed"] = begin
    typed = st.text_input(_("Letters to read"), key="typed", max_chars=LONGEST, persist_state="session",
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
              on_click=lambda: st.session_state.update(typed=begin))
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
    listed = ", ".join(f"{quoted(moment.data.alphabet[letter])} {counts[letter] / counts.sum():.0%}"
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
