"""Threads for what browsers ask, shared out by address, by person and by what it costs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from lstm_core import limits
from lstm_core.errors import Refusal
from lstm_core.running.people import People
from lstm_core.running.turns import TurnQueue

T = TypeVar("T")

LAG = 0.25              # seconds of work of one person that count later: unlike slices, answers differ much in length


@dataclass(eq=False)
class _Work:
    owner: str
    do: Callable[[], Any]
    answer: Future[Any]


class FairExecutor:
    """Threads that people take turns at, as runs do (see :mod:`lstm_core.running.turns`)."""

    def __init__(self, threads: int, room: int = limits.CELL_QUESTIONS, people: People | None = None) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="cell-view")
        self._room = room
        self._turns = TurnQueue[_Work](people or People(), LAG)
        self._waiting: Counter[str] = Counter()
        self._lock = Lock()

    def submit(self, owner: str, work: Callable[[], T]) -> Future[T]:
        """Have somebody's work done in its turn.

        Raises:
            Refusal: so much of theirs waits already.
        """
        answer: Future[T] = Future()
        with self._lock:
            if self._waiting[owner] >= self._room:
                raise Refusal("{limit} of your questions are waiting already. Ask again in a while.", limit=self._room)
            self._waiting[owner] += 1
            self._turns.join(_Work(owner, work, answer), owner, new=False)
        self._threads.submit(self._next)
        return answer

    def _next(self) -> None:
        with self._lock:
            work = self._turns.pop()
            self._waiting -= Counter([work.owner])      # keeps no zeros
        seconds = 0.0
        try:
            if work.answer.set_running_or_notify_cancel():      # the browser may be gone
                began = time.monotonic()
                try:
                    work.answer.set_result(work.do())
                except BaseException as error:
                    work.answer.set_exception(error)
                seconds = time.monotonic() - began
        finally:
            with self._lock:
                self._turns.settle(work.owner, seconds)
