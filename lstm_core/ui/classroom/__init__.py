"""Page Class: one teacher, many learners, one thing at a time."""
