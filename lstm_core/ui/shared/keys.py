"""Keys of the session that several pages share (see :mod:`lstm_core.ui.widgets.keys`)."""

MOMENT = "moment"                # update at which the network is asked
MOMENT_OF = "moment_of"          # run, and its updates then, for which that moment was chosen
ASKED_PART = "asked_part"        # part of the data that is predicted
STEPS_READ_OF = "steps_read_of"  # run for which other time steps than its own were chosen
FROM_PART = "from_part"          # part of the data from which the page Inside the cell takes its sequence,
AT = "at"                        # and which of its windows or examples, from 1; page Predict sets both for its links
OPENED = "cell_opened"             # run for which the place to begin with inside the network was chosen
SELECT = "select"                # place inside the network that was asked for last
BESIDE = "beside"                # what the steps beside the page send
BESIDE_DONE = "beside_done"      # which of their requests was answered last
READ_MORE = "read_more"          # what is longer than a step
LED = "led_to"                   # lesson and card to which a class was brought: it is open, whatever came before
