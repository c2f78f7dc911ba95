"""A box in which a person draws the curve they expect, or types five numbers; later what came is drawn over it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lstm_core.charts.palette import PREDICTED
from lstm_core.i18n import gettext as _
from lstm_core.lessons.asks import TYPED
from lstm_core.ui.base.static_files import address

Drawn = tuple[float | None, ...]        # None: nothing is drawn at that point yet

MOST = 2**53                            # a script counts no further, and no value is larger (nor NaN)

# As in live_figure.py: only a pointer to the file, with a line end in it.
_SCRIPT = (f"export default c=>import(new URL('{address('learn/curve_box.js')}',document.baseURI))"
           ".then(m=>m.default(c))\n//")

_component = st.components.v2.component("curve_box", js=_SCRIPT, isolate_styles=False)


@dataclass(frozen=True)
class CurveFrame:
    """What stands around a curve; all words in the language in use."""

    x: str                              # what goes along
    y: str                              # what goes up, with its unit
    first: str                          # what the first and the last point are called: numbers, or words
    last: str
    low: float
    high: float
    log: bool = False                   # heights are powers of ten apart; low is above zero then
    points: int = 33                    # at least five
    form: str = ".2g"                   # of the numbers, as for format(): digits, and g or f
    given: tuple[float, ...] = ()       # what is known before the first point, as far apart as the points


@dataclass(frozen=True)
class _Received:
    """A message of the box."""

    drawn: Drawn
    turn: int                           # the messages of one box are counted, from 1


@dataclass(frozen=True)
class _Kept:
    """What is drawn in a box of this session."""

    begun: Drawn                        # what the page had it begin with
    drawn: Drawn
    turn: int                           # the last message that is known; 0: none


def curve_box(key: str, frame: CurveFrame, drawn: Drawn, *, truth: tuple[float, ...] | None,
              locked: bool) -> Drawn | None:
    """Show the box; return what is drawn in it.

    What is drawn is kept when the page is drawn anew, and when one leaves it and comes back.

    Args:
        key: of the widget.
        frame: what stands around the curve.
        drawn: what it begins with, (points,); where that changes, the box begins anew.
        truth: what came, (points,), drawn over it; what is not finite is left out.
        locked: whether nothing more can be drawn.

    Returns:
        (points,), unchecked: a number that was typed may lie beyond the box; None: nothing is drawn.
    """
    kept = st.session_state.get(f"{key}_kept")
    if kept is None or kept.begun != drawn:
        kept = _Kept(drawn, drawn, 0 if kept is None else kept.turn)
        st.session_state[f"{key}_kept"] = kept
    told = _component(key=key, height="content", on_curve_change=_changed, data=around(frame) | {
        "drawn": _finite(kept.drawn), "turn": kept.turn, "truth": None if truth is None else _finite(truth),
        "locked": locked})
    received = _received(told.get("curve"), len(drawn))
    if received is not None and received.turn > kept.turn:
        kept = st.session_state[f"{key}_kept"] = _Kept(drawn, received.drawn, received.turn)
    return kept.drawn if any(value is not None for value in kept.drawn) else None


def around(frame: CurveFrame) -> dict[str, Any]:
    """Return what stands around a curve, as the browser is told."""
    return {"given": _finite(frame.given), "low": frame.low, "high": frame.high, "log": frame.log, "form": frame.form,
            "points": frame.points, "places": place_names(frame.first, frame.last), "colour": PREDICTED,
            "words": _words(frame)}


def drawn_now(key: str, points: int) -> Drawn | None:
    """Return what is drawn in a box, also in a callback, which comes before the box is drawn anew; None: nothing is."""
    kept = st.session_state.get(f"{key}_kept")
    received = _received((st.session_state.get(key) or {}).get("curve"), points)
    if received is not None and (kept is None or received.turn > kept.turn):
        return received.drawn
    return None if kept is None else kept.drawn


def place_names(first: str, last: str) -> list[str]:
    """Return what the five points are called at which a curve can be typed and is read out.

    Args:
        first: name of the first point of the curve.
        last: name of the last one; where both are numbers, so are the names between them.
    """
    shares = [number / (TYPED - 1) for number in range(TYPED)]
    try:
        low, high = float(first), float(last)
    except ValueError:
        return [first, *(f"{share:.0%}" for share in shares[1:-1]), last]
    whole = low.is_integer() and high.is_integer() and abs(high - low) >= 2 * TYPED
    inner = [low + share * (high - low) for share in shares[1:-1]]
    return [first, *(f"{value:.0f}" if whole else f"{value:.3g}" for value in inner), last]


def _changed() -> None:
    """Nothing to do: the page is drawn anew."""


def _received(sent: Any, points: int) -> _Received | None:
    """Return a message of the box, None where it is none: anybody can send anything."""
    match sent:
        case {"values": list(values), "turn": int(turn)} if len(values) == points and 0 < turn < MOST:
            if all(value is None or _is_number(value) for value in values):
                return _Received(tuple(None if value is None else float(value) for value in values), turn)
    return None


def _is_number(value: Any) -> bool:
    return type(value) in (float, int) and abs(value) < MOST


def _finite(values: Iterable[float | None]) -> list[float | None]:
    """Return numbers as JSON knows them: what is not finite is null."""
    return [None if value is None or not math.isfinite(value) else value for value in values]


def _words(frame: CurveFrame) -> dict[str, str]:
    """Return the words of the box. Names in braces are filled in by the browser."""
    return {
        "x": frame.x, "y": frame.y,
        "hint": _("Draw here, from left to right"),
        "clear": _("Clear"),
        "typed": _("Or as five numbers:"),
        "number": _("{y}; {x}: {place}"),
        "box": _("A box to draw a curve in, with mouse, pen or finger: {y} from {low} to {high}; {x} from {first} to "
                 "{last}. The five number fields below do the same."),
        "yours": _("your curve"),
        "real": _("what came"),
        "given": _("known"),
        "told": _("Your curve of {y}. {points}."),
        "compared": _("Your curve of {y} and what came. {points}."),
        "one": _("{x} {place}: {yours}"),
        "both": _("{x} {place}: yours {yours}, what came {real}"),
    }
