"""What all sessions of one server share: the lab with its worker, the downloader, the finished example."""

from __future__ import annotations

import atexit
import ctypes
import logging
from contextlib import ExitStack
from functools import cache
from threading import RLock, Thread
from time import sleep

from lstm_core.data.sources.yahoo import Downloader
from lstm_core.errors import Refusal
from lstm_core.presets import PRESETS
from lstm_core.running import lab as labs
from lstm_core.running.lab import Lab
from lstm_core.running.people import People
from lstm_core.spec import Layer, Letters, ModelSpec, RunSpec, TrainSpec
from lstm_core.storage.schema import EXAMPLE_OWNER
from lstm_core.storage.store import DEFAULT_FILE

log = logging.getLogger(__name__)

LARGE = 262_144         # bytes of a piece of memory that is asked of the system by itself, and given back by itself
TRIM_EVERY = 5.0        # seconds
_MMAP_THRESHOLD, _ARENA_MAX = -3, -8            # of mallopt(3)

people = People()       # who is here, from which address: they take turns at whatever the server does
_starting = RLock()
_running = ExitStack()


def lab() -> Lab:
    """Return the server's lab; the first call starts its worker.

    Raises:
        Refusal: its database cannot be used, or a setting of the server; the next call tries again.
    """
    with _starting:
        return _lab()


@cache
def _lab() -> Lab:
    opened = _running.enter_context(labs.opened(people))
    atexit.register(stop)
    return opened


def give_memory_back() -> None:
    """Have the C library give large pieces of memory back to the system as soon as they are free.

    By itself it keeps the more the larger the pieces are that it has seen, for each thread anew: after a few large
    runs and traces hundreds of megabytes. Where there is no glibc, nothing happens.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, LARGE)
        library.mallopt(_ARENA_MAX, 2)
        Thread(target=_trim, args=(library,), name="give-memory-back", daemon=True).start()


def _trim(library: ctypes.CDLL) -> None:
    """Give back small pieces as well, now and then: it takes a few milliseconds, and up to 40 MB were lying about."""
    while True:
        sleep(TRIM_EVERY)
        library.malloc_trim(0)


def start() -> None:
    """Open the lab and have the examples trained; what is in the way is told in the log, and by each page."""
    try:
        for name in EXAMPLES:
            example(name)
    except Refusal as refusal:
        log.error("%s", refusal)


def stop() -> None:
    """Save all runs and end the worker; the next call for the lab starts anew."""
    with _starting:
        _running.close()
        for shared in (_lab, _example):
            shared.cache_clear()


@cache
def downloader() -> Downloader:
    """Return the one downloader through which all sessions ask for prices, one request at a time."""
    return Downloader(folder=DEFAULT_FILE.parent / "yfinance")


EXAMPLES = {
    "start": PRESETS["recall"].spec.change(distance=20, chrono=0),
    "waves": RunSpec(),
    "letters": RunSpec(data=Letters(), model=ModelSpec(layers=(Layer(16),), encoding="embedding"),
                       train=TrainSpec(epochs=200, lr=0.02)),
    "waves_rnn": RunSpec(model=ModelSpec(cell="rnn")),
}


def example(name: str = "waves") -> str:
    """Return the id of a small finished run, trained when the server starts, for pages with nothing of one's own."""
    with _starting:
        return _example(name)


@cache
def _example(name: str) -> str:
    spec = EXAMPLES[name]
    kept = (facts.id for facts in lab().recent(EXAMPLE_OWNER) if facts.spec == spec)
    found = next(kept, None) or lab().start(spec, EXAMPLE_OWNER)
    lab().view(found, ("validation",))      # somebody looks: it is trained now
    return found
