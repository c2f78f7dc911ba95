"""Connections that say nothing, and requests that never end: they are closed, and room is made for many of them.

What a single server can do. How many connections an address may open, a proxy or a firewall decides.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio import Transport
from contextlib import suppress
from importlib import import_module
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lstm_core import limits
from lstm_core.ui.base.client_address import client_address
from lstm_core.ui.base.places import Places
from lstm_core.ui.base.token_bucket import TokenBuckets

PROTOCOLS = ("h11_impl.H11Protocol", "httptools_impl.HttpToolsProtocol")        # of uvicorn; the second where installed

_sending = Places(limits.ADDRESS_UPLOADS)       # of requests with a body, by address,
_coming = TokenBuckets(limits.ADDRESS_UPLOAD_BYTES, 2 * limits.ADDRESS_UPLOAD_BYTES)        # and bytes of them


class BodyTimeout:
    """Middleware that ends a request whose body stops coming or comes too slowly, takes in no more of them at a time
    than leaves the server free for others, and refuses too many."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request with a body on, and what there is of the body in time."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        address = client_address(scope)
        if _sending.full(address):
            await _refuse(scope, receive, send, 503, "Too many uploads come from this address at one time.")
            return
        loop = asyncio.get_running_loop()
        end, complete, late, answered = loop.time() + limits.UPLOAD_SECONDS, False, False, False

        async def receive_in_time() -> Message:
            nonlocal complete, late
            if complete:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), min(limits.SILENT_SECONDS, end - loop.time()))
            except TimeoutError:
                late = True
                return {"type": "http.disconnect"}
            complete = not message.get("more_body", False)
            while (rest := _coming.take(address, len(message.get("body", b"")))) > 0:
                await asyncio.sleep(rest)
            return message

        async def send_and_note(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        with _sending.held(address):
            with suppress(ClientDisconnect):
                await self.app(scope, receive_in_time, send_and_note)
            if late and not answered:
                await _refuse(scope, receive, send, 408, "The request took too long to come.")


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, why: str) -> None:
    await PlainTextResponse(why, status, {"Connection": "close"})(scope, receive, send)


def close_silent_connections() -> None:
    """From now on close connections on which nothing is asked: uvicorn itself waits for ever for a first request."""
    for name in PROTOCOLS:
        module, _, protocol = name.partition(".")
        with suppress(ModuleNotFoundError):
            _watch(getattr(import_module(f"uvicorn.protocols.http.{module}"), protocol))


def _watch(protocol: Any) -> None:
    made = protocol.connection_made

    def connection_made(connection: Any, transport: Transport) -> None:
        made(connection, transport)
        connection.loop.call_later(limits.SILENT_SECONDS, _look, connection, None)

    protocol.connection_made = connection_made


def _look(connection: Any, before: object) -> None:
    """Close a connection that has asked for nothing since the last look; else look again later.

    ``before``: the request that was answered when it was looked at last; None: there was none.
    """
    transport = connection.transport
    if transport.is_closing() or transport.get_protocol() is not connection:    # it has become a websocket
        return
    now = connection.cycle
    answered = now is None or now.response_complete
    if answered and now is before:
        transport.abort()
    else:
        connection.loop.call_later(limits.SILENT_SECONDS, _look, connection, now if answered else connection)


def make_room_for_connections() -> None:
    """Let the process hold as many files and connections as it may: the usual soft limit, 1,024, is that of a shell."""
    if sys.platform != "win32":
        import resource
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = limits.DESCRIPTORS if hard == resource.RLIM_INFINITY else min(limits.DESCRIPTORS, hard)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
