"""Under which names the lab is reached, and from which websites: its own."""

from __future__ import annotations

import os
from collections.abc import Collection
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HOSTS = "GATESCOPE_HOSTS"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PROXIES = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded")     # with one of these it says so
READING = frozenset({"GET", "HEAD", "OPTIONS"})
HEALTH = "/_stcore/health"      # is asked for by containers under any name


class OwnOrigins:
    """Middleware that refuses requests under other names, and websockets and changes that other websites ask for.

    The origin of a request ends here: Streamlit, where it compares it, looks up names, and asks a stranger's host for
    the server's own address.

    Args:
        app: what comes after.
        hosts: the names; None: those of the environment's ``GATESCOPE_HOSTS``.
        loopback: the server listens to its own machine alone; None: as it was started.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str] | None = None, loopback: bool | None = None) -> None:
        self.app = app
        self._hosts = {_bare(name) for name in os.environ.get(HOSTS, "").split(",") if name.strip()
                       } if hosts is None else set(hosts)
        self._loopback = st.get_option("server.address") in LOOPBACK if loopback is None else loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on without its origin, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, origins = headers.get("host", ""), headers.getlist("origin")
        changes = scope["type"] == "websocket" or scope["method"] not in READING
        if not self._is_own(host, headers) and not scope["path"].endswith(HEALTH):
            await _refuse(scope, receive, send, 421, f"The lab has another name. Its operator may add this to {HOSTS}.")
        elif changes and not all(self._may_ask(origin, host) for origin in origins):
            await _refuse(scope, receive, send, 403, "Another website may not ask for this.")
        else:
            own = [(name, value) for name, value in scope["headers"] if name != b"origin"]
            await self.app({**scope, "headers": own}, receive, send)

    def _is_own(self, host: str, headers: Headers) -> bool:
        """Tell whether the lab is reached under this name.

        Without a list, a server that listens to its own machine alone answers to the machine's own names and to
        proxies; any other answers to all names, as it cannot know its own.
        """
        name = _bare(host)
        if name in LOOPBACK:
            return True
        if self._hosts:
            return name in self._hosts
        return not self._loopback or _is_address(name) or any(proxy in headers for proxy in PROXIES)

    def _may_ask(self, origin: str, host: str) -> bool:
        """Tell whether pages of this website are the lab's: it has the host's name, or one of the list."""
        try:
            website = urlsplit(origin)
            named = website.hostname or ""
        except ValueError:
            return False
        if website.scheme not in ("http", "https") or not named:
            return False
        standard = ":443" if website.scheme == "https" else ":80"
        same = website.netloc.lower().removesuffix(standard) == host.lower().removesuffix(standard)
        return same or named in self._hosts


def _bare(host: str) -> str:
    """Return the name or address of a host, without a port; "" when it cannot be read."""
    try:
        return (urlsplit(f"//{host.strip()}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
    else:
        await PlainTextResponse(why, status)(scope, receive, send)
