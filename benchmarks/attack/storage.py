"""The database: copies that fill it, and what happens to its file."""

from __future__ import annotations

import asyncio
import hashlib
import math
import sqlite3
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks.attack.harness import Attacker, Wanted, attack
from benchmarks.attack.wire import CLOCK, Tab, forged
from lstm_core.running.scheduling import SAVE_AGAIN

COPIES = 31
YEAR = 365 * 86_400.0    # seconds
TOLD = 8.0              # seconds after which a page must have said that the database is gone
# Without a database nobody can begin a run, and those that train are held until it is there again
GONE = Wanted(first_loss=math.inf, share=0.0, quiet=False, untold=False)


@attack()
async def copies(attacker: Attacker) -> None:
    """Makes a large run of somebody else one's own, 31 times."""
    cookie, left = forged(), iter(range(COPIES))
    run = attacker.target.runs["wide"][0]

    async def copy() -> None:
        for _copy in left:
            tab = Tab(attacker.target, query=f"run={run}", cookie=cookie)
            await tab.open()
            await tab.rerun(pressed="copy")
            await tab.close()

    await attacker.begin()
    await asyncio.gather(*(copy() for _hand in range(4)), return_exceptions=True)


@attack(GONE, most=25)
async def moved_file(attacker: Attacker) -> list[str]:
    """Moves the file of the database away while a run trains, and brings it back."""
    folder, run = attacker.target.folder, ""
    tab = Tab(attacker.target, query="epochs=5000")
    await tab.open()
    await tab.rerun(pressed="train")
    run = tab.page.run
    await asyncio.sleep(2)
    await attacker.begin()
    away = folder / "away"
    away.mkdir()
    before = _updates(folder, run)
    for file in folder.glob("lab.db*"):
        file.rename(away / file.name)
    found = await _unsaid(attacker, gone=True)
    for file in folder.glob("lab.db*"):
        file.unlink()
    for file in away.iterdir():
        file.rename(folder / file.name)
    await asyncio.sleep(1)
    await _stop(tab)
    if not await _kept(folder, run, before):
        found.append("nothing that was trained since is in the file that came back")
    return found + await _unsaid(attacker, gone=False)


@attack(GONE, most=25)
async def deleted_file(attacker: Attacker) -> list[str]:
    """Deletes the file of the database while a run trains, and makes an empty one in its place."""
    tab = Tab(attacker.target, query="epochs=5000")
    await tab.open()
    await tab.rerun(pressed="train")
    await asyncio.sleep(2)
    await attacker.begin()
    for file in attacker.target.folder.glob("lab.db*"):
        file.unlink()
    found = await _unsaid(attacker, gone=True)
    (attacker.target.folder / "lab.db").touch()
    await asyncio.sleep(1)
    await _stop(tab)
    if not await _kept(attacker.target.folder, tab.page.run, 0):
        found.append("the run is not in the new file")
    return found + await _unsaid(attacker, gone=False)


@attack(GONE, most=15)
async def locked_file(attacker: Attacker) -> list[str]:
    """Keeps the database locked for five seconds, as a backup of the careless kind does."""
    tab = Tab(attacker.target, query="epochs=5000")
    await tab.open()
    await tab.rerun(pressed="train")
    await attacker.begin()
    with _database(attacker.target.folder) as database:
        database.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(5)
        database.rollback()
    before = _updates(attacker.target.folder, tab.page.run)
    await _stop(tab)
    kept = await _kept(attacker.target.folder, tab.page.run, before)
    return [] if kept else ["nothing was saved after the lock was gone"]


