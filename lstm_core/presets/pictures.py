"""Small pictures of what the presets reach, drawn from networks trained with seed 0.

``python -m lstm_core.presets --pictures`` draws them anew as SVG files.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

import numpy as np

from lstm_core import cells
from lstm_core.charts.palette import GATES, NAIVE, NEGATIVE, NETWORKS, POSITIVE, PREDICTED, QUIET, SCORE, faded
from lstm_core.data.sources.numerals import END
from lstm_core.inside import generation
from lstm_core.learning import forecast, worker_cache
from lstm_core.presets import PRESETS, Preset
from lstm_core.presets.drawing import HEIGHT, MARGIN, WIDTH, grid, lines, svg, text
from lstm_core.presets.measures import Trained, trained
from lstm_core.presets.pictures_memory import MEMORY_DRAWN
from lstm_core.spec import SPLITS

POINTS = 120        # of a line


def picture(preset: Preset) -> str:
    """Train the preset and return its picture as SVG."""
    return DRAWN.get(preset.name, _forecast)(trained(preset.spec))


def _forecast(run: Trained) -> str:
    """Real, predicted and naive values at the end of the last part that there is."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    split = next(split for split in reversed(SPLITS) if len(prepared.sample_ids[split]))
    targets = prepared.targets_of(split)
    predicted = forecast.one_step_predictions(run.spec, run.weights, split)
    last = slice(-POINTS, None)
    naive = [(targets.naive[last], faded(NAIVE, 0.7), "1 3")] if prepared.contiguous else []
    return svg(lines([*naive, (targets.actual[last], QUIET, "none"), (predicted[last], PREDICTED, "5 3")]))


def _cosine(run: Trained) -> str:
    """The cosine that is asked for, and what the network draws after 5, 40 and all updates."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    actual = prepared.targets_of("train").actual[-200:]
    predicted = forecast.one_step_predictions(run.spec, run.weights, "train")[-200:]
    return svg(lines([(actual, QUIET, "none"), (predicted, PREDICTED, "5 3")], -1.2, 1.2))


def _full(run: Trained) -> str:
    """The training losses of the full and of the truncated run, on a log scale."""
    cut = trained(PRESETS["s5"].spec)
    near, far = NETWORKS[:2]
    return svg(lines([(np.log(cut.losses[:200]), near, "none"), (np.log(run.losses[:200]), far, "none")]),
               text(WIDTH - MARGIN, 16, "20", near, "end"), text(WIDTH - MARGIN, 30, "200", far, "end"))


def _letters(run: Trained) -> str:
    """The probability of each next letter after each window of the cycle, and the accuracy by epoch."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    sample_ids = prepared.sample_ids["train"]
    scores = cells.predict(run.spec.model, run.weights, prepared.x(sample_ids))
    odds = cells.softmax(scores)
    cell = (HEIGHT - 26) / max(odds.shape)
    names = "".join(text(MARGIN + 14 + (n + 0.4) * cell, 12, letter, anchor="middle")
                    for n, letter in enumerate(prepared.alphabet))
    rows = "".join(text(MARGIN, 18 + (n + 0.7) * cell, prepared.alphabet[int(prepared.x(sample_ids[n:n + 1])[0][-1])])
                   for n in range(len(odds)))
    accuracy = np.array([evaluation.score for evaluation in run.evaluations])
    x = np.linspace(WIDTH / 2, WIDTH - MARGIN, len(accuracy))
    curve = " ".join(f"{across:.1f},{HEIGHT - MARGIN - (HEIGHT - 30) * value:.1f}"
                     for across, value in zip(x, accuracy, strict=True))
    return svg(names, rows, grid(odds, MARGIN + 14, 18, cell),
                f'<polyline points="{curve}" fill="none" stroke="{SCORE}" stroke-width="2"/>',
                text(WIDTH - MARGIN, 16, f"{accuracy[-1]:.0%}", SCORE, "end"))


