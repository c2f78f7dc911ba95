"""The automaton of the embedded Reber grammar, as in figures 3 and 4 of Hochreiter & Schmidhuber 1997."""

from __future__ import annotations

import math
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from lstm_core.charts.palette import MARKED, RIGHT
from lstm_core.charts.shapes.svg import Pen, Point, element
from lstm_core.data.tasks.grammars import ARROWS, LAST, Arrow
from lstm_core.i18n import gettext as _
from lstm_core.i18n import listing

RADIUS = 14.0
_COLUMN, _LANE = 80.0, 52.0         # from one column to the next, from one lane to the next, flowing to the right
_ROW, _ACROSS = 68.0, 54.0          # the same flowing downwards
_EDGE = 42.0                        # around the drawing
_INNER = ((0, 0.75), (1, 0.75), (2, 0), (2, 1.5), (3, 0), (3, 1.5), (4, 0.75), (5, 0.75))
"""Column and lane of each state of the Reber grammar."""
BRANCH = 3.5                        # lanes from one Reber grammar to the other
DEEP = 9                            # last column


def places() -> dict[int, Point]:
    """Return column and lane of each state: the Reber grammar after T on one side, that after P on the other."""
    middle = (BRANCH + 1.5) / 2
    found: dict[int, Point] = {0: (0, middle), 1: (1, middle), 18: (DEEP - 1, middle), LAST: (DEEP, middle)}
    for first, lane in ((2, 0.0), (10, BRANCH)):
        found |= {first + state: (2 + column, lane + across) for state, (column, across) in enumerate(_INNER)}
    return found


def automaton(state: int) -> Element:
    """Return the automaton with a state marked, and the arrows out of it: those under the letters that may come next.

    There are two drawings: on a narrow page it runs downwards.
    """
    return element("div", "", element("div", "wide", _drawn(state, down=False)),
                   element("div", "narrow", _drawn(state, down=True)))


def ways_out(state: int) -> list[Arrow]:
    """Return the arrows that begin in a state."""
    return [arrow for arrow in ARROWS if arrow.start == state]


def _drawn(state: int, *, down: bool) -> Pen:
    lanes = BRANCH + 1.5
    along, across = (_ROW, _ACROSS) if down else (_COLUMN, _LANE)
    sizes = (2 * _EDGE + lanes * across, 2 * _EDGE + DEEP * along)
    width, height = sizes if down else sizes[::-1]
    letters = listing(arrow.letter for arrow in ways_out(state)) or "–"
    pen = Pen(width, height, _("The automaton of the embedded Reber grammar; it is in state {state}, and may come "
                               "next: {letters}.").format(state=state, letters=letters), "automaton")
    points: dict[int, Point] = {}
    for number, (column, lane) in places().items():
        point = (_EDGE + column * along, _EDGE + lane * across)
        points[number] = point[::-1] if down else point
    for arrow in sorted(ARROWS, key=lambda arrow: arrow.start == state):        # those that count lie on top
        _arrow(pen, arrow, points, now=arrow.start == state, down=down)
    for number, (x, y) in points.items():
        pen.box(x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS, "state now" if number == state else "state plain",
                tint=MARKED if number == state else "", corner=RADIUS)
        if number == LAST:
            pen.box(x - RADIUS + 4, y - RADIUS + 4, 2 * RADIUS - 8, 2 * RADIUS - 8, "outline",
                    tint=MARKED if number == state else "", corner=RADIUS)
        else:
            pen.words(x, y, str(number), "number now" if number == state else "number")
    return pen


def _arrow(pen: Pen, arrow: Arrow, points: dict[int, Point], *, now: bool, down: bool) -> None:
    """Draw an arrow with its letter beside its middle; one that leads back to its state runs round outside of it."""
    kind, tint, width = ("tinted", RIGHT, 3.0) if now else ("plain", "", 1.5)
    (x0, y0), (x1, y1) = points[arrow.start], points[arrow.end]
    if arrow.start == arrow.end:
        lane = places()[arrow.start][1]
        outward = (-1.0 if lane % BRANCH == 0 else 1.0) * math.pi / 2
        angle = outward if not down else (math.pi if outward < 0 else 0.0)
        pen.line(*_loop(x0, y0, angle), kind=kind, tint=tint, width=width)
        x, y = x0 + 36 * math.cos(angle), y0 + 36 * math.sin(angle)
    else:
        length = math.hypot(x1 - x0, y1 - y0)
        along = ((x1 - x0) / length, (y1 - y0) / length)
        pen.line((x0 + RADIUS * along[0], y0 + RADIUS * along[1]), (x1 - RADIUS * along[0], y1 - RADIUS * along[1]),
                 kind=kind, tint=tint, width=width)
        x, y = (x0 + x1) / 2 + 9 * along[1], (y0 + y1) / 2 - 9 * along[0]
    pen.words(x, y, arrow.letter, "letter now" if now else "letter")


def _loop(x: float, y: float, angle: float) -> Iterator[Point]:
    """Yield the points of a ring beside a state, from its rim round to its rim."""
    reach = 9.0
    centre = (x + (RADIUS + 4) * math.cos(angle), y + (RADIUS + 4) * math.sin(angle))
    for step in range(13):
        turn = angle + math.pi * 0.72 * (step / 6 - 1)
        yield centre[0] + reach * math.cos(turn), centre[1] + reach * math.sin(turn)
