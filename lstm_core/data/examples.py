"""Short sequences that stand for themselves: images, reviews, numbers in words, waves of a given height."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from lstm_core import limits
from lstm_core.data.dataset import Dataset, ShownRows
from lstm_core.data.scaler import fit
from lstm_core.data.sources.amplitude import amplitudes
from lstm_core.data.sources.digits import digits
from lstm_core.data.sources.numerals import END, numeral_alphabet, numerals
from lstm_core.data.sources.reviews import reviews, symbols, vocabulary
from lstm_core.errors import Refusal
from lstm_core.spec import PARTS, Amplitude, DataSpec, Digits, ExamplesSpec, Numerals, Part, Reviews
from lstm_core.spec.io import IGNORED, START


@dataclass(frozen=True, eq=False, kw_only=True)
class Examples(Dataset):
    """N examples of at most S steps; an example is named by its number, 0 to N-1."""

    together: ClassVar[bool] = False

    inputs: np.ndarray              # (N, S, F) float32, or (N, S) int64 symbols
    targets: np.ndarray             # (N,) int64 classes, or (N, S') at every step: float32, or int64 with IGNORED
    steps_of: np.ndarray            # (N,) int64: the steps of each example; what follows them is padding

    def x(self, ends: np.ndarray) -> np.ndarray:
        """Return the inputs of examples: (n, S, F) float32, or (n, S) int64 symbols."""
        x: np.ndarray = self.inputs[self._known(ends)]
        return x

    def y(self, ends: np.ndarray) -> np.ndarray:
        """Return the targets of examples: (n,) or, with an output at every step, (n, S')."""
        y: np.ndarray = self.targets[self._known(ends)]
        return y

    def lengths(self, ends: np.ndarray) -> np.ndarray | None:
        """Return the steps of each example (n,), or None when no example is padded."""
        return self.steps_of[ends] if (self.steps_of < self.steps).any() else None

    def counted(self, part: Part) -> np.ndarray:
        """Mark the targets of a part that are no padding: the shape of its y."""
        counted: np.ndarray = self.targets[self.ends[part]] != IGNORED
        return counted

    def targets_of(self, part: Part) -> ShownRows:
        """Return all targets of a part, example by example."""
        return self._shown(self.ends[part])

    def shown(self, part: Part) -> ShownRows:
        """Return the targets of a part's last examples: limits.SHOWN_EXAMPLES, or about limits.SHOWN_POINTS steps."""
        count = limits.SHOWN_EXAMPLES if self.output == "last" else limits.SHOWN_POINTS // self.targets.shape[1]
        return self._shown(self.ends[part][-max(1, count):])

    def _shown(self, ends: np.ndarray) -> ShownRows:
        if self.output == "last":
            window, step = np.arange(len(ends)), np.zeros(len(ends), dtype=np.int64)
        else:
            window, step = np.nonzero(self.targets[ends] != IGNORED)
        real = self._real(ends)[window, step]
        return ShownRows(ends, window, step, ends[window], np.arange(1, len(real) + 1), real, self._naive[step])

    def naive_error(self, part: Part) -> float:
        """Return the error of the training part's mean wave in real units, or the share right of its top class."""
        ends = self.ends[part]
        if not len(ends):
            return np.nan
        real, counted = self._real(ends), self.counted(part).reshape(len(ends), -1)
        if self.classes:
            return float(np.mean((real == self._naive)[counted]))
        return float(np.abs(real - self._naive)[counted].mean())

    def _real(self, ends: np.ndarray) -> np.ndarray:
        """Return the targets in real units, or as classes: (n, S'), S' = 1 for an output at the last step."""
        y = self.targets[ends].reshape(len(ends), -1)
        return y if self.classes else self.unscale(y)

    @cached_property
    def _naive(self) -> np.ndarray:
        """Return the naive prediction at every step, (S',): the mean, or the most frequent class, of training."""
        real = self._real(self.ends["train"])
        if not self.classes:
            return np.asarray(real.mean(axis=0))
        return np.full(real.shape[1], np.bincount(real[real != IGNORED]).argmax())

    def _known(self, ends: np.ndarray) -> np.ndarray:
        if len(ends) and (ends.min() < 0 or ends.max() >= len(self.inputs)):
            raise Refusal("There are examples 0 to {last}; received {low} to {high}.", last=len(self.inputs) - 1,
                          low=int(ends.min()), high=int(ends.max()))
        return ends


def examples(spec: DataSpec) -> Examples:
    """Return the examples a spec asks for, split into parts."""
    match spec:
        case Digits():
            return _digits(spec)
        case Reviews():
            return _reviews(spec)
        case Numerals():
            return _numerals(spec)
        case Amplitude():
            return _amplitude(spec)
        case _:
            raise TypeError(f"no examples for {type(spec).__name__}")


def _made(spec: ExamplesSpec, inputs: np.ndarray, targets: np.ndarray, *, features: tuple[str, ...], target: str,
          steps_of: np.ndarray | None = None, **more: Any) -> Examples:
    count, steps = inputs.shape[:2]
    unscaled = fit("none", np.zeros((1, 1)))
    return Examples(
        features=features, target=target, unit="", ends=split(count, spec), steps=steps,
        output="last" if targets.ndim == 1 else "every", scaling=fit("none", np.zeros((1, len(features)))),
        target_scaling=unscaled, inputs=inputs, targets=targets,
        steps_of=np.full(count, steps) if steps_of is None else steps_of, **more)


def _digits(spec: Digits) -> Examples:
    images, numbers = digits()
    columns = tuple(f"column {number}" for number in range(1, 9))
    return _made(spec, images, numbers, features=columns, target="digit", labels=tuple("0123456789"))


def _reviews(spec: Reviews) -> Examples:
    texts, liked = reviews(spec.language)
    words = vocabulary(spec.language)
    lengths = np.array([len(text) for text in texts])
    ids = np.zeros((len(texts), lengths.max()), dtype=np.int64)
    for row, text in zip(ids, texts, strict=True):
        row[:len(text)] = symbols(text, words)
    return _made(spec, ids, liked, features=("word",), target="mood", steps_of=lengths, alphabet=words,
                 labels=("negative", "positive"))


def _numerals(spec: Numerals) -> Examples:
    """The encoder reads the digits, the decoder what was said so far: in training the truth (teacher forcing)."""
    said, alphabet = numerals(spec.language, spec.largest), numeral_alphabet(spec.language)
    place = {symbol: number for number, symbol in enumerate(alphabet)}
    width, longest = len(said[0][0]), max(len(words) for _, words in said) + 1
    ids = np.full((len(said), width + longest), END, dtype=np.int64)
    targets = np.full((len(said), longest), IGNORED, dtype=np.int64)
    for row, target, (figures, words) in zip(ids, targets, said, strict=True):
        answer = [place[word] for word in words]
        row[:width + 1 + len(answer)] = [*(place[figure] for figure in figures), START, *answer]
        target[:len(answer) + 1] = [*answer, END]
    return _made(spec, ids, targets, features=("symbol",), target="symbol", alphabet=alphabet, labels=alphabet,
                 source=width)


def _amplitude(spec: Amplitude) -> Examples:
    heights, waves = amplitudes(spec.examples, spec.steps, spec.period, spec.split_seed)
    inputs = np.zeros((*waves.shape, 1), dtype=np.float32)
    inputs[:, 0, 0] = heights
    return _made(spec, inputs, waves.astype(np.float32), features=("height",), target="wave")


def split(count: int, spec: ExamplesSpec) -> dict[Part, np.ndarray]:
    """Return the examples of each part, drawn at random: the same seed, the same parts."""
    order = np.random.default_rng(spec.split_seed).permutation(count)
    test = count - round(count * spec.test)
    validation = max(test - round(count * spec.validation), 1)
    return dict(zip(PARTS, np.split(order, [validation, test]), strict=True))