@attack()
async def wrong_rows(attacker: Attacker) -> list[str]:
    """Writes nonsense into the rows of one person's runs; their pages must show the rest."""
    cookie, folder = forged(), attacker.target.folder
    owner = hashlib.sha256(cookie.partition("=")[2].encode()).hexdigest()[:32]
    for _run in range(4):
        tab = Tab(attacker.target, query="epochs=1", cookie=cookie)
        await tab.open()
        await tab.rerun(pressed="train")
        await tab.close()
    with _database(folder) as database:
        runs = [row[0] for row in database.execute("SELECT id FROM runs WHERE owner = ?", (owner,))]
        if len(runs) < 4:
            raise RuntimeError(f"{len(runs)} runs of {owner} are kept")
    await asyncio.sleep(1)
    await attacker.begin()
    with _database(folder) as database:
        for run, (column, value) in zip(runs, (("spec", "{}"), ("status", "on holiday"), ("reason", "[1"),
                                               ("outcome", "")), strict=False):
            database.execute(f"UPDATE runs SET {column} = ? WHERE id = ?", (value, run))
        database.execute("UPDATE states SET state = x'00', view = x'ff' WHERE run = ?", (runs[0],))
    found = []
    for page in ("", "compare", "challenges", "train"):
        tab = Tab(attacker.target, page, f"run={runs[1]}" if page == "train" else "", cookie=cookie)
        await tab.open()
        if tab.exceptions:
            found.append(f"the page {page or 'start'} shows only an error")
    return found


@attack()
async def clock_jump(attacker: Attacker) -> list[str]:
    """Sets the server's clock a year ahead, and then two years back, while runs train."""
    tab = Tab(attacker.target, query="epochs=5000")
    await tab.open()
    await tab.rerun(pressed="train")
    first, found = tab.page.run, []
    await attacker.begin()
    for seconds in (YEAR, -YEAR):
        _set_clock(attacker.target.folder, seconds)
        await asyncio.sleep(1.5)
        before = tab.page.updates
        await tab.rerun()
        if tab.page.run != first or tab.page.updates <= before:
            found.append(f"the run stands still after the clock was set by {seconds / YEAR:+.0f} year")
    _set_clock(attacker.target.folder, 0.0)
    await tab.rerun(pressed="train")
    start = Tab(attacker.target, "compare", cookie=tab.cookie)
    await start.open()
    if tab.page.run not in start.page.query:
        found.append("a run made after the clock was set right is not among the newest")
    return found


def _set_clock(folder: Path, ahead: float) -> None:
    with (folder / CLOCK).open("r+b") as clock:         # in place: the server has mapped it
        clock.write(struct.pack("d", ahead))


async def _unsaid(attacker: Attacker, gone: bool) -> list[str]:
    """Wait until pages say that something is wrong with the database, or no longer do; return which do not."""
    deadline = time.monotonic() + TOLD
    wrong = {"", "train"}
    while wrong and time.monotonic() < deadline:
        for page in tuple(wrong):
            tab = Tab(attacker.target, page)
            with suppress(OSError, TimeoutError):
                await tab.open()
            told = any(word in b"".join(tab.contents) for word in (b"of the database", b"The database"))
            if told == gone and tab.contents:
                wrong.discard(page)
            await tab.close()
        await asyncio.sleep(0.5)
    if not gone:
        await asyncio.sleep(SAVE_AGAIN)     # runs that were held say why until they are saved again
    return [f"the page {page or 'start'} {'does not say' if gone else 'still says'} that the database is gone"
            for page in sorted(wrong)]


async def _stop(tab: Tab) -> None:
    with suppress(OSError, TimeoutError, KeyError):
        await tab.rerun(pressed="stop")


async def _kept(folder: Path, run: str, before: int, seconds: float = 8.0) -> bool:
    """Tell whether more of a run is in the file than before, within a while."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if _updates(folder, run) > before:
            return True
        await asyncio.sleep(0.3)
    return False


def _updates(folder: Path, run: str) -> int:
    """Return how many updates of a run are in the file; -1: it is not there."""
    if not (folder / "lab.db").exists():
        return -1
    with suppress(sqlite3.Error), _database(folder) as database:
        for row in database.execute('SELECT "update" FROM runs WHERE id = ?', (run,)):
            return int(row[0])
    return -1


@contextmanager
def _database(folder: Path) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(folder / "lab.db", timeout=5)
    try:
        with database:
            yield database
    finally:
        database.close()
