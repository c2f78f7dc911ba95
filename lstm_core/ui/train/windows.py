"""A window sliding over the series, so that (samples, steps, features) can be seen."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import cast

import numpy as np
import streamlit as st

from lstm_core import charts, i18n
from lstm_core.charts.forecast import visible
from lstm_core.data import Dataset, Missing, Windows
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext as _
from lstm_core.learning.batches import Batches
from lstm_core.spec import DataSpec, Output, RunSpec, SeriesSpec
from lstm_core.spec.io import IGNORED
from lstm_core.spec.plan import plan_network
from lstm_core.ui.train import keys
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.labels import class_label, column_label
from lstm_core.ui.widgets.live_figure import live_figure, live_packed, packed
from lstm_core.ui.widgets.text import localized

HEIGHT = 420            # pixels of the chart
WINDOWS_CACHED = 64     # drawn windows kept at hand


def show(source: type[DataSpec]) -> None:
    """Show the data of the settings as what a network reads, and put the settings into the address."""
    st.fragment(_section, key="windows")(source)


def _section(source: type[DataSpec]) -> None:
    st.subheader(_("The data as windows") if issubclass(source, SeriesSpec) else _("The data as examples"),
                 anchor=False)
    spec = None
    with suppress(Refusal):         # which is told beside the buttons
        spec = settings.read()
    if spec is not None:
        _samples(spec)
    session.write_address(spec)


def _samples(spec: RunSpec) -> None:
    """Show the data of the settings, one sample of it, and the sizes that follow."""
    try:
        data = session.prepared(spec.data, spec.model.output)
        batches = Batches(spec.train, data.sample_ids["train"], data.steps)
    except Refusal as refusal:
        st.warning(localized(refusal))
        return
    except Missing:
        st.info(_("Choose the data on the left first: there is nothing to cut into windows yet."))
        return
    _sizes(spec, data, batches)
    end = int(batches.windows[_slide(len(batches.windows), data.contiguous)])
    if data.alphabet:
        _symbols(data, end)
    elif isinstance(data, Windows):
        live_packed(_window(spec.data, spec.model.output, end, i18n.current()), "windows", height=HEIGHT)
    else:
        _example(data, end)


@lru_cache(maxsize=WINDOWS_CACHED)
def _window(spec: DataSpec, output: Output, end: int, _language: str) -> bytes:
    """Return the series and the window that slides over it, drawn; many look at the same."""
    data = cast(Windows, session.prepared(spec, output))
    series = session.series(spec)
    feature = data.features[0]
    own = data.target != feature
    window = charts.Window(end - data.steps + 1, data.steps, data.horizon, every=data.output == "every")
    figure = charts.windows(
        series.index, series.values[:, series.columns.index(feature)], window,
        boundaries=(data.rows["validation"].start, data.rows["test"].start), name=column_label(feature, data.own),
        unit=data.unit, targets=data.actual if own else None)
    return packed(figure, _("The series with its training, validation and test part; the window begins at time step "
                            "{start}.").format(start=window.start))


def _slide(count: int, together: bool) -> int:
    """Let the person choose a window or an example; return which one is shown."""
    if count < 2:
        return 0
    label = _("Training window") if together else _("Training example")
    now = session.valid_choice(keys.WINDOW, range(count))
    return int(st.slider(label, 0, count - 1, now, key=keys.WINDOW,
                         help=_("Slide to see which values enter and which one is to be predicted.")))


def _sizes(spec: RunSpec, data: Dataset, batches: Batches) -> None:
    samples, features = len(batches.windows), len(data.alphabet) or len(data.features)
    learned = plan_network(spec.model, data.io_shape).parameters
    st.markdown(_("Training data: **{samples:,} × {steps} × {features}** (samples × time steps × features), samples in "
                  "one update: {batch}, updates in one epoch: {updates:,}. The network learns **{learned:,}** weights "
                  "and biases.").format(
        samples=samples, steps=data.steps, features=features, batch=min(spec.train.batch, samples),
        updates=batches.per_epoch, learned=learned))


def _symbols(data: Dataset, end: int) -> None:
    """Show the letters or words of one sample and what is to be named."""
    named = [data.labels[number] for number in np.atleast_1d(data.y(np.array([end]))[0]) if number != IGNORED]
    read, answer = (" ".join(visible(class_label(symbol)) for symbol in symbols) for symbols in (data.marks(end),
                                                                                                 named))
    st.code(f"{read}  →  {answer}", language=None, wrap_lines=True)


def _example(data: Dataset, end: int) -> None:
    """Show the numbers of one example, and what is to be named or drawn."""
    x, y = data.sample(end), data.y(np.array([end]))[0]
    if data.output == "every":
        figure = charts.drawn_answer(x[:, 0], data.unscale(y))
    elif data.classes:
        figure = charts.rows_read(x, answer=data.labels[int(y)])
    else:
        figure = charts.marked_numbers(x, answer=float(y))
    live_figure(figure, key="windows", height=HEIGHT,
                alt=_("The numbers of one example, time step by time step, and what belongs to them."))
