"""How many pages of one address are drawn at one time: more would not be there sooner, and slow down all others."""

from __future__ import annotations

import asyncio
from collections import deque

Turn = asyncio.Future[None]


class PageTurns:
    """Turns of pages to be drawn, first come, first served for each address. Not thread-safe.

    Args:
        room: pages of one address that are drawn at one time.
        seconds: how long a turn lasts at most: a page that takes longer waits for something else than the processor.
    """

    def __init__(self, room: int, seconds: float) -> None:
        self._room, self._seconds = room, seconds
        self._drawn: dict[str, set[Turn]] = {}
        self._waiting: dict[str, deque[Turn]] = {}

    def ask(self, address: str) -> Turn:
        """Return a turn, which is done as soon as it has come."""
        turn: Turn = asyncio.get_running_loop().create_future()
        self._drawn.setdefault(address, set())
        self._waiting.setdefault(address, deque()).append(turn)
        self._go_on(address)
        return turn

    def lasts(self, address: str, turn: Turn) -> bool:
        """Tell whether a turn has come and has not ended."""
        return turn in self._drawn.get(address, ())

    def end(self, address: str, turn: Turn) -> None:
        """End a turn, or give up waiting for it."""
        if self.lasts(address, turn):
            self._drawn[address].discard(turn)
        elif not turn.done():
            turn.cancel()
            self._waiting[address].remove(turn)
        else:
            return
        self._go_on(address)

    def _go_on(self, address: str) -> None:
        drawn, waiting = self._drawn[address], self._waiting[address]
        while waiting and len(drawn) < self._room:
            turn = waiting.popleft()
            drawn.add(turn)
            turn.set_result(None)
            asyncio.get_running_loop().call_later(self._seconds, self.end, address, turn)
        if not drawn:
            del self._drawn[address], self._waiting[address]
