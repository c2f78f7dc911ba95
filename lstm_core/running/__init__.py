"""Runs and sweeps while they train: commands, fair queue, worker processes, retries."""
