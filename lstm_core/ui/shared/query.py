"""Predict: which network is asked, at which moment of its training, and what the worker answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from lstm_core import cells
from lstm_core.data import Dataset
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.records import GateTrace, Weights
from lstm_core.running import jobs
from lstm_core.running.run_view import RunView
from lstm_core.spec import SPLITS, RunSpec, Split
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared import example_run, keys
from lstm_core.ui.shared.answers import ask
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import option_label
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.option_box import option_box

ANSWERS = 30            # answers of a worker that the server keeps


@dataclass(frozen=True, eq=False)
class PredictQuery:
    """A network at a moment of its training, and the data it is asked about."""

    view: RunView
    spec: RunSpec                   # that of the run, with the time steps it is to read
    update: int
    weights: Weights
    data: Dataset


def introduce(view: RunView) -> None:
    """Say what is shown when it is no finished run of one's own, and how to get one."""
    if session.is_example(view):
        example_line(view)
    elif view.active:
        st.info(_("This run is still being trained: below is what it can do so far, after {update:,} updates.").format(
            update=int(view.snapshots[-1]) if len(view.snapshots) else 0), icon=":material/model_training:")
    elif view.status != "done":
        st.info(_("This run was not trained to its end: below is what it can do so far."),
                icon=":material/pause_circle:")
    else:
        return
    _to_train()


def example_line(view: RunView) -> None:
    """Say what an example is, and that it is nobody's own."""
    st.info(sentences(example_run.sentence(view.spec), _("Train a network of your own, and it is shown here.")),
            icon=":material/school:")


def await_first_snapshot(view: RunView) -> None:
    """Draw the page anew as soon as a run that has only just begun has something to show."""
    if view.active and not len(view.snapshots):
        st.fragment(_look_again, run_every=0.3)(view.id)


def _look_again(run: str) -> None:
    if len(lab().view(run).snapshots):
        st.rerun()


def nothing_yet(view: RunView) -> None:
    """Say that a run has no network to ask yet, and where to go."""
    st.info(_("This run has only just begun: there is nothing to predict with yet.") if view.active else
            _("This run has not learned anything yet, so there is nothing to predict with."),
            icon=":material/hourglass_empty:")
    _to_train()


def way_on(view: RunView) -> None:
    """Offer what helps when the run cannot be predicted as asked: its own settings, or another run."""
    if st.session_state.get(keys.STEPS_READ_OF) == view.id:
        st.button(_("Back to the time steps it was trained with"), key="steps_again", icon=":material/undo:",
                  on_click=lambda: st.session_state.pop(keys.STEPS_READ_OF))
    _to_train()


def _to_train() -> None:
    page_link("train", _("Train a network"))


def choose_moment(view: RunView) -> int:
    """Let the person choose a moment of the training; at first it is the one whose weights the run ends with."""
    if view.active:
        st.caption(_("It is being trained: the newest moment is shown. Once it rests you can go back to any moment."))
        return int(view.snapshots[-1])
    updates, final = [int(update) for update in view.snapshots], session.final_update(view)
    if st.session_state.get(keys.MOMENT_OF) != (view.id, view.update):
        st.session_state[keys.MOMENT_OF] = (view.id, view.update)
        st.session_state[keys.MOMENT] = final
    session.valid_choice(keys.MOMENT, updates, final)
    if len(updates) < 2:
        return final
    return int(option_box(
        st.select_slider, _("Moment of training"), updates, key=keys.MOMENT, persist_state="session",
        help=_("Updates of the weights so far; 0 is the untrained network."),
        format_func=lambda update: _("update {update}, the weights used").format(update=update)
        if update == final else f"{update}"))


def asked(view: RunView, update: int, spec: RunSpec) -> PredictQuery:
    """Return the network of a run at a moment, for a spec that differs from the run's in its time steps at most.

    Raises:
        Refusal: there is no such snapshot, or the data are too short for the time steps.
    """
    return PredictQuery(view, spec, update, lab().snapshot(view.id, update).weights,
                        session.prepared(spec.data, spec.model.output))


def choose_stage(data: Dataset, *, key: str) -> str:
    """Let the person choose between the layers of the encoder and those of the decoder, where there are two."""
    if not data.encoder_steps:
        return "layers"
    stages = {"layers": _("Encoder"), "decoder": _("Decoder")}
    return str(option_box(st.selectbox, _("Stage"), list(stages), key=key, format_func=stages.__getitem__, width=140))


def choose_part(data: Dataset) -> Split:
    """Let the person choose a part of the data that is not empty."""
    splits = [split for split in ("validation", "test", "train") if len(data.sample_ids[split])]
    session.valid_choice(keys.ASKED_PART, splits, "test" if "test" in splits else None)
    chosen = st.segmented_control(_("Prediction on"), splits, key=keys.ASKED_PART, required=True,
                                  persist_state="session", format_func=option_label)
    return next(split for split in SPLITS if split == chosen)


def begin_cell_with(split: Split, place: int) -> None:
    """Have the page Inside the cell, when it is opened next, begin with an example of a part, counted from 0."""
    st.session_state[keys.FROM_PART], st.session_state[keys.AT] = split, place + 1


def moment(index: Any) -> str:
    """Return a date, or a position, as it is written."""
    if not isinstance(index, np.datetime64):
        return str(index)
    day = index.astype("datetime64[D]")
    return str(day if day == index else index.astype("datetime64[m]")).replace("T", " ")


# -- what a worker answers ---------------------------------------------------------------------------------


def one_step_predictions(asked: PredictQuery, split: Split) -> np.ndarray:
    """Return the predictions for all targets of a part: (n,) in real units, or (n, K) probabilities.

    Raises:
        Refusal: it would take too long.
    """
    return _ahead(asked.view.id, asked.update, asked.spec, split)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def _ahead(run: str, update: int, spec: RunSpec, split: Split) -> np.ndarray:
    return ask(jobs.one_step_predictions, spec, lab().snapshot(run, update).weights, split)


def free_running(asked: PredictQuery, starts: np.ndarray, count: int) -> np.ndarray:
    """Return free-running forecasts, (m, count) in real units, from rows that are the last known ones (m,)."""
    return _running(asked.view.id, asked.update, asked.spec, tuple(int(start) for start in starts), count)


@st.cache_data(max_entries=ANSWERS, show_spinner=False)
def _running(run: str, update: int, spec: RunSpec, starts: tuple[int, ...], count: int) -> np.ndarray:
    return ask(jobs.free_running, spec, lab().snapshot(run, update).weights, np.array(starts, dtype=np.int64), count)


# -- what NumPy answers at once ----------------------------------------------------------------------------


def read(asked: PredictQuery, x: np.ndarray) -> tuple[GateTrace, np.ndarray]:
    """Return all that happens inside while one example (T, ...) is read, and the class probabilities after each step.

    (T, K); nan where the network gives no answer, which with a convolution is everywhere but at the last step.
    """
    trace = cells.trace(asked.spec.model, asked.weights, x)
    return trace, cells.softmax(trace.output)
