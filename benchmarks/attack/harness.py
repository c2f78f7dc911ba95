"""How an attack is made and judged: in a process of its own, beside honest people who are watched before and after."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import multiprocessing
import resource
import time
import traceback
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from websockets.exceptions import WebSocketException

from benchmarks.attack.honest import People, Seen
from benchmarks.attack.server import Outside, served
from benchmarks.attack.wire import Target
from tests.browser.conftest import Server

KINDS = ("messages", "origins", "questions", "memory", "storage", "streams", "connections", "uploads", "worker",
         "classroom")
PREPARING = 40.0                # seconds that an attacker may take to get ready
LOG = 500_000                   # bytes that one attack may write into the log
FULL = 260.0                    # MB; a server that still holds more is replaced, so that each attack is measured alone
BUSY = 3.0                      # on a busy machine people may wait so many times as long as without the attack


_processes = multiprocessing.get_context("forkserver")      # one imports all that attackers need, once
_processes.set_forkserver_preload([f"benchmarks.attack.{kind}" for kind in KINDS])


@dataclass(frozen=True)
class Spans:
    """For how many seconds honest people are watched."""

    before: float = 2.5         # the first attack on a server; what is seen after one is seen before the next
    least: float = 2.5          # during an attack, at least
    most: float = 7.0           # and at most
    settling: float = 0.5       # after it they are not watched at first,
    after: float = 2.0          # and then they are


@dataclass(frozen=True)
class Wanted:
    """What must hold for honest people while an attack goes on; after it, but for memory, what usually must."""

    slider: float = 0.2         # seconds until the page has followed, p95
    first_loss: float = 3.0     # seconds from a newcomer's click to their first loss
    cell: float = 1.0           # seconds until the numbers of a cell are there, p95
    share: float = 0.5          # of the updates per second that a run had before
    server: float = 350.0       # MB
    worker: float = 600.0       # MB
    database: float = 60.0      # MB by which it may grow
    quiet: bool = True          # the log has no error of a page that nobody foresaw,
    untold: bool = True         # and no page an error


class Attacker:
    """What an attack is given: the server, and a way to say that it begins."""

    def __init__(self, target: Target, line: Connection) -> None:
        self.target = target
        self.began = False
        self._line = line

    async def begin(self) -> None:
        """Say that all is ready, and wait until the honest people are watched."""
        self._line.send("ready")
        await asyncio.to_thread(self._line.recv)
        self.began = True


Act = Callable[[Attacker], Awaitable[list[str] | None]]


@dataclass(frozen=True)
class Attack:
    """One way to harm a server; what it finds out itself it returns in words."""

    name: str
    kind: str
    act: Act
    wanted: Wanted
    most: float                 # seconds that it takes; 0: as long as people are watched

    @property
    def does(self) -> str:
        """Return in a sentence what the attacker does."""
        return inspect.cleandoc(self.act.__doc__ or "")


_known: dict[str, Attack] = {}


def attack(wanted: Wanted = Wanted(), most: float = 0.0) -> Callable[[Act], Act]:
    """Make a function an attack that takes so many seconds at most, and say what must hold meanwhile."""
    def register(act: Act) -> Act:
        name = getattr(act, "__name__", "")
        _known[name] = Attack(name, act.__module__.rpartition(".")[2], act, wanted, most)
        return act
    return register


def attacks() -> list[Attack]:
    """Return all attacks, those of one kind together."""
    for kind in KINDS:
        importlib.import_module(f"benchmarks.attack.{kind}")
    return sorted(_known.values(), key=lambda one: KINDS.index(one.kind))


@dataclass(frozen=True)
class Result:
    """An attack and what it did to honest people."""

    attack: Attack
    before: Seen
    during: Seen
    after: Seen
    problems: list[str]         # what did not hold
    hurt: bool                  # not only while the attack went on, or it still holds much


class Field:
    """A fresh server with its honest people."""

    def __init__(self, server: Server, target: Target, people: People) -> None:
        self.server, self.target, self.people = server, target, people
        self._last: Seen | None = None      # after the attack before

    async def meet(self, attack: Attack, outside: Outside, spans: Spans) -> Result:
        """Make one attack, watch, and judge."""
        log = self.target.folder / "server.log"
        written, asked = log.stat().st_size, outside.asked
        before = self._last or await self.people.watch(spans.before)
        found: list[str] = []
        with attacker(attack, self.target) as (line, process):
            if (told := await answer(line, PREPARING)) != "ready":
                found = [f"the attack could not begin: {told}"]
                during = before
            else:
                line.send("go")
                during = await self.people.watch(spans.least, attack.most or spans.most,
                                                 lambda: line.poll() or not process.is_alive())
                told = await answer(line, 0.5)
                found = told if isinstance(told, list) else [] if told is None else [str(told)]
        await asyncio.sleep(spans.settling)
        after = self._last = await self.people.watch(spans.after)
        left = _problems("after", replace(Wanted(), share=1 / BUSY, server=attack.wanted.server,
                                          database=attack.wanted.database), after, before)
        if self.server.process.poll() is not None:
            left.append("the server has ended")
        problems = [*found, *_problems("during", attack.wanted, during, before, after), *left]
        if outside.asked > asked:
            problems.append(f"the server asked hosts outside {outside.asked - asked} times")
        with log.open() as lines:
            lines.seek(written)
            text = lines.read()
        if attack.wanted.quiet and (errors := text.count("Uncaught app execution")):
            problems.append(f"{errors} errors in the log that nobody foresaw")
        if len(text) > LOG:
            problems.append(f"{len(text) / 1e6:.1f} MB in the log")
        return Result(attack, before, during, after, problems, bool(found or left) or after.server > FULL)


def judge(chosen: Sequence[Attack], outside: Outside, spans: Spans = Spans(), apart: bool = True) -> Iterator[Result]:
    """Make these attacks one after the other, on fresh servers; a server that has been hurt is replaced.

    Args:
        chosen: the attacks.
        outside: where the servers' requests to other hosts end.
        spans: for how long honest people are watched.
        apart: each kind of attack has a server of its own.
    """
    waiting = list(chosen)
    while waiting:
        kinds = {waiting[0].kind} if apart else {one.kind for one in waiting}
        with served(kinds, outside) as (server, target), asyncio.Runner() as loop:
            field = Field(server, target, People(target))
            loop.run(field.people.come())
            while waiting and waiting[0].kind in kinds:
                result = loop.run(field.meet(waiting.pop(0), outside, spans))
                yield result
                if result.hurt:
                    break
            loop.run(field.people.go())


@contextmanager
def attacker(attack: Attack, target: Target) -> Iterator[tuple[Connection, ForkServerProcess]]:
    """Have a process of its own get ready for an attack, which it makes when it is sent "go"; in the end it is killed.

    What it says: "ready", and later what it has found.
    """
    line, theirs = _processes.Pipe()
    process = _processes.Process(target=_attack, args=(attack.kind, attack.name, target, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield line, process
    finally:
        process.kill()
        process.join()


async def answer(line: Connection, seconds: float) -> object:
    """Return what the attacker's process says next, None when it says nothing."""
    deadline = time.monotonic() + seconds
    while not line.poll():
        if time.monotonic() > deadline:
            return None
        await asyncio.sleep(0.02)
    try:
        return line.recv()
    except EOFError:
        return None


