"""Attacks on a server of the lab, each beside honest people who are watched: ``python -m benchmarks.attack``."""
