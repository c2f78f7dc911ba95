"""What all pages share: navigation, language, and the settings of the session."""

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.base import server
from lstm_core.ui.widgets import live_figure, session, settings
from lstm_core.ui.widgets.text import ICON, choose_language

st.set_page_config(page_title="Gatescope", page_icon=str(ICON), layout="wide", initial_sidebar_state=330)
st.session_state["drawn"] = False
choose_language()
page = st.navigation(
    [
        st.Page("start.py", title=_("Start"), icon=":material/home:", default=True),
        st.Page("train.py", title=_("Train"), icon=":material/model_training:", url_path="train"),
        st.Page("cell.py", title=_("Inside the cell"), icon=":material/grid_on:", url_path="cell"),
        st.Page("predict.py", title=_("Predict"), icon=":material/query_stats:", url_path="predict"),
        st.Page("letters.py", title=_("Letters"), icon=":material/abc:", url_path="letters"),
        st.Page("memory.py", title=_("Memory"), icon=":material/history:", url_path="memory"),
        st.Page("shapes.py", title=_("Shapes"), icon=":material/view_in_ar:", url_path="shapes"),
        st.Page("compare.py", title=_("Compare"), icon=":material/compare_arrows:", url_path="compare"),
        st.Page("challenges.py", title=_("Challenges"), icon=":material/emoji_events:", url_path="challenges"),
    ],
    position="top",
)
server.lab()
session.begin_session()
settings.carry_over_settings(page.url_path)
page.run()
live_figure.flush()
st.session_state["drawn"] = True        # not reached by a script that another one has replaced in the meantime
