"""Which class this browser is in, and the ways in and out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import streamlit as st

from lstm_core import i18n
from lstm_core.classroom import codes
from lstm_core.classroom.rooms import Opened
from lstm_core.errors import Refusal
from lstm_core.ui.base.browser_cookie import HERE, owner
from lstm_core.ui.base.client_address import internet_line
from lstm_core.ui.base.server import rooms
from lstm_core.ui.base.token_bucket import TokenBuckets
from lstm_core.ui.classroom import keys
from lstm_core.ui.widgets import keys as session_keys

HOUR = 3600.0
TYPED, TYPED_AT_ONCE = 120 / HOUR, 30           # wrong codes per second that people of one address may type,
ALL_TYPED, ALL_TYPED_AT_ONCE = 600 / HOUR, 300  # and all people: of eight million a script then finds none in an hour
JOINED, JOINED_AT_ONCE = 120 / HOUR, 120        # people of one address who may join: classes, but no crowd of a script

_typing, _typing_all = TokenBuckets(TYPED, TYPED_AT_ONCE), TokenBuckets(ALL_TYPED, ALL_TYPED_AT_ONCE)
_joining = TokenBuckets(JOINED, JOINED_AT_ONCE)
_lock = Lock()


@dataclass(frozen=True)
class Membership:
    """The class a browser is in."""

    code: str
    teacher: bool


def now() -> Membership | None:
    """Return the class this browser is in: of several the chosen one, else one that it teaches; None: in none."""
    found = every()
    return next((one for one in found if one.code == st.session_state.get(keys.CHOSEN)), found[0] if found else None)


def every() -> tuple[Membership, ...]:
    """Return all classes this browser is in. They are read anew whenever a page is opened."""
    if st.session_state.get(keys.READ_AT) != st.session_state.get(session_keys.OPENINGS):
        st.session_state[keys.MEMBERSHIP] = tuple(Membership(*one) for one in rooms().of(owner()))
        st.session_state[keys.READ_AT] = st.session_state.get(session_keys.OPENINGS)
    known: tuple[Membership, ...] = st.session_state[keys.MEMBERSHIP]
    return known


def look_again() -> None:
    """Have it read anew: this browser has joined, opened, or left a class."""
    st.session_state.pop(keys.READ_AT, None)


def open_class() -> Opened:
    """Open a class, as its teacher.

    Raises:
        Refusal: there are as many as may be.
    """
    opened = rooms().open(owner())
    st.session_state[keys.SECRET] = (opened.code, opened.secret)
    st.session_state[keys.CHOSEN] = opened.code
    look_again()
    return opened


def join(code: str, key: str, name: str) -> None:
    """Join a class.

    Args:
        code: as it was typed, or stands in the link.
        key: of the link; "": the code was typed.
        name: what one wants to be called; "": a name is drawn.

    Raises:
        Refusal: there is no such class, too many that there are not were tried, or one is not let in.
    """
    code = codes.read(code)
    if not key:
        with _guessing():
            rooms().standing(code)
    elif not rooms().admits(code, key):         # the same sentence whether there is such a class or not
        with _guessing():
            raise Refusal("This link opens no class: the class has ended, or the link is not complete. Ask for it "
                          "again, or type the code.")
    if rooms().learner(code, owner()) is None:
        _count()
    rooms().join(code, owner(), i18n.current(), name)
    st.session_state.pop(keys.JOINING, None)
    st.session_state[keys.CHOSEN] = code
    look_again()


def teach(code: str, secret: str) -> None:
    """Do from now on what the teacher of a class does: this browser has opened the private link.

    Raises:
        Refusal: it is no such link (any more).
    """
    if not rooms().take_over(code, secret, owner()):
        with _guessing():
            raise Refusal("This private link opens no class: the class has ended, or a newer link has been made.")
    st.session_state[keys.CHOSEN] = code
    look_again()


@contextmanager
def _guessing() -> Iterator[None]:
    """Look whether there is a class: what is refused within counts as a guess.

    It counts before the answer is known, so that guesses at the same time are not more than one after the other.

    Raises:
        Refusal: there were too many guesses.
    """
    address = _address()
    with _lock:
        wait = max(_typing.wait(address), _typing_all.wait(""))
        if wait == 0:
            _typing.take(address)
            _typing_all.take("")
    if wait > 0:
        raise _too_many(wait)
    yield
    with _lock:
        _typing.give_back(address)
        _typing_all.give_back("")


def _count() -> None:
    """Count one more who joins.

    Raises:
        Refusal: there were too many from this address.
    """
    with _lock:
        wait = _joining.take(_address())
    if wait > 0:
        raise _too_many(wait)


def _too_many(wait: float) -> Refusal:
    return Refusal("Too many tries at this moment. Wait {seconds:.0f} seconds, or open the link of the class instead "
                   "of typing its code.", seconds=wait + 1)


def _address() -> str:
    return internet_line(st.context.ip_address) or HERE


def hours_left(ends: float) -> float:
    """Return for how many hours a class still lasts."""
    return max(0.0, ends - time.time()) / HOUR
