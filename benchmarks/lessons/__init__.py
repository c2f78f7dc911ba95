"""A robot that takes the course in the real app: ``python -m benchmarks.lessons`` (or ``make lessons``)."""
