"""How much is done for one address at one time: more would not be there sooner, and slow down everybody else."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field


def _future() -> asyncio.Future[None]:
    return asyncio.get_running_loop().create_future()


@dataclass(eq=False)
class Turn:
    """One turn: both are done once it has come, and once it is over."""

    address: str
    come: asyncio.Future[None] = field(default_factory=_future)
    over: asyncio.Future[None] = field(default_factory=_future)


class AddressTurns:
    """Turns, first come, first served for each address. Not thread-safe.

    Args:
        room: turns that one address has at one time.
        seconds: how long a turn lasts at most: what takes longer waits for something else than the processor.
    """

    def __init__(self, room: int, seconds: float) -> None:
        self._room, self._seconds = room, seconds
        self._served: dict[str, int] = {}
        self._waiting: dict[str, deque[Turn]] = {}

    def ask(self, address: str) -> Turn:
        """Return a turn that comes as soon as there is room."""
        turn = Turn(address)
        self._served.setdefault(address, 0)
        self._waiting.setdefault(address, deque()).append(turn)
        self._go_on(address)
        return turn

    def end(self, turn: Turn) -> None:
        """End a turn, or give up waiting for it; nothing happens when it is over already."""
        if turn.over.done():
            return
        turn.over.set_result(None)
        if turn.come.done():
            self._served[turn.address] -= 1
        else:
            self._waiting[turn.address].remove(turn)
        self._go_on(turn.address)

    def _go_on(self, address: str) -> None:
        waiting = self._waiting[address]
        while waiting and self._served[address] < self._room:
            turn = waiting.popleft()
            turn.come.set_result(None)
            self._served[address] += 1
            asyncio.get_running_loop().call_later(self._seconds, self.end, turn)
        if not self._served[address]:
            del self._served[address], self._waiting[address]
