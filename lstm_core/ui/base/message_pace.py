"""How many connections and messages one browser, and one address, may burden the server with.

A tab that sends faster than its pace waits: the server stops reading from it. Reruns wait, too, while enough pages of
their address are drawn. Reruns that wait are merged, since each of them brings the values of all widgets; buttons that
were pressed stay pressed.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from lstm_core import limits
from lstm_core.ui.base.address_turns import AddressTurns, Turn
from lstm_core.ui.base.client_address import client_address
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.static_files import folder
from lstm_core.ui.base.token_bucket import TokenBuckets

QUESTIONS = 30.0        # per second that a tab may ask on a stream of ours: each is answered when there is a picture
BYTES = 3e5             # per second that are read from all tabs of one address that wait
AHEAD = 20              # messages of a tab that may wait here, reruns as one: no page sends so many, and behind more
                        # of them nobody would see that the browser has gone
SHORT = 300             # bytes: what says that a page is drawn is shorter
TRIGGERS = frozenset({"trigger_value", "string_trigger_value", "chat_input_value", "json_trigger_value"})

_connecting = TokenBuckets(limits.ADDRESS_CONNECTS, limits.ADDRESS_CONNECTS_AT_ONCE)
_telling = TokenBuckets(limits.ADDRESS_MESSAGES, limits.ADDRESS_MESSAGES_AT_ONCE)
_reading = TokenBuckets(BYTES, BYTES)
_open = Places(limits.ADDRESS_CONNECTIONS)      # of websockets, by address
_drawing = AddressTurns(limits.ADDRESS_PAGES, limits.PAGE_SECONDS)


class PacedMessages:
    """Middleware that holds back messages that come too fast, and refuses websockets too many."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, at a pace that leaves room for others."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        address = client_address(scope)
        if _open.full(address) or _connecting.take(address):
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        stream = scope["path"].startswith(f"{folder()}/")
        incoming = _Paced(receive, address, stream)

        async def send_on(message: Message) -> None:
            if len(content := message.get("bytes") or b"") < SHORT and not stream and _is_drawn(content):
                incoming.drawn()
            await send(message)

        with _open.held(address):
            try:
                await self.app(scope, incoming.next, send_on)
            finally:
                await incoming.close()


