"""A class in one room: ``python -m benchmarks.classroom`` (or ``make class``)."""
