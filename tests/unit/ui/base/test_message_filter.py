"""Which messages of a browser get through: those that pages of ours send, of a size that they can have."""

from __future__ import annotations

import time
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from lstm_core import limits
from lstm_core.ui.base.message_filter import OwnMessages
from lstm_core.ui.base.message_size import fits

END = BackMsg(app_heartbeat=True).SerializeToString()


def passed(*messages: bytes) -> list[bytes]:
    """Send these and one more; return what Streamlit gets to see before that one."""
    heard: list[bytes] = []

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        async for content in socket.iter_bytes():
            if content == END:
                await socket.send_text("heard")
            else:
                heard.append(content)

    app = Starlette(routes=[WebSocketRoute("/stream", listen)], middleware=[Middleware(OwnMessages)])
    with TestClient(app) as client, client.websocket_connect("/stream") as socket:
        for message in (*messages, END):
            socket.send_bytes(message)
        assert socket.receive_text() == "heard"
    return heard


def rerun(widgets: int) -> bytes:
    state = ClientState(widget_states=WidgetStates(widgets=[WidgetState(id=f"w{n}") for n in range(widgets)]))
    return BackMsg(rerun_script=state).SerializeToString()


def file_urls(count: int) -> bytes:
    message = BackMsg()
    message.file_urls_request.file_names.extend(f"{number}.csv" for number in range(count))
    return message.SerializeToString()


def operation(payload: str) -> bytes:
    message = BackMsg()
    getattr(message.backend_operation_request, payload).SetInParent()
    return message.SerializeToString()


NAMELESS = BackMsg(rerun_script=ClientState(widget_states=WidgetStates(
    widgets=[WidgetState(double_value=1)]))).SerializeToString()


@pytest.mark.parametrize("message", [
    BackMsg(stop_script=True).SerializeToString(), rerun(200), file_urls(1), operation("deferred_file"),
    operation("dataframe_chunk")], ids=["stop", "rerun", "upload", "file on demand", "rows"])
def test_what_pages_send_gets_through(message: bytes) -> None:
    assert passed(message) == [message]


@pytest.mark.parametrize("kind", ["clear_cache", "load_git_info", "set_run_on_save", "debug_disconnect_websocket",
                                  "debug_shutdown_runtime"])
def test_what_no_page_of_ours_sends_is_dropped(kind: str) -> None:
    assert passed(BackMsg(**{kind: True}).SerializeToString()) == []


@pytest.mark.parametrize("message", [
    operation("install_skills"), operation("dismiss_skills_nudge"), BackMsg(backend_operation_request={}
                                                                            ).SerializeToString(),
    file_urls(limits.UPLOADS + 1), rerun(limits.MESSAGE_ENTRIES), NAMELESS], ids=[
        "installing", "dismissing", "nothing", "many files", "many widgets", "a widget without a name"])
def test_what_is_written_on_the_server_or_too_much_is_dropped(message: bytes) -> None:
    assert passed(message) == []


@pytest.mark.parametrize("flood", [[bytes(limits.MESSAGE_BYTES + 1)], [b"\x0a"] * 5_000], ids=["large", "many"])
def test_a_message_that_is_too_large_ends_the_connection_and_so_do_many_strange_ones(flood: list[bytes]) -> None:
    heard: list[bytes] = []

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        heard.extend([content async for content in socket.iter_bytes()])
        heard.append(b"gone")

    app = Starlette(routes=[WebSocketRoute("/stream", listen)], middleware=[Middleware(OwnMessages)])
    with TestClient(app) as client, client.websocket_connect("/stream") as socket:
        for content in (rerun(3), *flood, rerun(4)):
            socket.send_bytes(content)
        until = time.monotonic() + 5
        while len(heard) < 2 and time.monotonic() < until:
            time.sleep(0.01)
    assert heard == [rerun(3), b"gone"]


def test_bytes_and_entries_are_counted_wherever_they_stand() -> None:
    text = ClientState(query_string="x" * (limits.MESSAGE_BYTES - 100))
    assert fits(BackMsg(rerun_script=text).SerializeToString())
    text.query_string += "x" * 200
    assert not fits(BackMsg(rerun_script=text).SerializeToString())
    hashes = ClientState(cached_message_hashes=[""] * limits.MESSAGE_ENTRIES)
    assert not fits(BackMsg(rerun_script=hashes).SerializeToString())
    half = rerun(limits.MESSAGE_ENTRIES // 2 + 10)
    assert fits(half)
    assert not fits(half + half)            # which a reader would put together
    assert not fits(BackMsg(stop_script=True).SerializeToString() * (limits.MESSAGE_ENTRIES + 1))


@pytest.mark.parametrize("content", [b"\xff", b"\xff" * 1000, b"\x0a\x80\x80\x80\x10", b"\x5a\x05ab", b"\x0b\x0c"])
def test_what_is_not_a_message_does_not_fit(content: bytes) -> None:
    assert not fits(content)


def test_six_million_widgets_are_refused_at_once() -> None:
    widgets = b"\x0a\x00" * 450_000
    state = b"\x12" + length(widgets) + widgets
    message = b"\x5a" + length(state) + state
    assert len(BackMsg.FromString(message).rerun_script.widget_states.widgets) == 450_000
    began = time.process_time()
    assert not fits(message)
    assert time.process_time() - began < 0.05


def length(content: Any) -> bytes:
    """Return how long this is, as a protocol buffer has it."""
    number, written = len(content), bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])
