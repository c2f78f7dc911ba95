"""Small pictures of what the presets reach, drawn from networks trained with seed 0.

``python -m lstm_core.presets --pictures`` draws them anew as SVG files. They stand on light and dark pages alike:
without a background, in the colours of the charts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import numpy as np

from lstm_core import cells, forecast, given, writing
from lstm_core.charts.palette import BLUE, GATES, GREEN, GREY, NAIVE, PREDICTED, REAL, VERMILION, faded
from lstm_core.data import Windows
from lstm_core.data.numerals import END
from lstm_core.presets import PRESETS, Preset
from lstm_core.presets.goals import Trained, test_accuracy, trained
from lstm_core.spec import PARTS

WIDTH, HEIGHT = 260, 110
MARGIN = 6
POINTS = 120        # of a line


def picture(preset: Preset) -> str:
    """Train the preset and return its picture as SVG."""
    return DRAWN.get(preset.name, _forecast)(trained(preset.spec))


def _svg(*shapes: str) -> str:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            f'font-family="sans-serif" font-size="11">{"".join(shapes)}</svg>\n')


def _lines(curves: Sequence[tuple[np.ndarray, str, str]], low: float | None = None, high: float | None = None) -> str:
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


def _text(x: float, y: float, text: str, colour: str = GREY, anchor: str = "start") -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" text-anchor="{anchor}">{escape(text)}</text>'


def _grid(values: np.ndarray, x: float, y: float, cell: float, colour: str = BLUE) -> str:
    """Return squares, full colour where a value is 1."""
    return "".join(
        f'<rect x="{x + column * cell:g}" y="{y + row * cell:g}" width="{cell * 0.92:g}" height="{cell * 0.92:g}" '
        f'fill="{colour}" fill-opacity="{value:.2f}"/>'
        for row, line in enumerate(values) for column, value in enumerate(line) if value >= 0.01)


def _forecast(run: Trained) -> str:
    """Real, predicted and naive values at the end of the last part that there is."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    part = next(part for part in reversed(PARTS) if len(prepared.ends[part]))
    targets = prepared.targets_of(part)
    predicted = forecast.ahead(run.spec, run.weights, part)
    last = slice(-POINTS, None)
    naive = [(targets.naive[last], faded(NAIVE, 0.7), "1 3")] if isinstance(prepared, Windows) else []
    return _svg(_lines([*naive, (targets.real[last], REAL, "none"), (predicted[last], PREDICTED, "5 3")]))


def _cosine(run: Trained) -> str:
    """The cosine that is asked for, and what the network draws after 5, 40 and all updates."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    real = prepared.targets_of("train").real[-200:]
    predicted = forecast.ahead(run.spec, run.weights, "train")[-200:]
    return _svg(_lines([(real, REAL, "none"), (predicted, PREDICTED, "5 3")], -1.2, 1.2))


def _full(run: Trained) -> str:
    """The training losses of the full and of the truncated run, on a log scale."""
    cut = trained(PRESETS["s5"].spec)
    return _svg(_lines([(np.log(cut.losses[:200]), BLUE, "none"), (np.log(run.losses[:200]), VERMILION, "none")]),
                _text(WIDTH - MARGIN, 16, "20", BLUE, "end"), _text(WIDTH - MARGIN, 30, "200", VERMILION, "end"))


def _letters(run: Trained) -> str:
    """The probability of each next letter after each window of the cycle, and the accuracy by epoch."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    ends = prepared.ends["train"]
    scores = cells.predict(run.spec.model, run.weights, prepared.x(ends))
    odds = writing.softmax(scores)
    cell = (HEIGHT - 26) / len(odds)
    names = "".join(_text(MARGIN + 14 + (n + 0.4) * cell, 12, letter, anchor="middle")
                    for n, letter in enumerate(prepared.alphabet))
    rows = "".join(_text(MARGIN, 18 + (n + 0.7) * cell, prepared.alphabet[int(prepared.x(ends[n:n + 1])[0][-1])])
                   for n in range(len(odds)))
    accuracy = np.array([evaluation.error for evaluation in run.evaluations])
    x = np.linspace(WIDTH / 2, WIDTH - MARGIN, len(accuracy))
    curve = " ".join(f"{across:.1f},{HEIGHT - MARGIN - (HEIGHT - 30) * value:.1f}"
                     for across, value in zip(x, accuracy, strict=True))
    return _svg(names, rows, _grid(odds, MARGIN + 14, 18, cell),
                f'<polyline points="{curve}" fill="none" stroke="{GREEN}" stroke-width="2"/>',
                _text(WIDTH - MARGIN, 16, f"{accuracy[-1]:.0%}", GREEN, "end"))


