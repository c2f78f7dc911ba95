"""What a script may do to the server: nobody else goes short, and nothing is served that is not ours."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from lstm_core import limits
from lstm_core.data import Series
from lstm_core.data.cache import SizedCache
from lstm_core.errors import Refusal
from lstm_core.spec import RunSpec
from lstm_core.storage.store import Store
from lstm_core.ui.base import quotas
from lstm_core.ui.base.browser_cookie import COOKIE, BrowserCookie
from lstm_core.ui.base.message_filter import OwnMessages
from lstm_core.ui.base.quotas import RateLimiter, UploadRoom
from lstm_core.ui.base.static_files import routes
from lstm_core.ui.cell.api import registry
from lstm_core.ui.cell.fair_executor import FairExecutor
from lstm_core.ui.cell.registry import Registry, Seen
from tests.unit.hostile_corpus import PATHS, SQL

OURS = f"{COOKIE}={'x' * 32}"


def seen(owner: str, run: str) -> Seen:
    return Seen(run, RunSpec(), np.zeros((2, 1), np.float32), owner=owner)


def test_nobody_pushes_out_what_others_look_at() -> None:
    registry = Registry(room=10)
    mine = [registry.register(seen("ada", str(run))) for run in range(3)]
    theirs = [registry.register(seen("eve", str(run))) for run in range(500)]
    assert all(registry.find(token) for token in mine)
    assert [token for token in theirs if registry.find(token)] == theirs[-7:]
    assert not set(mine) & set(theirs)


def test_whoever_asks_a_lot_waits_longest() -> None:
    turns, gate = FairExecutor(1, room=50), threading.Event()
    order: list[str] = []
    first = turns.submit("eve", gate.wait)
    while first.running() is False:
        pass
    waiting: list[Future[None]] = [turns.submit("eve", lambda: order.append("eve")) for _ in range(50)]
    with pytest.raises(Refusal, match="50 of your questions"):
        turns.submit("eve", gate.wait)
    waiting.append(turns.submit("ada", lambda: order.append("ada")))
    assert waiting[10].cancel()                 # its browser is gone
    gate.set()
    waiting[-1].result(10)
    assert order.index("ada") <= 1
    waiting[-2].result(10)
    assert order.count("eve") == 49


def test_what_is_kept_at_hand_has_a_limit_in_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "CACHED_BYTES", 1000)
    made: list[int] = []

    def make(size: int) -> dict[str, np.ndarray]:
        made.append(size)
        return {"x": np.zeros(size, np.uint8)}

    shelf = SizedCache(make)
    for size in (400, 500, 400, 300, 5000, 5000, 300):
        assert len(shelf(size)["x"]) == size
    assert made == [400, 500, 300, 5000, 300]
    assert (len(shelf), shelf.bytes) == (1, 300)


def test_an_allowance_is_one_persons_and_comes_back() -> None:
    now = 0.0
    allowance = RateLimiter(10, 60, lambda: now)
    assert [allowance.take("eve", 4) for _ in range(3)] == [0, 0, 60]
    assert allowance.take("ada", 10) == 0
    now = 30.0
    assert allowance.take("eve", 2) == 0
    assert allowance.take("eve", 9) == 60       # not before the last of it is free again
    now = 60.0
    assert allowance.take("eve", 8) == 0
    assert allowance.take("eve", 11) == 60      # never


class Kept:
    """The tables that were kept, by name."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def keep_blob(self, _content: bytes, name: str) -> str:
        self.names.append(name)
        return name


def keep(kept: Kept, owner: str, name: str) -> None:
    series = Series(("a",), np.zeros((60, 1)), np.arange(60), name=name)        # a little more than 1000 bytes
    quotas.keep(kept, series, owner)


def test_a_table_too_many_is_refused_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "blobs", RateLimiter(2000, 3600))
    kept = Kept()
    keep(kept, "eve", "0")
    with pytest.raises(Refusal, match=r"one person.* 60 minutes"):
        keep(kept, "eve", "1")
    keep(kept, "ada", "2")
    assert kept.names == ["0", "2"]


