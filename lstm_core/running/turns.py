"""Who is next: turns by address, by person and by what they cost. No threads in here."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from lstm_core.running.people import REMEMBERED, People

T = TypeVar("T", bound=Hashable)

TURN = 0.1              # seconds that a turn counts before it is known what it took
SMOOTHED = 16           # turns over which one that was longer than usual counts,
LAG = 2.0               # but no more than so many seconds are left to be counted with later turns
LONGEST = 2.0           # seconds that a turn counts at most: what takes longer is the worker's fault, not the person's
DEBT = 10.0             # seconds for which at most somebody waits because of what they had before


class TurnQueue(Generic[T]):
    """Who is next of all that wait: the one whose address, and there whose person, has had least so far.

    What an address has had counts divided by its weight, the square root of the sum of its people's weights, at least
    1. So an address with many people gets more than one with a single person, but a script that gives itself many
    names gets far fewer shares than it has names. Among the people at one address it counts divided by the weight of
    the person. Whoever comes (again) begins level with those that have had least: nobody saves up turns. The finished
    examples count as an address with the least weight of all.

    Of one person it is first in, first out. What has never had a turn goes before, at every second turn at most.
    Finding who is next walks over the people that wait, not over what they have waiting.

    Args:
        people: who they are.
        lag: seconds of somebody's turns that may count later, so that one slow turn does not cost them a round.
    """

    def __init__(self, people: People, lag: float = LAG) -> None:
        self._people, self._lag = people, lag
        self._lost = _Lane[T]()                     # what has lost its turn blamelessly goes before all
        self._new, self._others = _Lanes[T](), _Lanes[T]()
        self._owners: dict[T, str] = {}             # of all that wait
        self._all = _Group()                        # the addresses of those that wait or have a turn now
        self._groups: dict[str, _Group] = {}        # the people at each of them
        self._at: dict[str, str] = {}               # their addresses
        self._owed: dict[str, float] = {}           # seconds that do not count yet, of people seen lately
        self._new_had = False                       # the last turn went to something new

    def __len__(self) -> int:
        return len(self._owners)

    def __contains__(self, item: T) -> bool:
        return item in self._owners

    @property
    def people(self) -> int:
        """Return how many people wait or have a turn now."""
        return len(self._at)

    def join(self, item: T, owner: str, new: bool) -> None:
        """Put somebody's item behind all others of theirs that have (not) had a turn."""
        self._come(owner)
        self._owners[item] = owner
        (self._new if new else self._others).add(item, owner)

    def rejoin(self, item: T, owner: str) -> None:
        """Put an item that has lost its turn before all others."""
        self._come(owner)
        self._owners[item] = owner
        self._lost.prepend(item)

    def pop(self) -> T:
        """Take out the one whose turn it is; :meth:`settle` must follow when the turn is over."""
        if self._lost:
            item = self._lost.pop()
        else:
            self._new_had = bool(self._new) and not (self._new_had and self._others)
            lanes = self._new if self._new_had else self._others
            item = lanes.pop(self._order(lanes)[0])
        owner = self._owners.pop(item)
        address = self._at[owner]
        self._all.begin(address)
        self._groups[address].begin(owner)
        return item

    def settle(self, owner: str, seconds: float) -> None:
        """End a turn that has taken so many seconds of a worker; 0: it was not used."""
        address = self._at[owner]
        group = self._groups[address]
        self._all.end(address, seconds / self._weight(address))
        group.end(owner, self._smoothed(owner, seconds) / self._people.weight(owner))
        if owner not in group.present:
            del self._at[owner]
        if not group.present:
            del self._groups[address]

    def _smoothed(self, owner: str, seconds: float) -> float:
        """Return what a turn counts for a person: a long one counts bit by bit, so that nobody waits for rounds."""
        owed = self._owed.pop(owner, min(TURN / 2 * SMOOTHED, self._lag)) + min(seconds, LONGEST)
        counted = max(owed / SMOOTHED, owed - self._lag)
        self._owed[owner] = owed - counted
        if len(self._owed) > REMEMBERED:
            del self._owed[next(iter(self._owed))]
        return counted

    def place(self, item: T) -> int | None:
        """Return about how many turns it is until this one's, 1 for the next; None for an item that does not wait."""
        if item not in self._owners:
            return None
        if item in self._lost:
            return self._lost.place(item)
        lanes, owner = (self._new if item in self._new else self._others), self._owners[item]
        order, mine = self._order(lanes), lanes.owners[owner].place(item)
        before, after = order[:order.index(owner)], order[order.index(owner):]
        ahead = sum(min(len(lanes.owners[each]), mine) for each in before)
        ahead += sum(min(len(lanes.owners[each]), mine - 1) for each in after)
        between = min(len(self._others), ahead) if lanes is self._new else min(len(self._new), ahead + 1)
        return len(self._lost) + ahead + between + 1

    def _order(self, lanes: _Lanes[T]) -> list[str]:
        """Return the people with something in these lanes, whose turn is next first; among equals who came first."""
        addresses: dict[str, tuple[float, int]] = {}
        for number, owner in enumerate(lanes.owners):
            address = self._at[owner]
            if address not in addresses:
                addresses[address] = self._all.next(address, self._weight(address)), number
        return sorted(lanes.owners, key=lambda owner: (
            addresses[self._at[owner]], self._groups[self._at[owner]].next(owner, self._people.weight(owner))))

    def _weight(self, address: str) -> float:
        return self._people.address_weight(address, self._groups[address].present)

    def _come(self, owner: str) -> None:
        address = self._at.setdefault(owner, self._people.address(owner))
        self._all.come(address)
        self._groups.setdefault(address, _Group()).come(owner)


