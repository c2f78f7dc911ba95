"""The colours: one per gate, per series and per part of the data, everywhere.

They start from the palette of Okabe and Ito (2008), darkened or lightened until each one stands out at 3:1 or more
from a white and from a dark page (WCAG 2.1, 1.4.11), and until those shown together stay apart for people with
protanopia, deuteranopia or tritanopia (simulated after Machado et al. 2009). A test holds both.
"""

from __future__ import annotations

from typing import Final

from lstm_core.spec import Split

VERMILION: Final = "#D55E00"
BLUE: Final = "#0072B2"
GREEN: Final = "#009E73"
PINK: Final = "#C4709F"
OCHRE: Final = "#B28B50"
SKY: Final = "#2F93F0"
GREY: Final = "#858585"

GATES: Final[dict[str, str]] = {
    "f": VERMILION, "i": GREEN, "g": PINK, "o": BLUE, "c": OCHRE, "h": SKY,     # LSTM
    "r": "#B0503A", "z": "#4C9900", "n": PINK,                                  # GRU; n is a candidate as g is
}
"""By the name a gate or state has in the equations (:mod:`lstm_core.spec.cell_types`)."""

REAL: Final = VERMILION
PREDICTED: Final = BLUE
NAIVE: Final = GREY

SPLITS: Final[dict[Split, str]] = {"train": GREEN, "validation": PINK, "test": OCHRE}

CLEAR: Final = "rgba(0,0,0,0)"      # the page shows through

Scale = list[tuple[float, str]]


def faded(colour: str, opacity: float) -> str:
    """Return ``#rrggbb`` with an opacity from 0 to 1."""
    red, green, blue = (int(colour[at:at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def sequential(colour: str) -> Scale:
    """Return the scale from nothing (the page shows through, light or dark) to the full colour."""
    return [(0.0, faded(colour, 0)), (1.0, faded(colour, 1))]


DIVERGING: Final[Scale] = [(0.0, faded(BLUE, 1)), (0.5, faded(BLUE, 0)), (0.5, faded(VERMILION, 0)),
                           (1.0, faded(VERMILION, 1))]
"""Negative blue, zero nothing, positive vermilion."""
