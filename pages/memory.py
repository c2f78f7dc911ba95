"""Memory: how far back a network can learn from, how far back it remembers, and what becomes of its gradients."""

from lstm_core.ui.memory import page as memory_page
from lstm_core.ui.shared import beside, query
from lstm_core.ui.widgets import session
from lstm_core.ui.widgets.text import page_title

page_title("memory")
view = session.run("recall")
query.introduce(view)
query.await_first_snapshot(view)
memory_page.show(view)
beside.show("memory")
session.write_address()
