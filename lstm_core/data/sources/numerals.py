"""Whole numbers and how they are said, in English words and in Chinese characters: digits in, words out.

English is said without "and" and without hyphens: three hundred forty two. Chinese follows standard usage: 十 to 十九
begin without 一, but 110 is 一百一十; one 零 stands for any zeros between two digits; 两 is not used.
"""

from __future__ import annotations

import numpy as np

from lstm_core.data.examples import Examples, make_examples
from lstm_core.errors import Refusal, unknown
from lstm_core.spec import Numerals
from lstm_core.spec.io import IGNORED, START

LANGUAGES = ("en", "zh")
SMALLEST, LARGEST = 99, 9_999
"""Where the numbers may end: below, no hundred is said; above, English and Chinese need further words."""

BLANK = " "
END = 1
"""The place in the alphabet of the symbol that ends an answer; the one that starts it is ports.START."""

_BELOW_TWENTY = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
                 "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_FIGURES, _POWERS = "零一二三四五六七八九", ("", "十", "百", "千")
_SAID = {"en": (*_BELOW_TWENTY, *_TENS, "hundred", "thousand"), "zh": (*_FIGURES, *_POWERS[1:])}


def numerals(language: str, largest: int) -> list[tuple[str, tuple[str, ...]]]:
    """Return (digits, words) for every number from 0 to the largest; the digits are padded on the left with blanks."""
    _check(language, largest, SMALLEST)
    width = len(str(largest))
    return [(str(number).rjust(width, BLANK), words(number, language)) for number in range(largest + 1)]


def numeral_alphabet(language: str) -> tuple[str, ...]:
    """Return all symbols read or said: "▶" starts an answer, "■" ends it; then the blank, the digits, the words."""
    _check(language, LARGEST, SMALLEST)
    return ("▶", "■", BLANK, *"0123456789", *sorted(_SAID[language]))


def words(number: int, language: str) -> tuple[str, ...]:
    """Return how a number from 0 to 9,999 is said: English words, or Chinese characters."""
    _check(language, number, 0)
    return _english(number) if language == "en" else _chinese(number)


def _check(language: str, number: int, low: int) -> None:
    if language not in LANGUAGES:
        raise unknown("language", language, LANGUAGES)
    if not low <= number <= LARGEST:
        raise Refusal("Numbers in words go from {low} to {high:,}; received {number:,}.",
                      low=low, high=LARGEST, number=number)


def _english(number: int) -> tuple[str, ...]:
    said: list[str] = []
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            said += [_BELOW_TWENTY[number // size], name]
            number %= size
    if number >= 20:
        said.append(_TENS[number // 10 - 2])
        number %= 10
    if number or not said:
        said.append(_BELOW_TWENTY[number])
    return tuple(said)


def _chinese(number: int) -> tuple[str, ...]:
    said: list[str] = []
    digits = [int(figure) for figure in str(number)]
    for place, digit in enumerate(digits):
        if digit:
            if place and not digits[place - 1]:
                said.append(_FIGURES[0])            # one for all zeros since the last digit that was said
            said += [_FIGURES[digit], *_POWERS[len(digits) - 1 - place]]
    if 10 <= number < 20:
        said = said[1:]
    return tuple(said or _FIGURES[0])


def numeral_examples(spec: Numerals) -> Examples:
    """Return the numbers as examples.

    The encoder reads the digits, the decoder what was said so far: in training the truth (teacher forcing).
    """
    said, alphabet = numerals(spec.language, spec.largest), numeral_alphabet(spec.language)
    place = {symbol: number for number, symbol in enumerate(alphabet)}
    width, longest = len(said[0][0]), max(len(spoken) for _, spoken in said) + 1
    ids = np.full((len(said), width + longest), END, dtype=np.int64)
    targets = np.full((len(said), longest), IGNORED, dtype=np.int64)
    for row, target, (figures, spoken) in zip(ids, targets, said, strict=True):
        answer = [place[word] for word in spoken]
        row[:width + 1 + len(answer)] = [*(place[figure] for figure in figures), START, *answer]
        target[:len(answer) + 1] = [*answer, END]
    return make_examples(spec, ids, targets, features=("symbol",), target="symbol", alphabet=alphabet, labels=alphabet,
                         encoder_steps=width)
