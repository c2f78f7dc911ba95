"""Keys of the session that the page Shapes owns (see :mod:`lstm_core.ui.widgets.keys`)."""

TARGET = "shapes_target"  # column that the small table predicts
ROW = "shapes_row"        # its first row in the window
