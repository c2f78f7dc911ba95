"""A window sliding over the series, so that (samples, steps, features) can be seen."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.batches import Batches
from lstm_core.charts.forecast import visible
from lstm_core.data import Dataset, Missing
from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.sizes import parameters
from lstm_core.spec import RunSpec
from lstm_core.ui import current
from lstm_core.ui.live import live_figure
from lstm_core.ui.settings import column
from lstm_core.ui.words import told


def show(spec: RunSpec) -> None:
    """Show the series of the settings, one window of it, and the sizes that follow."""
    try:
        data = current.prepared(spec.data, spec.model.output)
        series = current.series(spec.data)
        batches = Batches(spec.train, data.ends["train"], spec.data.steps)
    except Refusal as refusal:
        st.warning(told(refusal))
        return
    except Missing:
        st.info(_("Choose the data on the left first: there is nothing to cut into windows yet."))
        return
    _sizes(spec, data, batches)
    ends = batches.windows
    chosen = _slide(len(ends))
    start = int(ends[chosen]) - spec.data.steps + 1
    if data.classes:
        _letters(data, int(ends[chosen]))
        return
    feature = data.features[0]
    own = data.target != feature
    live_figure(
        charts.windows(series.index, series.values[:, series.columns.index(feature)], start=start,
                       steps=spec.data.steps, horizon=spec.data.horizon,
                       boundaries=(data.rows["validation"].start, data.rows["test"].start),
                       name=column(feature), unit=data.unit, every=spec.model.output == "every",
                       targets=data.real if own else None),
        key="windows", height=420,
        alt=_("The series with its training, validation and test part; the window begins at time step {start}.").format(
            start=start))


def _slide(count: int) -> int:
    """Let the person move the window; return which one is shown."""
    if count < 2:
        return 0
    if st.session_state.get("window", 0) >= count:
        st.session_state["window"] = 0
    return int(st.slider(_("Training window"), 0, count - 1, key="window",
                         help=_("Slide to see which values enter and which one is to be predicted.")))


def _sizes(spec: RunSpec, data: Dataset, batches: Batches) -> None:
    samples, features = len(batches.windows), data.classes or data.width
    learned = sum(parameters(spec.model, data.width, data.classes).values())
    st.markdown(_("Training data: **{samples:,} × {steps} × {features}** (samples × time steps × features), "
                  "{batch} samples in one update, {updates:,} updates in one epoch. The network learns **{learned:,}** "
                  "weights and biases.").format(
        samples=samples, steps=spec.data.steps, features=features, batch=min(spec.train.batch, samples),
        updates=batches.per_epoch, learned=learned))


def _letters(data: Dataset, end: int) -> None:
    """Show the letters of one window and the ones that are to be named."""
    inputs = [data.alphabet[letter] for letter in data.x(np.array([end]))[0]]
    targets = [data.alphabet[letter] for letter in np.atleast_1d(data.y(np.array([end]))[0])]
    read, named = (" ".join(visible(letter) for letter in letters) for letters in (inputs, targets))
    st.code(f"{read}  →  {named}", language=None, wrap_lines=True)
