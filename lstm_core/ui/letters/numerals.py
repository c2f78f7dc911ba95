"""Numbers in words: an encoder reads the digits, a decoder says the number, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.charts.forecast import part_name
from lstm_core.data import Dataset
from lstm_core.data.sources.numerals import END
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.inside import generation
from lstm_core.records import Weights
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS, Numerals, RunSpec, Split
from lstm_core.spec.io import IGNORED
from lstm_core.ui.base.server import lab
from lstm_core.ui.letters import keys
from lstm_core.ui.letters.moment import LettersQuery, Moment, choose_moment, live
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.text import localized

ROWS = 14               # signs in the picture: the right ones, and those that become likeliest at some step
HEIGHT = 400            # pixels of the picture, whatever the number of its signs
WATCHED = 50            # numbers of each part that are asked again and again while the network trains
WRONG = 30              # wrong answers that are listed


def show(view: RunView) -> None:
    """Let the person type a number, show how the network says it, and how many it says right."""
    numerals = view.spec.data
    assert isinstance(numerals, Numerals)
    data = session.prepared(numerals, view.spec.model.output)
    left, right = st.columns([2, 3], gap="medium")
    with left:
        number = _typed(data, numerals)
    with right:
        asked = LettersQuery(view.id, choose_moment(view), np.empty(0, dtype=np.int64))
    if number is not None:
        live(lambda moment: _said(moment, number), asked, "said_live", speaks=True)
    st.subheader(_("Said right, of the numbers it was not trained on"), anchor=False)
    live(_exact, asked, "exact_live", speaks=number is None)


def _typed(data: Dataset, numerals: Numerals) -> int | None:
    """Let the person type a number; a sentence says when the network cannot read it."""
    held_out = data.sample_ids["test"] if len(data.sample_ids["test"]) else data.sample_ids["train"]
    if st.session_state.get(keys.NUMBER) is None:
        st.session_state[keys.NUMBER] = str(held_out[0])
    typed = st.text_input(_("A whole number"), key=keys.NUMBER, max_chars=20, persist_state="session",
                          help=_("From 0 to {largest}, in digits.").format(largest=numerals.largest)).strip()
    if typed.isdecimal() and int(typed) <= numerals.largest:
        return int(typed)
    st.warning(localized(Refusal("The network knows the whole numbers from 0 to {largest}, written in digits; received "
                                 "{received!r}.", largest=numerals.largest, received=typed)))
    st.button(_("Back to {number}").format(number=held_out[0]), key="number_again", icon=":material/undo:",
              on_click=lambda: st.session_state.update({keys.NUMBER: str(held_out[0])}))
    return None


# -- one number --------------------------------------------------------------------------------------------


def _said(moment: Moment, number: int) -> None:
    """Show the steps of the decoder for one number, with its own words read and with the right ones."""
    data = moment.data
    question, truth = data.x(np.array([number]))[:, :data.encoder_steps], _truth(data, number)
    free = generation.answer(moment.model, moment.weights, question, END)
    forced = generation.answer(moment.model, moment.weights, question, END, np.array([truth]))
    said = generation.answers(moment.model, moment.weights, question, END)[0]
    words, right = _words(moment, said), _words(moment, truth)
    split = next(split for split in SPLITS if number in data.sample_ids[split])
    if said == truth:
        st.success(_("{number} → **{words}**. That is right. The number is from the {part}.").format(
            number=number, words=words, part=part_name(split)), icon=":material/check:")
    else:
        st.error(_("{number} → **{words}**. Right would be: {right}. The number is from the {part}.").format(
            number=number, words=words, right=right, part=part_name(split)), icon=":material/close:")
    likely = np.vstack([free.probabilities[0], forced.probabilities[0]]).max(axis=0)
    likely[list(truth)] = np.inf
    rows = np.sort(np.argsort(-likely, kind="stable")[:ROWS])
    names = [data.alphabet[row] for row in rows]
    left, beside = st.columns(2)
    for column, steps, key, title, alt in (
            (left, free, "free", _("Free running: the decoder reads what it has just said"),
             _("Free running, the network says: {words}.").format(words=words)),
            (beside, forced, "forced", _("Teacher forcing: the decoder reads what is right"),
             _("With teacher forcing the network says: {words}.").format(
                 words=_words(moment, tuple(forced.said[0].tolist()))))):
        with column:
            figure = charts.answer_steps(
                steps.probabilities[0][:, rows], [data.alphabet[sign] for sign in steps.read[0]],
                np.searchsorted(rows, truth), names, title=title)
            figure.update_layout(uirevision=f"{moment.view.id}{number}")
            live_figure(figure, key=key, height=HEIGHT, alt=alt)


def _truth(data: Dataset, number: int) -> tuple[int, ...]:
    """Return what is right to say, up to and with the end sign."""
    row = data.y(np.array([number]))[0]
    return tuple(row[row != IGNORED].tolist())


def _words(moment: Moment, said: tuple[int, ...]) -> str:
    """Return signs as a person writes them, the end sign left out; what never comes to an end ends in dots."""
    assert isinstance(moment.view.spec.data, Numerals)
    return _as_words(moment.data, moment.view.spec.data, said)


def _as_words(data: Dataset, numerals: Numerals, said: tuple[int, ...]) -> str:
    words = [data.alphabet[sign] for sign in said if sign != END]
    return (" " if numerals.language == "en" else "").join(words) + ("" if END in said else " …")


# -- all numbers -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Result:
    """How the numbers of a part are said, free running."""

    count: int
    wrong: tuple[tuple[int, str, str], ...]     # number, said, right

    @property
    def right(self) -> int:
        return self.count - len(self.wrong)


def _exact(moment: Moment) -> None:
    """Show how many numbers that were held out are said right from the first word to the last, and which are not."""
    moving = moment.view.active
    splits: list[Split] = [split for split in ("test", "validation") if len(moment.data.sample_ids[split])]
    if not splits:
        st.info(_("This run held no numbers out: choose a validation or a test part on the page Train."))
        return
    run = moment.view
    results = {split: (_measured(moment.data, run.spec, moment.weights, split, WATCHED) if moving else
                       _kept(run.id, run.spec, moment.update, split)) for split in splits}
    names = {"test": _("Test part"), "validation": _("Validation part")}
    with st.container(horizontal=True):
        for split, result in results.items():
            st.metric(names[split], f"{result.right / result.count:.1%}", width=190,
                      delta=_("{right} of {count} right").format(right=result.right, count=result.count),
                      delta_color="off", delta_arrow="off",
                      help=_("Every word right, free running, up to the end sign. Naive, one and the same answer to "
                             "every number, could be right at most once."))
    if moving:
        st.caption(_("While it trains, {count} numbers of each part are asked.").format(count=WATCHED))
        return
    wrong = [(split, *entry) for split, result in results.items() for entry in result.wrong]
    if not wrong:
        st.caption(_("Not one of them is said wrong."))
        return
    lines = ["| " + " | ".join([_("Whole number"), _("Said"), _("Right"), _("Part")]) + " |", "|" + " --- |" * 4]
    lines += [f"| {number} | {said} | {right} | {names[split]} |" for split, number, said, right in wrong[:WRONG]]
    with st.expander(_("Said wrong: {count}").format(count=len(wrong)), expanded=len(wrong) <= 5):
        st.markdown("\n".join(lines))
        if len(wrong) > WRONG:
            st.caption(_("and {count} more").format(count=len(wrong) - WRONG))


@lru_cache(maxsize=64)
def _kept(run: str, spec: RunSpec, update: int, split: Split) -> _Result:
    """Return how all numbers of a part are said at a moment of the training."""
    data = session.prepared(spec.data, spec.model.output)
    return _measured(data, spec, lab().snapshot(run, update).weights, split, len(data.sample_ids[split]))


def _measured(data: Dataset, spec: RunSpec, weights: Weights, split: Split, limit: int) -> _Result:
    assert isinstance(spec.data, Numerals)
    numbers = np.sort(data.sample_ids[split][:limit])
    said = generation.answers(spec.model, weights, data.x(numbers)[:, :data.encoder_steps], END)
    wrong = tuple((int(number), _as_words(data, spec.data, answer), _as_words(data, spec.data, truth))
                  for number, answer in zip(numbers, said, strict=True)
                  if answer != (truth := _truth(data, int(number))))
    return _Result(len(numbers), wrong)
