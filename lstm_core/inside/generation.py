"""A network that names symbols goes on by itself: it writes letter after letter, or answers a number in words.

Each symbol is one forward step of the cells (:mod:`lstm_core.cells.equations`); the state is carried from step to step,
so that a text costs as many steps as it has letters. Letters are ids, the places of the letters in the alphabet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lstm_core.cells.equations import STEP, State, gate_weights
from lstm_core.cells.forward import checked, enter, predict, width
from lstm_core.cells.head import read_out, softmax
from lstm_core.errors import Refusal
from lstm_core.records import Weights
from lstm_core.spec import ModelSpec
from lstm_core.spec.io import START

LONGEST_ANSWER = 30     # steps after which a decoder that has not come to an end is stopped
TOGETHER = 500          # questions that are answered at one time


class Reader:
    """The recurrent layers of a network with their states: it reads symbol after symbol, of B sequences at once.

    Args:
        model: the network.
        weights: its parameters.
        stage: "layers", or "decoder" for the layers that take over from an encoder.
        states: of each layer, (H,) or (B, H); zeros when not given.
    """

    def __init__(self, model: ModelSpec, weights: Weights, stage: str = "layers",
                 states: Sequence[State] | None = None) -> None:
        self._weights, self._step = weights, STEP[model.cell]
        self._layers = [gate_weights(model.cell, weights, number, stage) for number in range(len(model.layers))]
        self._zero = [tuple(np.zeros(layer.hidden) for _ in model.cell_type.states) for layer in model.layers]
        self.states: list[State] = list(self._zero if states is None else states)

    def forget(self) -> None:
        """Begin anew, from a zero state."""
        self.states = list(self._zero)

    @np.errstate(invalid="ignore")      # a diverged run holds nan and inf: they are passed on
    def read(self, symbols: np.ndarray) -> np.ndarray:
        """Read one symbol of each sequence, () or (B,), and return the scores of what may follow: (K,) or (B, K)."""
        entered = signal = enter(self._weights, symbols)
        for number, layer in enumerate(self._layers):
            self.states[number] = self._step(layer, signal, *self.states[number]).after
            signal = self.states[number][0]
        scores: np.ndarray = read_out(self._weights, signal[np.newaxis], entered[np.newaxis])[0]
        return scores

    def read_all(self, symbols: Iterable[np.ndarray]) -> np.ndarray:
        """Read several symbols, one after the other, and return the scores after the last of them."""
        scores = np.empty(0)
        for symbol in symbols:
            scores = self.read(symbol)
        return scores


def next_letter(model: ModelSpec, weights: Weights, text: np.ndarray) -> np.ndarray:
    """Return the probability of each letter to follow a text (T,): (K,).

    Raises:
        Refusal: the text is empty, or has letters that the network does not know.
    """
    return softmax(Reader(model, weights).read_all(checked(weights, text)))


def after_each(model: ModelSpec, weights: Weights, context: np.ndarray) -> np.ndarray:
    """Return what follows each letter of the alphabet at the end of a context (T,), which may be empty: (K, K).

    Row k has the probabilities of what comes after the context and letter k.
    """
    reader = Reader(model, weights)
    if len(context):
        reader.read_all(checked(weights, context))
    return softmax(reader.read(np.arange(width(weights))))


def next_symbol_counts(text: np.ndarray, context: np.ndarray, classes: int, *, cycle: bool) -> np.ndarray:
    """Count what follows each letter at the end of a context (C,), wherever a text (T,) has them: (K, K) int64.

    In a cycle the first letter of the text follows its last. Row k counts the letters after the context and letter k.
    """
    places = np.arange(len(text) if cycle else max(0, len(text) - len(context) - 1))
    found = np.ones(len(places), dtype=bool)
    for step, letter in enumerate(context):
        found &= text.take(places + step, mode="wrap") == letter
    places = places[found] + len(context)
    counts = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(counts, (text.take(places, mode="wrap"), text.take(places + 1, mode="wrap")), 1)
    return counts


def mean_after(model: ModelSpec, weights: Weights, windows: np.ndarray) -> np.ndarray:
    """Return what follows each letter on average over windows (B, S) that end with it: (K, K), nan where none does."""
    scores = predict(model, weights, windows)                           # (B, K), or (B, S, K) at every step
    probabilities = softmax(scores if scores.ndim == 2 else scores[:, -1])
    last = windows[:, -1]
    means = np.full((width(weights),) * 2, np.nan)
    for letter in np.unique(last):
        means[letter] = probabilities[last == letter].mean(axis=0)
    return means


def misplaced(learned: np.ndarray, counts: np.ndarray) -> float:
    """Return the share of probability that lies on the wrong letters, on average over the letters a text goes on from.

    Half the sum of the distances between a row of probabilities and the shares in the text (the total variation).

    Args:
        learned: (K, K) probabilities, or (K,) the same for all rows; rows of nan are left out.
        counts: (K, K) what follows in the text; rows without any are left out.
    """
    rows = counts.any(axis=1) & ~np.isnan(learned).any(axis=-1)
    if not rows.any():
        return np.nan
    shares = counts[rows] / counts[rows].sum(axis=1, keepdims=True)
    return float(np.abs((learned[rows] if learned.ndim == 2 else learned) - shares).sum(axis=1).mean() / 2)


@dataclass(frozen=True, eq=False)
class Written:
    """What a network has written: n letters."""

    letters: np.ndarray             # (n,) int64
    probabilities: np.ndarray       # (n,) how likely the network held each of them, before any temperature


def write(model: ModelSpec, weights: Weights, start: np.ndarray, length: int, *, temperature: float, seed: int,
          window: int = 0) -> Written:
    """Let the network go on after a text: each letter is drawn from its probabilities, then read as the next one.

    Args:
        model: the network.
        weights: its parameters.
        start: (T,) the letters it begins after.
        length: letters to write.
        temperature: divides the scores before a letter is drawn; 0: always the likeliest letter.
        seed: of the draws. The same seed, the same text.
        window: before each letter read only the last so many, from a zero state; 0: carry the state on from letter
            to letter.

    Raises:
        Refusal: the start is empty or has letters that the network does not know, or the network has diverged.
    """
    text = list(checked(weights, start))
    draws = np.random.default_rng(seed).random(length)
    letters, likely = np.empty(length, dtype=np.int64), np.empty(length)
    reader = Reader(model, weights)
    scores = reader.read_all(np.array(text[-window:]))
    for step, draw in enumerate(draws):
        if not np.isfinite(scores).all():
            raise Refusal("This network gives no probabilities: its training diverged. Choose an earlier moment of the "
                          "training, or train it again with a smaller learning rate.")
        letters[step] = _drawn(scores, temperature, draw)
        likely[step] = softmax(scores)[letters[step]]
        text.append(letters[step])
        if window:
            reader.forget()
        scores = reader.read_all(np.array(text[-(window or 1):]))
    return Written(letters, likely)


def _drawn(scores: np.ndarray, temperature: float, draw: float) -> int:
    """Return the letter at which the probabilities, added up, pass a number drawn from 0..1."""
    if temperature == 0:
        return int(scores.argmax())
    return int(np.searchsorted(np.cumsum(softmax(scores, temperature))[:-1], draw, side="right"))


# -- encoder and decoder -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Answer:
    """What a decoder says to B questions in T steps."""

    read: np.ndarray                # (B, T) int64: what it read at each step
    said: np.ndarray                # (B, T) int64: what it held likeliest
    probabilities: np.ndarray       # (B, T, K)


def answer(model: ModelSpec, weights: Weights, questions: np.ndarray, end: int,
           truth: np.ndarray | None = None) -> Answer:
    """Let an encoder read questions and a decoder answer them (Sutskever et al. 2014).

    The decoder begins with the state in which the encoder ended, and reads the start sign. Then it reads what it has
    just said, until it says the end sign or LONGEST_ANSWER steps are over (free running).

    Args:
        model: the network.
        weights: its parameters.
        questions: (B, S) what the encoder reads.
        end: the sign that ends an answer; after it there is nothing but end signs.
        truth: (B, T) when given, the decoder reads these signs in place of its own, for T steps (teacher forcing).

    Raises:
        Refusal: the network has no decoder, or the questions do not fit it.
    """
    if "decoder.0.weight_ih_l0" not in weights:
        raise Refusal("Only a network with an encoder and a decoder answers in words; this one has no decoder.")
    encoder = Reader(model, weights)
    encoder.read_all(checked(weights, questions, batch=True).T)
    decoder = Reader(model, weights, "decoder", encoder.states)
    heard = np.full(len(questions), START)
    ended = np.zeros(len(questions), dtype=bool)
    read, said, probabilities = [], [], []
    for step in range(LONGEST_ANSWER if truth is None else truth.shape[1]):
        read.append(heard)
        probabilities.append(softmax(decoder.read(heard)))
        said.append(np.where(ended, end, probabilities[-1].argmax(axis=-1)))
        heard = said[-1] if truth is None else truth[:, step]
        if truth is None:
            ended |= said[-1] == end
            if ended.all():
                break
    return Answer(np.stack(read, axis=1), np.stack(said, axis=1), np.stack(probabilities, axis=1))


def answers(model: ModelSpec, weights: Weights, questions: np.ndarray, end: int) -> list[tuple[int, ...]]:
    """Return what is said to each question (B, S), free running, up to and with the end sign if it comes."""
    told: list[tuple[int, ...]] = []
    for first in range(0, len(questions), TOGETHER):
        for said in answer(model, weights, questions[first:first + TOGETHER], end).said.tolist():
            told.append(tuple(said[:said.index(end) + 1] if end in said else said))
    return told
