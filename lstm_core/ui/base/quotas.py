"""How much a session may leave with the server: files that it uploads, and what it has kept and downloaded of them."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from lstm_core import limits
from lstm_core.data import Series
from lstm_core.errors import Refusal
from lstm_core.running.lab import Lab
from lstm_core.ui.base.session_owner import UPLOAD

HOUR = 3600.0           # seconds


class UploadRoom:
    """Middleware that lets go of uploaded files: no script can fill the server's memory with them.

    Streamlit keeps what was uploaded as long as the session lasts; a file is read here as soon as it has come. Each
    session's newest few are held, and of all sessions together so many bytes: whoever has most loses their oldest.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; after an upload, make room."""
        found = UPLOAD.search(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else None
        if found is None:
            await self.app(scope, receive, send)
            return

        async def send_and_tidy(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 300:
                _make_room(found[1])
            await send(message)

        await self.app(scope, receive, send_and_tidy)


def _make_room(session: str) -> None:
    """Forget old files, after one that this session has uploaded."""
    manager = runtime.get_instance().uploaded_file_mgr
    assert isinstance(manager, MemoryUploadedFileManager)
    for file in list(manager.file_storage.get(session, ()))[:-limits.UPLOADS]:
        manager.remove_file(session, file)
    held = {session: [(file, len(record.data)) for file, record in list(files.items())]
            for session, files in list(manager.file_storage.items())}
    shares = {session: sum(size for _, size in files) for session, files in held.items()}
    while sum(shares.values()) > limits.UPLOADED_BYTES:
        most = max(shares, key=lambda session: shares[session])
        file, size = held[most].pop(0)
        shares[most] -= size
        manager.remove_file(most, file)


class RateLimiter:
    """What each person may use up within a while. Thread-safe.

    Args:
        amount: of whatever is counted.
        seconds: the while.
        clock: seconds that never go back.
    """

    def __init__(self, amount: float, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._amount, self._seconds, self._clock = amount, seconds, clock
        self._log: deque[tuple[float, str, float]] = deque()        # when, who, how much
        self._used: dict[str, float] = {}
        self._lock = Lock()

    def take(self, owner: str, amount: float = 1) -> float:
        """Use some of it up and return 0; return the seconds until there is as much again when there is not."""
        with self._lock:
            now = self._clock()
            while self._log and self._log[0][0] <= now - self._seconds:
                _, who, freed = self._log.popleft()
                self._used[who] -= freed
                if self._used[who] <= 0:
                    del self._used[who]
            lacking = self._used.get(owner, 0) + amount - self._amount
            if lacking > 0:
                for since, who, freed in self._log:
                    lacking -= freed if who == owner else 0
                    if lacking <= 0:
                        return since + self._seconds - now
                return self._seconds
            self._log.append((now, owner, amount))
            self._used[owner] = self._used.get(owner, 0) + amount
            return 0.0


blobs, all_blobs = RateLimiter(limits.HOUR_BYTES, HOUR), RateLimiter(limits.ALL_HOUR_BYTES, HOUR)
downloads, all_downloads = RateLimiter(limits.HOUR_DOWNLOADS, HOUR), RateLimiter(limits.ALL_HOUR_DOWNLOADS, HOUR)
ALL = ""                # who takes of what all people share: a script may give itself a new name each time


def keep(lab: Lab, series: Series, owner: str) -> str:
    """Keep somebody's series with the lab and return its content hash.

    Raises:
        Refusal: they, or all people together, have had too much kept lately.
    """
    blob = series.to_bytes()
    if wait := blobs.take(owner, len(blob)):
        raise Refusal("Within an hour one person may have tables of {limit:.0f} MB kept here, each choice of columns "
                      "counted. There is room again in {minutes} minutes.", limit=limits.HOUR_BYTES / 1e6,
                      minutes=_minutes(wait))
    if wait := all_blobs.take(ALL, len(blob)):
        raise Refusal("Within an hour this server keeps tables of {limit:.0f} MB for all people together. There is "
                      "room again in {minutes} minutes.", limit=limits.ALL_HOUR_BYTES / 1e6, minutes=_minutes(wait))
    return lab.keep_blob(blob, series.name)


def check_download(owner: str) -> None:
    """Refuse a download to somebody who has asked for many lately: all share one client, and Yahoo's patience."""
    if wait := downloads.take(owner):
        raise Refusal("Within an hour one person may download prices {limit} times. The next download is possible in "
                      "{minutes} minutes.", limit=limits.HOUR_DOWNLOADS, minutes=_minutes(wait))
    if wait := all_downloads.take(ALL):
        raise Refusal("Within an hour this server downloads prices {limit} times for all people together. The next "
                      "download is possible in {minutes} minutes.", limit=limits.ALL_HOUR_DOWNLOADS,
                      minutes=_minutes(wait))


def _minutes(seconds: float) -> int:
    return math.ceil(seconds / 60)
