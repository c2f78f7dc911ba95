"""A pen for diagrams: boxes, arrows and words as SVG, and the few HTML parts around them.

The browser fills in the colours (``ui/static/shapes.css``), so that they follow the page's theme: a mark has a kind,
which is its CSS class without the ``sh-``, and at most one colour of its own, its tint. Words are escaped, whoever
wrote them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from lstm_core.charts.palette import in_css

Point = tuple[float, float]


class Pen:
    """A drawing of a fixed size in CSS pixels.

    Args:
        width: of the drawing.
        height: of the drawing.
        alt: what is to be seen, in words.
        kind: a kind for the whole drawing.
    """

    def __init__(self, width: float, height: float, alt: str, kind: str = "") -> None:
        self.width, self.height = width, height
        self.root = Element("svg", {"viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}",
                                    "height": f"{height:g}", "role": "img", "aria-label": alt,
                                    "class": _classes(f"drawing {kind}")})

    def box(self, x: float, y: float, width: float, height: float, kind: str, *, tint: str = "",
            corner: float = 5) -> None:
        """Draw a box with its upper left corner at x, y."""
        self._mark("rect", f"box {kind}", tint, x=x, y=y, width=width, height=height, rx=corner)

    def words(self, x: float, y: float, text: str, kind: str = "", *, anchor: str = "middle") -> None:
        """Write a line of words: its middle (or start, or end) at x, its middle height at y."""
        self._mark("text", f"words {kind}", "", x=x, y=y, **{"text-anchor": anchor}).text = text

    def label(self, x: float, y: float, width: float, height: float, text: str, kind: str, *, tint: str = "") -> None:
        """Draw a box with a line of words in its middle."""
        self.box(x, y, width, height, kind, tint=tint)
        self.words(x + width / 2, y + height / 2, text, "inside")

    def line(self, *points: Point, kind: str, tint: str = "", width: float = 1.5, head: bool = True) -> None:
        """Draw a line through the points, with an arrow's head at its end."""
        size = 5 + 1.5 * width if head else 0.0
        (x0, y0), (x1, y1) = points[-2:]
        angle = math.atan2(y1 - y0, x1 - x0)
        end = (x1 - size * 0.8 * math.cos(angle), y1 - size * 0.8 * math.sin(angle))
        self._mark("path", f"line {kind}", tint, d="M" + "L".join(f"{x:.5g} {y:.5g}" for x, y in (*points[:-1], end)),
                   **{"stroke-width": f"{width:.3g}"})
        if head:
            self.area((x1, y1), *((x1 - size * math.cos(angle + turn), y1 - size * math.sin(angle + turn))
                                  for turn in (-0.45, 0.45)), kind=f"head {kind}", tint=tint)

    def area(self, *points: Point, kind: str, tint: str = "") -> None:
        """Draw a filled shape."""
        self._mark("polygon", kind, tint, points=" ".join(f"{x:.5g},{y:.5g}" for x, y in points))

    def cross(self, x: float, y: float, size: float, kind: str) -> None:
        """Draw a ring with a cross in it."""
        self._mark("circle", f"ring {kind}", "", cx=x, cy=y, r=size)
        reach = size * 0.7
        self._mark("path", f"line {kind}", "", d=f"M{x - reach:.5g} {y - reach:.5g}L{x + reach:.5g} {y + reach:.5g}"
                                                  f"M{x - reach:.5g} {y + reach:.5g}L{x + reach:.5g} {y - reach:.5g}")

    def _mark(self, tag: str, kind: str, tint: str, **attributes: float | str) -> Element:
        given = {name: value if isinstance(value, str) else f"{value:.5g}" for name, value in attributes.items()}
        if tint:
            given["style"] = f"--tint:{in_css(tint)}"
        return SubElement(self.root, tag, {"class": _classes(kind)} | given)


def element(tag: str, kind: str = "", *inside: Element | str | Pen, **attributes: str) -> Element:
    """Return an HTML element of a kind with words, drawings and other elements in it, in this order."""
    made = Element(tag, ({"class": _classes(kind)} if kind else {}) | attributes)
    for item in inside:
        if not isinstance(item, str):
            made.append(item.root if isinstance(item, Pen) else item)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + item
        else:
            made.text = (made.text or "") + item
    return made


def markup(parts: Sequence[Element]) -> str:
    """Return elements as HTML."""
    return "".join(tostring(element, encoding="unicode", method="html") for element in parts)


def _classes(kinds: str) -> str:
    return " ".join(f"sh-{kind}" for kind in kinds.split())
