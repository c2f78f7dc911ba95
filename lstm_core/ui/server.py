"""What all sessions of one server share: the lab with its worker, and the downloader."""

from __future__ import annotations

import atexit
import os
from functools import cache
from pathlib import Path
from threading import Lock

from lstm_core.data.prices import Downloader
from lstm_core.engine import LocalEngine
from lstm_core.lab import Lab
from lstm_core.store import Store

FOLDER = Path(os.environ.get("GATESCOPE_FOLDER", ".gatescope"))
"""Where runs and downloads are kept."""

_starting = Lock()


def lab() -> Lab:
    """Return the server's lab; the first call starts its worker."""
    with _starting:
        return _lab()


@cache
def _lab() -> Lab:
    FOLDER.mkdir(parents=True, exist_ok=True)
    started = Lab(Store.open(FOLDER), LocalEngine())
    atexit.register(started.close)
    return started


@cache
def downloader() -> Downloader:
    """Return the one downloader through which all sessions ask for prices, one request at a time."""
    return Downloader(folder=FOLDER / "yfinance")
