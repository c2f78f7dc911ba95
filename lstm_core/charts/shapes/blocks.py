"""The way of the numbers: every tensor from the series to the loss as a block with its true sizes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from lstm_core.charts.palette import GATES, PREDICTED, QUIET, REAL, SPLITS
from lstm_core.charts.shapes.svg import Pen, element
from lstm_core.i18n import gettext as _
from lstm_core.i18n import phrases
from lstm_core.inside.tensor_shapes import Tensor
from lstm_core.spec import ModelSpec

INPUT, STATE, MEMORY, OUTPUT, TRUTH, LOSS = REAL, GATES["h"], GATES["c"], PREDICTED, REAL, SPLITS["train"]
"""Colours by what a tensor is: numbers that enter, hidden state, cell state, prediction, target, loss."""

TINTS = {"dense": QUIET, "after": QUIET, "conv": QUIET, "pooled": QUIET, "joined": QUIET, "head": OUTPUT, "loss": LOSS}

_ALONG, _AMONG = ("T", "S", "R", "S - R"), ("N", "B")
_SLOPE = (0.72, 0.5)                # pixels to the right and up for each pixel of depth


def tint(name: str) -> str:
    """Return the colour of a tensor."""
    return STATE if name.startswith(("layers", "decoder")) or name == "last" else TINTS.get(name, INPUT)


def size(shape: Sequence[int]) -> str:
    """Return a shape as one reads it: 32 × 20 × 1."""
    return " × ".join(f"{count:,}" for count in shape) or "1"


def called(name: str, model: ModelSpec, *, decoder: bool = False) -> str:
    """Return what a layer or a tensor is called; ``decoder`` where the network has one."""
    stage, _dot, number = name.partition(".")
    if number:
        words = {"decoder": _("{cell} layer {number}, decoder"), "encoder": _("{cell} layer {number}, encoder"),
                 "layers": _("{cell} layer {number}")}[
            "decoder" if stage == "decoder" else "encoder" if decoder else "layers"]
        return words.format(cell=_(model.cell_type.name), number=int(number) + 1)
    return {"series": _("The series"), "samples": _("Training samples"), "batch": _("One batch"),
            "one-hot": _("One-hot"), "embedding": _("Embedding"), "dense": _("Dense input layer"),
            "last": _("The last step"), "after": _("ReLU layer"), "conv": _("Convolution beside"),
            "pooled": _("Pooling"), "joined": _("Side by side"), "head": _("Output layer"), "target": _("Target"),
            "loss": _("Loss")}[name]


_LINKS = {"target": "compared", "conv": "apart"}     # what does not come out of the tensor above


def way(tensors: Sequence[Tensor], model: ModelSpec, about: Sequence[str]) -> Element:
    """Return the list of all tensors, each with its block, its name, its sizes and a sentence about it."""
    decoder = any(tensor.name.startswith("decoder") for tensor in tensors)
    rows = []
    for tensor, sentence in zip(tensors, about, strict=True):
        axes = f" = ({', '.join(tensor.axes)})" if tensor.axes else ""
        sizes = element("p", "", element("code", "", f"({', '.join(map(str, tensor.shape))})"),
                        element("span", "soft", phrases([axes, _("whole numbers")]) if tensor.whole else axes))
        states = [element("p", "state", element("b", "", sign), " ", element("code", "", f"{tensor.state}"),
                          style=f"--tint:{MEMORY if sign == 'c' else STATE}") for sign in tensor.states]
        rows.append(element("li", f"stage {_LINKS.get(tensor.name, '')}",
                            element("div", "picture", block(tensor)),
                            element("div", "about", element("h4", "", called(tensor.name, model, decoder=decoder)),
                                    sizes,
                                    element("p", "soft", sentence),
                                    *([element("div", "states", *states)] if states else []))))
    return element("ol", "way", *rows)


def block(tensor: Tensor) -> Pen:
    """Return a tensor as a block: time to the right, features upwards, samples into the depth; sides on a log scale."""
    sides = dict(zip(tensor.axes, tensor.shape, strict=True))
    along = next((count for letter, count in sides.items() if letter in _ALONG), 0)
    among = next((count for letter, count in sides.items() if letter in _AMONG), 0)
    up = next((count for letter, count in sides.items() if letter not in (*_ALONG, *_AMONG)), 0)
    wide, tall, deep = _length(along, 7.0), _length(up, 5.5), _length(among, 4.4) if among else 0.0
    right, rise = (deep * share for share in _SLOPE)
    x, y = 9 + (_DIGIT * len(f"{up:,}") if up else 0), tall + rise + 4
    behind = 10 + _DIGIT * len(f"{among:,}") if among else 9
    alt = _("A block of {sizes} numbers").format(sizes=size(tensor.shape))
    pen = Pen(x + wide + right + behind, y + 20, alt, "block")
    colour = tint(tensor.name)
    front = [(x, y), (x + wide, y), (x + wide, y - tall), (x, y - tall)]
    back = [(px + right, py - rise) for px, py in front]
    if deep:
        pen.area(front[3], front[2], back[2], back[3], kind="top", tint=colour)
        pen.area(front[1], back[1], back[2], front[2], kind="side", tint=colour)
    pen.area(*front, kind="front", tint=colour)
    for number in range(1, along if along <= _COUNTABLE else 0):
        at = x + wide * number / along
        pen.line((at, y), (at, y - tall), kind="grain", head=False, width=1, tint=colour)
    for number in range(1, up if up <= _COUNTABLE else 0):
        at = y - tall * number / up
        pen.line((x, at), (x + wide, at), kind="grain", head=False, width=1, tint=colour)
    if along:
        pen.words(x + wide / 2, y + 11, f"{along:,}", "number")
    if up:
        pen.words(x - 5, y - tall / 2, f"{up:,}", "number", anchor="end")
    if among:
        pen.words(x + wide + right / 2 + 6, y - rise / 2 + 5, f"{among:,}", "number", anchor="start")
    return pen


_DIGIT = 6.2                        # width of a digit in pixels
_COUNTABLE = 8                      # a side with no more than this is divided into its numbers


def _length(count: int, scale: float) -> float:
    return 9 + scale * math.log2(count) if count else 9.0
