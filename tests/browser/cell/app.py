"""The server of the cell view's browser test: our routes, one page, made-up networks in the place of trained ones."""

import networks
import streamlit as st

from lstm_core.ui import cell_routes
from lstm_core.ui.routes import routes

cell_routes.lab = networks.Lab

app = st.App("page.py", routes=routes())
