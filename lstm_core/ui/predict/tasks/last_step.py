"""Predict, for the memory tasks that ask one question at the end: adding, temporal order, recall."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import cells, charts
from lstm_core.charts.tasks import sequences as drawn
from lstm_core.charts.tasks.strings import Kind, string
from lstm_core.data.tasks.scoring import CLOSE
from lstm_core.data.tasks.sequences import LETTERS, MARKED, NOISE
from lstm_core.i18n import clauses, listing
from lstm_core.i18n import gettext as _
from lstm_core.spec import Recall
from lstm_core.ui.shared.query import PredictQuery, read
from lstm_core.ui.widgets.drawing import drawing
from lstm_core.ui.widgets.live_figure import live_figure

SIGNS = ("X", "Y")                  # of the temporal order that are to be remembered
BARS, LINES, MAP = 260, 300, 330    # pixels of the charts


def adding(asked: PredictQuery, end: int) -> None:
    """Show the numbers of a sequence, those that are marked, and what the network would answer after each step."""
    x = asked.data.sample(end)
    actual = float(asked.data.y(np.array([end]))[0])
    said = cells.trace(asked.spec.model, asked.weights, x).output[:, 0]
    error, near = abs(float(said[-1]) - actual), abs(float(said[-1]) - actual) < CLOSE
    st.markdown((":material/check_circle: " if near else ":material/cancel: ") + (
        _("Correct: **{real:.4f}**. The network says **{said:.4f}**. The error of {error:.4f} is below {close:g}: "
          "right.")
        if near else
        _("Correct: **{real:.4f}**. The network says **{said:.4f}**. The error of {error:.4f} is not below {close:g}: "
          "wrong.")).format(real=actual, said=float(said[-1]), error=error, close=CLOSE))
    marked = np.flatnonzero(x[:, 1] == MARKED)
    known = 0.5 + np.cumsum(np.where(x[:, 1] == MARKED, x[:, 0], 0), dtype=np.float64) / 4
    figure = charts.marked_numbers(x, answer=actual).update_xaxes(range=[0.5, len(x) + 0.5])     # as below it
    live_figure(figure, key="sequence", height=BARS,
                alt=_("The {count} numbers of the sequence; marked are {marked}.").format(
                    count=len(x), marked=listing(f"{x[step, 0]:.3f}" for step in marked)))
    live_figure(drawn.answer_so_far(said, known, [int(step) + 1 for step in marked], close=CLOSE), key="so_far",
                height=LINES, alt=_("What the network would answer after each of the {count} steps; at the end "
                                    "{said:.4f}, asked for {real:.4f}.").format(
                    count=len(x), said=float(said[-1]), real=actual))
    moves = np.diff(said, prepend=np.nan)
    told = [_("step {step}: {moved:+.3f}, with {value:+.3f} marked {best:+.3f} would be best").format(
        step=step + 1, moved=moves[step], value=x[step, 0], best=x[step, 0] / 4) for step in marked if step]
    st.caption(_("How far the answer moves at the marks: {moves}. Only the answer after the last step is trained and "
                 "judged; what the network would say before it, it may keep to itself until then.").format(
        moves=clauses(told) or "–"))


def signs(asked: PredictQuery, end: int) -> None:
    """Show the symbols of a sequence, noise in grey, and the probability of each class after each step."""
    data, x = asked.data, asked.data.sample(end)
    actual = int(data.y(np.array([end]))[0])
    probabilities = read(asked, x)[1]
    named = int(probabilities[-1].argmax())
    st.markdown((":material/check_circle: " if named == actual else ":material/cancel: ") + _(
        "Correct: **{real}**. The network says **{named}**, with a probability of {share:.1%}.").format(
            real=data.labels[actual], named=data.labels[named], share=probabilities[-1, named]))
    marks, remembered = data.marks(end), LETTERS if isinstance(asked.spec.data, Recall) else SIGNS
    kinds: list[Kind] = ["noise" if mark in NOISE else "signal" if mark in remembered else "edge" for mark in marks]
    places = {step: mark for step, (mark, kind) in enumerate(zip(marks, kinds, strict=True), start=1)
              if kind == "signal"}
    told = listing(_("{sign} at step {step}").format(sign=sign, step=step) for step, sign in places.items())
    drawing(string(marks, kinds, _("{count} symbols; to be remembered: {told}.").format(count=len(marks), told=told)),
            key="signs_read")
    live_figure(drawn.classes_so_far(probabilities, data.labels, places, actual=actual), key="sequence", height=MAP,
                alt=_("Probability of each class after each step. {told}; at the end {named} has {share:.1%}.").format(
                    told=told, named=data.labels[named], share=float(probabilities[-1, named])))
    st.caption(_("Only the last step is trained and judged. A class that lights up before it shows that the network "
                 "has the answer already, and has kept it."))
