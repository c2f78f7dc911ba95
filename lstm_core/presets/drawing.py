"""What the pictures of the presets are drawn with: lines, words and squares as SVG.

They stand on light and dark pages alike: without a background, in the colours of the charts; a picture does not know
the ink of its page, and writes in grey.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np

from lstm_core.charts.palette import PREDICTED, QUIET

WIDTH, HEIGHT = 260, 110
MARGIN = 6


def svg(*shapes: str) -> str:
    """Return a picture made of shapes."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            f'font-family="sans-serif" font-size="11">{"".join(shapes)}</svg>\n')


def lines(curves: Sequence[tuple[np.ndarray, str, str]], low: float | None = None, high: float | None = None) -> str:
    """Return lines over one another on one scale; each has its values, colour and dashes."""
    everything = np.concatenate([values for values, _, _ in curves])
    low = float(np.nanmin(everything)) if low is None else low
    high = float(np.nanmax(everything)) if high is None else high
    drawn = []
    for values, colour, dashes in curves:
        x = np.linspace(MARGIN, WIDTH - MARGIN, len(values))
        y = HEIGHT - MARGIN - (values - low) / (high - low or 1) * (HEIGHT - 2 * MARGIN)
        points = " ".join(f"{across:.1f},{down:.1f}" for across, down in zip(x, y, strict=True) if np.isfinite(down))
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2" '
                     f'stroke-dasharray="{dashes}"/>')
    return "".join(drawn)


def text(x: float, y: float, words: str, colour: str = QUIET, anchor: str = "start") -> str:
    """Return words that stand on (x, y)."""
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'


def grid(values: np.ndarray, x: float, y: float, cell: float, colour: str = PREDICTED) -> str:
    """Return squares, full colour where a value is 1."""
    return "".join(
        f'<rect x="{x + column * cell:g}" y="{y + row * cell:g}" width="{cell * 0.92:g}" height="{cell * 0.92:g}" '
        f'fill="{colour}" fill-opacity="{value:.2f}"/>'
        for row, line in enumerate(values) for column, value in enumerate(line) if value >= 0.01)
