"""Challenges: what to reach under which rules, judged by the runs of this browser."""

import streamlit as st

from lstm_core.errors import Refusal
from lstm_core.ui.challenges import page as challenges_page
from lstm_core.ui.shared import beside
from lstm_core.ui.widgets.text import localized, page_title

page_title("challenges")
try:
    challenges_page.show()
except Refusal as refusal:
    st.warning(localized(refusal))
beside.show("challenges")
challenges_page.write_address()
