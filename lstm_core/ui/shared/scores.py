"""How well a run's network does over a part of its data: a worker measures it, and the server keeps the answer."""

from __future__ import annotations

import streamlit as st

from lstm_core.evaluation.metrics import Score
from lstm_core.running import jobs
from lstm_core.spec import RunSpec, Split
from lstm_core.ui.base.server import lab
from lstm_core.ui.shared.answers import ask

SCORES = 500            # scores that the server keeps


@st.cache_data(max_entries=SCORES, show_spinner=False)
def score(run: str, update: int, spec: RunSpec, split: Split) -> Score:
    """Return how well the network that a run was at an update does over a part that is not empty.

    Raises:
        Refusal: a worker cannot say; the sentence tells why.
    """
    return ask(jobs.score, spec, lab().snapshot(run, update).weights, split)
