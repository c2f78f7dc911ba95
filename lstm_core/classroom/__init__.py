"""A class: thirty people, one teacher, one question at a time. What it is, what may follow what, and who may do it."""
