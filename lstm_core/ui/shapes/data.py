"""How a series becomes windows, value by value, and how sequences of different length fit into one batch."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.charts.shapes.grids import all_windows, matrix, padded, sample
from lstm_core.charts.shapes.series import sliding
from lstm_core.charts.shapes.svg import element
from lstm_core.data import Series, Windows, prepare
from lstm_core.data.sources.waves import wave
from lstm_core.i18n import gettext as _
from lstm_core.i18n import sentences
from lstm_core.spec import Table, Waves
from lstm_core.spec.io import IGNORED
from lstm_core.ui.shapes import keys
from lstm_core.ui.shapes.tensors import Seen
from lstm_core.ui.widgets.drawing import drawing
from lstm_core.ui.widgets.labels import class_label
from lstm_core.ui.widgets.live_figure import live_figure

ROWS, FEATURES, STEPS = 8, 4, 3     # of the small table
SHOWN = 12                          # sequences of a batch that are drawn
WORDY = 9                           # longest sequence whose words are drawn

SLIDING = Waves(length=60, steps=19, validation=0, test=0)
"""19 values in, the 20th out."""


def windows() -> None:
    """Show the two ways to see windows: values of one series, rows of a table."""
    st.markdown("**" + _("19 values in, the 20th out") + "**")
    data = prepare(SLIDING, "last", wave(SLIDING))
    count = len(data.sample_ids["train"])
    start = int(st.slider(_("Window"), 1, count, key="shapes_window")) - 1
    end = data.sample_ids["train"][start:start + 1]
    live_figure(sliding(data.actual, start=start, steps=data.steps), key="sliding", height=300, alt=_(
        "A series of {length} values; the window reads values {first} to {last}, value {target} is to be predicted."
    ).format(length=len(data.actual), first=start + 1, last=start + data.steps, target=start + data.steps + 1))
    x, y = data.x(end)[0, :, 0], data.y(end)[0]
    st.code(f"x = [{', '.join(f'{value:.2f}' for value in x)}]  →  y = {y:.2f}", language=None, wrap_lines=True)
    st.markdown(_("A series of {length} values has {length} - {steps} = {count} such windows. Together they are a "
                  "block of **{count} × {steps} × 1** numbers (samples × time steps × features), with {count} targets."
                  ).format(length=len(data.actual), steps=data.steps, count=count))
    _table()


def _table() -> None:
    """Show windows of a table: several features at each step."""
    st.markdown("**" + _("Rows of a table: {features} features and a target").format(features=FEATURES) + "**")
    st.markdown(_("Every number in this table names its own place: 32 stands in row 3, column 2. A window of {steps} "
                  "rows takes the features of these rows, and one target.").format(steps=STEPS))
    asked = {"next": _("Row after the window"), "same": _("Last row of the window")}
    st.segmented_control(_("Target from the"), list(asked), key=keys.TARGET, required=True, default="next",
                         format_func=asked.__getitem__, on_change=_keep_row)
    data = small_table(0 if st.session_state[keys.TARGET] == "same" else 1)
    sample_ids = data.sample_ids["train"]
    start = int(st.slider(_("Window of the table"), 1, len(sample_ids), key=keys.ROW)) - 1
    end = sample_ids[start:start + 1]
    values = np.hstack([data.inputs, data.targets[:, np.newaxis]])
    drawing(element("div", "side-by-side",
                    element("figure", "", matrix(values, [*(f"x{number}" for number in range(1, FEATURES + 1)), "y"],
                                                 start=start, steps=STEPS, aim=int(end[0]) + data.horizon)),
                    element("figure", "", sample(data.x(end)[0], float(data.y(end)[0])),
                            element("div", "", all_windows(ROWS, FEATURES, STEPS, ahead=data.horizon, current=start)),
                            element("figcaption", "",
                                    _("All {count} windows: {count} × {steps} × {features} numbers.").format(
                          count=len(sample_ids), steps=STEPS, features=FEATURES)))), key="drawn_table")
    st.markdown(_("Which row the target comes from is the setting *Steps ahead*: with 1 the network forecasts the next "
                  "row, with 0 it finds out what belongs to the last row it has read."))


def _keep_row() -> None:
    """Stay at the window when there is one more or one less of them: to Streamlit the slider is then a new one."""
    st.session_state[keys.ROW] = min(st.session_state[keys.ROW], ROWS - STEPS)


def small_table(horizon: int) -> Windows:
    """Return a table of which every number names its row and column, cut into windows."""
    values = np.array([[10.0 * row + column for column in range(1, FEATURES + 2)] for row in range(1, ROWS + 1)])
    columns = tuple(f"x{number}" for number in range(1, FEATURES + 1))
    spec = Table(features=columns, column="y", steps=STEPS, horizon=horizon, validation=0, test=0, scaler="none")
    return prepare(spec, "last", Series((*columns, "y"), values, np.arange(ROWS)))


# -- sequences of different length -----------------------------------------------------------------------------


def lengths(seen: Seen) -> None:
    """Show a padded batch: of the data where theirs differ in length, else a small one of words."""
    found = _of_data(seen)
    words: list[list[str]] | None
    if found is None:
        st.markdown(_("All sequences of these data are equally long. Here is a small batch of sentences that are not. "
                      "Among the data to choose from, the shop reviews and the numbers in words differ in length."))
        words = [sentence.split() for sentence in (
            _("very good"), _("not good at all"), _("I like it"), _("arrived late but works very well"))]
        longest = max(map(len, words))
        valid = np.array([[step < len(sentence) for step in range(longest)] for sentence in words])
        read = True
    else:
        valid, words, read = found
        st.markdown(_("The first {shown} sequences of the first batch of your data, filled up with padding to the "
                      "longest, {steps} steps.").format(shown=len(valid), steps=valid.shape[1]))
    _grid(valid, words, read=read)
    _why(valid, read=read)


def _of_data(seen: Seen) -> tuple[np.ndarray, list[list[str]] | None, bool] | None:
    """Return the first sequences of the first batch: which steps count, their words if short, whether one is read."""
    data, sample_ids = seen.data, seen.first[:SHOWN]
    steps_of = data.lengths(sample_ids)
    if steps_of is not None:
        valid = np.arange(data.steps) < steps_of[:, np.newaxis]
        symbols, names, read = data.x(sample_ids), data.alphabet, True
    elif data.encoder_steps:
        symbols, names, read = data.y(sample_ids), data.labels, False
        valid = symbols != IGNORED
    else:
        return None
    if valid.shape[1] > WORDY:
        return valid, None, read
    return valid, [[charts.visible(class_label(names[symbol])) for symbol in row[counts]]
                   for row, counts in zip(symbols, valid, strict=True)], read


def _grid(valid: np.ndarray, words: list[list[str]] | None, *, read: bool) -> None:
    drawing(element("div", "wide", padded(valid, words, read=read, room=640)),
            element("div", "narrow", padded(valid, None, read=read, room=250)), key="drawn_lengths")
    st.code(f"sequence_length = {valid.sum(axis=1).tolist()}", language=None, wrap_lines=True)


def _why(valid: np.ndarray, *, read: bool) -> None:
    empty = int((~valid).sum())
    filled = _("A batch is a block, so short sequences are filled up: **{empty} of {all} places ({share:.0%}) hold no "
               "data**. The vector *sequence_length* says where each one really ends.")
    st.markdown(sentences(filled.format(empty=empty, all=valid.size, share=empty / valid.size), (
        _("The output is read there (outlined) and not at the end of the block: after it the state only goes on over "
          "padding.") if read else _("There is an answer at every step up to there; what comes out after it is left "
                                     "out."))))
    st.markdown(_("Where there is a target at every step, padding must not count in the loss: the mean would be taken "
                  "over {all} places instead of {counted}. A network that has learned nothing but to name the padding "
                  "would be right at {share:.0%} of them, and part of the gradient would go into that.").format(
        all=valid.size, counted=int(valid.sum()), share=empty / valid.size))
