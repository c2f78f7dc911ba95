"""Grids: rows of a table that a window reads, sequences of different length in one batch, a layer's weights."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element

import numpy as np

from lstm_core.charts.palette import GATES, QUIET
from lstm_core.charts.shapes.blocks import INPUT, OUTPUT
from lstm_core.charts.shapes.svg import Pen, element
from lstm_core.i18n import gettext as _

_CELL, _TALL = 42.0, 24.0           # width and height of a cell of a table


def matrix(values: np.ndarray, columns: Sequence[str], *, start: int, steps: int, aim: int) -> Pen:
    """Return a table with the window's cells outlined and the target's cell marked.

    ``values`` (R, F + 1): the features, and the target in the last column; ``start`` the window's first row, ``aim``
    the row of its target.
    """
    rows, width = values.shape
    left, top = 46.0, 26.0
    pen = Pen(left + width * _CELL + 14, top + rows * _TALL + 6, _(
        "A table of {rows} rows; the window reads the features of rows {first} to {last}, its target is in row "
        "{aim}.").format(rows=rows, first=start + 1, last=start + steps, aim=aim + 1), "matrix")
    for column, name in enumerate(columns):
        pen.words(_across(left, column, width), top - 12, name, "soft")
    for row in range(rows):
        y = top + row * _TALL
        inside = start <= row < start + steps
        pen.words(left - 8, y + _TALL / 2, f"{row + 1}", "number", anchor="end")
        for column in range(width):
            x = _across(left, column, width) - _CELL / 2
            target = column == width - 1
            kind, colour = ("hot", OUTPUT) if target and row == aim else ("hot", INPUT) if inside and not target else (
                "cold", "")
            pen.label(x, y, _CELL, _TALL, f"{values[row, column]:g}", kind, tint=colour)
    pen.box(left - 1, top + start * _TALL - 1, (width - 1) * _CELL + 2, steps * _TALL + 2, "outline", tint=INPUT)
    pen.box(_across(left, width - 1, width) - _CELL / 2 - 1, top + aim * _TALL - 1, _CELL + 2, _TALL + 2, "outline",
            tint=OUTPUT)
    return pen


def _across(left: float, column: int, width: int) -> float:
    """Return the middle of a column; the target's stands a little apart."""
    return left + (column + 0.5) * _CELL + (10 if column == width - 1 else 0)


def sample(x: np.ndarray, y: float) -> Pen:
    """Return what the network gets of one window: x (S, F), and what it is to answer."""
    steps, width = x.shape
    pen = Pen(width * _CELL + 92, steps * _TALL + 34, _("x has {steps} rows and {columns} columns, y is {y}.").format(
        steps=steps, columns=width, y=f"{y:g}"), "matrix")
    middle = 26 + steps * _TALL / 2
    pen.words(width * _CELL / 2 + 4, 13, f"x  ({steps}, {width})", "soft")
    for row in range(steps):
        for column in range(width):
            pen.label(4 + column * _CELL, 26 + row * _TALL, _CELL, _TALL, f"{x[row, column]:g}", "hot", tint=INPUT)
    pen.box(3, 25, width * _CELL + 2, steps * _TALL + 2, "outline", tint=INPUT)
    edge = 4 + width * _CELL
    pen.line((edge + 6, middle), (edge + 36, middle), kind="plain", width=2)
    pen.words(edge + 40 + _CELL / 2, 13, "y", "soft")
    pen.label(edge + 40, middle - _TALL / 2, _CELL, _TALL, f"{y:g}", "hot", tint=OUTPUT)
    pen.box(edge + 39, middle - _TALL / 2 - 1, _CELL + 2, _TALL + 2, "outline", tint=OUTPUT)
    return pen


