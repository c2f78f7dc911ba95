"""How fast requests may come over HTTP: a person notices nothing, a script waits."""

from __future__ import annotations

import asyncio
import time

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from lstm_core.ui.base import request_pace
from lstm_core.ui.base.address_turns import AddressTurns
from lstm_core.ui.base.request_pace import PacedRequests
from lstm_core.ui.base.token_bucket import TokenBuckets


def test_requests_of_one_address_are_answered_at_its_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_pace, "_coming", TokenBuckets(20, 5))
    app = Starlette(routes=[Route("/", lambda _request: PlainTextResponse("here"))],
                    middleware=[Middleware(PacedRequests)])
    with TestClient(app) as client:
        began = time.monotonic()
        assert [client.get("/").text for _ in range(5)] == ["here"] * 5
        assert time.monotonic() - began < 0.2
        assert [client.get("/").status_code for _ in range(8)] == [200] * 8
        assert time.monotonic() - began > 0.3


def test_few_requests_of_one_address_are_worked_on_at_one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_pace, "_answering", AddressTurns(2, 60))

    async def asked() -> list[int]:
        begun: list[str] = []
        answers, told = asyncio.Event(), list[int]()

        async def app(scope: Scope, _receive: Receive, send: Send) -> None:
            begun.append(scope["path"])
            if scope["path"] == "/fails":
                raise ValueError
            await answers.wait()
            await send({"type": "http.response.start"})
            await asyncio.sleep(60)                 # the answer is long, and read slowly

        async def nothing() -> Message:
            return {}

        async def note(_message: Message) -> None:
            pass

        paced = PacedRequests(app)
        tasks = [asyncio.ensure_future(paced({"type": "http", "path": path}, nothing, note))
                 for path in ("/fails", "/1", "/2", "/3", "/4")]
        await asyncio.sleep(0.02)
        told.append(len(begun))
        answers.set()
        await asyncio.sleep(0.02)
        told.append(len(begun))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return told

    assert asyncio.run(asked()) == [3, 5]
