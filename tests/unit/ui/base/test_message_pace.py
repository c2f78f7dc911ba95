"""How fast messages and connections may come: a person notices nothing, a script waits, and nothing pressed is lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from lstm_core import limits
from lstm_core.ui.base import message_pace
from lstm_core.ui.base.address_turns import AddressTurns
from lstm_core.ui.base.client_address import client_address, internet_line
from lstm_core.ui.base.message_pace import PacedMessages, merged
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.token_bucket import TokenBuckets


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test have used up what another needs: all come from one address."""
    monkeypatch.setattr(message_pace, "_connecting", TokenBuckets(1000, 1000))
    monkeypatch.setattr(message_pace, "_telling", TokenBuckets(1000, 1000))
    monkeypatch.setattr(message_pace, "_reading", TokenBuckets(1e9, 1e9))
    monkeypatch.setattr(message_pace, "_drawing", AddressTurns(1000, 0.0))


def test_a_bucket_is_full_at_first_and_filled_at_its_rate() -> None:
    now = 0.0
    buckets = TokenBuckets(10, 3, lambda: now)
    assert [buckets.take("eve") for _ in range(4)] == [0, 0, 0, pytest.approx(0.1)]
    assert buckets.take("ada") == 0
    now = 0.15
    assert [buckets.take("eve") for _ in range(2)] == [0, pytest.approx(0.05)]
    now = 100.0
    assert [buckets.take("eve") for _ in range(4)] == [0, 0, 0, pytest.approx(0.1)]


def test_more_than_a_bucket_holds_takes_all_of_it() -> None:
    now = 0.0
    buckets = TokenBuckets(10, 3, lambda: now)
    assert buckets.take("eve", 8) == 0
    assert buckets.wait("eve") == pytest.approx(0.6)


def test_names_whose_bucket_is_full_again_are_forgotten() -> None:
    now = 0.0
    buckets = TokenBuckets(10, 3, lambda: now)
    for number in range(5000):
        buckets.take(f"eve {number}")
        now += 0.01
    assert len(buckets._full_at) < 4200


