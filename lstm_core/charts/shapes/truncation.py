"""How far the gradient of the last loss reaches back: through the whole sequence, and through the last piece only."""

from __future__ import annotations

from lstm_core.charts.shapes.blocks import LOSS, OUTPUT, STATE
from lstm_core.charts.shapes.svg import Pen
from lstm_core.i18n import gettext as _
from lstm_core.inside.tensor_shapes import PIECE, TruncationDemo

_PITCH, _CELL, _LEFT = 54.0, 32.0, 14.0
_LOSS, _ROW, _BASE, _TALL = 22.0, 84.0, 232.0, 78.0     # heights: loss, cells, foot of the bars, length of the longest


def reach(found: TruncationDemo, *, cut: bool, largest: float, strongest: float) -> Pen:
    """Return one picture: the cells with the way back, and below them a bar for each input's gradient.

    Args:
        found: the gradients.
        cut: the sequence is cut in two pieces.
        largest: the input gradient that gets the longest bar, the same in both pictures.
        strongest: the state gradient that gets the thickest arrow.
    """
    steps = len(found.inputs)
    alt = _("Cut after step {step}: the loss of step {steps} reaches back to input {first} only.").format(
        step=PIECE, steps=steps, first=PIECE + 1) if cut else _(
        "Whole: the loss of step {steps} reaches every input back to the first.").format(steps=steps)
    pen = Pen(2 * _LEFT + steps * _PITCH, _BASE + 26, alt, "cut")
    places = [_LEFT + (step + 0.5) * _PITCH for step in range(steps)]
    for step, x in enumerate(places):
        if step:
            pen.line((places[step - 1] + _CELL / 2, _ROW - 6), (x - _CELL / 2, _ROW - 6), kind="tinted", tint=STATE)
            _back(pen, found.states[step - 1] / strongest, x, places[step - 1])
        pen.label(x - _CELL / 2, _ROW - _CELL / 2, _CELL, _CELL, f"{step + 1}",
                  "second" if cut and step >= PIECE else "cell")
        _bar(pen, x, float(found.inputs[step]), largest)
    _loss(pen, places[-1], found.loss, steps)
    if cut:
        x = (places[PIECE - 1] + places[PIECE]) / 2
        pen.line((x, 28), (x, _BASE), kind="fence", head=False)
        pen.words(x, 20, "✂", "inside")
    pen.line((_LEFT, _BASE), (pen.width - _LEFT, _BASE), kind="axis", head=False, width=1)
    for step, x in enumerate(places):
        pen.words(x, _BASE + 12, f"x{_SUBSCRIPTS[step + 1]}", "number")
    return pen


_SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉"


def _back(pen: Pen, share: float, start: float, end: float) -> None:
    """Draw the gradient that goes from one step back to the one before; without one, nothing."""
    if share > 0:
        y = _ROW + 9
        pen.line((start - _CELL / 2, y), (end + _CELL / 2, y), kind="tinted", tint=LOSS, width=1 + 4 * share)


def _bar(pen: Pen, x: float, value: float, largest: float) -> None:
    tall = _TALL * value / largest
    if value > 0:
        pen.line((x, _ROW + _CELL / 2), (x, _BASE - _TALL - 24), kind="tinted", tint=LOSS, width=1)
        pen.box(x - 12, _BASE - tall, 24, tall, "bar", tint=LOSS, corner=2)
    pen.words(x, _BASE - tall - 9, f"{value:.3f}" if value else "0", "number")


def _loss(pen: Pen, x: float, loss: float, steps: int) -> None:
    pen.label(x - _CELL / 2 - 8, _LOSS - 13, _CELL + 16, 26, f"L{_SUBSCRIPTS[steps]}", "tinted", tint=LOSS)
    pen.line((x - 5, _ROW - _CELL / 2), (x - 5, _LOSS + 13), kind="tinted", tint=OUTPUT)
    pen.line((x + 6, _LOSS + 13), (x + 6, _ROW - _CELL / 2), kind="tinted", tint=LOSS, width=3)
    pen.words(x - _CELL / 2 - 14, _LOSS, f"{loss:.3f}", "number", anchor="end")
