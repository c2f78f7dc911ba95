"""What the cell view shows: the person picks a window or an example, or edits a sequence by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.charts.forecast import visible
from lstm_core.data import Dataset
from lstm_core.data.sequence import Sequence, read, told_unknown
from lstm_core.data.sources.numerals import BLANK
from lstm_core.data.sources.reviews import UNKNOWN, reviews, symbols, tokenize
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing
from lstm_core.inside.interventions import Intervention
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS, DataSpec, Numerals, Reviews, Split
from lstm_core.spec.io import START
from lstm_core.ui.cell import keys
from lstm_core.ui.cell.view import Inside
from lstm_core.ui.live.picture import structure
from lstm_core.ui.shared import keys as shared_keys
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import class_label, column_label, option_label
from lstm_core.ui.widgets.text import escape_markdown

LONGEST = 500           # characters of a sequence edited by hand
Edited = tuple[np.ndarray, Any, int]    # x, marks and switch of a sequence
_MIDNIGHT = "T00:00:00.000000000"       # how NumPy ends a date that has no time of day


def choose_sequence(spec: DataSpec, data: Dataset) -> Sequence:
    """Let the person pick a window or an example of a part, and edit it by hand."""
    splits = [split for split in SPLITS if len(data.sample_ids[split])]
    session.valid_choice(shared_keys.FROM_PART, splits, splits[-1])
    left, middle, right = st.columns([5, 5, 4], vertical_alignment="bottom")
    with left:
        st.segmented_control(_("Sequence from"), splits, key=shared_keys.FROM_PART, required=True, wrap=True,
                             format_func=option_label)
    split: Split = st.session_state[shared_keys.FROM_PART]
    sample_ids = data.sample_ids[split]
    with middle:
        end = int(sample_ids[_slide(_("Window") if data.contiguous else _("Example"), len(sample_ids)) - 1])
    with right:
        by_hand = st.toggle(_("Edit the sequence by hand"), key=keys.BY_HAND)
    sequence = read(spec, data, split, end)
    return _edited(spec, data, sequence, end) if by_hand else sequence


def _slide(label: str, last: int) -> int:
    """Return a whole number from 1 to last; without a choice there is no slider."""
    if last < 2:
        return 1
    session.valid_choice(shared_keys.AT, range(1, last + 1), last)
    return int(st.slider(label, 1, last, key=shared_keys.AT))


def _edited(spec: DataSpec, data: Dataset, sequence: Sequence, end: int) -> Sequence:
    """Let the person change what the network reads; what follows in truth is then not known."""
    edit = EDITORS.get(type(spec), _edit_symbols if spec.symbols else _edit_numbers)
    x, marks, switch = edit(spec, data, sequence, end)
    return Sequence(sequence.split, x, marks, np.full(len(x), np.nan), switch)


def _edit_symbols(_spec: DataSpec, data: Dataset, sequence: Sequence, end: int) -> Edited:
    marks = list(st.text_input(_("Letters to read"), "".join(sequence.marks), max_chars=LONGEST, key=f"letters{end}"))
    return _known(marks, data, Refusal("The network knows the letters {known}; received {received!r}.",
                                       known=_all(data), received="".join(marks))), marks, 0


def _edit_words(spec: Reviews, data: Dataset, _sequence: Sequence, end: int) -> Edited:
    text = st.text_input(_("Words to read"), " ".join(reviews(spec.language, spec.corpus)[0][end]), max_chars=LONGEST,
                         key=f"words{end}")
    words = tokenize(text, spec.language, spec.corpus)
    if not words:
        raise Refusal("At least one word is needed; received {received!r}.", received=text)
    x = np.array(symbols(words, data.alphabet), dtype=np.int64)
    if unknown := [word for word, symbol in zip(words, x, strict=True) if symbol == UNKNOWN]:
        st.caption(_("The network does not know these words, and reads each of them as one and the same "
                     "unknown word: {words}").format(words=escape_markdown(listing(unknown))))
    return x, told_unknown(words, data), 0


def _edit_numeral(spec: Numerals, data: Dataset, sequence: Sequence, end: int) -> Edited:
    marks, (left, right) = sequence.marks, st.columns([1, 3])
    figures = left.text_input(_("Figures for the encoder"), "".join(marks[:data.encoder_steps]).strip(BLANK),
                              max_chars=10, key=f"figures{end}").strip(BLANK).rjust(data.encoder_steps, BLANK)
    between = "" if spec.language == "zh" else " "
    text = right.text_input(_("What the decoder has said so far"), between.join(marks[data.encoder_steps + 1:]),
                            max_chars=LONGEST, key=f"said{end}")
    words = text.split() if between else list(text.replace(" ", ""))
    said = [*figures, *words]
    ids = _known(said, data, Refusal("The network knows the signs {known}; received {received!r}.",
                                     known=_all(data), received=" ".join(said)))
    return np.insert(ids, len(figures), START), [*figures, data.alphabet[START], *words], len(figures)


def _known(marks: list[str], data: Dataset, refusal: Refusal) -> np.ndarray:
    """Return the numbers of symbols, (T,); none at all, and one that the network does not know, are refused."""
    if not marks or set(marks) - set(data.alphabet):
        raise refusal
    return np.array([data.alphabet.index(mark) for mark in marks], dtype=np.int64)


def _all(data: Dataset) -> str:
    return " ".join(visible(symbol) for symbol in data.alphabet)


def _edit_numbers(_spec: DataSpec, data: Dataset, sequence: Sequence, end: int) -> Edited:
    """Let the person change the numbers, in real units; return them scaled, (T, F) float32."""
    table = pd.DataFrame(data.scaling.undo(sequence.x),
                         columns=[column_label(name, data.own) for name in data.features],
                         index=[str(mark).removesuffix(_MIDNIGHT) for mark in sequence.marks])
    values = st.data_editor(table, key=f"values{end}", width="stretch", height=220).to_numpy(np.float64)
    return _scaled(values, data, len(sequence.x)), sequence.marks, 0


EDITORS: dict[type[DataSpec], Callable[[Any, Dataset, Sequence, int], Edited]] = {
    Reviews: _edit_words, Numerals: _edit_numeral}
"""How a sequence of a source is edited where that is neither a table of numbers nor a row of letters."""


def _scaled(values: np.ndarray, data: Dataset, steps: int) -> np.ndarray:
    """Return numbers in real units, (T, F) float64, as the network reads them; a browser may send anything."""
    if len(values) != steps:
        raise Refusal("This sequence has {steps} time steps; received {received}.", steps=steps, received=len(values))
    if np.isnan(values).any():
        raise Refusal("Every time step needs a number; received an empty cell.")
    with np.errstate(over="ignore"):
        scaled: np.ndarray = data.scaling.apply(values).astype(np.float32)
    if not np.isfinite(scaled).all():
        raise Refusal("These numbers are too large to compute with; received up to {largest:g}.",
                      largest=float(np.abs(values).max()))
    return scaled


def inside(view: RunView, data: Dataset, sequence: Sequence, interventions: tuple[Intervention, ...]) -> Inside:
    """Return all that the cell view shows of a run."""
    zero, one = (0.0, 1.0) if data.classes else (float(data.unscale(np.array([value]))[0]) for value in (0.0, 1.0))
    return Inside(
        run=view.id, spec=view.spec, updates=view.snapshots, losses=view.losses, x=sequence.x, marks=sequence.marks,
        features=tuple(column_label(name, data.own) for name in data.features),
        target=column_label(data.target, data.own),
        unit=data.unit, actual=sequence.actual, symbols=data.alphabet,
        labels=tuple(class_label(name) for name in data.labels),
        switch=sequence.switch, factor=one - zero, offset=zero, interventions=interventions,
        structure=structure(view) if view.moving else "")