class _Paced:
    """The messages of one connection, as fast as they may come.

    Args:
        receive: gives the next message of the browser.
        address: that counts for them as well.
        stream: whether it is a stream of ours, which has a pace of its own, and no page.
    """

    def __init__(self, receive: Receive, address: str, stream: bool) -> None:
        self._receive, self._address, self._stream = receive, address, stream
        self._own = (TokenBuckets(QUESTIONS, 2 * QUESTIONS) if stream else
                     TokenBuckets(limits.MESSAGES, limits.MESSAGES_AT_ONCE))
        self._coming: asyncio.Future[Message] | None = None
        self._waiting: deque[Message] = deque()
        self._turn: Turn | None = None          # of the rerun that waits, or was let through last
        self._used: Turn | None = None          # the last with which one was let through

    async def next(self) -> Message:
        """Return the next message, when it is its turn; that the browser has gone is said at once."""
        message = self._waiting.popleft() if self._waiting else await self._come()
        assert message is not None
        while message["type"] == "websocket.receive" and (wait := self._wait(message)) > 0:
            if len(self._waiting) >= AHEAD:
                return {"type": "websocket.disconnect", "code": 1008}
            if (another := await self._come(wait)) is None:
                continue
            if another["type"] != "websocket.receive":
                return another
            while (rest := _reading.take(self._address, len(another.get("bytes") or b""))) > 0:
                await asyncio.sleep(rest)
            if not self._waiting and (both := merged(message, another)) is not None:
                message = both
            else:
                self._waiting.append(another)
        if message["type"] == "websocket.receive":
            self._own.take("")
            if not self._stream:
                _telling.take(self._address)
        return message

    def drawn(self) -> None:
        """Leave the turn to another page: this one is drawn."""
        if self._turn is not None and self._turn.come.done():       # and not the one that its next rerun waits for
            _drawing.end(self._turn)

    def _wait(self, message: Message) -> float:
        """Return for how many seconds a message must wait, as far as is known."""
        if self._stream:
            return self._own.wait("")
        if (wait := max(self._own.wait(""), _telling.wait(self._address))) > 0 or not _is_rerun(message):
            return wait
        if self._turn is not None and self._turn is self._used:     # the rerun before is drawn first
            if not self._turn.over.done():
                return limits.PAGE_SECONDS
            self._turn = None
        if self._turn is None:
            self._turn = _drawing.ask(self._address)
        if not self._turn.come.done():
            return limits.PAGE_SECONDS
        self._used = self._turn
        return 0.0

    async def _come(self, timeout: float | None = None) -> Message | None:
        """Return what comes next; with a timeout None when it is over or the turn that is waited for came first."""
        if self._coming is None:
            self._coming = asyncio.ensure_future(self._receive())
        either: set[asyncio.Future[Any]] = {self._coming}
        if timeout is not None and self._turn is not None:
            either.add(self._turn.over if self._turn is self._used else self._turn.come)
        await asyncio.wait(either, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if not self._coming.done():
            return None
        message = self._coming.result()
        self._coming = None
        return message

    async def close(self) -> None:
        """Wait for no more messages, and for no turn."""
        if self._turn is not None:
            _drawing.end(self._turn)
        if self._coming is not None:
            self._coming.cancel()
            with suppress(asyncio.CancelledError, RuntimeError):
                await self._coming


def _is_rerun(message: Message) -> bool:
    return bool(BackMsg.FromString(message.get("bytes") or b"").HasField("rerun_script"))


def _is_drawn(content: bytes) -> bool:
    """Tell whether the server says that a page is drawn, and not only broken off to be drawn anew."""
    told = ForwardMsg.FromString(content)
    return bool(told.HasField("script_finished") and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN)


def merged(older: Message, newer: Message) -> Message | None:
    """Return one message that asks for what two ask for; None: they are not two reruns of the same page.

    The newer one knows the values of all widgets; only a button that was pressed is told once. Two presses of the same
    button stay two.
    """
    first, second = (BackMsg.FromString(message.get("bytes") or b"") for message in (older, newer))
    if first.WhichOneof("type") != "rerun_script" or second.WhichOneof("type") != "rerun_script":
        return None
    before, after = first.rerun_script, second.rerun_script
    if before.page_script_hash != after.page_script_hash or before.page_name != after.page_name:
        return None
    if before.fragment_id != after.fragment_id and before.fragment_id and after.fragment_id:
        return None
    pressed = {state.id: state for state in before.widget_states.widgets if _pressed(state)}
    both = ClientState()
    both.CopyFrom(after)
    del both.widget_states.widgets[:]
    both.widget_states.widgets.extend(pressed.values())         # first: they were pressed first
    for state in after.widget_states.widgets:
        if state.id not in pressed:
            both.widget_states.widgets.append(state)
        elif _pressed(state):
            return None
    if not before.fragment_id:                  # the whole page, which contains every fragment of it
        both.fragment_id = ""
    both.is_auto_rerun = before.is_auto_rerun and after.is_auto_rerun
    both.is_history_navigation = before.is_history_navigation or after.is_history_navigation
    return {"type": "websocket.receive", "bytes": BackMsg(rerun_script=both).SerializeToString()}


def _pressed(state: WidgetState) -> bool:
    """Tell whether a widget's state is news that is told once, and not a value that it keeps."""
    kind = state.WhichOneof("value")
    if kind not in TRIGGERS:
        return False
    value = getattr(state, kind)
    return bool(value.ListFields() if hasattr(value, "ListFields") else value)
