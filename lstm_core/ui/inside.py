"""What the cell view shows: the person picks a window of the data, or edits a sequence by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from lstm_core.cells.what_if import Intervention
from lstm_core.charts.forecast import visible
from lstm_core.data import Dataset
from lstm_core.language import gettext as _
from lstm_core.ports import IGNORED
from lstm_core.refusal import Refusal
from lstm_core.runs import RunView
from lstm_core.spec import PARTS, Part
from lstm_core.ui.cell_view import Inside
from lstm_core.ui.controls import ACTIVE
from lstm_core.ui.server import lab
from lstm_core.ui.settings import called, column

_MIDNIGHT = "T00:00:00.000000000"       # how NumPy ends a date that has no time of day


@dataclass(frozen=True, eq=False)
class Sequence:
    """What the network reads: T time steps."""

    part: Part                      # the part of the data it comes from
    x: np.ndarray                   # (T, F) float32 scaled, or (T,) letter ids
    labels: Any                     # (T,) dates, positions or letters
    real: np.ndarray                # (T,) what follows in truth, in real units or as letter ids; nan: not known


def choose_sequence(data: Dataset) -> Sequence:
    """Let the person pick a window of a part, and edit its values by hand."""
    parts = [part for part in PARTS if len(data.ends[part])]
    if st.session_state.get("from_part") not in parts:
        st.session_state["from_part"] = parts[-1]
    left, middle, right = st.columns([2, 3, 2], vertical_alignment="bottom")
    with left:
        st.segmented_control(_("Sequence from"), parts, key="from_part", required=True, format_func=called)
    part: Part = st.session_state["from_part"]
    ends = data.ends[part]
    with middle:
        end = int(ends[_slide(_("Window"), len(ends), "at") - 1])
    with right:
        by_hand = st.toggle(_("Edit the sequence by hand"), key="by_hand")
    if by_hand:
        return _edited(data, part, end)
    return Sequence(part, data.sample(end), data.marks(end), _real(data, end))


def _real(data: Dataset, end: int) -> np.ndarray:
    """Return what follows the steps of a sample, as far as the task asks for it."""
    y = np.atleast_1d(data.y(np.array([end]))[0])           # one at the last step, or one at every step
    known = np.full(len(data.sample(end)), np.nan)
    known[-len(y):] = np.where(y == IGNORED, np.nan, y) if data.classes else data.unscale(y)
    return known


def _slide(label: str, last: int, key: str) -> int:
    """Return a whole number from 1 to last; without a choice there is no slider."""
    if last < 2:
        return 1
    if not 1 <= st.session_state.get(key, 0) <= last:
        st.session_state[key] = last
    return int(st.slider(label, 1, last, key=key))


def _edited(data: Dataset, part: Part, end: int) -> Sequence:
    """Let the person change what the network reads."""
    x, marks = data.sample(end), data.marks(end)
    if data.alphabet:
        text = st.text_input(_("Letters to read"), "".join(data.alphabet[letter] for letter in x), max_chars=500,
                             key=f"letters{end}")
        if not text or set(text) - set(data.alphabet):
            raise Refusal("The network knows the letters {known}; received {received!r}.",
                          known=" ".join(visible(letter) for letter in data.alphabet), received=text)
        ids = np.array([data.alphabet.index(letter) for letter in text], dtype=np.int64)
        return Sequence(part, ids, list(text), np.full(len(ids), np.nan))
    table = pd.DataFrame(data.scaling.undo(x), columns=[column(name) for name in data.features],
                         index=[str(label).removesuffix(_MIDNIGHT) for label in marks])
    values = st.data_editor(table, key=f"values{end}", width="stretch", height=220).to_numpy(np.float64)
    if not np.isfinite(values).all():
        raise Refusal("Every time step needs a number; received an empty cell.")
    return Sequence(part, data.scaling.apply(values).astype(np.float32), marks, np.full(len(x), np.nan))


def inside(view: RunView, data: Dataset, sequence: Sequence, interventions: tuple[Intervention, ...]) -> Inside:
    """Return all that the cell view shows of a run."""
    zero, one = (float(data.unscale(np.array([value]))[0]) for value in (0.0, 1.0))
    letters = bool(data.classes)
    return Inside(
        run=view.id, spec=view.spec, updates=view.snapshots, losses=view.losses, x=sequence.x, labels=sequence.labels,
        names=data.alphabet if letters else tuple(column(name) for name in data.features), target=column(data.target),
        unit=data.unit, real=sequence.real, factor=1.0 if letters else one - zero, offset=0.0 if letters else zero,
        interventions=interventions)


def await_first_snapshot(view: RunView) -> None:
    """Draw the page anew as soon as a run that has only just begun has something to show."""
    if view.status in ACTIVE and not len(view.snapshots):
        st.fragment(_look_again, run_every=0.3)(view.id)


def _look_again(run: str) -> None:
    if len(lab().view(run).snapshots):
        st.rerun()
