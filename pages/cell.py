"""Inside the cell: every gate of the trained network, at every time step, at every moment of training."""

from lstm_core.ui.cell import page as cell_page
from lstm_core.ui.shared import beside
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import page_title

page_title("cell")
cell_page.show(session.run("recall"))
beside.show("cell")
session.write_address()
