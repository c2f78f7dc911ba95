"""What all streams of ours have in common: a tab says something while it is answered, until it leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect


async def until_gone(*doings: Coroutine[Any, Any, None]) -> None:
    """Answer and hear a tab at the same time until it leaves; what else ends one of the two is raised."""
    tasks = [asyncio.create_task(doing) for doing in doings]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    except (WebSocketDisconnect, RuntimeError):     # the tab has left, or Starlette has noticed that it has
        pass
    finally:
        for task in tasks:
            task.cancel()


async def next_text(socket: WebSocket) -> str:
    """Return the next message of a tab; one of bytes is none, and empty."""
    try:
        return await socket.receive_text()
    except KeyError:
        return ""
