"""Who a browser is: an unguessable cookie, so that a person finds their runs again and only they command them."""

from __future__ import annotations

import hashlib
import re
import secrets

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lstm_core.ui.base import keys
from lstm_core.ui.base.client_address import internet_line
from lstm_core.ui.base.server import people

COOKIE = "gatescope_browser"
HERE = "here"           # this machine: Streamlit tells no address of it
YEAR = 365 * 24 * 3600


class BrowserCookie:
    """Middleware that gives every browser its cookie with the first page it loads."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the cookie to the answer when the browser has none."""
        if scope["type"] != "http" or _known(scope):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    secure = "; Secure" if scope.get("scheme") == "https" else ""
                    headers.append("set-cookie", f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; HttpOnly; "
                                                 f"SameSite=Lax; Max-Age={YEAR}{secure}")
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _known(scope: Scope) -> bool:
    return bool(known_as(HTTPConnection(scope)))


def _is_ours(cookie: str) -> bool:
    """Tell whether this can be a cookie that we gave out: anybody can send anything."""
    return re.fullmatch(r"[A-Za-z0-9_-]{32}", cookie) is not None


def known_as(connection: HTTPConnection) -> str:
    """Return a name of the browser that tells nobody its cookie; "": it has none that we gave out."""
    cookie = connection.cookies.get(COOKIE, "")
    return hashlib.sha256(f"{COOKIE} {cookie}".encode()).hexdigest()[:32] if _is_ours(cookie) else ""


def owner() -> str:
    """Return the name under which this browser owns runs: a hash of its cookie, so that the store holds no key.

    Without cookies (blocked, or in a test) the name lasts as long as the session.
    """
    if keys.OWNER not in st.session_state:
        cookie = st.context.cookies.get(COOKIE, "")
        st.session_state[keys.OWNER] = _owner(cookie if _is_ours(cookie) else secrets.token_urlsafe(24))
    name = str(st.session_state[keys.OWNER])
    people.see(name, internet_line(st.context.ip_address) or HERE)
    return name


def owner_of(connection: HTTPConnection) -> str:
    """Return the name under which the browser of a connection owns runs; "": it has no cookie that we gave out."""
    cookie = connection.cookies.get(COOKIE, "")
    return _owner(cookie) if _is_ours(cookie) else ""


def _owner(cookie: str) -> str:
    return hashlib.sha256(cookie.encode()).hexdigest()[:32]
