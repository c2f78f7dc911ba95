"""Two live figures whose data grow five times a second.

``?updates=`` says how far the training has come at the start, ``?still`` stops the clock.
"""

import numpy as np
import streamlit as st

from lstm_core import charts
from lstm_core.records import Evaluation
from lstm_core.ui.widgets.live_figure import live_figure

DAYS = np.arange("2018-01-02", "2018-07-21", dtype="datetime64[D]")[:200]
STEP = 8        # updates of the weights between two pictures

random = np.random.default_rng(0)
loss = (np.exp(-np.arange(60_000) / 800) + 0.02) * random.uniform(0.7, 1.3, 60_000)
actual = 120 + np.cumsum(random.normal(0, 1.2, 200))
naive = np.concatenate([[np.nan], actual[:-1]])


def watch() -> None:
    st.session_state.tick = tick = st.session_state.get("tick", 0) + 1
    done = int(st.query_params.get("updates", 400)) + tick * STEP
    evaluations = [Evaluation(update, update / 20, loss[update], 1.1 * loss[update] + 0.02 * (update / done) ** 4, 0.1)
                   for update in range(20, done, 20)]
    best = min(evaluations, key=lambda entry: entry.validation_loss).update
    curve = charts.loss_curve(loss[:done].astype(np.float32), evaluations, log=False, last_update=done * 2,
                              best=best, rate_changes=[(done // 2, 0.001)], unit="squared error, scaled")
    predicted = actual + 8 * np.exp(-done / 400) + np.sin(np.arange(200) / 5 + tick / 3)
    fit = charts.prediction(DAYS, actual, predicted, naive, naive_name="Persistence", unit="USD", name="Closing price",
                            split="test")
    left, right = st.columns(2)
    with left:
        live_figure(curve, "curve", height=320, alt=f"Training loss {loss[done]:.3f} after {done} updates")
    with right:
        live_figure(fit, "fit", height=320, alt="Predicted and real closing price")
    st.html(f'<p id="tick">{tick}</p>')


def show() -> None:
    st.set_page_config(layout="wide")
    if st.toggle("shown", value=True):
        st.fragment(watch, run_every=None if "still" in st.query_params else 0.2)()
