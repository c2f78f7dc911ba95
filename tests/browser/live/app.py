"""The server of the live figure's browser test: our routes, one page."""

import streamlit as st

from lstm_core.ui.routes import routes

app = st.App("page.py", routes=routes())
