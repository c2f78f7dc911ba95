"""Keys of the session that the page Challenges owns (see :mod:`lstm_core.ui.widgets.keys`)."""

CHALLENGE = "challenge"    # name of the challenge that was begun or opened; also in the address
MEASURED = "measured"      # what has been measured
UNMEASURED = "unmeasured"  # what could not be measured
