"""How much is done for one address at one time: more would not be there sooner, and slow down everybody else."""

from __future__ import annotations

import asyncio
from collections import deque

Turn = asyncio.Future[None]


class AddressTurns:
    """Turns, first come, first served for each address. Not thread-safe.

    Args:
        room: turns that one address has at one time.
        seconds: how long a turn lasts at most: what takes longer waits for something else than the processor.
    """

    def __init__(self, room: int, seconds: float) -> None:
        self._room, self._seconds = room, seconds
        self._served: dict[str, set[Turn]] = {}
        self._waiting: dict[str, deque[Turn]] = {}

    def ask(self, address: str) -> Turn:
        """Return a turn, which is done as soon as it has come."""
        turn: Turn = asyncio.get_running_loop().create_future()
        self._served.setdefault(address, set())
        self._waiting.setdefault(address, deque()).append(turn)
        self._go_on(address)
        return turn

    def lasts(self, address: str, turn: Turn) -> bool:
        """Tell whether a turn has come and has not ended."""
        return turn in self._served.get(address, ())

    def end(self, address: str, turn: Turn) -> None:
        """End a turn, or give up waiting for it."""
        if self.lasts(address, turn):
            self._served[address].discard(turn)
        elif not turn.done():
            turn.cancel()
            self._waiting[address].remove(turn)
        else:
            return
        self._go_on(address)

    def _go_on(self, address: str) -> None:
        served, waiting = self._served[address], self._waiting[address]
        while waiting and len(served) < self._room:
            turn = waiting.popleft()
            served.add(turn)
            turn.set_result(None)
            asyncio.get_running_loop().call_later(self._seconds, self.end, address, turn)
        if not served:
            del self._served[address], self._waiting[address]
