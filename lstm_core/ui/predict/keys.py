"""Keys of the session that the page Predict owns (see :mod:`lstm_core.ui.widgets.keys`)."""

WAY = "way"                  # one step at a time, or running freely
STEPS_READ = "steps_read"    # time steps the network reads
DRAWN_FROM = "drawn_from"    # first target that is drawn
FREE_START = "free_start"    # last known row of a free run
AMONG = "among"              # group of examples that is looked through
WHICH_ONE = "which_one"      # which of them, from 1
COUNT = "count"              # how far is counted
STRING_OF = "string_of"      # string of symbols that is shown
STRING_STEP = "string_step"  # step in it
