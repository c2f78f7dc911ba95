"""Compare: runs side by side, and sweeps over settings and seeds."""

from lstm_core.ui.compare import page as compare_page
from lstm_core.ui.compare import runs
from lstm_core.ui.compare.sweep import page as sweep_page
from lstm_core.ui.widgets.text import page_title

page_title("compare")
sweep_page.begin()
compare_page.show(sweep_page.show)
runs.write_address()
