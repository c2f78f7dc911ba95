"""A sequence of symbols as one reads it: line after line, each symbol marked by what is to be said of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Literal
from xml.etree.ElementTree import Element

from lstm_core.charts.palette import MARKED, RIGHT, WRONG
from lstm_core.charts.shapes.svg import element

Kind = Literal["noise", "signal", "edge", "right", "wrong", "open"]
"""Means nothing; is to be remembered; begins or ends a sequence; its successor is predicted right, or wrong, or is not
asked for."""

TINTS: dict[Kind, str] = {"signal": MARKED, "right": RIGHT, "wrong": WRONG}
ENDS = 15               # symbols that are left at each end of a long stretch of noise


def string(symbols: Sequence[str], kinds: Sequence[Kind], alt: str, *, now: int | None = None) -> Element:
    """Return a sequence of symbols (T,) and their kinds (T,); the one at step ``now``, from 1, is outlined.

    Of a long stretch of noise only the two ends are shown.
    """
    marks: list[Element] = []
    place = 0
    for kind, group in groupby(zip(symbols, kinds, strict=True), key=lambda pair: pair[1]):
        stretch = [symbol for symbol, _kind in group]
        if kind == "noise":
            left_out = len(stretch) - 2 * ENDS
            shown = f"{''.join(stretch[:ENDS])} … {left_out} … {''.join(stretch[-ENDS:])}" if left_out > ENDS else (
                "".join(stretch))
            marks.append(element("span", "noise", shown))
        else:
            marks += [_mark(symbol, kind, now=now == place + number)
                      for number, symbol in enumerate(stretch, start=1)]
        place += len(stretch)
    return element("p", "string", *marks, role="img", **{"aria-label": alt})


def _mark(symbol: str, kind: Kind, *, now: bool) -> Element:
    mark = element("span", f"sign {kind}{' now' if now else ''}", symbol)
    if kind in TINTS:
        mark.set("style", f"--tint:{TINTS[kind]}")
    return mark
