"""What a card waits for: seen from the lab's own state, never from a button that says "done"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lstm_core.inside.interventions import ClampGate, Intervention
from lstm_core.lessons.moment import Moment


@dataclass(frozen=True)
class Seen:
    """What the lab knows of the learner at this moment."""

    moment: Moment
    widgets: Mapping[str, Any]              # what the widgets of the page hold, by key
    changes: tuple[Intervention, ...] = ()  # what is changed inside the network


Condition = Callable[[Seen], bool]


def trained(updates: int | None = None) -> Condition:
    """Wait for a run of one's own that has ended, or has done so many updates."""
    def met(seen: Seen) -> bool:
        moment = seen.moment
        return moment.own and (moment.ended if updates is None else moment.update >= updates)
    return met


def holds(gate: str, value: float) -> Condition:
    """Wait until a gate is held at a value in all units."""
    def met(seen: Seen) -> bool:
        return any(isinstance(change, ClampGate) and change.gate == gate and change.unit is None
                   and abs(change.value - value) < 1e-9 for change in seen.changes)
    return met


def changed() -> Condition:
    """Wait until anything is changed inside the network."""
    return lambda seen: bool(seen.changes)


def untouched() -> Condition:
    """Wait until nothing is changed inside the network any more."""
    return lambda seen: not seen.changes


def widget(key: str, fits: Callable[[Any], bool]) -> Condition:
    """Wait until a widget of the page holds a value that fits."""
    def met(seen: Seen) -> bool:
        value = seen.widgets.get(key)
        return value is not None and fits(value)
    return met


def setting(name: str, value: Any) -> Condition:
    """Wait until a widget of the page holds a value."""
    return widget(name, lambda held: bool(held == value))
