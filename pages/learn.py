"""Learn: fourteen lessons that ask first, each beside a real page of the lab."""

import streamlit as st

from lstm_core.running.run_view import RunView
from lstm_core.ui.cell import keys as cell_keys
from lstm_core.ui.cell import page as cell_page
from lstm_core.ui.learn import page as learn_page
from lstm_core.ui.letters import page as letters_page
from lstm_core.ui.memory import page as memory_page
from lstm_core.ui.predict import page as predict_page
from lstm_core.ui.shapes import page as shapes_page
from lstm_core.ui.train import progress, windows
from lstm_core.ui.widgets import settings
from lstm_core.ui.widgets.text import page_title


def _train(view: RunView) -> None:
    progress.show(view)
    windows.show(type(view.spec.data))


page_title("learn")
learn_page.show({
    "train": _train, "cell": cell_page.show, "predict": predict_page.show, "memory": memory_page.show,
    "letters": lambda _view: letters_page.show(), "shapes": lambda _view: shapes_page.show(settings.read()),
}, changes=lambda: st.session_state.get(cell_keys.INTERVENTIONS, ()))
