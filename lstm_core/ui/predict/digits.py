"""Predict, for handwritten digits: an image read row by row, and one that the person draws."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lstm_core.charts import classes as charts
from lstm_core.i18n import gettext as _
from lstm_core.ui.shared.query import PredictQuery, read
from lstm_core.ui.widgets.digit_grid import digit_grid, put
from lstm_core.ui.widgets.live_figure import live_figure

HEIGHT = 360            # pixels of a chart


def example(asked: PredictQuery, end: int, actual: int) -> None:
    """Show how the network reads one image of the data."""
    image = asked.data.sample(end)
    _scanned(asked, image, actual, key="scan")
    st.button(_("Put this image on the grid below"), key="put_on_grid", icon=":material/draw:", on_click=put,
              args=(image,))


def own(asked: PredictQuery) -> None:
    """Let the person draw a digit, and show what the network takes it for."""
    st.subheader(_("Draw your own digit"), anchor=False)
    st.fragment(_drawn, key="own_digit")(asked)


def _drawn(asked: PredictQuery) -> None:
    left, right = st.columns([2, 5], gap="large")
    with left:
        image = digit_grid()
    with right:
        last = read(asked, image)[1][-1]
        said = {"digit": asked.data.labels[int(last.argmax())], "share": float(last.max())}
        st.markdown((_("The network says **{digit}**, with a probability of {share:.0%}.") if image.any() else
                     _("Nothing is drawn yet. Of an empty grid the network says **{digit}**, with a probability of "
                       "{share:.0%}.")).format(**said))
        _scanned(asked, image, None, key="own_scan")


def _scanned(asked: PredictQuery, image: np.ndarray, actual: int | None, key: str) -> None:
    """Show an image up to a row that the person chooses, and the probabilities after each row."""
    names, steps = asked.data.labels, len(image)
    probabilities = read(asked, image)[1]
    row = st.slider(_("Rows read"), 1, steps, steps, key=f"{key}_row")
    left, right = st.columns([3, 2])
    best = int(np.nan_to_num(probabilities[row - 1], nan=-1).argmax())
    with left:
        live_figure(charts.scan(image, probabilities, names, row=row), key=key, height=HEIGHT,
                    alt=_("The image, read up to row {row} of {steps}, and the probabilities after each row.").format(
                        row=row, steps=steps))
    with right:
        figure = charts.class_bars(probabilities[row - 1], names, actual=actual,
                                   title=_("After row {row} of {steps}").format(row=row, steps=steps))
        live_figure(figure, key=f"{key}_bars", height=HEIGHT,
                    alt=_("Probabilities of the digits after this row; the highest is that of {digit}.").format(
                        digit=names[best]))
    if asked.spec.model.conv:
        st.caption(_("The convolution reads the whole image at once, so this network answers only after the last row."))
