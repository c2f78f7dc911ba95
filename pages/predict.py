"""Predict: any run against what really came, beside the baselines, with a verdict in words."""

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.spec import TaskSpec
from lstm_core.ui.predict import page as predict_page
from lstm_core.ui.shared import beside, query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import localized, page_title

page_title("predict")
view = session.run()
query.introduce(view)
query.await_first_snapshot(view)
if not len(view.snapshots):
    query.nothing_yet(view)
else:
    try:
        predict_page.show(view)
    except Refusal as refusal:
        st.warning(localized(refusal))
        query.way_on(view)
beside.show("predict_tasks" if isinstance(view.spec.data, TaskSpec) else "predict")
session.write_address()