def test_all_people_together_have_a_limit_whatever_they_call_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "all_blobs", RateLimiter(4000, 3600))
    monkeypatch.setattr(quotas, "all_downloads", RateLimiter(2, 3600))
    kept = Kept()
    for number in range(3):
        keep(kept, f"eve {number}", "x")
    with pytest.raises(Refusal, match=r"for all people together\. There is room again in 60 minutes"):
        keep(kept, "eve 3", "x")
    assert len(kept.names) == 3
    for number in range(2):
        quotas.check_download(f"eve {number}")
    with pytest.raises(Refusal, match=r"for all people together\. The next download is possible in 60 minutes"):
        quotas.check_download("eve 2")


class Uploads:
    """A server of uploaded files, as far as Streamlit's own goes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.manager = MemoryUploadedFileManager("/upload")
        held = type("Runtime", (), {"uploaded_file_mgr": self.manager})
        monkeypatch.setattr("streamlit.runtime.get_instance", lambda: held)
        self.app = Starlette(routes=[Route("/_stcore/upload_file/{session}/{file}", self._put, methods=["PUT"])],
                             middleware=[Middleware(UploadRoom)])

    async def _put(self, request: Request) -> Response:
        session, file = request.path_params["session"], request.path_params["file"]
        if session == "unknown":
            return Response(status_code=400)
        self.manager.add_file(session, UploadedFileRec(file, "x.csv", "text/csv", await request.body()))
        return Response(status_code=204)

    def held(self) -> dict[str, list[str]]:
        return {session: list(files) for session, files in self.manager.file_storage.items() if files}


def test_only_the_last_files_of_a_session_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    uploads = Uploads(monkeypatch)
    with TestClient(uploads.app) as client:
        client.put("/_stcore/upload_file/ada/one", content=b"mine")
        for number in range(20):
            assert client.put(f"/_stcore/upload_file/eve/{number}", content=bytes(1000)).status_code == 204
            assert client.put(f"/_stcore/upload_file/unknown/{number}", content=bytes(1000)).status_code == 400
    assert uploads.held() == {"ada": ["one"], "eve": ["16", "17", "18", "19"]}


def test_many_sessions_hold_no_more_than_the_server_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOADED_BYTES", 9000)
    uploads = Uploads(monkeypatch)
    with TestClient(uploads.app) as client:
        for number in range(2):
            client.put(f"/_stcore/upload_file/ada/{number}", content=bytes(400))
        for number in range(40):
            client.put(f"/_stcore/upload_file/eve {number // 2}/{number}", content=bytes(1000))
    held = uploads.held()
    assert held.pop("ada") == ["0", "1"]
    assert sum(map(len, held.values())) == 8
    assert held["eve 19"] == ["39"]


@pytest.mark.parametrize("name", [*SQL, *PATHS, "x" * 100_000, "%", "_"], ids=lambda name: ascii(name[:20]))
def test_no_name_of_a_run_or_a_person_is_more_than_a_name(name: str, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'lab.db'}")
    mine = store.create("ada", RunSpec())
    assert (store.load(name), store.facts(name), store.blob(name), store.recent(name, 9)) == (None, None, None, [])
    theirs = store.create(name, RunSpec())
    assert store.recent(name, 9) == [theirs]
    assert store.recent("ada", 9) == [mine]
    store.close()


# -- messages ----------------------------------------------------------------------------------------------


def test_messages_that_are_none_or_act_on_everybody_are_dropped() -> None:
    received: list[bytes] = []

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        async for content in socket.iter_bytes():
            received.append(content)
            await socket.send_bytes(content)

    app = Starlette(routes=[WebSocketRoute("/stream", listen)], middleware=[Middleware(OwnMessages)])
    rerun = BackMsg(rerun_script=ClientState(query_string="a=b")).SerializeToString()
    with TestClient(app) as client, client.websocket_connect("/stream") as socket:
        socket.send_text("hello")
        for dropped in (b"", b"\xff" * 1000, bytes(1000), BackMsg(clear_cache=True).SerializeToString(),
                        b"\xfa\x7f\x01x" + BackMsg(clear_cache=True).SerializeToString(), b"\x0a\x80\x80\x80\x10"):
            socket.send_bytes(dropped)
        socket.send_bytes(rerun)
        assert socket.receive_bytes() == rerun
    assert received == [rerun]


def test_a_fragment_of_a_page_that_was_left_is_not_run_again() -> None:
    heard: list[str] = []

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        async for content in socket.iter_bytes():
            heard.append((asked := BackMsg.FromString(content).rerun_script).query_string)
            if asked.query_string == "opens":
                for said in (ForwardMsg(new_session=NewSession(page_script_hash="main")),
                             ForwardMsg(navigation=Navigation(page_script_hash="opened"))):
                    await socket.send_bytes(said.SerializeToString())
            if asked.query_string == "end":
                await socket.send_text("heard")

    def says(query: str, page: str, fragment: str = "") -> bytes:
        return BackMsg(rerun_script=ClientState(
            query_string=query, page_script_hash=page, fragment_id=fragment)).SerializeToString()

    app = Starlette(routes=[WebSocketRoute("/stream", listen)], middleware=[Middleware(OwnMessages)])
    with TestClient(app) as client, client.websocket_connect("/stream") as socket:
        socket.send_bytes(says("not known yet", "train", "live"))
        socket.send_bytes(says("on the page", "train"))
        socket.send_bytes(says("in it", "train", "live"))
        socket.send_bytes(says("to another", "cell"))
        socket.send_bytes(says("late", "train", "live"))
        socket.send_bytes(says("there", "cell", "view"))
        socket.send_bytes(says("opens", "cell"))       # by itself, as st.switch_page does
        for _said in range(2):
            socket.receive_bytes()
        socket.send_bytes(says("too late", "cell", "view"))
        socket.send_bytes(says("there now", "opened", "view"))
        socket.send_bytes(says("end", ""))
        assert socket.receive_text() == "heard"
    assert heard == ["not known yet", "on the page", "in it", "to another", "there", "opens", "there now", "end"]


@pytest.mark.parametrize(("sent", "given"), [
    ("", True), ("a/b=1; {x}=2; ;;=", True), (f"{COOKIE}=guess", True), (f"{COOKIE}={'é' * 32}", True),
    (f"{COOKIE}=../../etc/passwd", True), (OURS, False), (f"a/b=1; {OURS}", False)])
def test_a_cookie_is_given_once_and_a_broken_one_breaks_nothing(sent: str, given: bool) -> None:
    app = Starlette(routes=[Route("/", lambda _request: HTMLResponse("page"))], middleware=[Middleware(BrowserCookie)])
    with TestClient(app) as client:
        answer = client.get("/", headers={b"cookie": sent.encode()} if sent else None)
    assert answer.status_code == 200
    assert ("set-cookie" in answer.headers) == given
    assert not given or "HttpOnly" in answer.headers["set-cookie"]


@pytest.mark.parametrize("path", [
    "inside/{token}/" + "9" * 5000, "inside/{token}/-1", "inside/{token}/1e9", "inside/{token}/%00",
    "inside/{token}/..%2f..%2fetc", "inside/..%2f..%2fetc%2fpasswd/0", "x/..%2f..%2fapp.py", "x/%2e%2e/app.py",
    "x/page.css%00.js", "../app.py", "x/zh.po"])
def test_no_address_leads_out_of_what_is_served(path: str) -> None:
    with TestClient(Starlette(routes=routes())) as client:
        known = registry.register(seen("ada", "run"))
        answer: Any = client.get("/gatescope/" + path.format(token=known))
        assert answer.status_code == 404
        assert client.post("/gatescope/inside/x/1").status_code == 405
