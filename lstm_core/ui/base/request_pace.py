"""How many requests over HTTP one address may burden the server with: what comes faster waits."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lstm_core import limits
from lstm_core.ui.base.address_turns import AddressTurns
from lstm_core.ui.base.client_address import client_address
from lstm_core.ui.base.token_bucket import TokenBuckets

_coming = TokenBuckets(limits.ADDRESS_REQUESTS, limits.ADDRESS_REQUESTS_AT_ONCE)
_answering = AddressTurns(limits.ADDRESS_ANSWERS, limits.ANSWER_BEGINS)


class PacedRequests:
    """Middleware that passes requests on at a pace, each in its turn, which is over when its answer begins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it is time."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        address = client_address(scope)
        while (rest := _coming.take(address)) > 0:
            await asyncio.sleep(rest)
        turn = _answering.ask(address)

        async def send_on(message: Message) -> None:
            _answering.end(turn)
            await send(message)

        try:
            await turn.come
            await self.app(scope, receive, send_on)
        finally:
            _answering.end(turn)
