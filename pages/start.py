"""Start: what this is, a network that is alive, and where to go."""

from lstm_core.ui.start import page
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import page_title

page_title("start")
page.show()
session.write_address()
