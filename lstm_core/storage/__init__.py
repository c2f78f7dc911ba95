"""Runs, checkpoints and sweeps in a database: the only package that imports SQLAlchemy."""
