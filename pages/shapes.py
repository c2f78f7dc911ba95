"""Shapes: from the series to the loss, with the true sizes of the settings."""

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.shapes import page as shapes_page
from lstm_core.ui.shared import beside
from lstm_core.ui.train import source as train_source
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import page_title

with st.sidebar:
    st.subheader(_("Sequence"))
    source = train_source.choose()

page_title("shapes")
spec = shapes_page.settings(source)
if spec is not None:
    shapes_page.show(spec)
beside.show("shapes")
session.write_address(spec)
