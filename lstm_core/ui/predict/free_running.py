"""Predict, running freely: from any day on the network reads its own predictions, with a band of its usual errors."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from lstm_core.charts import predict as charts
from lstm_core.charts.forecast import part_name
from lstm_core.data import Windows
from lstm_core.data.spread import evenly
from lstm_core.data.windows import fed_back
from lstm_core.errors import Refusal
from lstm_core.evaluation.beside import measure_beside
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing, sentences
from lstm_core.spec import Split
from lstm_core.ui.predict import downloads, keys
from lstm_core.ui.shared import baselines
from lstm_core.ui.shared.query import PredictQuery, free_running, moment
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.labels import column_label
from lstm_core.ui.widgets.live_figure import live_figure
from lstm_core.ui.widgets.navigation import page_link
from lstm_core.ui.widgets.option_box import option_box
from lstm_core.ui.widgets.text import escape_markdown, localized

HEIGHT = 440            # pixels of the chart
FARTHEST = 250          # steps
STARTS = 40             # free runs that make the band
LEAST = 5               # errors that a step of the band needs
SHARE = 0.8             # of the errors that lie within the band
CHOICES = 4000          # places on the slider of the start
RECENT = 50             # rows whose mean distance continues the dates


def show(asked: PredictQuery, data: Windows, split: Split, name: str) -> None:
    """Let the network run freely from a row of the part, beside the baselines and what really came."""
    try:
        fed_back(data)
    except Refusal as refusal:
        st.info(localized(refusal), icon=":material/block:")
        page_link("train", _("Train a network"))
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with right:
        count = int(st.number_input(_("Steps to go"), 1, FARTHEST, 50, key="free_steps", persist_state="session"))
    with left:
        start = _choose_start(data, split)
    found = baselines.fitted(asked.spec.data, asked.spec.model.output)
    beside = found.free_running(data, start, count)
    forecasts = {"network": free_running(asked, np.array([start]), count)[0]} | beside
    drawn = _drawn(asked, data, start, forecasts, name)
    known = data.actual[start + 1:start + 1 + count]
    flat = np.full(len(known), data.actual[start])
    measured = measure_beside(known, forecasts["network"][:len(known)],
                              {key: values[:len(known)] for key, values in beside.items()}, known=flat,
                              horizon=data.horizon)
    if len(known):
        baselines.show(measured, found, data)
        st.caption(sentences(
            _("Over the {count:,} steps of this run of which the truth is known. Persistence repeats the last "
              "known value.").format(count=len(known)), baselines.skill_explained(measured)))
    st.subheader(_("Take it along"), anchor=False)
    downloads.show(asked, {"free": (_("Forecasts (CSV)"), {**drawn, **beside}),
                           "free_metrics": (_("Metrics (CSV)"), baselines.columns(measured, data.unit))}, "predicted")


def _drawn(asked: PredictQuery, data: Windows, start: int, forecasts: Mapping[str, np.ndarray],
           name: str) -> downloads.Columns:
    """Draw the forecasts from a row on, and say what is seen; return what the network said, as columns."""
    predicted = forecasts["network"]
    beside = {key: values for key, values in forecasts.items() if key != "network"}
    count = len(predicted)
    band, runs, of = _band(asked, data, count)
    first = max(0, start + 1 - max(data.steps, count))
    index = _prolonged(data.index, start + count + 1)[first:]
    seen = data.actual[first:start + 1 + count]
    actual = np.append(seen, np.full(len(index) - len(seen), np.nan))
    figure = charts.free_running(index, actual, predicted, band, beside, start=start - first, unit=data.unit, name=name)
    figure.update_layout(uirevision=f"{asked.view.id}{start}{count}")
    live_figure(figure, key="predicted", height=HEIGHT,
                alt=_("Real values, and {count} steps of a forecast that reads its own predictions.").format(
                    count=count))
    known = len(data.actual[start + 1:start + 1 + count])
    held, tested = _held(asked, data, band)
    said = [] if np.isnan(held) else [
        _("It is no promise: on the test part {share:.0%} of the errors of {runs} free runs lie within it.").format(
            share=held, runs=tested)]
    st.caption(sentences(*_explained(data, of, runs, len(band[np.isfinite(band)]), count, known), *said))
    return {"index": index[start + 1 - first:], "real": actual[start + 1 - first:], "predicted": predicted,
            "band": band}


def _choose_start(data: Windows, split: Split) -> int:
    """Let the person choose the last row that is known, of those with a whole window before them."""
    rows = np.array(data.rows[split])
    rows = rows[rows >= data.steps - 1]
    rows = rows[evenly(len(rows), CHOICES)]
    options = [int(row) for row in rows]
    session.valid_choice(keys.FREE_START, options)
    if len(options) < 2:
        return options[0]
    return int(option_box(st.select_slider, _("Last known, from where it runs freely"), options, key=keys.FREE_START,
                          persist_state="session", format_func=lambda row: moment(data.index[row])))


def _band(asked: PredictQuery, data: Windows, count: int) -> tuple[np.ndarray, int, Split]:
    """Return half the width of the band at each step (count,), how many runs it is made of, and in which part.

    Free runs begin at evenly spread rows of the validation part, or of the training part where that is empty, if
    possible such that they also end within it: what came later is not known to the band. At each step it is the value
    below which the share SHARE of the absolute errors lies; nan where fewer than LEAST are known.
    """
    split: Split = "validation" if len(data.rows["validation"]) > LEAST else "train"
    errors = _errors(asked, data, split, count)
    enough = np.isfinite(errors).sum(axis=0) >= LEAST
    band = np.full(count, np.nan)
    band[enough] = np.nanquantile(errors[:, enough], SHARE, axis=0)
    return band, len(errors), split


def _held(asked: PredictQuery, data: Windows, band: np.ndarray) -> tuple[float, int]:
    """Return the share of errors on the test part that lie within a band (count,), and of how many free runs they are.

    Free runs begin there as they do for the band; nan where the part is empty or the band has no step.
    """
    if len(data.rows["test"]) <= LEAST:
        return np.nan, 0
    errors = _errors(asked, data, "test", len(band))
    known = np.isfinite(errors) & np.isfinite(band)
    return float((errors <= band)[known].mean()) if known.any() else np.nan, len(errors)


def _errors(asked: PredictQuery, data: Windows, split: Split, count: int) -> np.ndarray:
    """Return the absolute errors (m, count) of free runs from evenly spread rows of a part; nan where it has ended."""
    last = data.rows[split].stop - 1
    rows = np.array(data.rows[split])
    rows = rows[(rows >= data.steps - 1) & (rows < last)]
    whole = rows[rows + count <= last]
    if len(whole) >= LEAST:
        rows = whole
    starts = rows[evenly(len(rows), STARTS)]
    aims = starts[:, np.newaxis] + np.arange(1, count + 1)
    actual = np.where(aims <= last, data.actual[np.minimum(aims, last)], np.nan)
    errors: np.ndarray = np.abs(free_running(asked, starts, count) - actual)
    return errors


def _prolonged(index: np.ndarray, count: int) -> np.ndarray:
    """Return the first ``count`` entries of an index, continued evenly beyond its end."""
    if count <= len(index):
        return index[:count]
    number = np.arange(1, count - len(index) + 1)
    if index.dtype.kind == "M":
        recent = index[-RECENT:].astype("datetime64[s]")
        number = number * ((recent[-1] - recent[0]) / max(1, len(recent) - 1))
        if (index == index.astype("datetime64[D]")).all():
            number = number.astype("timedelta64[D]")
    return np.concatenate([index, index[-1] + number])


def _explained(data: Windows, split: Split, runs: int, steps: int, count: int, known: int) -> list[str]:
    """Return in sentences what the band is, and what the forecast could not know."""
    said = [_("Band: of {runs} free runs in the {part}, {share:.0%} were at most this far off at each step.").format(
        runs=runs, part=part_name(split), share=SHARE)]
    if steps < count:
        said.append(_("It ends after {steps} steps, because the {part} has no more rows.").format(
            steps=steps, part=part_name(split)))
    others = [escape_markdown(name) if data.own else column_label(name) for name in data.features
              if name != data.target]
    if others:
        said.append(_("Only {target} is predicted; the other features stay as they were last known: {others}.").format(
            target=escape_markdown(data.target) if data.own else column_label(data.target), others=listing(others)))
    if known < count:
        said.append(_("After the data end nothing real can be drawn, and the dates are evenly spaced guesses."))
    return said
