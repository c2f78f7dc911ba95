"""Messages over the page's websocket: many, large, and empty ones."""

from __future__ import annotations

import asyncio
import math

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLsRequest
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates

from benchmarks.attack.harness import Attacker, Wanted, attack
from benchmarks.attack.wire import Tab

RERUN = bytes(BackMsg(rerun_script=ClientState(query_string="a")).SerializeToString())


@attack()
async def git_info(attacker: Attacker) -> None:
    """Sends 200 messages of two bytes that ask for the state of a git repository."""
    await _send_many(attacker, [BackMsg(load_git_info=True).SerializeToString()] * 200)


@attack()
async def reruns(attacker: Attacker) -> None:
    """Sends 10,000 wishes for a rerun, nine bytes each."""
    await _send_many(attacker, [RERUN] * 10_000)


@attack()
async def page_floods(attacker: Attacker) -> None:
    """Wants the page Train drawn on twenty connections with cookies of their own, as fast as the server takes it."""
    tabs = [Tab(attacker.target, "train") for _ in range(20)]
    for tab in tabs:
        await tab.open()
    await attacker.begin()
    await asyncio.gather(*(_pour(tab, [tab.page.rerun()] * 1_000) for tab in tabs), return_exceptions=True)


@attack()
async def heartbeats(attacker: Attacker) -> None:
    """Sends 20,000 signs of life on each of five connections."""
    tabs = [Tab(attacker.target) for _ in range(5)]
    await asyncio.gather(*(tab.open() for tab in tabs))
    beat = BackMsg(app_heartbeat=True).SerializeToString()
    await attacker.begin()
    await asyncio.gather(*(_pour(tab, [beat] * 20_000) for tab in tabs), return_exceptions=True)


@attack()
async def file_names(attacker: Attacker) -> None:
    """Sends one message that asks where to upload 1,000,000 files."""
    names = BackMsg(file_urls_request=FileURLsRequest(request_id="1", file_names=["a"] * 1_000_000))
    await _send_many(attacker, [names.SerializeToString()])


@attack()
async def widget_states(attacker: Attacker) -> None:
    """Sends one message with 6 million states of widgets, all of them empty."""
    states = _field(WidgetStates.WIDGETS_FIELD_NUMBER, b"") * 6_000_000
    asked = _field(ClientState.WIDGET_STATES_FIELD_NUMBER, states)
    await _send_many(attacker, [_field(BackMsg.RERUN_SCRIPT_FIELD_NUMBER, asked)])


@attack()
async def cached_hashes(attacker: Attacker) -> None:
    """Sends five messages, each with a million hashes of what the browser is said to have."""
    hashes = BackMsg(rerun_script=ClientState(cached_message_hashes=["a"] * 1_000_000))
    await _send_many(attacker, [hashes.SerializeToString()] * 5)


@attack()
async def long_texts(attacker: Attacker) -> None:
    """Writes 1 MB into each box of a page for text, and sends that ten times."""
    tab = Tab(attacker.target, "train", "source=letters")
    await tab.open()
    message = BackMsg.FromString(tab.page.rerun())
    for number in range(8):
        message.rerun_script.widget_states.widgets.append(
            WidgetState(id=tab.widget("text") if not number else f"$$ID-0-{number}", string_value="abcd " * 200_000))
    await attacker.begin()
    await _pour(tab, [message.SerializeToString()] * 10)


@attack()
async def compressed_zeros(attacker: Attacker) -> None:
    """Sends 19 MB of zeros forty times, which take 19 kB each on the wire."""
    await _send_many(attacker, [bytes(19_000_000)] * 40)


@attack()
async def fragments(attacker: Attacker) -> None:
    """Asks for 5,000 fragments that do not exist, each under another name."""
    await _send_many(attacker, [BackMsg(rerun_script=ClientState(fragment_id=f"{number:032x}")).SerializeToString()
                                for number in range(5_000)])


@attack(Wanted(quiet=False))        # the person gets a sentence; Streamlit's own fields write into the log
async def strange_numbers(attacker: Attacker) -> list[str]:
    """Sets every number box and slider of the pages to nan, infinity and beyond its limits, and presses Train."""
    found = []
    await attacker.begin()
    for value in (math.nan, math.inf, -math.inf, 1e308, -1.0):
        tab = Tab(attacker.target, "train", "source=waves&wave=sum&noise=0.1&layers=2")
        await tab.open()
        for widget, (kind, now) in tab.page.widgets.items():
            if kind in ("double_value", "double_array_value"):
                tab.page.widgets[widget] = (kind, [value] if isinstance(now, list) else value)
        await tab.rerun()
        await tab.rerun(pressed="train")
        if tab.exceptions:
            found.append(f"{value} leads to an error that nobody explains")
        await tab.close()
    return found


async def _send_many(attacker: Attacker, messages: list[bytes]) -> None:
    tab = Tab(attacker.target)
    await tab.open()
    await attacker.begin()
    await _pour(tab, messages)


async def _pour(tab: Tab, messages: list[bytes]) -> None:
    """Send all, and stay until the server has taken them in."""
    for message in messages:
        await tab.socket.send(message)
    await tab.rerun()


def _field(number: int, content: bytes) -> bytes:
    """Return a message within a protobuf message."""
    length, size = len(content), bytearray()
    while length > 127:
        size.append(length & 127 | 128)
        length >>= 7
    return bytes([number << 3 | 2, *size, length]) + content