@pytest.mark.parametrize(("client", "address"), [
    (("203.0.113.7", 1), "203.0.113.7"), (("::ffff:203.0.113.7", 1), "203.0.113.7"), (None, ""), (("name", 1), "name"),
    (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"), (("2001:db8:1:2::9", 1), "2001:db8:1:2::/64")])
def test_an_address_is_that_of_one_line_to_the_internet(client: tuple[str, int] | None, address: str) -> None:
    assert client_address({"type": "http", "client": client}) == address


@pytest.mark.parametrize("host", [None, "", "here", 7.5])
def test_what_is_no_address_has_no_line(host: object) -> None:
    assert internet_line(host) == ""


# -- merging -----------------------------------------------------------------------------------------------


def rerun(fragment: str = "", page: str = "train", query: str = "", **widgets: float | bool | str) -> Message:
    """Return a rerun with sliders (numbers), buttons (True, False) and events (text)."""
    states = [WidgetState(id=name, trigger_value=value) if isinstance(value, bool) else
              WidgetState(id=name, json_trigger_value=value) if isinstance(value, str) else
              WidgetState(id=name, double_value=value) for name, value in widgets.items()]
    asked = ClientState(fragment_id=fragment, page_script_hash=page, query_string=query,
                        widget_states=WidgetStates(widgets=states))
    return {"type": "websocket.receive", "bytes": BackMsg(rerun_script=asked).SerializeToString()}


def told(message: Message | None) -> ClientState:
    assert message is not None
    return BackMsg.FromString(message["bytes"]).rerun_script


def values(message: Message | None) -> dict[str, object]:
    return {state.id: getattr(state, str(state.WhichOneof("value"))) for state in told(message).widget_states.widgets}


def test_two_reruns_become_one_with_the_newest_values_and_every_button() -> None:
    both = merged(rerun(query="a=1", slider=1.0, train=True), rerun(query="a=2", slider=2.0))
    assert values(both) == {"slider": 2.0, "train": True}
    assert told(both).query_string == "a=2"
    assert values(merged(both and rerun(train=True), rerun(train=False, chart='[{"event":1}]'))) == {
        "train": True, "chart": '[{"event":1}]'}


@pytest.mark.parametrize(("older", "newer"), [
    (rerun(train=True), rerun(train=True)), (rerun(chart="[1]"), rerun(chart="[2]")),
    (rerun(page="train"), rerun(page="cell")), (rerun("live"), rerun("windows")),
    (rerun(), {"type": "websocket.receive", "bytes": BackMsg(stop_script=True).SerializeToString()})],
    ids=["pressed twice", "two events", "pages", "fragments", "stop"])
def test_what_would_lose_something_is_not_merged(older: Message, newer: Message) -> None:
    assert merged(older, newer) is None


@pytest.mark.parametrize(("older", "newer", "drawn"), [
    ("live", "live", "live"), ("", "live", ""), ("live", "", ""), ("", "", "")])
def test_the_whole_page_contains_its_fragments(older: str, newer: str, drawn: str) -> None:
    assert told(merged(rerun(older), rerun(newer))).fragment_id == drawn


# -- pace --------------------------------------------------------------------------------------------------


@pytest.fixture
def served() -> Iterator[tuple[TestClient, list[bytes]]]:
    """Serve a websocket that says when it is told ``stop_script``, and note what it is told before."""
    heard: list[bytes] = []

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        async for content in socket.iter_bytes():
            heard.append(content)
            if BackMsg.FromString(content).stop_script:
                await socket.send_text("heard")

    app = Starlette(routes=[WebSocketRoute("/stream", listen)], middleware=[Middleware(PacedMessages)])
    with TestClient(app) as client:
        yield client, heard


STOP = BackMsg(stop_script=True).SerializeToString()


def test_a_flood_of_reruns_becomes_a_few_and_the_last_one_counts(served: tuple[TestClient, list[bytes]]) -> None:
    client, heard = served
    with client.websocket_connect("/stream") as socket:
        began = time.monotonic()
        for number in range(500):
            pressed = {f"button{number}": True} if number % 100 == 0 else {}
            socket.send_bytes(rerun(slider=float(number), **pressed)["bytes"])
        socket.send_bytes(STOP)
        assert socket.receive_text() == "heard"
        seconds = time.monotonic() - began
    assert len(heard) <= limits.MESSAGES_AT_ONCE + limits.MESSAGES * seconds + 1 < 400
    messages: list[Message] = [{"bytes": content} for content in heard[:-1]]
    assert values(messages[-1])["slider"] == 499.0
    buttons = [name for message in messages for name, value in values(message).items() if value is True]
    assert buttons == ["button0", "button100", "button200", "button300", "button400"]


def test_a_person_does_not_wait(served: tuple[TestClient, list[bytes]]) -> None:
    client, heard = served
    with client.websocket_connect("/stream") as socket:
        for _ in range(limits.MESSAGES_AT_ONCE - 1):
            socket.send_bytes(rerun(train=True)["bytes"])
        began = time.monotonic()
        socket.send_bytes(STOP)
        assert socket.receive_text() == "heard"
        assert time.monotonic() - began < 0.5
    assert len(heard) == limits.MESSAGES_AT_ONCE


def test_all_tabs_of_one_address_share_its_pace(
        served: tuple[TestClient, list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_pace, "_telling", TokenBuckets(10, 5))
    client, heard = served
    with client.websocket_connect("/stream") as one, client.websocket_connect("/stream") as other:
        began = time.monotonic()
        for _ in range(5):
            one.send_bytes(rerun(train=True)["bytes"])
            other.send_bytes(rerun(train=True)["bytes"])
        for socket in (one, other):
            socket.send_bytes(STOP)
            assert socket.receive_text() == "heard"
        assert time.monotonic() - began > 0.5
    assert len(heard) == 12


def test_pages_of_one_address_are_drawn_in_turns() -> None:
    async def drawn() -> None:
        turns = AddressTurns(2, 0.05)
        first, second, third, fourth = (turns.ask("eve") for _ in range(4))
        assert [turn.come.done() for turn in (first, second, third, fourth, turns.ask("ada"))] == [
            True, True, False, False, True]
        turns.end(third)                        # its tab was closed
        for _again in range(2):
            turns.end(first)
        assert (third.come.done(), fourth.come.done()) == (False, True)
        fifth = turns.ask("eve")
        assert not fifth.come.done()
        began = time.monotonic()
        await asyncio.wait_for(fifth.come, 5)   # what takes long does not hold up the next
        assert time.monotonic() - began > 0.03
        assert second.over.done()
        await asyncio.sleep(0.1)
        assert (turns._served, turns._waiting) == ({}, {})

    asyncio.run(drawn())


def test_a_page_waits_until_another_is_drawn_and_is_drawn_with_its_newest_values(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_pace, "_drawing", AddressTurns(1, 60))
    heard: list[bytes] = []

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        async for content in socket.iter_bytes():
            heard.append(content)
            if BackMsg.FromString(content).stop_script:
                await socket.send_bytes(ForwardMsg(script_finished=how).SerializeToString())

    app = Starlette(routes=[WebSocketRoute("/stream", listen)], middleware=[Middleware(PacedMessages)])
    how = ForwardMsg.FINISHED_EARLY_FOR_RERUN
    with (TestClient(app) as client, client.websocket_connect("/stream") as one,
          client.websocket_connect("/stream") as other):
        one.send_bytes(rerun(slider=1.0)["bytes"])
        one.send_bytes(STOP)
        assert ForwardMsg.FromString(one.receive_bytes()).script_finished == how
        for value in range(5):                  # a turn goes on when a page is only broken off to be drawn anew
            other.send_bytes(rerun(slider=float(value))["bytes"])
        time.sleep(0.2)
        assert len(heard) == 2
        how = ForwardMsg.FINISHED_SUCCESSFULLY
        one.send_bytes(STOP)
        one.receive_bytes()
        other.send_bytes(STOP)
        other.receive_bytes()
    assert [values({"bytes": content}) for content in heard[3:-1]] == [{"slider": 4.0}]


def test_what_waits_is_read_at_the_pace_of_the_address(
        served: tuple[TestClient, list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_pace, "_reading", TokenBuckets(20_000, 1_000))
    client, heard = served
    with client.websocket_connect("/stream") as one, client.websocket_connect("/stream") as other:
        began = time.monotonic()
        for socket in (one, other):
            for _ in range(limits.MESSAGES_AT_ONCE + 20):
                socket.send_bytes(rerun(query="a" * 500)["bytes"])
            socket.send_bytes(STOP)
        for socket in (one, other):
            assert socket.receive_text() == "heard"
        assert time.monotonic() - began > 2 * 20 * 500 / 20_000 * 0.8
    assert len(heard) < 2 * (limits.MESSAGES_AT_ONCE + 20)


def test_a_flood_that_cannot_be_merged_ends_the_connection() -> None:
    async def heard() -> int:
        async def receive() -> Message:
            return {"type": "websocket.receive", "bytes": BackMsg(app_heartbeat=True).SerializeToString()}

        incoming, messages = message_pace._Paced(receive, "", False), 0
        while (await incoming.next())["type"] == "websocket.receive":
            messages += 1
        await incoming.close()
        return messages

    assert limits.MESSAGES_AT_ONCE <= asyncio.run(heard()) <= limits.MESSAGES_AT_ONCE + message_pace.AHEAD


def test_that_a_browser_has_gone_is_said_at_once_and_its_flood_is_forgotten() -> None:
    async def all_of(messages: list[Message]) -> list[Message]:
        async def receive() -> Message:
            return messages.pop(0)

        incoming, got = message_pace._Paced(receive, "", False), []
        while True:
            got.append(await incoming.next())
            if got[-1]["type"] == "websocket.disconnect":
                await incoming.close()
                return got

    began = time.monotonic()
    flood = [rerun(train=True) for _ in range(limits.MESSAGES_AT_ONCE + 10)]
    got = asyncio.run(all_of([*flood, {"type": "websocket.disconnect"}]))
    assert len(got) == limits.MESSAGES_AT_ONCE + 1
    assert time.monotonic() - began < 1


def test_an_address_has_so_many_connections(
        served: tuple[TestClient, list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_pace, "_open", Places(3))
    client, _ = served
    with ExitStack() as tabs:
        for _ in range(3):
            tabs.enter_context(client.websocket_connect("/stream"))
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/stream"):
            pass
    with client.websocket_connect("/stream") as socket:
        socket.send_bytes(STOP)
        assert socket.receive_text() == "heard"
    assert len(message_pace._open) == 0


def test_connections_that_are_opened_and_closed_again_are_counted_too(
        served: tuple[TestClient, list[bytes]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_pace, "_connecting", TokenBuckets(0.1, 3))
    client, _ = served
    for _ in range(3):
        with client.websocket_connect("/stream"):
            pass
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/stream"):
        pass
