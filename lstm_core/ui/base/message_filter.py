"""What a browser may tell the server over its websocket: what concerns its own session, on the page it is on."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from lstm_core.ui.base.static_files import folder


class OwnMessages:
    """Middleware that drops messages of a browser: malformed ones, ``clear_cache``, which would act on every session,
    and reruns of a fragment of a page that has been left: Streamlit would go back there, and show nothing."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, without such messages."""
        if scope["type"] != "websocket" or scope["path"].startswith(f"{folder()}/"):
            await self.app(scope, receive, send)
            return
        page = ""       # the session's, by its hash; "": not known

        async def receive_own() -> Message:
            nonlocal page
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                if (told := _own(message.get("bytes"))) is None:
                    continue
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


def _own(content: bytes | None) -> BackMsg | None:
    try:
        told = BackMsg.FromString(content or b"")
    except DecodeError:
        return None
    return None if told.WhichOneof("type") in (None, "clear_cache") else told
