"""The stream of a run: what one tab asks for over its websocket, and what it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from benchmarks.streamed import unpacked
from lstm_core import limits
from lstm_core.charts.loss import binned
from lstm_core.ui.base.browser_cookie import COOKIE
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.server import lab
from lstm_core.ui.live import api
from lstm_core.ui.live.status import STREAM
from lstm_core.ui.widgets import session
from tests.app.conftest import Visit
from tests.app.visitor import LONG, SMALL


def cookie(letter: str) -> dict[str, str]:
    """Return the headers of a browser."""
    return {"cookie": f"{COOKIE}={letter * 32}"}


class Tab:
    """A browser that follows one run and puts together what it is told."""

    def __init__(self, socket: Any, run: str, *looks: str) -> None:
        self.socket, self.question = socket, {"run": run, "looks": looks}
        self.means: list[float] = []
        self.evaluations: list[int] = []
        self.sizes: list[int] = []

    def next(self) -> dict[str, Any]:
        self.socket.send_text(json.dumps(self.question))
        content = self.socket.receive_bytes()
        self.sizes.append(len(content))
        told = unpacked(content)
        if losses := told.get("losses"):
            self.means[losses["from"]:] = losses["mean"]
        self.evaluations.extend(told.get("evaluations", {}).get("update", ()))
        return told


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(Starlette(routes=api.routes())) as found:
        yield found


def test_what_is_told_piece_by_piece_is_the_whole_run(visit: Visit, client: TestClient) -> None:
    visitor = visit("train", **LONG).click("train")
    with client.websocket_connect(f"/{STREAM}?lang=zh") as socket:
        tab = Tab(socket, visitor.run, "validation", "nonsense")
        while (told := tab.next())["update"] < 2000:
            assert told["says"].startswith(("排队中", "训练中"))
        lab().command(visitor.run, visitor.who, "stop")
        while told["active"] or told["update"] != lab().view(visitor.run).update or "predicted" not in told:
            told = tab.next()
    view = lab().view(visitor.run, ("validation",))
    assert told["structure"].split()[1] == "stopped"
    np.testing.assert_array_equal(np.float32(tab.means), binned(view.losses)[1])
    assert tab.evaluations == sorted(set(tab.evaluations))
    assert tab.evaluations[-1] == view.evaluations["update"][-1]
    assert told["drawn"] == view.update
    np.testing.assert_array_equal(told["predicted"]["validation"], np.float32(view.predictions["validation"]))
    assert max(tab.sizes) <= 3_000
    assert told["numbers"][0] == f"{view.update:,}"


def test_a_picture_comes_when_there_is_news_and_not_before(visit: Visit, client: TestClient) -> None:
    visitor = visit("train", **SMALL).click("step_once").rest()
    with client.websocket_connect(f"/{STREAM}") as socket:
        tab = Tab(socket, visitor.run)
        assert tab.next()["update"] == 1
        socket.send_text(json.dumps(tab.question))
        time.sleep(0.3)
        lab().command(visitor.run, visitor.who, "step")
        began = time.monotonic()
        while (told := unpacked(socket.receive_bytes()))["update"] == 1:
            socket.send_text(json.dumps(tab.question))
        assert time.monotonic() - began < 5     # and not after the 20 seconds of a run that rests
        assert told["losses"]["from"] == 1
        assert len(told["losses"]["mean"]) == 1


def test_another_run_is_told_at_once_though_the_one_before_rests(visit: Visit, client: TestClient) -> None:
    first, second = (visit("train", **SMALL).click("step_once").rest().run for _ in range(2))
    with client.websocket_connect(f"/{STREAM}") as socket:
        tab = Tab(socket, first)
        time.sleep(1)           # until the run is saved, which is news as well
        tab.next()
        socket.send_text(json.dumps(tab.question))      # and while this is not answered:
        time.sleep(0.3)
        began = time.monotonic()
        tab.question["run"] = second
        while tab.next()["run"] != second:
            pass
        assert time.monotonic() - began < 5             # and not after the 20 seconds of a run that rests


def test_a_run_that_is_asked_for_while_another_is_fetched_is_told_with_its_own_data(
        visit: Visit, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    letters = visit("train", source="letters", hidden="4", epochs="2").click("train").rest().run
    wave = visit("train", **SMALL).click("train").rest().run
    prepared = session.prepared

    def slowly(*asked: Any) -> Any:
        time.sleep(0.3)
        return prepared(*asked)

    monkeypatch.setattr(session, "prepared", slowly)
    with client.websocket_connect(f"/{STREAM}") as socket:
        for run in (letters, wave):
            socket.send_text(json.dumps({"run": run, "looks": []}))
            time.sleep(0.1)             # the data of the first one are on their way
        told = unpacked(socket.receive_bytes())
        assert told["run"] == wave
        assert not told["numbers"][3].endswith("%")
    assert not api._open


def test_a_run_taken_back_is_told_from_its_beginning(visit: Visit, client: TestClient) -> None:
    visitor = visit("train", **SMALL).click("train").rest()
    with client.websocket_connect(f"/{STREAM}") as socket:
        tab = Tab(socket, visitor.run)
        assert tab.next()["update"] == 12
        lab().command(visitor.run, visitor.who, "reset")
        lab().command(visitor.run, visitor.who, "step")
        while (told := tab.next())["update"] != 1 or told["structure"].split()[1] != "paused":
            pass
        assert len(tab.means) == 1


def test_a_browser_may_have_so_many_streams_and_no_more(visit: Visit, client: TestClient) -> None:
    run = visit("train", **SMALL).click("train").rest().run
    with ExitStack() as tabs:
        for _ in range(limits.STREAMS):
            socket = tabs.enter_context(client.websocket_connect(f"/{STREAM}", headers=cookie("a")))
        with client.websocket_connect(f"/{STREAM}", headers=cookie("a")) as refused:
            assert str(limits.STREAMS) in unpacked(refused.receive_bytes())["refused"]
            with pytest.raises(WebSocketDisconnect):
                refused.receive_bytes()
        with client.websocket_connect(f"/{STREAM}", headers=cookie("b")) as other:
            assert Tab(other, run).next()["update"] == 12
        assert Tab(socket, run).next()["update"] == 12
    assert not api._open


def test_an_address_may_have_so_many_streams_whatever_cookies_it_shows(
        visit: Visit, client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "_there", Places(3))
    run = visit("train", **SMALL).click("train").rest().run
    with ExitStack() as tabs:
        for letter in "abc":
            socket = tabs.enter_context(client.websocket_connect(f"/{STREAM}", headers=cookie(letter)))
        for headers in (cookie("d"), {"cookie": f"{COOKIE}=forged"}, {}):
            with client.websocket_connect(f"/{STREAM}", headers=headers) as refused:
                assert "of your network" in unpacked(refused.receive_bytes())["refused"]
        assert Tab(socket, run).next()["update"] == 12
    assert not api._open


@pytest.mark.parametrize("question", ["", "{}", "[]", "null", '{"run": 3, "looks": []}', '{"run": "x", "looks": 1}',
                                      "[" * 1500, "x" * 100_000, '{"run": "no such run", "looks": []}'])
def test_a_question_that_makes_no_sense_is_refused_with_a_sentence(client: TestClient, question: str) -> None:
    with client.websocket_connect(f"/{STREAM}") as socket:
        socket.send_text(question)
        assert unpacked(socket.receive_bytes())["refused"]
        with pytest.raises(WebSocketDisconnect):
            socket.receive_bytes()
    assert not api._open


def test_what_one_update_did_comes_with_the_picture_that_shows_it(visit: Visit, client: TestClient) -> None:
    visitor = visit("train", **SMALL).click("step_once").rest()
    with client.websocket_connect(f"/{STREAM}?lang=zh") as socket:
        tab = Tab(socket, visitor.run)
        assert tab.next()["phases"]["update"] == 1
        lab().command(visitor.run, visitor.who, "step")
        while (told := tab.next())["update"] == 1:
            assert "phases" not in told
        assert told["phases"]["title"] == "第 2 次更新的四个阶段"
        assert max(tab.sizes) <= 4_000
        lab().command(visitor.run, visitor.who, "resume")
        while (told := tab.next())["update"] == 2:
            assert "phases" not in told
        assert told["phases"] is None