def all_windows(rows: int, width: int, steps: int, *, ahead: int, current: int) -> Element:
    """Return every window of a table as a small picture of which cells it reads and which it predicts."""
    side = 9.0
    found = []
    for start in range(rows - steps - ahead + 1):
        pen = Pen((width + 1) * side + 6, rows * side + 4, _("Window {number}").format(number=start + 1))
        aim = start + steps - 1 + ahead
        for row in range(rows):
            for column in range(width + 1):
                read, asked = column < width and start <= row < start + steps, column == width and row == aim
                pen.box(1 + column * side + (3 if column == width else 0), 1 + row * side, side - 1, side - 1,
                        "bar" if read or asked else "cold", tint=INPUT if read else OUTPUT if asked else "", corner=1)
        found.append(element("figure", "thumb mine" if start == current else "thumb", pen,
                             element("figcaption", "soft", f"{start + 1}")))
    return element("div", "thumbs", *found)


def padded(valid: np.ndarray, words: Sequence[Sequence[str]] | None, *, read: bool, room: float) -> Pen:
    """Return a batch of sequences of different length: which steps count, which are padding, which is read.

    ``valid`` (B, S) bool, true up to the length of each sequence; ``words`` what stands in the valid steps, where
    there is room for it; ``read`` whether the output is read once, at the last valid step; ``room`` the width of the
    grid in pixels.
    """
    samples, steps = valid.shape
    lengths = valid.sum(axis=1)
    wide = min(64.0 if words else 26.0, room / steps)
    tall, left, top = 24.0 if words else max(11.0, min(20.0, wide)), 30.0, 24.0
    pen = Pen(left + steps * wide + 66, top + samples * tall + 6, _(
        "A batch of {samples} sequences of {shortest} to {longest} steps, each filled up with padding to {steps}."
    ).format(samples=samples, shortest=lengths.min(), longest=lengths.max(), steps=steps), "padded")
    every = max(1, math.ceil(20 / wide))
    for step in range(steps):
        if step == 0 or (step + 1) % every == 0:
            pen.words(left + (step + 0.5) * wide, top - 11, f"{step + 1}", "number")
    pen.words(left + steps * wide + 34, top - 11, _("length"), "soft")
    for row in range(samples):
        y = top + row * tall
        pen.words(left - 8, y + tall / 2, f"{row + 1}", "number", anchor="end")
        pen.words(left + steps * wide + 34, y + tall / 2, f"{lengths[row]}", "inside")
        for step in range(steps):
            counts, x = bool(valid[row, step]), left + step * wide
            pen.box(x, y, wide - 1, tall - 1, "hot" if counts else "padding", tint=INPUT if counts else "", corner=2)
            if words and counts:
                pen.words(x + wide / 2, y + tall / 2, words[row][step], "inside")
        if read:
            pen.box(left + (lengths[row] - 1) * wide, y, wide - 1, tall - 1, "outline", tint=OUTPUT, corner=2)
    return pen


def stacked(cell: str, order: Sequence[str], hidden: int, read: int) -> Pen:
    """Return a layer's weights as torch keeps them: the gates above each other, each with its part of every array."""
    each = max(13.0, min(26.0, 6 + 2.6 * math.log2(hidden)))
    widths = [_log(read), _log(hidden), 12.0, 12.0]
    labels = [f"W  {len(order) * hidden} × {read}", f"U  {len(order) * hidden} × {hidden}", "b", "b"]
    left, top, gap = 22.0, 24.0, 46.0
    pen = Pen(left + sum(widths) + 2 * gap + 14, top + len(order) * each + 18, _(
        "The weights of one {cell} layer: {gates} blocks above each other, each {hidden} rows high.").format(
        cell=cell, gates=len(order), hidden=hidden), "weights")
    x = left
    for number, (wide, label) in enumerate(zip(widths, labels, strict=True)):
        pen.words(x + wide / 2, top - 12, label, "number")
        for row, gate in enumerate(order):
            pen.box(x, top + row * each, wide, each - 1, "tinted", tint=GATES.get(gate, QUIET), corner=1)
        x += wide + (gap if number < 2 else 8)
    for row, gate in enumerate(order):
        pen.words(left - 8, top + (row + 0.5) * each, gate, "inside", anchor="end")
    return pen


def _log(count: int) -> float:
    return 12 + 9 * math.log2(count)
