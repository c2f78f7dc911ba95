"""Threads for what browsers ask, shared out by person."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any, TypeVar

from lstm_core import limits
from lstm_core.errors import Refusal

T = TypeVar("T")


class FairExecutor:
    """Threads that people take turns at: however much one of them asks for, the others wait for one answer at most."""

    def __init__(self, threads: int, room: int = limits.CELL_QUESTIONS) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="cell-view")
        self._room = room
        self._waiting: OrderedDict[str, deque[tuple[Future[Any], Callable[[], Any]]]] = OrderedDict()
        self._lock = Lock()

    def submit(self, owner: str, work: Callable[[], T]) -> Future[T]:
        """Have somebody's work done in its turn.

        Raises:
            Refusal: so much of theirs waits already.
        """
        answer: Future[T] = Future()
        with self._lock:
            mine = self._waiting.setdefault(owner, deque())
            if len(mine) >= self._room:
                raise Refusal("{limit} of your questions are waiting already. Ask again in a while.", limit=self._room)
            mine.append((answer, work))
        self._threads.submit(self._next)
        return answer

    def _next(self) -> None:
        with self._lock:
            owner, mine = self._waiting.popitem(last=False)
            answer, work = mine.popleft()
            if mine:
                self._waiting[owner] = mine         # behind everybody else
        if answer.set_running_or_notify_cancel():   # the browser may be gone
            try:
                answer.set_result(work())
            except BaseException as error:
                answer.set_exception(error)
