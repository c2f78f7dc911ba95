"""Numbers in words against a table written by hand, and parsed back."""

from __future__ import annotations

import pytest

from lstm_core.data.sources.numerals import BLANK, END, LANGUAGES, LARGEST, numeral_alphabet, numerals, words
from lstm_core.errors import Refusal
from lstm_core.spec.io import START

BY_HAND = [
    (0, "zero", "零"), (7, "seven", "七"), (10, "ten", "十"), (11, "eleven", "十一"), (12, "twelve", "十二"),
    (19, "nineteen", "十九"), (20, "twenty", "二十"), (21, "twenty one", "二十一"), (40, "forty", "四十"),
    (99, "ninety nine", "九十九"), (100, "one hundred", "一百"), (105, "one hundred five", "一百零五"),
    (110, "one hundred ten", "一百一十"), (112, "one hundred twelve", "一百一十二"),
    (200, "two hundred", "二百"), (342, "three hundred forty two", "三百四十二"),
    (818, "eight hundred eighteen", "八百一十八"), (1000, "one thousand", "一千"),
    (1005, "one thousand five", "一千零五"), (1010, "one thousand ten", "一千零一十"),
    (1050, "one thousand fifty", "一千零五十"),
    (1100, "one thousand one hundred", "一千一百"), (2002, "two thousand two", "二千零二"),
    (2020, "two thousand twenty", "二千零二十"), (3406, "three thousand four hundred six", "三千四百零六"),
    (6015, "six thousand fifteen", "六千零一十五"), (7890, "seven thousand eight hundred ninety", "七千八百九十"),
    (9999, "nine thousand nine hundred ninety nine", "九千九百九十九"),
]

ONES = {name: value for value, name in enumerate([
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"])}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}


def english_value(said: tuple[str, ...]) -> int:
    """Read words from left to right: a multiplier scales what was said since the last one."""
    total = part = 0
    for word in said:
        match word:
            case "hundred":
                total, part = total + part * 100, 0
            case "thousand":
                total, part = total + part * 1000, 0
            case _:
                part += {**ONES, **TENS}[word]
    return total + part


def chinese_value(said: tuple[str, ...]) -> int:
    """Read characters: a figure waits for its power; a power without a figure stands for one of it."""
    total, figure = 0, 0
    for character in said:
        if character in "十百千":
            total += (figure or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            figure = 0
        else:
            figure = "零一二三四五六七八九".index(character)
    return total + figure


@pytest.mark.parametrize(("number", "english", "chinese"), BY_HAND)
def test_numbers_said_by_hand(number: int, english: str, chinese: str) -> None:
    assert words(number, "en") == tuple(english.split())
    assert words(number, "zh") == tuple(chinese)


@pytest.mark.parametrize(("language", "value"), [("en", english_value), ("zh", chinese_value)])
def test_every_number_is_read_back_and_said_differently(language: str, value) -> None:
    said = numerals(language, LARGEST)
    assert len(said) == 10_000
    assert [value(answer) for _, answer in said] == list(range(10_000))
    assert len({answer for _, answer in said}) == 10_000
    if language == "zh":
        assert all("零零" not in "".join(answer) for _, answer in said)
        assert all(answer[-1] != "零" for _, answer in said[1:])


@pytest.mark.parametrize(("largest", "width"), [(99, 2), (999, 3), (1000, 4), (9999, 4)])
def test_digits_are_padded_to_one_width(largest: int, width: int) -> None:
    said = numerals("en", largest)
    assert {len(digits) for digits, _ in said} == {width}
    assert [int(digits) for digits, _ in said] == list(range(largest + 1))
    assert said[7][0] == BLANK * (width - 1) + "7"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_alphabet_holds_every_symbol_once(language: str) -> None:
    alphabet = numeral_alphabet(language)
    assert (alphabet[START], alphabet[END], alphabet[2]) == ("▶", "■", " ")
    assert alphabet[3:13] == tuple("0123456789")
    assert list(alphabet[13:]) == sorted(alphabet[13:])
    used = {symbol for digits, answer in numerals(language, LARGEST) for symbol in (*digits, *answer)}
    assert used | {"▶", "■"} == set(alphabet)
    assert len(set(alphabet)) == len(alphabet) == {"en": 43, "zh": 26}[language]


@pytest.mark.parametrize("largest", [98, 10_000])
def test_limits(largest: int) -> None:
    with pytest.raises(Refusal, match="from 99 to 9,999"):
        numerals("en", largest)


@pytest.mark.parametrize("number", [-1, 10_000])
def test_numbers_beyond_the_words_are_refused(number: int) -> None:
    with pytest.raises(Refusal, match="from 0 to 9,999"):
        words(number, "zh")


def test_other_languages_are_refused() -> None:
    for ask in (lambda: words(1, "fr"), lambda: numerals("fr", 99), lambda: numeral_alphabet("fr")):
        with pytest.raises(Refusal, match="'fr' is not known"):
            ask()
