"""Where work runs: worker processes on this machine. Nothing else knows how they are started and replaced."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from multiprocessing.connection import wait
from typing import Any, Protocol, TypeVar

import loky
from loky.process_executor import ProcessPoolExecutor, ShutdownExecutorError

from lstm_core import limits
from lstm_core.errors import Refusal

T = TypeVar("T")

ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
WATCH_SECONDS = 1.0         # how often a worker looks whether its server is still there
GRACE = 0.5                 # seconds that a pool has to notice by itself that its process has ended


class WorkerLost(RuntimeError):
    """The worker process ended before it could answer; the same work may be submitted again."""


class Engine(Protocol):
    """All that a lab needs to have work done elsewhere."""

    @property
    def workers(self) -> int:
        """Return how many pieces of work run side by side."""

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Have work done; the future raises what the work raised, or WorkerLost."""

    def abandon(self, future: Future[Any]) -> None:
        """End the worker that does this work, which then fails with WorkerLost."""

    def close(self) -> None:
        """End all workers."""


class LocalEngine:
    """Worker processes on this machine, each in a pool of its own: one that dies takes nobody else's work along.

    Args:
        workers: number of processes; None: the environment's GATESCOPE_WORKERS, or one fewer than there are
            processors, 1 to 4.
        prepare: what a new worker does first, so that it is warm when work comes.
    """

    def __init__(self, workers: int | None = None, prepare: Callable[[], None] | None = None) -> None:
        count = workers if workers is not None else default_workers()
        self._workers = [_Worker(prepare) for _ in range(count)]

    @property
    def workers(self) -> int:
        """Return the number of worker processes."""
        return len(self._workers)

    @property
    def pids(self) -> list[int | None]:
        """Return the process id of each worker, None while it starts."""
        return [worker.pid for worker in self._workers]

    def warm(self) -> None:
        """Start the workers now, without waiting for them."""
        for worker in self._workers:
            worker.start()

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        """Have the least busy worker do the work; a worker that has died is replaced by a new one."""
        return min(self._workers, key=lambda worker: len(worker.jobs)).submit(work, *args)

    def abandon(self, future: Future[Any]) -> None:
        """Kill the worker that runs this job; every job waiting in that worker fails with WorkerLost."""
        for worker in self._workers:
            if future in worker.jobs:
                worker.jobs.discard(future)     # once: the next worker has nothing to do with it
                worker.kill()

    def close(self) -> None:
        """Kill the workers; whatever they were doing fails with WorkerLost."""
        for burial in [worker.kill() for worker in self._workers]:
            if burial is not None:
                burial.join()


class _Worker:
    """A pool with one process. It never shrinks when idle; it is made anew when its process has died."""

    def __init__(self, prepare: Callable[[], None] | None) -> None:
        self.jobs: set[Future[Any]] = set()
        self._prepare = prepare
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._pid: Future[int] | None = None
        self._burial: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process, None while it starts or when it is gone."""
        started = self._pid
        return started.result() if started and started.done() and started.exception() is None else None

    def start(self) -> None:
        with self._lock:
            self._living()

    def submit(self, work: Callable[..., T], *args: Any) -> Future[T]:
        answer: Future[T] = Future()
        answer.set_running_or_notify_cancel()
        with self._lock:
            try:
                job = self._living().submit(work, *args)
            except (BrokenExecutor, ShutdownExecutorError):
                self._retire()
                job = self._living().submit(work, *args)
        self.jobs.add(answer)
        job.add_done_callback(lambda done: self._answer(answer, done))
        return answer

    def kill(self) -> threading.Thread | None:
        """Kill the process; return the thread that ends when nothing of it is left."""
        with self._lock:
            self._retire()
            return self._burial

    def _living(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                max_workers=1, timeout=None, initializer=_begin, initargs=(os.getpid(), self._prepare), env=ONE_THREAD)
            self._pid = self._pool.submit(os.getpid)
            self._burial = threading.Thread(target=self._bury, args=(self._pool,), name="bury-worker", daemon=True)
            self._burial.start()
        return self._pool

    def _retire(self) -> None:
        if self._pool is not None:
            for process in _processes(self._pool):      # at once: a pool in the middle of a message kills nobody
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process.pid, signal.SIGKILL)
            self._pool.shutdown(wait=False, kill_workers=True)
        self._pool = self._pid = None

    def _bury(self, pool: ProcessPoolExecutor) -> None:
        """Wait for the death of a pool's process and see that the pool learns of it.

        A process that dies in the middle of an answer leaves its pool waiting for the rest for ever, for the pool holds
        the writing end of the pipe as well and so never reads the end of it. Here that end is closed.
        """
        manager, results = pool._executor_manager_thread, pool._result_queue
        while processes := _processes(pool):            # again: a pool replaces a process that has grown too large
            wait([process.sentinel for process in processes])
            manager.join(GRACE)
        with self._lock:
            if self._pool is pool and not _processes(pool):
                self._retire()
        results._writer.close()
        manager.join(GRACE)

    def _answer(self, answer: Future[T], job: Future[T]) -> None:
        # Called in a thread of the pool, which may hold the pool's own lock: no lock of ours is taken here.
        self.jobs.discard(answer)
        error = job.exception()
        if isinstance(error, BrokenExecutor | ShutdownExecutorError):
            answer.set_exception(WorkerLost(str(error)))
        elif error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(job.result())


def _processes(pool: ProcessPoolExecutor) -> list[Any]:
    """Return the living processes of a pool."""
    return [process for process in list(pool._processes.values()) if process.is_alive()]


def default_workers() -> int:
    """Return how many worker processes this machine should have."""
    text = os.environ.get("GATESCOPE_WORKERS", "")
    if not text:
        return max(1, min(4, int(loky.cpu_count()) - 1))
    if not text.isdecimal() or not 1 <= int(text) <= limits.WORKERS:
        raise Refusal("GATESCOPE_WORKERS must be a whole number from 1 to {limit}; received {text!r}.",
                      limit=limits.WORKERS, text=text)
    return int(text)


def _begin(server: int, prepare: Callable[[], None] | None) -> None:
    """Set up a new worker process: it ends with its server, and not by Ctrl-C, which the server answers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, args=(server,), name="follow-server", daemon=True).start()
    if prepare is not None:
        prepare()


def _follow(server: int) -> None:
    # A worker waits on a pipe whose other end it holds as well, so the death of the server does not wake it.
    while os.getppid() == server:
        time.sleep(WATCH_SECONDS)
    os._exit(1)
