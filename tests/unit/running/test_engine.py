from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from lstm_core.errors import Refusal
from lstm_core.running.engine import LocalEngine, WorkerLost, default_workers

WAIT = 20


def nap(seconds: float) -> int:
    time.sleep(seconds)
    return os.getpid()


def half_an_answer(how: int = signal.SIGKILL) -> None:
    """End in the middle of an answer: what is sent says that more follows."""
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        assert frame.f_back is not None
        frame = frame.f_back
    os.write(frame.f_locals["result_queue"]._writer.fileno(), struct.pack("!i", 100_000) + bytes(1000))
    os.kill(os.getpid(), how)


def refuse() -> None:
    raise Refusal("{what} is too small.", what="this")


def until(condition: Callable[[], bool], seconds: float = WAIT) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine(2)
    engine.warm()
    yield engine
    engine.close()


def kill(engine: LocalEngine, number: int) -> int:
    engine.warm()
    until(lambda: engine.pids[number] is not None)
    pid = engine.pids[number]
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def test_work_is_shared_among_warm_workers_of_one_thread(engine: LocalEngine) -> None:
    until(lambda: None not in engine.pids)
    both = [engine.submit(nap, 0.3) for _ in range(2)]
    assert {job.result(WAIT) for job in both} == set(engine.pids)
    assert engine.submit(os.getenv, "OMP_NUM_THREADS").result(WAIT) == "1"


def test_a_refusal_comes_back_with_its_template(engine: LocalEngine) -> None:
    with pytest.raises(Refusal, match=r"^this is too small\.$") as caught:
        engine.submit(refuse).result(WAIT)
    assert (caught.value.template, caught.value.values) == ("{what} is too small.", {"what": "this"})


def test_a_killed_worker_takes_only_its_own_work_along_and_is_replaced(engine: LocalEngine) -> None:
    until(lambda: None not in engine.pids)
    jobs = [engine.submit(nap, 1.0) for _ in range(2)]
    time.sleep(0.2)
    spared = engine.pids[1]
    dead = kill(engine, 0)
    with pytest.raises(WorkerLost):
        jobs[0].result(WAIT)
    assert engine.submit(nap, 0).result(WAIT) not in (dead, spared)
    assert jobs[1].result(WAIT) == spared


def test_a_worker_that_dies_in_the_middle_of_its_answer_is_replaced(engine: LocalEngine) -> None:
    threads = threading.active_count()
    with pytest.raises(WorkerLost):
        engine.submit(half_an_answer).result(WAIT)
    assert {engine.submit(nap, 0).result(WAIT) for _ in range(4)} <= set(engine.pids)
    until(lambda: threading.active_count() <= threads)      # nothing of it is left


def test_a_worker_that_stops_in_the_middle_of_its_answer_can_be_abandoned(engine: LocalEngine) -> None:
    job = engine.submit(half_an_answer, signal.SIGSTOP)
    until(lambda: any(pid is not None and psutil.Process(pid).status() == psutil.STATUS_STOPPED
                      for pid in engine.pids))
    engine.abandon(job)
    with pytest.raises(WorkerLost):
        job.result(WAIT)


def test_a_worker_killed_while_idle_is_replaced(engine: LocalEngine) -> None:
    for number in range(2):
        dead = kill(engine, number)
        until(lambda dead=dead: not psutil.pid_exists(dead))
    until(lambda: not isinstance(engine.submit(nap, 0).exception(WAIT), WorkerLost))
    until(lambda: engine.submit(nap, 0).result(WAIT) in engine.pids)


def test_a_worker_killed_under_many_threads_is_replaced_once() -> None:
    engine = LocalEngine(1)
    try:
        assert engine.submit(nap, 0).result(WAIT) == engine.pids[0]
        answers: list[object] = []

        def ask() -> None:
            for _ in range(5):
                job = engine.submit(nap, 0.01)
                answers.append(job.exception(WAIT) or job.result(WAIT))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        for thread in threads:
            thread.start()
        dead = kill(engine, 0)
        for thread in threads:
            thread.join(WAIT)
        assert len(answers) == 40
        assert {answer for answer in answers if isinstance(answer, int)} <= {dead, *engine.pids}
        assert all(isinstance(answer, int | WorkerLost) for answer in answers)
    finally:
        engine.close()


def test_abandoned_work_is_lost_and_its_worker_replaced() -> None:
    engine = LocalEngine(1)
    try:
        job = engine.submit(nap, 60)
        engine.abandon(job)
        after = engine.submit(nap, 0.2)
        with pytest.raises(WorkerLost):
            job.result(WAIT)
        assert after.result(WAIT) == engine.pids[0]
    finally:
        engine.close()


def test_control_c_in_the_terminal_is_left_to_the_server() -> None:
    engine = LocalEngine(1)
    try:
        pid = engine.submit(nap, 0).result(WAIT)
        job = engine.submit(nap, 0.3)
        os.kill(pid, signal.SIGINT)
        assert job.result(WAIT) == pid
    finally:
        engine.close()


def test_ten_kills_leave_no_files_threads_or_processes_behind() -> None:
    engine, me = LocalEngine(1), psutil.Process()

    def used() -> tuple[int, int]:
        return me.num_threads(), me.num_fds()

    def kills(count: int) -> None:
        for _ in range(count):
            job = engine.submit(nap, 60)
            kill(engine, 0)
            with pytest.raises(WorkerLost):
                job.result(WAIT)

    kills(2)
    engine.submit(nap, 0).result(WAIT)
    threads, files = used()
    kills(10)
    engine.submit(nap, 0).result(WAIT)
    until(lambda: used()[0] <= threads and used()[1] <= files + 4)
    pid = engine.pids[0]
    assert pid is not None
    engine.close()
    until(lambda: not psutil.pid_exists(pid))


SERVER = """
import os, time
from lstm_core.running.engine import LocalEngine
engine = LocalEngine(1)
job = engine.submit(time.sleep, 0)
job.result(20)
print(engine.pids[0], flush=True)
busy = engine.submit(time.sleep, 60)
time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_survives_its_server(how: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVER], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pid = int(server.stdout.readline())
        assert psutil.pid_exists(pid)
        server.send_signal(how)
        server.wait(WAIT)
        until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 5)


def test_the_server_never_imports_torch() -> None:
    code = "import sys, lstm_core.running.lab; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=WAIT,
                          check=True).stdout.strip() == "False"


def test_the_number_of_workers_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GATESCOPE_WORKERS", raising=False)
    assert 1 <= default_workers() <= 4
    monkeypatch.setenv("GATESCOPE_WORKERS", "3")
    assert default_workers() == 3
    for text in ("0", "-1", "many", "1000"):
        monkeypatch.setenv("GATESCOPE_WORKERS", text)
        with pytest.raises(Refusal, match="whole number from 1 to 64"):
            default_workers()