def _digits(run: Trained) -> str:
    """Five test images and what the network calls them."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    ends = prepared.ends["test"][:5]
    images = prepared.x(ends)
    named = cells.predict(run.spec.model, run.weights, images).argmax(axis=1)
    return _svg(*(_grid(image, 8 + 50 * n, 12, 5.4) + _text(8 + 50 * n + 21, 84, str(name), PREDICTED, "middle")
                  for n, (image, name) in enumerate(zip(images, named, strict=True))),
                _text(WIDTH / 2, 103, f"{test_accuracy(run):.1%}", GREEN, "middle"))


def _reviews(run: Trained) -> str:
    """A test review, each word in the colour of the opinion so far."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    found = []
    for wanted in (1, 0):
        ends = [end for end in prepared.ends["test"] if prepared.y(np.array([end]))[0] == wanted]
        end = int(min(ends, key=lambda end: abs(len(prepared.sample(int(end))) - 5)))
        odds = writing.softmax(cells.trace(run.spec.model, run.weights, prepared.sample(end)).output)[:, 1]
        found.append((prepared.marks(end), odds))
    drawn = []
    for row, (words, odds) in enumerate(found):
        width = (WIDTH - 2 * MARGIN) / len(words)
        for n, (word, value) in enumerate(zip(words, odds, strict=True)):
            colour, height = (BLUE if value > 0.5 else VERMILION), abs(value - 0.5) * 44
            x, base = MARGIN + n * width, 26 + 56 * row
            drawn.append(f'<rect x="{x:.1f}" y="{base - (height if value > 0.5 else 0):.1f}" width="{width - 3:.1f}" '
                         f'height="{height:.1f}" fill="{colour}"/>')
            below = base + 10 + (height if value <= 0.5 else 0)
            drawn.append(f'<text x="{x + width / 2:.1f}" y="{below:.1f}" fill="{GREY}" font-size="9" '
                         f'text-anchor="middle">{escape(word[:9])}</text>')
    return _svg(*drawn)


def _numerals(run: Trained) -> str:
    """Three held-out numbers and what the network says."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    ends = prepared.ends["test"][:3]
    questions = prepared.x(ends)[:, :prepared.source]
    blank = " " if prepared.alphabet[-1].isascii() else ""         # Chinese is written without blanks
    drawn = []
    for row, (question, answer) in enumerate(zip(
            questions, writing.answers(run.spec.model, run.weights, questions, END), strict=True)):
        figures = "".join(prepared.alphabet[symbol] for symbol in question).strip()
        said = blank.join(prepared.alphabet[symbol] for symbol in answer if symbol != END)
        drawn += [_text(MARGIN, 26 + 34 * row, figures, REAL), _text(44, 26 + 34 * row, said, PREDICTED)]
    return _svg(*drawn)


def _amplitude(run: Trained) -> str:
    """Waves drawn from single numbers, over the true ones."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    ends = prepared.ends["test"][:4]
    drawn = cells.predict(run.spec.model, run.weights, prepared.x(ends))[..., 0]
    return _svg(_lines([(wave, faded(REAL, 0.8), "none") for wave in prepared.y(ends)]
                       + [(wave, PREDICTED, "5 3") for wave in drawn], -1, 1))


def _gates(run: Trained) -> str:
    """The gates of one unit while it reads a window."""
    prepared = given.dataset(run.spec.data, run.spec.model.output)
    traced = cells.trace(run.spec.model, run.weights, prepared.sample(int(prepared.ends["test"][0]))).layers[0]
    return _svg(_lines([(values[:, 0], GATES[gate], "none") for gate, values in traced.gates.items()], -1, 1),
                *(_text(WIDTH - 60 + 14 * n, 14, gate, GATES[gate]) for n, gate in enumerate(traced.gates)))


DRAWN: dict[str, Callable[[Trained], str]] = {
    "s5": _cosine, "s5_full": _full, "s4a": _letters, "s4b": _letters, "s4c": _letters, "s1_digits": _digits,
    "s2_reviews_en": _reviews, "s2_reviews_zh": _reviews, "s3_scratch": _gates, "s5_amplitude": _amplitude,
    "s5_numerals_en": _numerals, "s5_numerals_zh": _numerals}
