"""What a browser may tell the server over its websocket: what concerns its own session, on the page it is on."""

from __future__ import annotations

import asyncio

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lstm_core import limits
from lstm_core.ui.base.message_size import fits
from lstm_core.ui.base.static_files import folder

# What pages of ours send: reruns, Stop, the address for an upload, a file made on demand, rows of a long table; a cloud
# asks for a heartbeat. Streamlit knows more, e.g. clear_cache, which acts on every session, and load_git_info, which
# starts git.
KINDS = frozenset({"rerun_script", "stop_script", "file_urls_request", "app_heartbeat", "backend_operation_request"})
OPERATIONS = frozenset({"deferred_file", "dataframe_chunk"})        # of the last kind
STRANGE = 20            # messages one after the other that a page would not have sent: then the connection ends
SETTLING = 0.05         # seconds for which a connection is not read after a message that a page would not have sent


class OwnMessages:
    """Middleware that drops messages of a browser: those that no page of ours sends, malformed ones, those with too
    many entries, and reruns of a fragment of a page that has been left: Streamlit would go back there, and show
    nothing. One that is too large, or too many of them, end the connection."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, without such messages."""
        if scope["type"] != "websocket" or scope["path"].startswith(f"{folder()}/"):
            await self.app(scope, receive, send)
            return
        page = ""       # the session's, by its hash; "": not known
        strange = 0

        async def receive_own() -> Message:
            nonlocal page, strange
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                await asyncio.sleep(0)      # what has come at once is not read at one go: it is others' turn
                content = message.get("bytes") or b""
                if len(content) > limits.MESSAGE_BYTES:     # the next one would have to be unpacked as well
                    return {"type": "websocket.disconnect", "code": 1009}
                if (told := _own(content)) is None:
                    strange += 1
                    if strange > STRANGE:       # behind more of them nobody would see that the browser has gone
                        return {"type": "websocket.disconnect", "code": 1008}
                    await asyncio.sleep(SETTLING)
                    continue
                strange = 0
                asked = told.rerun_script
                if not asked.fragment_id:
                    page = asked.page_script_hash or page
                elif page and asked.page_script_hash and asked.page_script_hash != page:
                    continue
                return message

        async def send_own(message: Message) -> None:
            nonlocal page
            if message["type"] == "websocket.send" and (content := message.get("bytes")):
                told = ForwardMsg.FromString(content)       # which page an address leads to is said by the latter
                page = told.new_session.page_script_hash or told.navigation.page_script_hash or page
            await send(message)

        await self.app(scope, receive_own, send_own)


def _own(content: bytes) -> BackMsg | None:
    """Return the message when a page of ours can have sent it."""
    if not content or not fits(content):
        return None
    try:
        told = BackMsg.FromString(content)
    except DecodeError:
        return None
    kind = told.WhichOneof("type")
    if kind == "backend_operation_request":
        return told if told.backend_operation_request.WhichOneof("payload") in OPERATIONS else None
    if kind not in KINDS or len(told.file_urls_request.file_names) > limits.UPLOADS:
        return None
    return told if all(state.id for state in told.rerun_script.widget_states.widgets) else None
