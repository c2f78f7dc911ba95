"""Class: thirty people, one teacher, one question at a time."""

from lstm_core.ui.classroom import page

page.show()
