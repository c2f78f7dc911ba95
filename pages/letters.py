"""Letters: type some and get the next one, let the network write on, see what it has made of its alphabet."""

from lstm_core.ui.letters import page as letters_page
from lstm_core.ui.shared import beside
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import page_title

page_title("letters")
letters_page.show()
beside.show("letters")
session.write_address()