def _digits(run: Trained) -> str:
    """Five test images and what the network calls them."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    sample_ids = prepared.sample_ids["test"][:5]
    images = prepared.x(sample_ids)
    named = cells.predict(run.spec.model, run.weights, images).argmax(axis=1)
    return svg(*(grid(image, 8 + 50 * n, 12, 5.4) + text(8 + 50 * n + 21, 84, str(name), PREDICTED, "middle")
                  for n, (image, name) in enumerate(zip(images, named, strict=True))))


def _reviews(run: Trained) -> str:
    """A test review of each class that is read right, each word in the colour of the opinion so far."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    sample_ids = prepared.sample_ids["test"]
    lengths = np.array([len(prepared.sample(int(end))) for end in sample_ids])
    found = []
    for wanted in (1, 0):
        for end in sample_ids[np.argsort(np.abs(lengths - 5), kind="stable")]:
            odds = cells.softmax(cells.trace(run.spec.model, run.weights, prepared.sample(int(end))).output)[:, 1]
            if prepared.y(np.array([end]))[0] == wanted == round(float(odds[-1])):
                found.append((prepared.marks(int(end)), odds))
                break
    drawn = []
    for row, (words, odds) in enumerate(found):
        width = (WIDTH - 2 * MARGIN) / len(words)
        size = min(9, width / (0.58 * max(len(word[:9]) for word in words)))        # so that no word meets the next
        for n, (word, value) in enumerate(zip(words, odds, strict=True)):
            colour, height = (POSITIVE if value > 0.5 else NEGATIVE), abs(value - 0.5) * 40
            x, base = MARGIN + n * width, 24 + 54 * row
            drawn.append(f'<rect x="{x:.1f}" y="{base - (height if value > 0.5 else 0):.1f}" width="{width - 3:.1f}" '
                         f'height="{height:.1f}" fill="{colour}"/>')
            below = base + 10 + (height if value <= 0.5 else 0)
            drawn.append(f'<text x="{x + width / 2:.1f}" y="{below:.1f}" fill="{QUIET}" font-size="{size:.3g}" '
                         f'text-anchor="middle">{escape(word[:9])}</text>')
    return svg(*drawn)


def _numerals(run: Trained) -> str:
    """Three held-out numbers and what the network says."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    sample_ids = prepared.sample_ids["test"][:3]
    questions = prepared.x(sample_ids)[:, :prepared.encoder_steps]
    blank = " " if prepared.alphabet[-1].isascii() else ""         # Chinese is written without blanks
    drawn = []
    for row, (question, answer) in enumerate(zip(
            questions, generation.answers(run.spec.model, run.weights, questions, END), strict=True)):
        figures = "".join(prepared.alphabet[symbol] for symbol in question).strip()
        said = blank.join(prepared.alphabet[symbol] for symbol in answer if symbol != END)
        drawn += [text(MARGIN, 26 + 34 * row, figures, QUIET), text(44, 26 + 34 * row, said, PREDICTED)]
    return svg(*drawn)


def _amplitude(run: Trained) -> str:
    """Waves drawn from single numbers, over the true ones."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    sample_ids = prepared.sample_ids["test"][:4]
    drawn = cells.predict(run.spec.model, run.weights, prepared.x(sample_ids))[..., 0]
    return svg(lines([(wave, faded(QUIET, 0.8), "none") for wave in prepared.y(sample_ids)]
                       + [(wave, PREDICTED, "5 3") for wave in drawn], -1, 1))


def _gates(run: Trained) -> str:
    """The gates of one unit while it reads a window."""
    prepared = worker_cache.dataset(run.spec.data, run.spec.model.output)
    traced = cells.trace(run.spec.model, run.weights, prepared.sample(int(prepared.sample_ids["test"][0]))).layers[0]
    return svg(lines([(values[:, 0], GATES[gate], "none") for gate, values in traced.gates.items()], -1, 1),
                *(text(WIDTH - 60 + 14 * n, 14, gate, GATES[gate]) for n, gate in enumerate(traced.gates)))


DRAWN: dict[str, Callable[[Trained], str]] = {
    "s5": _cosine, "s5_full": _full, "s4a": _letters, "s4b": _letters, "s4c": _letters, "s1_digits": _digits,
    "s2_reviews_en": _reviews, "s2_reviews_zh": _reviews,
    "s2_reviews_order_en": _reviews, "s2_reviews_order_zh": _reviews, "s3_scratch": _gates, "s5_amplitude": _amplitude,
    "s5_numerals_en": _numerals, "s5_numerals_zh": _numerals, **MEMORY_DRAWN}
