"""A code is read as people type it, and cannot be mixed up."""

import pytest

from lstm_core.classroom import codes
from lstm_core.errors import Refusal


def test_a_drawn_code_is_one_and_hardly_comes_twice():
    drawn = {codes.drawn() for _time in range(200)}
    assert len(drawn) > 195
    assert all(codes.read(code) == code for code in drawn)
    assert {letter for code in drawn for letter in code} == set(codes.LETTERS)


def test_no_letter_looks_like_another_sign():
    assert not set(codes.LETTERS) & set("IO01")
    assert len(codes.LETTERS) == 24


@pytest.mark.parametrize("typed", ["abcde", " AB CDE ", "ab-cde", "ABCDE", "ａｂｃＤＥ", "Ａ　Ｂ－ＣＤＥ"])
def test_it_is_read_as_people_type_it(typed):
    assert codes.read(typed) == "ABCDE"


@pytest.mark.parametrize(("typed", "refusal"), [
    ("ABCD1", "A code has letters from A to Z only, and no I or O; '1' is in none."),
    ("ABCDO", "A code has letters from A to Z only, and no I or O; 'O' is in none."),
    ("ABCDÉ", "A code has letters from A to Z only, and no I or O; 'É' is in none."),
    ("ABCD", "A code has 5 letters; these are 4."), ("", "A code has 5 letters; these are 0."),
    ("ABCDEF", "A code has 5 letters; these are 6."),
    ("A" * 1_000_000, "A code has 5 letters; these are 1000000.")])
def test_what_is_none_is_refused_in_a_sentence(typed, refusal):
    with pytest.raises(Refusal) as refused:
        codes.read(typed)
    assert str(refused.value) == refusal
