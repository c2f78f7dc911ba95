"""Short reviews in English and Chinese, written for this project: words in, was the writer content, out.

Corpora (a line is ``+`` or ``-``, a tab, the review; the Chinese ones are cut into words by single spaces, so that no
segmenter is needed):

- ``plain``: everyday reviews. No clause stands in two of them, so that none of the test part was met in training.
- ``order``: sentences made from patterns (:mod:`lstm_core.data.sources.reviews_order`); whole patterns are held back.
- ``both``: the two together.
- ``first``: that of version 0.2, which stored runs and addresses may name. Many of its reviews are made of clauses that
  stand in others too, so its test part is easier than it should be.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lstm_core.data.examples import Examples, draw_splits, make_examples
from lstm_core.data.sources.reviews_order import order_sentences
from lstm_core.errors import unknown
from lstm_core.spec import SPLITS, Reviews, Split

CORPUS = Path(__file__).parent / "corpus"
LANGUAGES = ("en", "zh")

PADDING, UNKNOWN = 0, 1
"""The places of the first two symbols of a vocabulary: what fills up short reviews, and every word it lacks."""

_ENGLISH_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_CHINESE_PIECE = re.compile(r"\w+")


class Corpus(NamedTuple):
    """N reviews."""

    texts: tuple[tuple[str, ...], ...]      # the words of each
    content: tuple[int, ...]                # 1 for a content writer, 0 for not
    kinds: tuple[str, ...]                  # of each kind the parts get their share
    groups: tuple[int, ...]                 # reviews of one group are in the same part


def reviews(language: str, corpus: str) -> tuple[list[list[str]], np.ndarray]:
    """Return the words of each of the N reviews, and their labels (N,) int64: 1 for a content writer, 0 for not."""
    found = [_read(language, name) for name in _names(corpus)]
    return ([list(words) for each in found for words in each.texts],
            np.array([mood for each in found for mood in each.content], dtype=np.int64))


def tokenize(text: str, language: str, corpus: str) -> list[str]:
    """Return the words of a review; punctuation is dropped.

    English: runs of letters, in lower case, with the apostrophes between them. Chinese: what stands between spaces or
    punctuation is cut, from its beginning, into the longest words that the corpus knows; a character that begins none
    stands alone. A known word between spaces therefore stays whole.
    """
    if language == "en":
        return _english(text)
    known, longest = _words(language, corpus)
    return [word for piece in _CHINESE_PIECE.findall(text) for word in _cut(piece, known, longest)]


def vocabulary(texts: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the symbols a network reads: "·" for padding, "?" for unknown words, then the known words, sorted.

    Known are the words that occur twice or more in the texts. Those that occur once are read as unknown: so a network
    learns what the unknown symbol means, and a review of somebody else may use any word.
    """
    counts = Counter(word for words in texts for word in words)
    return ("·", "?", *sorted(word for word, times in counts.items() if times > 1))


def symbols(words: Sequence[str], vocabulary: Sequence[str]) -> list[int]:
    """Return the places of words in the vocabulary, (n,); a word that it lacks has the place UNKNOWN."""
    places = {word: place for place, word in enumerate(vocabulary) if place > UNKNOWN}
    return [places.get(word, UNKNOWN) for word in words]


def review_examples(spec: Reviews) -> Examples:
    """Return the reviews as examples: words, padded to the longest review, and the mood as class.

    The vocabulary is made of the training part; that of the first corpus, as it always was, of all parts.
    """
    texts, content = reviews(spec.language, spec.corpus)
    sample_ids = _splits(spec)
    known = texts if spec.corpus == "first" else [texts[number] for number in sample_ids["train"]]
    words = vocabulary(known)
    lengths = np.array([len(text) for text in texts])
    ids = np.zeros((len(texts), lengths.max()), dtype=np.int64)
    for row, text in zip(ids, texts, strict=True):
        row[:len(text)] = symbols(text, words)
    return make_examples(spec, ids, content, features=("word",), target="mood", steps_of=lengths, alphabet=words,
                         labels=("negative", "positive"), sample_ids=sample_ids)


def _splits(spec: Reviews) -> dict[Split, np.ndarray]:
    """Return the reviews of each part: of each corpus, and each kind of reviews, its share of the groups, at random."""
    drawn: dict[Split, list[np.ndarray]] = {split: [] for split in SPLITS}
    first = 0
    for name in _names(spec.corpus):
        corpus = _read(spec.language, name)
        kinds, groups = np.array(corpus.kinds), np.array(corpus.groups)
        for kind in dict.fromkeys(corpus.kinds):
            there = np.unique(groups[kinds == kind])
            for split, places in draw_splits(len(there), spec).items():
                drawn[split] += [first + np.flatnonzero(groups == group) for group in there[places]]
        first += len(groups)
    return {split: np.concatenate(numbers) for split, numbers in drawn.items()}


def _names(corpus: str) -> tuple[str, ...]:
    """Return the corpora that one name stands for."""
    return ("plain", "order") if corpus == "both" else (corpus,)


@lru_cache
def _read(language: str, corpus: str) -> Corpus:
    """Return one corpus."""
    if language not in LANGUAGES:
        raise unknown("language", language, LANGUAGES)
    if corpus == "order":
        made = [(sentence.text, sentence.content, sentence.kind, sentence.pattern)
                for sentence in order_sentences(language)]
    else:
        lines = (CORPUS / f"{corpus}_{language}.txt").read_text(encoding="utf-8").splitlines()
        made = [(text, sign == "+", "", number)
                for number, line in enumerate(lines) for sign, text in [line.split("\t")]]
    cut = _CHINESE_PIECE.findall if language == "zh" else _english
    texts, content, kinds, groups = zip(*made, strict=True)
    return Corpus(tuple(tuple(cut(text)) for text in texts), tuple(map(int, content)), kinds, groups)


def _english(text: str) -> list[str]:
    return _ENGLISH_WORD.findall(text.lower().replace("’", "'"))


@lru_cache
def _words(language: str, corpus: str) -> tuple[frozenset[str], int]:
    """Return the words of a corpus, and the length of the longest."""
    words = frozenset(word for text in reviews(language, corpus)[0] for word in text)
    return words, max(map(len, words))


def _cut(text: str, known: Container[str], longest: int) -> list[str]:
    """Cut a text into known words, the longest first, and single characters (forward maximum matching)."""
    words, start = [], 0
    while start < len(text):
        sizes = range(min(longest, len(text) - start), 1, -1)
        size = next((size for size in sizes if text[start:start + size] in known), 1)
        words.append(text[start:start + size])
        start += size
    return words
