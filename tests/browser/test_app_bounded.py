"""Memory of a real server under readers that do not read and runs that are large: bounded in bytes, whoever asks."""

import json
import re
import socket
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from urllib.parse import urlsplit

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect as websocket

from benchmarks.streamed import new_cookie
from lstm_core.learning import training
from lstm_core.records import Budget
from lstm_core.spec import Layer, ModelSpec, RunSpec, TrainSpec, Waves
from lstm_core.storage.store import Store
from lstm_core.ui.base import static_files
from lstm_core.ui.live.status import STREAM

MOST = 350          # MB that a server may take
LARGE = RunSpec(data=Waves(steps=500, length=2_000), train=TrainSpec(batch=2),
                model=ModelSpec(layers=(Layer(512), Layer(256))))      # 1.8 million weights, a trace of 9 MB


class Memory:
    """Measures what a server takes while something is done to it, in MB."""

    def __init__(self, server):
        self.process, self.most, self._ended = psutil.Process(server.process.pid), 0.0, threading.Event()
        self.before = self.now

    @property
    def now(self):
        return self.process.memory_info().rss / 1e6

    @contextmanager
    def watched(self):
        thread = threading.Thread(target=self._watch)
        thread.start()
        try:
            yield self
        finally:
            self._ended.set()
            thread.join()
            print(f"server: {self.before:.0f} MB before, {self.most:.0f} MB at most, {self.now:.0f} MB after")

    def _watch(self):
        while not self._ended.wait(0.05):
            self.most = max(self.most, self.now)


def unread(server, path, headers=""):
    """Ask for something and read none of it."""
    parts = urlsplit(server.address)
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect((parts.hostname, parts.port))
    line.settimeout(20)
    line.sendall(f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\n{headers}\r\n".encode())
    return line


@pytest.fixture(scope="module")
def first():
    """The first update of a large run, trained once."""
    return training.advance(LARGE, None, Budget(updates=1))


@pytest.fixture
def large(own_server, first):
    """Start a server of its own whose database has a large run; return both."""
    server = own_server()
    store = Store(server.database)
    facts = store.create("ada", LARGE)
    store.save(type(facts)(**vars(facts) | {"status": "paused", "update": first.update, "epoch": first.epoch}), [first])
    store.close()
    server.wait_for_examples()
    return server, facts.id


def test_many_large_runs_that_are_looked_at(large):
    server, run = large
    store = Store(server.database)
    runs = [store.copy(run, "ada", "paused").id for _ in range(32)]
    store.close()
    cookie = new_cookie(server.address)
    with Memory(server).watched() as memory, ExitStack() as open_lines:
        lines = [open_lines.enter_context(websocket(
            f"{server.address.replace('http', 'ws')}/{STREAM}?lang=en", additional_headers={"Cookie": cookie},
            proxy=None, max_size=None, ping_interval=None, close_timeout=0.1)) for _ in runs]
        for line, looked_at in zip(lines, runs, strict=True):
            line.send(json.dumps({"run": looked_at, "looks": ["validation", -1]}))
        for line in lines:
            assert b"refused" not in line.recv(timeout=60)[:100]
        time.sleep(5)
    assert memory.most < MOST


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_many_who_do_not_read_a_file(own_server, encoding):
    server = own_server()
    path = f"/{static_files.address('plotly.min.js')}"
    with Memory(server).watched() as memory, ExitStack() as open_lines:
        for _ in range(80):
            open_lines.enter_context(closing(unread(server, path, f"Accept-Encoding: {encoding}\r\n")))
        time.sleep(5)
        with closing(unread(server, path, "Connection: close\r\n")) as line:     # who reads has it at once
            began, content = time.monotonic(), 0
            while piece := line.recv(1_000_000):
                content += len(piece)
            assert content > 3_000_000
            assert time.monotonic() - began < 5
    assert memory.most < MOST


def test_many_who_do_not_read_a_trace(large):
    server, run = large
    token = token_of(server, run)
    with Memory(server).watched() as memory, ExitStack() as open_lines:
        for _ in range(60):
            open_lines.enter_context(closing(unread(server, f"/gatescope/inside/{token}/1")))
        time.sleep(20)
    assert memory.most < MOST


def token_of(server, run):
    """Open the page Inside the cell on a run, and return the token with which its numbers are fetched."""
    cookie = new_cookie(server.address)
    with websocket(f"{server.address.replace('http', 'ws')}/_stcore/stream", subprotocols=["streamlit"], proxy=None,
                   additional_headers={"Cookie": cookie}, max_size=None, close_timeout=0.2) as line:
        asked = BackMsg()
        asked.rerun_script.query_string, asked.rerun_script.page_name = f"run={run}", "cell"
        line.send(asked.SerializeToString())
        with suppress(TimeoutError):
            while True:
                if found := re.search(rb"gatescope/inside/([0-9a-f]{32})", line.recv(timeout=20)):
                    return found[1].decode()
    raise AssertionError("the page has sent no token")
