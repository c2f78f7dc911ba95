"""What all pages share: navigation, language, and the settings of the session."""

import streamlit as st

from lstm_core.i18n import gettext as _
from lstm_core.i18n import speaking
from lstm_core.ui.base.pages import FIRST, PAGES
from lstm_core.ui.classroom import bar
from lstm_core.ui.shared import lessons_of
from lstm_core.ui.widgets import keys as session_keys
from lstm_core.ui.widgets import outage, projector, session, settings
from lstm_core.ui.widgets.text import ICON, choose_language

st.set_page_config(page_title="Gatescope", page_icon=str(ICON), layout="wide", initial_sidebar_state=330)
st.session_state[session_keys.DRAWN] = False
with speaking(choose_language()):       # it would be asked for with each of hundreds of words
    projector.choose_view()
    page = st.navigation([st.Page(page.file, title=_(page.title), icon=page.icon, url_path=page.url_path or None,
                                  default=not page.url_path) for page in PAGES.values()], position="top")
    outage.warn()
    session.begin_session()
    settings.carry_over_settings(page.url_path)
    bar.settle()
    page.run()
    if (name := page.url_path or FIRST) not in (FIRST, "learn"):
        lessons_of.show(name)
    bar.show(name)
    st.session_state[session_keys.DRAWN] = True     # not reached by a script that another one has replaced meanwhile
