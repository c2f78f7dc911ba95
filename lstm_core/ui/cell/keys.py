"""Keys of the session that the page Inside the cell owns (see :mod:`lstm_core.ui.widgets.keys`)."""

CHANGE = "change"                  # kind of change that is being chosen
INTERVENTIONS = "interventions"    # changes applied to the network
KEEPER = "cell_keeper"             # the unit that keeps longest, of a run and a sequence: both, and what was found
WEIGHTS_MOMENT = "weights_moment"  # update whose weights are shown
BY_HAND = "by_hand"                # whether the sequence is edited by hand
