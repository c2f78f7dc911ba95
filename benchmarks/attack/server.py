"""The server under attack: its database, the world around it, its clock."""

from __future__ import annotations

import os
import resource
import socket
import struct
import tempfile
import threading
from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.attack import stock
from benchmarks.attack.wire import CLOCK, Target
from lstm_core.storage.store import Store
from tests.browser.conftest import Server

FILES = 1024                    # files that the server may have open, as is usual


class Outside:
    """A proxy into nothing: the server's requests to other hosts end here, are counted, and are never answered."""

    def __init__(self) -> None:
        self.asked = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no more."""
        self._socket.close()

    def _accept(self) -> None:
        kept = []
        with suppress(OSError):
            while True:
                kept.append(self._socket.accept())
                self.asked += 1


@contextmanager
def served(kinds: Set[str], outside: Outside) -> Iterator[tuple[Server, Target]]:
    """Start a server with what attacks of these kinds need in its database; all is gone in the end."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        store = Store(f"sqlite:///{folder / 'lab.db'}")
        runs = stock.fill(kinds, store)
        store.close()
        (folder / CLOCK).write_bytes(struct.pack("d", 0.0))
        with _inherited(outside, folder):
            server = Server(folder)
        try:
            server.wait_for_examples()
            yield server, Target("127.0.0.1", server.port, server.process.pid, folder, runs)
        finally:
            with suppress(Exception):       # one that has been hurt may not end by itself
                server.end()


@contextmanager
def _inherited(outside: Outside, folder: Path) -> Iterator[None]:
    """Have a process that is started now use the proxy into nothing and our clock, and open as many files as usual."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = dict(os.environ)
    os.environ |= dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), outside.address)
    os.environ |= {"no_proxy": "127.0.0.1", "NO_PROXY": "127.0.0.1", "ATTACKED_CLOCK": str(folder / CLOCK),
                   "PYTHONPATH": str(Path(__file__).parent / "clock")}
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        os.environ.clear()
        os.environ.update(before)
