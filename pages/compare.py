"""Compare: runs side by side, and sweeps over settings and seeds."""

from lstm_core.language import gettext as _
from lstm_core.ui import compare, compare_runs, sweep, words

words.title(_("Compare"))
sweep.begin()
compare.show(sweep.show)
compare_runs.write_address()
