"""The pictures of the memory tasks: what is remembered, and how soon a network learns to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lstm_core import cells
from lstm_core.charts.palette import GATES, MARKED, NAIVE, NETWORKS, PREDICTED, QUIET, RIGHT, SCORE, WRONG, faded
from lstm_core.data import Dataset, Generated
from lstm_core.data.tasks.grammars import CLOSING, COUNTING, DOWN, END, OPENING, UP, balance, counted
from lstm_core.data.tasks.sequences import NOISE
from lstm_core.inside.counting_unit import follower, memory
from lstm_core.learning import worker_cache
from lstm_core.presets.drawing import HEIGHT, MARGIN, WIDTH, grid, lines, svg, text
from lstm_core.presets.measures import Trained, trained
from lstm_core.presets.memory import MEMORY
from lstm_core.spec import Brackets, Counting, TaskSpec

LETTERS = (20, 21)      # steps of a Reber string that fits into its picture
BRACKETS = (36, 48)     # the same of brackets


def _prepared(run: Trained) -> Dataset:
    return worker_cache.dataset(run.spec.data, run.spec.model.output)


def _fitting(data: Dataset, steps: tuple[int, int]) -> int:
    """Return the first test sequence that has at least and at most so many steps."""
    sample_ids = data.sample_ids["test"]
    lengths = data.lengths(sample_ids)
    assert lengths is not None
    return int(sample_ids[(lengths >= steps[0]) & (lengths <= steps[1])][0])


def _curve(run: Trained) -> np.ndarray:
    """Return the share of the validation sequences that is right at the ends of the epochs, (E,)."""
    return np.array([evaluation.score for evaluation in run.evaluations])


def _learned(run: Trained) -> str:
    """The share of right sequences over the training sequences, and that of always the same answer."""
    assert isinstance(run.spec.data, TaskSpec)
    naive = _prepared(run).naive_error("validation")
    curve = _curve(run)
    read = int(run.evaluations[-1].epoch * run.spec.data.sequences)
    return svg(lines([(np.full(2, naive), faded(NAIVE, 0.7), "1 3"), (curve, SCORE, "none")], 0, 1),
               text(WIDTH - MARGIN, 28, f"{curve[-1]:.1%}", SCORE, "end"),
               text(WIDTH - MARGIN, HEIGHT - MARGIN, f"{read:,}", anchor="end"))


def _beside(name: str) -> Callable[[Trained], str]:
    """The same for a plain RNN, over the same number of epochs as the LSTM of another preset."""
    def draw(run: Trained) -> str:
        gated, plain = _curve(trained(MEMORY[name].spec)), _curve(run)
        most = max(len(gated), len(plain))
        curves = [(np.pad(curve, (0, most - len(curve)), constant_values=np.nan), colour, dashes)
                  for curve, colour, dashes in ((gated, faded(NAIVE, 0.7), "1 3"), (plain, NETWORKS[1], "none"))]
        return svg(lines(curves, 0, 1), text(MARGIN, 16, "LSTM"),
                   text(WIDTH - MARGIN, HEIGHT - MARGIN, "RNN", NETWORKS[1], "end"))
    return draw


def _opinion(run: Trained) -> str:
    """The probability of each class after each step of a test sequence; the right one stands out."""
    data = _prepared(run)
    end = data.sample_ids["test"][:1]
    odds = cells.softmax(cells.trace(run.spec.model, run.weights, data.sample(int(end[0]))).output)
    right, marks = int(data.y(end)[0]), data.marks(int(end[0]))
    curves = [(odds[:, n], faded(QUIET, 0.5), "none") for n in range(odds.shape[1]) if n != right]
    across = np.linspace(MARGIN, WIDTH - MARGIN, len(marks))
    signs = [text(x, HEIGHT - MARGIN, mark, MARKED, "middle")
             for x, mark in zip(across, marks, strict=True) if mark not in NOISE]
    return svg(lines([*curves, (odds[:, right], RIGHT, "none")], -0.2, 1), *signs)


def _permitted(run: Trained) -> str:
    """The probability of each letter after each letter of a test string; dots mark the permitted ones."""
    data = _prepared(run)
    assert isinstance(data, Generated)
    end = _fitting(data, LETTERS)
    odds = cells.softmax(cells.trace(run.spec.model, run.weights, data.sample(end)).output)
    permitted = data.permitted(np.array([end]))
    assert permitted is not None
    cell, left, top = 11, MARGIN + 14, MARGIN
    names = [text(MARGIN, top + (n + 0.8) * cell, letter) for n, letter in enumerate(data.alphabet)]
    dots = [f'<circle cx="{left + (step + 0.46) * cell:g}" cy="{top + (letter + 0.46) * cell:g}" r="1.6" '
            f'fill="{RIGHT}"/>' for step, letter in zip(*np.nonzero(permitted[0]), strict=True)]
    below = [text(left + (step + 0.46) * cell, HEIGHT - MARGIN, mark, QUIET, "middle")
             for step, mark in enumerate(data.marks(end))]
    return svg(*names, grid(odds.T, left, top, cell), *dots, *below)


def _counter(run: Trained) -> str:
    """The state that goes along with the count while the longest test string is read; a line where the end is named."""
    assert isinstance(run.spec.data, Counting)
    n = 2 * run.spec.data.largest_count
    x = counted(np.array([n])).x[0]
    traced = cells.trace(run.spec.model, run.weights, x)
    found = follower(traced, balance(x, UP, DOWN))
    layer = traced.layers[found.layer]
    colour, limits = (GATES["c"], (None, None)) if layer.c is not None else (GATES["h"], (-1, 1))
    named = int(np.flatnonzero((traced.output.argmax(axis=1) == COUNTING.index(END)) & (np.arange(len(x)) > n))[0])
    across = MARGIN + (WIDTH - 2 * MARGIN) * named / (len(x) - 1)
    return svg(f'<line x1="{across:.1f}" x2="{across:.1f}" y1="{MARGIN}" y2="{HEIGHT - MARGIN}" stroke-width="2" '
               f'stroke="{RIGHT if named == 2 * n else WRONG}" stroke-dasharray="2 2"/>',
               lines([(memory(layer)[0][:, found.unit], colour, "none")], *limits),
               text(WIDTH * 0.25, 16, f"{n} a", anchor="middle"), text(WIDTH * 0.62, 16, f"{n} b", anchor="middle"))


def _nested(run: Trained) -> str:
    """A test string: each pair of brackets as a bar in the colour of its kind, full where it is sure which to close."""
    data = _prepared(run)
    assert isinstance(run.spec.data, Brackets)
    end = _fitting(data, BRACKETS)
    symbols = data.sample(end)
    odds = cells.softmax(cells.trace(run.spec.model, run.weights, symbols).output)
    wide, high = (WIDTH - 2 * MARGIN) / len(symbols), (HEIGHT - 2 * MARGIN) / run.spec.data.depth

    def bar(first: int, last: int, depth: int, kind: int, opacity: float) -> str:
        x, y = MARGIN + first * wide, HEIGHT - MARGIN - depth * high
        return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{(last - first) * wide:.1f}" height="{high - 2:.1f}" '
                f'fill="{(PREDICTED, MARKED)[kind]}" fill-opacity="{opacity:.2f}"/>')

    opened: list[tuple[int, int]] = []      # step and kind of those not yet closed
    bars = []
    for step, symbol in enumerate(symbols.tolist()):
        if symbol in OPENING:
            opened.append((step, OPENING.index(symbol)))
        elif symbol in CLOSING:
            bars.append(bar(opened[-1][0], step, len(opened), opened[-1][1], 0.3))
            opened.pop()
        if opened:
            closing, kind = odds[step, CLOSING], opened[-1][1]
            bars.append(bar(step, step + 1, len(opened), kind, closing[kind] / closing.sum()))
    return svg(*bars)


MEMORY_DRAWN: dict[str, Callable[[Trained], str]] = {
    "adding": _learned, "adding_rnn": _beside("adding"), "adding_500": _learned, "adding_1000": _learned,
    "order": _opinion, "recall": _opinion, "recall_rnn": _opinion, "reber": _permitted, "reber_rnn": _beside("reber"),
    "counting": _counter, "counting_gru": _counter, "brackets": _nested}
