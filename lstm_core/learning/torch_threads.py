"""How torch is used here: on one thread, and without touching anybody's random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def alone() -> Iterator[None]:
    """Use one thread and leave the caller's random numbers alone: two threads on a busy machine are far slower."""
    threads, randomness = torch.get_num_threads(), torch.get_rng_state()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_rng_state(randomness)
        torch.set_num_threads(threads)
