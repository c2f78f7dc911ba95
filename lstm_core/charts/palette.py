"""The colours, each with one meaning (``docs/palette.md``); no other file has colours of its own but the page's theme.

Each stands out at 3:1 or more from a white and from a dark page (WCAG 2.2, 1.4.11), and those that stand in one picture
stay apart for people with protanopia, deuteranopia or tritanopia (simulated after Machado et al. 2009). They were found
by a search for the colours that lie farthest apart so; a test holds it. Words in one of these colours are drawn darker
or lighter, at 4.5:1 (``ui/static/look.js``).
"""

from __future__ import annotations

from typing import Any, Final

from lstm_core.spec import Split

_BLUE: Final = "#1964E1"
_RED: Final = "#F4264A"
_GREEN: Final = "#66A066"
_MAGENTA: Final = "#AF3CAA"
_VIOLET: Final = "#732DFF"
_BROWN: Final = "#786423"
_SKY: Final = "#239BE1"
_ORANGE: Final = "#D77D00"
_TEAL: Final = "#057369"
_GREY: Final = "#858585"

INK: Final = "#000000"
"""What the page writes with, dark on a light page and light on a dark one: the browser puts it in place of black."""

QUIET: Final = _GREY
"""What stands beside the point: the others, the background, what is not asked for."""

REAL: Final = INK
PREDICTED: Final = _BLUE
NAIVE: Final = _GREY
BASELINES: Final = {"persistence": NAIVE, "mean": _MAGENTA, "seasonal": _ORANGE, "autoregression": _GREEN}
"""Forecasts without a network, where several stand in one picture; also dotted and dashed differently."""

GATES: Final[dict[str, str]] = {
    "f": _RED, "i": _GREEN, "g": _MAGENTA, "o": _VIOLET, "c": _BROWN, "h": _SKY,    # LSTM
    "z": _RED, "r": _VIOLET, "n": _MAGENTA,     # GRU: z decides what is kept as f does, n is a candidate as g is
}
"""By the name a gate or state has in the equations (:mod:`lstm_core.spec.cell_types`)."""

POSITIVE: Final = _ORANGE
NEGATIVE: Final = _TEAL

SPLITS: Final[dict[Split, str]] = {"train": _GREEN, "validation": _MAGENTA, "test": _ORANGE}
SCORE: Final = _SKY
"""The share of right answers while a network learns, beside the losses of the parts."""

RIGHT: Final = _GREEN
WRONG: Final = _RED
MARKED: Final = _VIOLET
"""What the eye is to go to: the target, what must be remembered, the moment that is looked at."""

NETWORKS: Final = (_BLUE, _RED, _GREEN, _MAGENTA, _ORANGE, _SKY, _VIOLET, _TEAL)
"""Several networks in one picture, by their places."""

CLEAR: Final = "rgba(0,0,0,0)"      # the page shows through

Scale = list[tuple[float, str]]


def faded(colour: str, opacity: float) -> str:
    """Return ``#rrggbb`` with an opacity from 0 to 1."""
    red, green, blue = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def in_css(colour: str) -> str:
    """Return a colour as stylesheets and canvases write it: ink is the colour of the text around it."""
    return "currentColor" if colour == INK else colour


def sequential(colour: str) -> Scale:
    """Return the scale from nothing (the page shows through, light or dark) to the full colour."""
    return [(0.0, faded(colour, 0)), (1.0, faded(colour, 1))]


def under_words(colour: str) -> Scale:
    """Return a scale on which words in ink can be read at every place."""
    return [(0.0, faded(colour, 0.04)), (1.0, faded(colour, 0.6))]


DIVERGING: Final[Scale] = [(0.0, faded(NEGATIVE, 1)), (0.5, faded(NEGATIVE, 0)), (0.5, faded(POSITIVE, 0)),
                           (1.0, faded(POSITIVE, 1))]
"""Negative, zero nothing, positive."""


def of_network() -> dict[str, Any]:
    """Return the colours of a picture of what goes on inside a network, for the scripts that draw it."""
    return {"gates": GATES, "negative": NEGATIVE, "positive": POSITIVE, "real": in_css(REAL),
            "predicted": PREDICTED}