@dataclass
class _Group:
    """Those among whom turns are shared out, and what each has had: seconds divided by its weight."""

    spent: dict[str, float] = field(default_factory=dict)
    present: dict[str, int] = field(default_factory=dict)       # how much of each waits or has a turn now
    served: dict[str, int] = field(default_factory=dict)        # how much of each has a turn now
    level: float = 0.0          # what those have had that have had least

    def come(self, name: str) -> None:
        """Let one more of this name wait."""
        if name not in self.present:
            self.spent[name] = max(self.level, self.spent.get(name, 0.0))
        self.present[name] = self.present.get(name, 0) + 1

    def begin(self, name: str) -> None:
        """Give one of this name a turn."""
        self.served[name] = self.served.get(name, 0) + 1

    def next(self, name: str, weight: float) -> float:
        """Return what one will have had after the next turn."""
        return self.spent[name] + TURN * (1 + self.served.get(name, 0)) / weight

    def end(self, name: str, cost: float) -> None:
        """End a turn; what somebody has had is kept as long as it matters."""
        self.level = max(self.level, min(self.spent[each] for each in self.present))
        self.spent[name] = min(self.spent[name] + cost, self.level + DEBT)
        for counted in (self.served, self.present):
            counted[name] -= 1
            if not counted[name]:
                del counted[name]
        if name not in self.present:
            self.spent = {each: had for each, had in self.spent.items() if each in self.present or had > self.level}


class _Lanes(Generic[T]):
    """What waits, person by person."""

    def __init__(self) -> None:
        self.owners: dict[str, _Lane[T]] = {}
        self._items: set[T] = set()

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: T) -> bool:
        return item in self._items

    def add(self, item: T, owner: str) -> None:
        """Put an item behind the others of this person."""
        self.owners.setdefault(owner, _Lane()).append(item)
        self._items.add(item)

    def pop(self, owner: str) -> T:
        """Take out the first item of this person."""
        item = self.owners[owner].pop()
        if not self.owners[owner]:
            del self.owners[owner]
        self._items.discard(item)
        return item


class _Lane(Generic[T]):
    """A queue whose items hold rising numbers: how far one is from the head follows from its number."""

    def __init__(self) -> None:
        self._items: deque[T] = deque()
        self._numbers: dict[T, int] = {}
        self._head = 0                          # number of the first item

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: T) -> bool:
        return item in self._numbers

    def append(self, item: T) -> None:
        self._numbers[item] = self._head + len(self._items)
        self._items.append(item)

    def prepend(self, item: T) -> None:
        self._head -= 1
        self._numbers[item] = self._head
        self._items.appendleft(item)

    def pop(self) -> T:
        item = self._items.popleft()
        self._head += 1
        del self._numbers[item]
        return item

    def place(self, item: T) -> int:
        return self._numbers[item] - self._head + 1
