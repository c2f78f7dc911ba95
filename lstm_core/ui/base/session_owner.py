"""Whose a session is: nobody goes on with another browser's session, or uploads to it, because they know its id."""

from __future__ import annotations

import re

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config, runtime

from lstm_core.ui.base.browser_cookie import known_as

HEADER = "x-gatescope-browser"
TRUSTED = "server.trustedUserHeaders"       # Streamlit: a session is gone on with only where these say the same

UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")        # the session, and the file


class SessionOwner:
    """Middleware that ties each session to the cookie of the browser that began it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell Streamlit which browser a websocket is of; refuse uploads to, and removals from, others' sessions."""
        if scope["type"] == "websocket":
            name = HEADER.encode()
            others = [(key, value) for key, value in scope["headers"] if key != name]
            own = (name, known_as(HTTPConnection(scope)).encode())
            scope = {**scope, "headers": [*others, own]}
            if HEADER not in (trusted := st.get_option(TRUSTED)):       # at first, and when its settings were read anew
                config.set_option(TRUSTED, {**trusted, HEADER: "browser"})
        elif scope["type"] == "http" and (found := UPLOAD.search(scope["path"])) and not _is_owner(found[1], scope):
            await PlainTextResponse("This session is another browser's.", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_owner(session: str, scope: Scope) -> bool:
    """Tell whether a session is this browser's; one that there is not is nobody's."""
    client = runtime.get_instance().get_client(session)
    if client is None or client.client_context is None:
        return True
    return dict(client.client_context.headers).get(HEADER) == known_as(HTTPConnection(scope))
