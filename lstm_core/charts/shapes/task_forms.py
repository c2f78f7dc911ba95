"""The forms a task can have: at how many steps something comes in, at how many something goes out."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from lstm_core.charts.shapes.blocks import INPUT, OUTPUT, STATE
from lstm_core.charts.shapes.svg import Pen, element
from lstm_core.i18n import gettext as _
from lstm_core.inside.tensor_shapes import Task

_PITCH, _BOX, _FLAT = 32.0, 22.0, 16.0

FORMS: dict[Task, tuple[str, str, str]] = {
    "one-to-one": ("x", "c", "y"),
    "one-to-many": ("x00", "ccc", "yyy"),
    "many-to-one": ("xxxx", "cccc", "   y"),
    "aligned": ("xxxx", "cccc", "yyyy"),
    "encoder-decoder": ("xxxx", "ccdd", "  yy"),
}
"""Inputs, cells and outputs step by step: x, or 0 for a zero; c a cell, d one of the decoder; y an output."""


def tasks(current: Task) -> Element:
    """Return all forms side by side, the current one marked."""
    names: dict[Task, tuple[str, str]] = {
        "one-to-one": (_("One to one"), _("One letter in, the next one out.")),
        "one-to-many": (_("One to many"), _("One number in, a whole wave out; or an image, and its description.")),
        "many-to-one": (_("Many to one"), _("A window in, the next value out; a review, and whether it is content.")),
        "aligned": (_("Many to many, step by step"), _("At every step one value in and one out: sine and cosine.")),
        "encoder-decoder": (_("Many to many, encoder and decoder"),
                            _("First read all, then answer: a number in words; a translation.")),
    }
    cards = []
    for form, (name, example) in names.items():
        mine = form == current
        cards.append(element("figure", "card mine" if mine else "card", _form(form, name), element(
            "figcaption", "", element("b", "", name), *([element("span", "badge", _("your settings"))] if mine else []),
            element("p", "soft", example))))
    return element("div", "cards", *cards)


def _form(form: Task, name: str) -> Pen:
    inputs, cells, outputs = FORMS[form]
    pen = Pen(4 * _PITCH + 8, 118, name)
    left = (pen.width - len(cells) * _PITCH) / 2 + _PITCH / 2
    for step, (entering, cell, leaving) in enumerate(zip(inputs, cells, outputs, strict=True)):
        x = left + step * _PITCH
        pen.line((x, 92), (x, 72), kind="plain" if entering == "x" else "faint")
        pen.label(x - _BOX / 2, 93, _BOX, _FLAT, "x" if entering == "x" else "0",
                  "tinted" if entering == "x" else "zero", tint=INPUT if entering == "x" else "")
        pen.box(x - _BOX / 2, 49, _BOX, _BOX, "second" if cell == "d" else "cell")
        if step:
            pen.line((x - _PITCH + _BOX / 2, 60), (x - _BOX / 2, 60), kind="tinted", tint=STATE)
        if leaving == "y":
            pen.line((x, 49), (x, 28), kind="plain")
            pen.label(x - _BOX / 2, 11, _BOX, _FLAT, "ŷ", "tinted", tint=OUTPUT)
    return pen
