"""Short shop reviews in English and Chinese, written for this project: words in, was the writer content, out.

The texts stand in ``corpus/``, one a line: ``+`` or ``-``, a tab, the review. The Chinese ones are cut into words by
single spaces, so that no segmenter is needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from lstm_core.data.examples import Examples, make_examples
from lstm_core.errors import unknown
from lstm_core.spec import Reviews

CORPUS = Path(__file__).parent / "corpus"
LANGUAGES = ("en", "zh")

PADDING, UNKNOWN = 0, 1
"""The places of the first two symbols of a vocabulary: what fills up short reviews, and every word it lacks."""

_ENGLISH_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CHINESE_PIECE = re.compile(r"\w+")


def reviews(language: str) -> tuple[list[list[str]], np.ndarray]:
    """Return the words of each of the N reviews, and their labels (N,) int64: 1 for a content writer, 0 for not."""
    texts, labels = _read(language)
    return [list(words) for words in texts], np.array(labels, dtype=np.int64)


def tokenize(text: str, language: str) -> list[str]:
    """Return the words of a review; punctuation is dropped.

    English: runs of letters, in lower case, with the apostrophes between them. Chinese: what stands between spaces or
    punctuation is cut, from its beginning, into the longest words that the reviews know; a character that begins none
    stands alone. A known word between spaces therefore stays whole.
    """
    if language == "en":
        return _ENGLISH_WORD.findall(text.lower().replace("’", "'"))
    known = _words(language)
    longest = max(map(len, known))
    return [word for piece in _CHINESE_PIECE.findall(text) for word in _cut(piece, known, longest)]


@lru_cache
def vocabulary(language: str) -> tuple[str, ...]:
    """Return the symbols a network reads: "·" for padding, "?" for unknown words, then the known words, sorted.

    Known are the words that occur twice or more. Those that occur once are read as unknown: so a network learns what
    the unknown symbol means, and a review of somebody else may use any word.
    """
    return ("·", "?", *sorted(word for word, times in _words(language).items() if times > 1))


def symbols(words: Sequence[str], vocabulary: Sequence[str]) -> list[int]:
    """Return the places of words in the vocabulary, (n,); a word that it lacks has the place UNKNOWN."""
    places = {word: place for place, word in enumerate(vocabulary) if place > UNKNOWN}
    return [places.get(word, UNKNOWN) for word in words]


@lru_cache
def _read(language: str) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """Return the words and the label of each review."""
    if language not in LANGUAGES:
        raise unknown("language", language, LANGUAGES)
    lines = (CORPUS / f"reviews_{language}.txt").read_text(encoding="utf-8").splitlines()
    signs, texts = zip(*(line.split("\t") for line in lines), strict=True)
    words = (_CHINESE_PIECE.findall(text) if language == "zh" else tokenize(text, language) for text in texts)
    return tuple(map(tuple, words)), tuple(int(sign == "+") for sign in signs)


@lru_cache
def _words(language: str) -> Counter[str]:
    """Return how often each word occurs in the reviews."""
    return Counter(word for words in _read(language)[0] for word in words)


def _cut(text: str, known: Container[str], longest: int) -> list[str]:
    """Cut a text into known words, the longest first, and single characters (forward maximum matching)."""
    words, start = [], 0
    while start < len(text):
        sizes = range(min(longest, len(text) - start), 1, -1)
        size = next((size for size in sizes if text[start:start + size] in known), 1)
        words.append(text[start:start + size])
        start += size
    return words


def review_examples(spec: Reviews) -> Examples:
    """Return the reviews as examples: words, padded to the longest review, and the mood as class."""
    texts, liked = reviews(spec.language)
    words = vocabulary(spec.language)
    lengths = np.array([len(text) for text in texts])
    ids = np.zeros((len(texts), lengths.max()), dtype=np.int64)
    for row, text in zip(ids, texts, strict=True):
        row[:len(text)] = symbols(text, words)
    return make_examples(spec, ids, liked, features=("word",), target="mood", steps_of=lengths, alphabet=words,
                         labels=("negative", "positive"))
