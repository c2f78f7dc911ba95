"""What all sessions of one server share: the lab with its worker, the classes, and the downloader."""

from __future__ import annotations

import atexit
import ctypes
import logging
from contextlib import ExitStack
from functools import cache, lru_cache
from threading import RLock, Thread
from time import sleep

from lstm_core.classroom.rooms import Rooms
from lstm_core.data.sources.yahoo import Downloader
from lstm_core.errors import Refusal
from lstm_core.running import lab as labs
from lstm_core.running.lab import Lab
from lstm_core.running.people import People
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


def rooms() -> Rooms:
    """Return the server's classes.

    Raises:
        Refusal: as for :func:`lab`.
    """
    return _rooms(lab())


@lru_cache(maxsize=1)
def _rooms(opened: Lab) -> Rooms:
    return Rooms(opened.classes)


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
    """Open the lab; what is in the way is told in the log, and by each page."""
    try:
        lab()
    except Refusal as refusal:
        log.error("%s", refusal)


def stop() -> None:
    """Save all runs and end the worker; the next call for the lab starts anew."""
    with _starting:
        _running.close()
        _lab.cache_clear()


@cache
def downloader() -> Downloader:
    """Return the one downloader through which all sessions ask for prices, one request at a time."""
    return Downloader(folder=DEFAULT_FILE.parent / "yfinance")
