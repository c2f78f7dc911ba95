"""Whose pages may ask for what: the lab's own, whatever it is called; and Streamlit is never asked about others."""

from __future__ import annotations

from collections.abc import Collection

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit import net_util

from lstm_core.ui.base.origins import HOSTS, OwnOrigins


def client(hosts: Collection[str] = (), loopback: bool = False) -> TestClient:
    def origin(connection: HTTPConnection) -> str:
        return connection.headers.get("origin", "none")

    async def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse(origin(request))

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(origin(socket))
        await socket.close()

    routes = [Route(path, answer, methods=["GET", "PUT", "POST", "DELETE"]) for path in ("/", "/_stcore/health")]
    return TestClient(Starlette(routes=[*routes, WebSocketRoute("/stream", listen)],
                                middleware=[Middleware(OwnOrigins, hosts, loopback)]))


def connects(at: TestClient, **headers: str) -> bool:
    try:
        with at.websocket_connect("/stream", headers=headers) as socket:
            assert socket.receive_text() == "none"      # Streamlit never sees one
        return True
    except WebSocketDisconnect:
        return False


@pytest.mark.parametrize(("host", "origin"), [
    ("lab.school.edu", "https://lab.school.edu"), ("lab.school.edu:8501", "http://lab.school.edu:8501"),
    ("localhost:8501", "http://localhost:8501"), ("[::1]:8501", "http://[::1]:8501"), ("10.0.0.5:80", "http://10.0.0.5"),
    ("Lab.School.edu", "https://lab.school.edu:443"), ("lab.streamlit.app", "https://lab.streamlit.app")])
def test_the_labs_own_pages_get_through_without_a_setting(host: str, origin: str) -> None:
    assert connects(client(), host=host, origin=origin)
    assert client().put("/", headers={"host": host, "origin": origin}).text == "none"


def test_programs_without_an_origin_get_through() -> None:
    assert connects(client(), host="localhost")


@pytest.mark.parametrize("origin", [
    "https://evil.example", "null", "", "http://lab.school.edu.evil.example", "http://evil.example/lab.school.edu",
    "file://lab.school.edu", "http://[", "http://lab.school.edu:99", "http://user@lab.school.edu", "lab.school.edu",
    "http://10.0.0.5", "http://localhost", "http://xn--lb-wia.school.edu"])
def test_other_websites_are_refused_and_nobody_is_asked_about_them(
        origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(net_util, "get_external_ip", lambda: asked.append("external"))
    for host in ("lab.school.edu", "lab.school.edu:8501"):
        assert not connects(client(), host=host, origin=origin)
        for method in ("PUT", "POST", "DELETE"):
            assert client().request(method, "/", headers={"host": host, "origin": origin}).status_code == 403
        assert client().get("/", headers={"host": host, "origin": origin}).text == "none"
    assert asked == []


def test_a_list_names_all_hosts_and_a_proxy_that_keeps_none() -> None:
    listed = client(["lab.school.edu", "backend"])
    for host in ("lab.school.edu", "lab.school.edu:443", "LAB.school.edu", "localhost:8501", "127.0.0.1"):
        assert listed.get("/", headers={"host": host}).status_code == 200
    for host in ("evil.example", "lab.school.edu.evil.example", "10.0.0.5", "", "a b", "lab.school.edu@evil.example"):
        assert listed.get("/", headers={"host": host}).status_code == 421
        assert listed.get("/", headers={"host": host, "x-forwarded-host": "lab.school.edu"}).status_code == 421
        assert not connects(listed, host=host)
        assert listed.get("/_stcore/health", headers={"host": host}).status_code == 200
    assert connects(listed, host="backend:8501", origin="https://lab.school.edu")       # the proxy changes the host
    assert not connects(listed, host="backend:8501", origin="https://evil.example")


def test_a_server_of_one_machine_answers_to_its_names_and_to_proxies() -> None:
    own = client(loopback=True)
    for host in ("localhost:8501", "127.0.0.1:8501", "[::1]", "192.168.1.2"):
        assert own.get("/", headers={"host": host}).status_code == 200
    # a page of evil.example, whose name now leads to this machine, has Origin and Host of its own
    assert own.get("/", headers={"host": "evil.example"}).status_code == 421
    assert not connects(own, host="evil.example:8501", origin="http://evil.example:8501")
    proxied = {"host": "lab.school.edu", "origin": "https://lab.school.edu", "x-forwarded-proto": "https"}
    assert connects(own, **proxied)


def test_the_list_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOSTS, " lab.school.edu:443, Other.edu ,")
    app = Starlette(routes=[Route("/", lambda _request: PlainTextResponse("x"))], middleware=[Middleware(OwnOrigins)])
    for host, status in (("lab.school.edu", 200), ("other.edu", 200), ("evil.example", 421)):
        assert TestClient(app).get("/", headers={"host": host}).status_code == status
