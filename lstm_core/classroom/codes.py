"""The code by which a class is found: five letters that nobody mixes up when they are read from a wall."""

from __future__ import annotations

import secrets
import unicodedata

from lstm_core.errors import Refusal

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"        # without I and O, which look like 1 and 0
LENGTH = 5
LONGEST = 40            # characters that are read, with spaces


def drawn() -> str:
    """Return a code at random, one of about eight million."""
    return "".join(secrets.choice(LETTERS) for _place in range(LENGTH))


def read(typed: str) -> str:
    """Return the code that somebody has typed, in capitals and without spaces or hyphens; wide letters are letters.

    Raises:
        Refusal: it is none.
    """
    if len(typed) > LONGEST:
        raise _of_another_length(len(typed))
    code = "".join(letter for letter in unicodedata.normalize("NFKC", typed).upper() if letter not in " -")
    wrong = next((letter for letter in code if letter not in LETTERS), None)
    if wrong is not None:
        raise Refusal("A code has letters from A to Z only, and no I or O; {letter!r} is in none.", letter=wrong)
    if len(code) != LENGTH:
        raise _of_another_length(len(code))
    return code


def _of_another_length(given: int) -> Refusal:
    return Refusal("A code has {count} letters; these are {given}.", count=LENGTH, given=given)
