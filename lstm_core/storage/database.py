"""A database that says in words what is wrong with it, and whose file may be taken away and put back.

SQLite goes on writing to a file that has been deleted, and nobody would hear of it: the file is looked at before each
use. As long as the old one is held open here, all of it can still be copied into an empty file in its place.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sql

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.i18n import gettext_noop as N_
from lstm_core.storage import migrations

BUSY_SECONDS = 5                # how long a statement waits for the lock of another process
JOURNAL_BYTES = 64_000_000      # to which SQLite cuts its journal when all of it has been taken over
SETTLED = 2.0                   # seconds after which nobody is writing to a new file any more
MOMENT = 0.2                    # seconds that a thread waits for another one that sees to the file
FULL = 0.95                     # share of limits.KEPT_BYTES from which on a full database is so by that limit
FREED = 500                     # pages given back to the disk at a time

log = logging.getLogger(__name__)

# What the person reads, by the words of SQLite.
GONE = N_("The file of the database has been taken away. What is in memory stays there as long as the server runs. "
          "Whoever runs this server should put the file back, or make an empty one in its place: everything is then "
          "written to it.")
DAMAGED = N_("The file of the database is damaged ({cause}). What is in memory stays there as long as the server runs: "
             "download what you need. Whoever runs this server should put a copy of the file in its place, or move the "
             "file away to begin with an empty one.")
NO_ROOM = N_("The runs of all people take {limit:.1f} GB, which is as much as is kept here. Nothing is lost, and the "
             "oldest runs are being deleted. Try again in a minute.")
SENTENCES = {
    "disk is full": N_("The disk with the database is full ({cause}). Nothing is lost, but nothing new can be kept: "
                       "whoever runs this server should make room. Then try again."),
    "readonly": N_("The database can only be read ({cause}). Nothing is lost, but nothing new can be kept: whoever "
                   "runs this server should make its file and its folder writable. Then try again."),
    "malformed": DAMAGED,
    "not a database": DAMAGED,
    "no such table": GONE,
    "unable to open": N_("The file of the database cannot be opened ({cause}). Nothing is lost, but nothing new can be "
                         "kept: whoever runs this server should see to it that its folder is there and can be written "
                         "to. Then try again."),
}
OTHERWISE = N_("The database cannot be used now ({cause}). Nothing is lost; try again in a while.")


class Unavailable(Refusal):
    """The database does not answer; nothing of what was asked for has been done."""


class Database:
    """Connections to a database, for several threads. Every method may raise Unavailable.

    Args:
        url: an SQLAlchemy URL.
    """

    def __init__(self, url: str) -> None:
        sqlite = sql.make_url(url).get_backend_name() == "sqlite"
        # A statement that is kept for the next time keeps the state of a network that was written with it: up to 30 MB
        self._database = sql.create_engine(url, connect_args={"cached_statements": 0} if sqlite else {})
        self._path: Path | None = None
        self._turn: AbstractContextManager[Any] = nullcontext()
        self._most = limits.KEPT_BYTES
        self._looking = Lock()
        self._file: tuple[int, int] | None = None   # device and inode of the file in use; None: it has been taken away
        self._known: tuple[int, int] | None = None  # those of the file that is held open
        self._held: sqlite3.Connection | None = None
        self.files = 0          # rises when another file, without what is in memory, is in the place of the old one
        if sqlite:
            self._turn = Lock()         # in which writers queue: SQLite lets them try again and again, and some starve
            sql.event.listen(self._database, "do_connect", self._expect_file)
            sql.event.listen(self._database, "connect", self._tune)
            name = self._database.url.database
            if name and name != ":memory:" and not name.startswith("file:"):
                self._path = Path(name).absolute()
        with self._answering():
            self._bring_up()
        self._hold()

    def close(self) -> None:
        """Close all connections; the next use opens the file that then is there."""
        self._database.dispose()
        if self._held is not None:
            self._held.close()
        self._held = self._file = self._known = None

    @contextmanager
    def writing(self) -> Iterator[sql.Connection]:
        """Open a transaction; its first statement must write."""
        with self._turn, self._answering():
            self._look_at_file()
            with self._database.begin() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[sql.Connection]:
        """Open a connection for statements that only read."""
        with self._answering():
            self._look_at_file()
            with self._database.connect() as connection:
                yield connection

    def trouble(self) -> Unavailable | None:
        """Return why nothing can be kept now, as far as it can be told without trying."""
        try:
            with self._answering():
                self._look_at_file()
        except Unavailable as refusal:
            return refusal
        return None

    # -- its size ------------------------------------------------------------------------------------------

    def used_bytes(self) -> int:
        """Return how many bytes are in use; 0 for other databases than SQLite, which have limits of their own."""
        used, _free = self._bytes()
        return used

    def free_bytes(self) -> int:
        """Return how many bytes of the file nothing uses; 0 for other databases than SQLite."""
        _used, free = self._bytes()
        return free

    def shrink(self) -> bool:
        """Give a little of what nothing uses back to the disk; False when nothing could be."""
        before = self.free_bytes()
        if before:
            with self.writing() as connection:
                raw: Any = connection.connection.driver_connection
                raw.executescript(f"PRAGMA incremental_vacuum({FREED})")     # to its end, which execute() does not do
        return self.free_bytes() < before

    def _bytes(self) -> tuple[int, int]:
        if self._database.dialect.name != "sqlite":
            return 0, 0
        with self.reading() as connection:
            pages, free, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                                 for name in ("page_count", "freelist_count", "page_size"))
        return (pages - free) * size, free * size

    # -- its file ------------------------------------------------------------------------------------------

    def _look_at_file(self) -> None:
        """See to it that the file in use is the one at its path.

        Raises:
            Unavailable: there is none.
        """
        if self._path is None or (self._file is not None and _identity(self._path) == self._file):
            return
        if not self._looking.acquire(timeout=MOMENT):   # another thread sees to it, which may take seconds
            raise self._gone()
        try:
            found = _identity(self._path)
            if found is not None and found == self._file:       # another thread has seen to it
                return
            if self._file is not None:
                log.error("The file of the database, %s, has been taken away.", self._path)
                self._let_go()
            if found is None or (self._known not in (None, found)
                                 and 0 <= time.time() - self._path.stat().st_mtime < SETTLED):
                raise self._gone()
            if found != self._known:
                self._take()
            self._file = _identity(self._path)
            log.error("There is a file of the database again: %s", self._path)
        finally:
            self._looking.release()

    def _gone(self) -> Unavailable:
        """Return that there is no file, or no folder, at the path."""
        assert self._path is not None
        folder = self._path.parent
        return Unavailable(GONE) if folder.exists() else self._told(Exception(f"unable to open {folder.name}"))

    def _let_go(self) -> None:
        """Close all connections to the old file but the one that holds it.

        Its journal stays behind at the old path, where SQLite would take it for that of the next file: it is emptied.
        """
        deadline = time.monotonic() + BUSY_SECONDS
        while self._in_use() and time.monotonic() < deadline:
            time.sleep(0.01)
        self._file = None
        self._database.dispose()
        if self._held is not None:
            with suppress(sqlite3.Error):
                self._held.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _in_use(self) -> bool:
        pool = self._database.pool
        return isinstance(pool, sql.QueuePool) and pool.checkedout() > 0

    def _take(self) -> None:
        """Use another file: an empty one gets all that the old one has, from any other what is there is taken."""
        assert self._path is not None
        whole = self._held is None
        if self._held is not None and not self._path.stat().st_size:
            whole = self._copy(self._held, self._path)
        self._bring_up()
        if self._held is not None:
            self._held.close()
        self._hold()
        if not whole:
            self.files += 1

    def _copy(self, held: sqlite3.Connection, path: Path) -> bool:
        """Write all of the old file into an empty one; False when it is damaged: the new one is empty then."""
        try:
            with closing(sqlite3.connect(path)) as new:
                held.backup(new)
                if new.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                    return True
        except sqlite3.OperationalError as error:       # such as a full disk: the old one is still there
            raise self._told(error) from error
        except sqlite3.DatabaseError as error:
            log.error("The old file of the database is damaged and cannot be copied: %s", error)
        os.truncate(path, 0)
        return False

    def _bring_up(self) -> None:
        try:
            migrations.bring_up(self._database)
        except Refusal as refusal:
            raise Unavailable(refusal.template, **refusal.values) from refusal

    def _expect_file(self, *_: Any) -> None:
        """Keep SQLite from making a new file in the moment in which the old one is taken away."""
        if self._path is not None and self._file is not None and _identity(self._path) != self._file:
            raise Unavailable(GONE)

    def _hold(self) -> None:
        """Hold the file open, so that it can be read though it is deleted."""
        if self._path is None:
            return
        self._held = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._known = self._file = _identity(self._path)
        try:
            self._held.execute("SELECT * FROM sqlite_master LIMIT 1").fetchall()     # which opens its journal as well
            self._let_shrink(self._held)
        except sqlite3.Error as error:
            log.warning("The file of the database cannot be made to shrink yet: %s", error)

    def _let_shrink(self, held: sqlite3.Connection) -> None:
        """Write a file of an earlier version anew, once: from then on it gives back what nothing uses."""
        assert self._path is not None
        if held.execute("PRAGMA auto_vacuum").fetchone()[0] or not os.access(self._path, os.W_OK):
            return
        size = self._path.stat().st_size
        if shutil.disk_usage(self._path.parent).free < 3 * size:
            log.warning("There is no room to write the database anew, so that its file can shrink.")
            return
        log.warning("The database is written anew, once, so that its file can shrink: %.0f MB.", size / 1e6)
        held.execute("PRAGMA auto_vacuum=INCREMENTAL")
        held.execute("VACUUM")
        held.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _tune(self, connection: Any, _record: Any) -> None:
        """Let readers and the writer go on side by side, wait for a lock instead of failing, and hold the size down."""
        connection.text_factory = _lenient
        connection.execute(f"PRAGMA busy_timeout={round(BUSY_SECONDS * 1000)}")
        if not connection.execute("PRAGMA page_count").fetchone()[0]:
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")     # of a file that is not new it would be a change
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON",
                       f"journal_size_limit={JOURNAL_BYTES}"):
            connection.execute(f"PRAGMA {pragma}")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={max(1, self._most // size)}")

    # -- what is wrong -------------------------------------------------------------------------------------

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except sql.exc.SQLAlchemyError as error:
            self._database.dispose()        # the next one opens the file that then is in its place
            raise self._told(getattr(error, "orig", None) or error) from error

    def _told(self, error: BaseException) -> Unavailable:
        """Return the sentence for an error of the database."""
        told = next((sentence for words, sentence in SENTENCES.items() if words in str(error)), OTHERWISE)
        if told == SENTENCES["disk is full"] and self._is_full():
            told = NO_ROOM
        return Unavailable(told, cause=str(error), limit=self._most / 1e9)

    def _is_full(self) -> bool:
        with suppress(Refusal, sql.exc.SQLAlchemyError):
            return sum(self._bytes()) > FULL * self._most
        return False


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one that has its name; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _lenient(text: bytes) -> str:
    """Read a text whose bytes may have been spoiled: else one of them would hide all rows beside it."""
    return text.decode(errors="replace")
