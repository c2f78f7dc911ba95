"""Predict: any run against what really came, beside the baselines, with a verdict in words."""

import streamlit as st

from lstm_core.language import gettext as _
from lstm_core.refusal import Refusal
from lstm_core.spec import TaskSpec
from lstm_core.ui import current, inside, predict, predict_ways, words

words.title(_("Predict"))
view = current.run()
predict.introduce(view)
inside.await_first_snapshot(view)
if not len(view.snapshots):
    predict.nothing_yet(view)
else:
    try:
        predict_ways.show(view)
    except Refusal as refusal:
        st.warning(words.told(refusal))
        predict.way_on(view)
st.markdown(words.prose("predict_tasks" if isinstance(view.spec.data, TaskSpec) else "predict"))
current.write_address()
