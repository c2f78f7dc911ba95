"""What a browser may tell the server over its websocket: what concerns its own session."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from lstm_core.ui.base.static_files import folder


class OwnMessages:
    """Middleware that drops malformed messages, and ``clear_cache``, which would act on every session."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the connection on, without such messages."""

        async def receive_own() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive" or _own(message.get("bytes")):
                    return message

        streamlit = scope["type"] == "websocket" and not scope["path"].startswith(f"{folder()}/")
        await self.app(scope, receive_own if streamlit else receive, send)


def _own(content: bytes | None) -> bool:
    try:
        return BackMsg.FromString(content or b"").WhichOneof("type") not in (None, "clear_cache")
    except DecodeError:
        return False
