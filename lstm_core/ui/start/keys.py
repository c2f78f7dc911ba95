"""Keys of the session that the page Start owns (see :mod:`lstm_core.ui.widgets.keys`)."""

QUESTION = "preset_question"     # whose presets are shown
TUTORIAL = "preset_tutorial"     # whose systems are shown
