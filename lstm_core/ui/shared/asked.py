"""What is asked, in words: numbers with their units, and the box of a curve."""

from __future__ import annotations

from collections.abc import Sequence

from lstm_core.i18n import gettext as _
from lstm_core.i18n import powers
from lstm_core.lessons.asks import Curve, Number
from lstm_core.ui.shared.curve_box import CurveFrame


def told(ask: Number, value: float) -> str:
    """Return a number as the card tells it, with its unit."""
    number = powers(format(value, ask.form))
    if not ask.unit:
        return number
    return f"{number}%" if ask.unit == "%" else _("{number} {unit}").format(number=number, unit=_(ask.unit))


def frame(ask: Curve, known: Sequence[float] = ()) -> CurveFrame:
    """Return the box in which a curve is drawn, after what is known."""
    return CurveFrame(x=_(ask.x), y=_(ask.y), first=_(ask.first), last=_(ask.last), low=ask.low, high=ask.high,
                      log=ask.log, points=ask.points, form=ask.form, given=tuple(known))