def _attack(kind: str, name: str, target: Target, line: Connection) -> None:
    """In a process of its own: make an attack, and say what it has found."""
    importlib.import_module(f"benchmarks.attack.{kind}")
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    attacker = Attacker(target, line)
    try:
        found = asyncio.run(_acted(_known[name].act, attacker))
    except Exception:
        found = [traceback.format_exc(limit=-3)]
    line.send(found)


async def _acted(act: Act, attacker: Attacker) -> list[str]:
    """Act; a server that closes the connection, or answers no more, has defended itself."""
    try:
        return await act(attacker) or []
    except (WebSocketException, OSError, EOFError, TimeoutError) as error:
        return [] if attacker.began else [repr(error)]


def _problems(when: str, wanted: Wanted, seen: Seen, *others: Seen) -> list[str]:
    """Return in words what did not hold at one time, beside what people saw at others on the same busy machine."""
    found = []
    for name, what in (("slider", "slider"), ("first_loss", "first loss"), ("cell", "cell view")):
        most = max(getattr(wanted, name), BUSY * max(getattr(other, name) for other in others))
        if (took := getattr(seen, name)) > most:
            found.append(f"{what} {when}: {took:.2f} s; wanted: at most {most:.2g} s")
    for what, value, limit in (("server", seen.server, max(wanted.server, others[0].server)),
                               ("worker", seen.worker, max(wanted.worker, others[0].worker)),
                               ("database grew by", seen.database - others[0].database, wanted.database)):
        if value > limit:
            found.append(f"{what} {when}: {value:.0f} MB; wanted: at most {limit:.0f} MB")
    usual = min(other.rate for other in others)
    if seen.rate < wanted.share * usual:
        found.append(f"updates {when}: {seen.rate:.0f} of {usual:.0f} a second; wanted: {wanted.share:.0%}")
    if wanted.untold:
        found += [f"an honest visitor was told {when}: {error}" for error in dict.fromkeys(seen.errors)]
    return found
