"""Train: pick a sequence, set the network, watch it learn."""

import streamlit as st

from lstm_core.ui.challenges import page as challenges_page
from lstm_core.ui.shared import beside, preset_box, short_memory
from lstm_core.ui.train import controls, next_step, printed_costs, progress, sidebar, untrained, windows
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import page_title

with st.sidebar:
    source = sidebar.show()

page_title("train")
view = untrained.instead_of(session.run(untrained.example_name()))
preset_box.show(view)
short_memory.show()
controls.follow_rate(view)
controls.buttons(view)
with st.container(key="notices"):   # always there, so that nothing below is drawn anew when a notice comes or goes
    controls.notices(view)
    challenges_page.solved_line(view)
    next_step.show(view)

progress.show(view)
printed_costs.show(view)

windows.show(source)
beside.show(preset_box.prose() or "train", later=preset_box.awaited(view))
