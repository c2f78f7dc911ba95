"""A place inside a network, to which another page or an address may lead.

``/cell?layer=1&unit=3&step=5``; with ``update=500`` at that moment of its training, with ``from_part=test&at=7`` while
it reads that window or example.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lstm_core.ui.base.pages import PAGES
from lstm_core.ui.shared import keys
from lstm_core.ui.widgets import session

_DIGITS = 7     # of a number in the address, at most


@dataclass(frozen=True)
class Select:
    """A place that the page Inside the cell asks its view to go to; the person may go on from there."""

    layer: int | None = None        # counted from 0, as are unit and step; None: stays where it is
    unit: int | None = None
    step: int | None = None
    update: int | None = None       # the snapshot at or before it
    turn: int = 0                   # another number asks for the same place once more
    all: bool | None = None         # whether the diagram shows all units


def selected() -> Select | None:
    """Return the place that was asked for last."""
    found: Select | None = st.session_state.get(keys.SELECT)
    return found


def select(*, layer: int | None, unit: int | None, step: int | None = None, update: int | None = None,
           all_units: bool | None = None) -> None:
    """Have the view go to a place, also when it was asked for before."""
    before = selected()
    st.session_state[keys.SELECT] = Select(layer, unit, step, update, before.turn + 1 if before else 1, all_units)


def follow_address() -> bool:
    """Take over the place that the address leads to, in it counted from 1; without a unit all of them are shown.

    Return whether it leads to one.
    """
    names = ("layer", "unit", "step", "update", keys.FROM_PART, keys.AT)
    found = {name: st.query_params.pop(name) for name in names if name in st.query_params}
    layer, unit, step = (_counted(found.get(name, "")) for name in ("layer", "unit", "step"))
    update, at = (_number(found.get(name, "")) for name in ("update", keys.AT))
    if keys.FROM_PART in found:         # what is none of the parts, or of its windows, gives way where they are shown
        st.session_state[keys.FROM_PART] = found[keys.FROM_PART]
    if at is not None:
        st.session_state[keys.AT] = at
    if (layer, unit, step, update) != (None, None, None, None):
        select(layer=layer, unit=unit, step=step, update=update, all_units=unit is None)
        return True
    return False


def _number(text: str) -> int | None:
    """Return a whole number of the address; None when it is none."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def _counted(text: str) -> int | None:
    """Return a number of the address, counted from 0; None when it is none."""
    number = _number(text)
    return None if number is None else max(0, number - 1)


def open_cell(layer: int, unit: int | None, step: int) -> None:
    """Go Inside the cell, to a layer, unit and step counted from 0; without a unit all of them are shown."""
    place = {"layer": layer, "step": step} | ({} if unit is None else {"unit": unit})
    st.switch_page(PAGES["cell"].file, query_params=session.address() | {
        name: str(number + 1) for name, number in place.items()})
