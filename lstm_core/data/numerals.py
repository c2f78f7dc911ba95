"""Whole numbers and how they are said in words, in English and in Chinese."""

from __future__ import annotations

from lstm_core.ports import START
from lstm_core.refusal import Refusal, unknown

LARGEST = 9_999
END = START + 1                     # the symbol with which an answer ends
SIGNS = ("▶", "■")                  # start and end, in the order of their symbols
BLANK = " "                         # stands before the digits of a number that is shorter than the longest

ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
           "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
CHINESE = "零一二三四五六七八九"
UNITS = ("", "十", "百", "千")


def words(number: int, language: str) -> tuple[str, ...]:
    """Return a number from 0 to 9,999 in words: English words, without "and", or Chinese characters.

    342 is three hundred forty two, and 三百四十二; 105 is 一百零五, 12 is 十二.
    """
    if not 0 <= number <= LARGEST:
        raise Refusal("Numbers from 0 to {largest:,} can be said in words; received {number}.",
                      largest=LARGEST, number=number)
    match language:
        case "en":
            return _english(number)
        case "zh":
            return _chinese(number)
        case _:
            raise unknown("language", language, ("en", "zh"))


def _english(number: int) -> tuple[str, ...]:
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return (*_english(number // size), name, *(_english(rest) if rest else ()))
    if number < len(ENGLISH):
        return (ENGLISH[number],)
    rest = number % 10
    return (TENS[number // 10], *(_english(rest) if rest else ()))


def _chinese(number: int) -> tuple[str, ...]:
    if number == 0:
        return ("零",)
    said: list[str] = []
    for place, figure in zip(range(len(str(number)) - 1, -1, -1), str(number), strict=True):
        if figure != "0":
            said += [CHINESE[int(figure)], UNITS[place]]
        elif said[-1] != "零":      # one zero stands for all that lie between two figures
            said.append("零")
    text = "".join(said).rstrip("零")
    return tuple(text[1:] if 10 <= number < 20 else text)


def numerals(language: str, largest: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return for every number from 0 to the largest its figures, with blanks before them, and its words."""
    width = len(str(largest))
    return [(tuple(f"{number:{BLANK}>{width}}"), words(number, language)) for number in range(largest + 1)]


def numeral_alphabet(language: str) -> tuple[str, ...]:
    """Return all symbols that can enter or leave: start, end, blank, figures, then the words in order."""
    said = {word for number in range(LARGEST + 1) for word in words(number, language)}
    return (*SIGNS, BLANK, *"0123456789", *sorted(said))
