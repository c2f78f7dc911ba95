"""Predict, for the memory tasks: how many whole sequences are right, and one of them closely."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from lstm_core.charts.forecast import part_name
from lstm_core.data import Generated
from lstm_core.data.generated import ROWS
from lstm_core.evaluation.significance import more_than_chance
from lstm_core.i18n import gettext as _
from lstm_core.spec import Adding, Brackets, Counting, DataSpec, Order, Reber, Recall, RunSpec, Split
from lstm_core.ui.predict import downloads
from lstm_core.ui.predict.pick import pick
from lstm_core.ui.predict.tasks import counting, every_step, last_step, other_cell
from lstm_core.ui.shared import query
from lstm_core.ui.shared.query import ANSWERS, PredictQuery, one_step_predictions
from lstm_core.ui.widgets.navigation import page_link

SOLVED = 0.99           # share of the sequences that must be right for a task to be solved

ONE_SEQUENCE: dict[type[DataSpec], Callable[[PredictQuery, int], None]] = {
    Adding: last_step.adding, Order: last_step.signs, Recall: last_step.signs, Reber: every_step.reber,
    Brackets: every_step.brackets}
"""How one sequence of a task is shown; of counting it is any count that the person chooses."""


def show(asked: PredictQuery, split: Split) -> None:
    """Show how many sequences of a part are right, one closely, and the same task with another cell."""
    assert isinstance(asked.data, Generated)
    right = sequences_right(asked, split)
    _measured(asked.data, split, right)
    if isinstance(asked.spec.data, Counting):
        st.subheader(_("How far it counts"), anchor=False)
        st.fragment(counting.show, key="one_count")(asked)
    else:
        st.subheader(_("One sequence"), anchor=False)
        st.fragment(_one, key="one_sequence")(asked, split, right)
    other_cell.show(asked.spec.data)
    st.subheader(_("Take it along"), anchor=False)
    downloads.show(asked, {split: (_("Predictions (CSV)"), _table(asked, split, right))},
                   "next_symbols" if isinstance(asked.spec.data, Reber) else "sequence")


def sequences_right(asked: PredictQuery, split: Split) -> np.ndarray:
    """Tell which sequences of a part the network gets right: (n,) bool."""
    return _right(asked, asked.view.id, asked.update, asked.spec, split)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def _right(_asked: PredictQuery, run: str, update: int, spec: RunSpec, split: Split) -> np.ndarray:  # noqa: ARG001
    data, said = _asked.data, one_step_predictions(_asked, split)
    assert isinstance(data, Generated)
    sample_ids = data.sample_ids[split]
    if data.output == "every":              # the answers come one below the other, without padding
        scored_mask = data.scored_mask(split)
        outputs = np.zeros((*scored_mask.shape, said.shape[1]), dtype=said.dtype)
        outputs[scored_mask] = said
    else:
        outputs = said
    right = []
    for start in range(0, len(sample_ids), ROWS):
        piece = sample_ids[start:start + ROWS]
        answers = outputs[start:start + ROWS]
        right.append(data.right(piece, answers[:, :int(data.lengths(piece).max())] if data.output == "every"
                                else answers))
    return np.concatenate(right)


def _measured(data: Generated, split: Split, right: np.ndarray) -> None:
    """Show the share of whole sequences that are right, beside the naive one, and what that amounts to."""
    share, naive, count = float(right.mean()), data.naive_error(split), len(right)
    with st.container(horizontal=True, key="numbers"):
        st.metric(_("Sequences right"), f"{share:.1%}", width=260,
                  delta=_("always guessing the same: {share:.1%}").format(share=naive), delta_color="off",
                  delta_arrow="off", help=_("On the {part}. A sequence is right when all that is asked in it is. "
                                            "Always guessing the same: the mean, or the most frequent answer of the "
                                            "training part.").format(part=part_name(split)))
        st.metric(_("Right"), _("{right:,} of {count:,}").format(right=int(right.sum()), count=count), width=190,
                  delta=_("trained on") if split == "train" else _("new sequences"), delta_color="off",
                  delta_arrow="off",
                  help=_("None of the validation or test part was ever trained on."))
    if share >= SOLVED:
        st.markdown(":material/check_circle: " + _("**Solved**: at least 99% of the sequences are right."))
    elif not more_than_chance(int(right.sum()), count, naive):
        st.markdown(":material/remove_circle: " + _("**Nothing learned yet**: not distinguishable from always saying "
                                                    "the same, at 99.5% confidence."))
    else:
        st.markdown(":material/hourglass_top: " + _("**Partly learned**: better than always saying the same, but not "
                                                    "yet right on 99% of the sequences."))


def _one(asked: PredictQuery, split: Split, right: np.ndarray) -> None:
    """Let the person pick a sequence of the part, and show how the network reads it."""
    place = pick(right, _("Sequence"))
    if place is None:
        return
    end = int(asked.data.sample_ids[split][place])
    if show_one := ONE_SEQUENCE.get(type(asked.spec.data)):
        show_one(asked, end)
    query.begin_cell_with(split, place)
    page_link("cell", _("Every gate while it reads this sequence"))


def _table(asked: PredictQuery, split: Split, right: np.ndarray) -> downloads.Columns:
    """Return what was said of each sequence, or of each of its steps."""
    data, said, shown = asked.data, one_step_predictions(asked, split), asked.data.targets_of(split)
    columns: downloads.Columns = {"sequence": shown.window + 1}
    if data.output == "every":
        columns["step"] = shown.step + 1
    if not data.classes:
        return columns | {"real": shown.actual, "predicted": said, "right": right.astype(int)}
    columns |= {"real": [data.labels[number] for number in shown.actual],
                "predicted": [data.labels[number] for number in said.argmax(axis=1)],
                "sequence right": right[shown.window].astype(int)}
    return columns | {f"p({label})": said[:, number] for number, label in enumerate(data.labels)}
