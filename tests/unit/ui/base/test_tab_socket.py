"""A tab is heard and answered at the same time; whichever ends first ends the other."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from lstm_core.errors import Refusal
from lstm_core.ui.base.tab_socket import next_text, until_gone


@pytest.mark.parametrize("end", [None, WebSocketDisconnect(1001), RuntimeError("gone"), Refusal("No.")])
def test_what_ends_first_ends_the_other_and_only_a_tab_that_leaves_is_no_error(end: Exception | None) -> None:
    ended: list[str] = []

    async def first() -> None:
        if end is not None:
            raise end

    async def other() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append("other")

    async def both() -> None:
        try:
            await until_gone(first(), other())
        finally:
            await asyncio.sleep(0)          # in which the other one is cancelled

    if isinstance(end, Refusal):
        with pytest.raises(Refusal):
            asyncio.run(both())
    else:
        asyncio.run(both())
    assert ended == ["other"]


def test_a_message_of_bytes_is_an_empty_one() -> None:
    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_json([await next_text(socket), await next_text(socket)])

    with TestClient(Starlette(routes=[WebSocketRoute("/", echo)])).websocket_connect("/") as tab:
        tab.send_bytes(b"\xff")
        tab.send_text("hello")
        assert tab.receive_json() == ["", "hello"]
