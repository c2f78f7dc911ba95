"""Train: pick a sequence, set the network, watch it learn."""

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.ui.challenges import page as challenges_page
from lstm_core.ui.shared import beside, preset_box
from lstm_core.ui.train import controls, printed_costs, progress, windows
from lstm_core.ui.train import source as train_source
from lstm_core.ui.widgets import session, settings
from lstm_core.ui.widgets.text import page_title

with st.sidebar:
    st.subheader(_("Sequence"))
    source = train_source.choose()
    settings.window_settings(source)
    st.subheader(_("Network"))
    settings.model_settings(source)
    st.subheader(_("Training"))
    settings.train_settings(source)

page_title("train")
preset_box.show()
view = session.run()
controls.follow_rate(view)
controls.buttons(view)
with st.container(key="notices"):   # always there, so that nothing below is drawn anew when a notice comes or goes
    controls.notices(view)
    challenges_page.solved_line(view)

progress.show(view)
printed_costs.show(view)

windows.show(source)
beside.show(preset_box.prose() or "train")
