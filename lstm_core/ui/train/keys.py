"""Keys of the session that the page Train owns (see :mod:`lstm_core.ui.widgets.keys`)."""

PACE = "pace"                          # pace of the training, by name
PACED = "paced"                        # run whose pace that is
PART = "part"                          # part of the data whose predictions are drawn
PARTS = "parts"                        # parts of the data among which that one was chosen
SCALE = "loss_scale"                   # on what scale the loss is drawn
WINDOW = "window"                      # window that is shown
DOWNLOADS = "downloads"                # request for prices -> hash of the data and notes
DOWNLOAD_REFUSAL = "download_refusal"  # why the last download was refused
OFFER = "ticker_offer"                  # the buttons of tickers that may have been meant, with their number
UPLOAD = "upload"                      # the file chosen
UPLOAD_REFUSAL = "upload_refusal"      # why it was refused
STRIP = "strip"                        # what the strip of gates sends
KEPT_TEXT = "kept_text"                # letters that the browser gives back after a reload
FIX, HIDE = "link_fixed", "link_hidden"     # controls that the link which is being made fixes and hides
ASKS_TEXT = "asks_text"                # whether the address says that the browser has such letters
