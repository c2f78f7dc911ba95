"""Names that are given are free and in the learner's language; those that are chosen are plain text of one line."""

import pytest

from lstm_core.classroom import nicknames
from lstm_core.errors import Refusal
from lstm_core.i18n import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_given_name_is_free_until_there_is_none_and_then_has_a_number(language):
    taken: set[str] = set()
    for _learner in range(300):
        name = nicknames.drawn(language, taken)
        assert name not in taken
        assert nicknames.checked(name) == name
        taken.add(name)
    kinds, animals = nicknames.WORDS[language]
    assert sum(name[-1].isdigit() for name in taken) == 300 - len(kinds) * len(animals)


@pytest.mark.parametrize(("typed", "name"), [
    ("Ada", "Ada"), ("  Ada \n Lovelace ", "Ada Lovelace"), ("小明", "小明"), ("<b>x</b>", "<b>x</b>"),
    ("A\u202eda\u200b", "Ada"), ("Z\u0301\u0301\u0301a\u0300\u0301", "Źà")])
def test_a_chosen_name_is_one_line_of_what_can_be_seen(typed, name):
    assert nicknames.checked(typed) == name


@pytest.mark.parametrize(("typed", "refusal"), [
    ("", "at least one letter"), (" \u200b ", "at least one letter"), ("!!!", "at least one letter"),
    ("a" * 21, "at most 20 characters; this one has 21."), ("a" * 1_000_000, "this one has 1,000,000.")])
def test_what_is_no_name_is_refused(typed, refusal):
    with pytest.raises(Refusal, match=refusal):
        nicknames.checked(typed)
